"""Searching: many seeds in a few processes, and a failing one made as small as it goes."""

from __future__ import annotations

import gc
import itertools
import logging
import multiprocessing
import os
import signal
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from so24.sources.garbage import spare_for_good
from tests.simulation.history import first_export, play, simulated
from tests.simulation.world import Plan, Verdict

SEEDS_AT_ONCE = 50
PARTS_AHEAD = 3  # of each process, so that none has to wait for another one's
COLLECT_AFTER = 50_000  # objects: the libraries hold so many that looking through them takes long
PARTS_TO_COLLECT = 40  # what grew old in so many is looked through once; what is young after each


@dataclass
class Found:
    """What a search has come to."""

    histories: int = 0
    steps: int = 0
    seconds: float = 0.0
    struck: Counter[str] = field(default_factory=Counter)
    failing: list[Verdict] = field(default_factory=list)

    @property
    def per_second(self) -> float:
        """Histories a second."""
        return self.histories / self.seconds if self.seconds else 0.0

    def add(self, verdict: Verdict) -> None:
        """Count a history."""
        self.histories += 1
        self.steps += verdict.steps
        self.struck.update(verdict.struck)
        if verdict.breaches:
            self.failing.append(verdict)


@dataclass(frozen=True)
class Played:
    """What was played in one go in one process, and what that cost its processor.

    What a process makes once for all its histories is not counted.
    """

    verdicts: Sequence[Verdict]
    cpu_seconds: float


def play_all(seeds: Iterable[int], plan: Plan) -> Played:
    """Play these in this process."""
    prepare()
    with simulated():
        first_export()
        begun = time.process_time()
        with _collected_after():
            verdicts = [play(seed, plan) for seed in seeds]
        cpu_seconds = time.process_time() - begun
    return Played(verdicts, cpu_seconds)


@contextmanager
def _collected_after(parts: Iterator[int] = itertools.count(1)) -> Iterator[None]:  # noqa: B008 - of the process
    """Look for garbage when the part has ended, and not meanwhile."""
    looks = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.collect(2 if next(parts) % PARTS_TO_COLLECT == 0 else 0)
        if looks:
            gc.enable()


def search(first: int, count: int, plan: Plan, processes: int = 2) -> Found:
    """Play so many seeds from the first one on."""
    found = Found()
    begun = time.monotonic()
    for part in played(first, count, plan, processes):
        for verdict in part.verdicts:
            found.add(verdict)
    found.seconds = time.monotonic() - begun
    return found


def played(first: int, count: int, plan: Plan, processes: int) -> Iterator[Played]:
    """Play so many seeds from the first one on, part by part in their order.

    Whoever is interrupted waits for the parts under way, and loses them.
    """
    end = first + count
    parts = (range(at, min(at + SEEDS_AT_ONCE, end)) for at in range(first, end, SEEDS_AT_ONCE))
    if processes == 1:
        yield from (play_all(part, plan) for part in parts)
        return
    with ProcessPoolExecutor(processes, initializer=_serve_parent) as pool:
        waiting: deque[Future[Played]] = deque()
        try:
            for part in parts:
                waiting.append(pool.submit(play_all, part, plan))
                if len(waiting) > PARTS_AHEAD * processes:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for each in waiting:
                each.cancel()


def _serve_parent() -> None:
    """Leave interruptions to the parent, and end with it, however it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def shrink(seed: int, plan: Plan, fails: Callable[[Verdict], bool] | None = None) -> Plan:
    """Drop habits, documents and events while the history still fails."""
    fails = fails or (lambda verdict: bool(verdict.breaches))

    def still(smaller: Plan) -> bool:
        return fails(play(seed, smaller))

    with simulated():
        for name in reversed(plan.habits):
            smaller = replace(plan, habits=tuple(each for each in plan.habits if each != name))
            plan = smaller if still(smaller) else plan
        for documents in range(1, plan.documents):
            if still(replace(plan, documents=documents)):
                plan = replace(plan, documents=documents)
                break
        for events in range(8):
            if still(replace(plan, events=events)):
                return replace(plan, events=events)
    return plan


def prepare() -> None:
    """Let this process play many histories: quietly, and without looking for garbage often."""
    logging.getLogger("so24").setLevel(logging.CRITICAL)
    if gc.get_threshold()[0] != COLLECT_AFTER:
        gc.set_threshold(COLLECT_AFTER)
        spare_for_good()


def processors() -> int:
    """How many processes make sense here."""
    return min(os.cpu_count() or 1, 8)


def describe(verdicts: Sequence[Verdict], most: int = 5) -> list[str]:
    """The first failing seeds, a line each."""
    return [f"seed {each.seed}: {'; '.join(each.breaches[:3])}" for each in verdicts[:most]]
