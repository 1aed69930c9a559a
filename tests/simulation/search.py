"""Searching: many seeds in a few processes, and a failing one made as small as it goes."""

from __future__ import annotations

import gc
import logging
import os
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from itertools import islice

from so24.sources.garbage import spare_for_good
from tests.simulation.history import play, simulated
from tests.simulation.world import Plan, Verdict

SEEDS_AT_ONCE = 50
COLLECT_AFTER = 50_000  # objects: the libraries hold so many that looking through them takes long


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


def play_all(seeds: Iterable[int], plan: Plan) -> list[Verdict]:
    """Play these in this process."""
    prepare()
    with simulated():
        return [play(seed, plan) for seed in seeds]


def search(first: int, count: int, plan: Plan, processes: int = 2) -> Found:
    """Play so many seeds from the first one on."""
    found = Found()
    begun = time.monotonic()
    for verdict in _played(first, count, plan, processes):
        found.add(verdict)
    found.seconds = time.monotonic() - begun
    return found


def _played(first: int, count: int, plan: Plan, processes: int) -> Iterator[Verdict]:
    seeds = iter(range(first, first + count))
    parts = list(iter(lambda: list(islice(seeds, SEEDS_AT_ONCE)), []))
    if processes == 1:
        for part in parts:
            yield from play_all(part, plan)
        return
    with ProcessPoolExecutor(processes) as pool:
        for verdicts in pool.map(play_all, parts, [plan] * len(parts)):
            yield from verdicts


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
