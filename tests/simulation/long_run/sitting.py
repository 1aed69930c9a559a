"""One sitting of a long run: it goes on where the file ends, and may be interrupted at any time."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from tests.simulation.long_run.code import present_code
from tests.simulation.long_run.totals import Totals, read_totals, tell_totals, write_totals
from tests.simulation.search import played
from tests.simulation.world import Plan

TELL_EVERY = 60.0  # seconds

Say = Callable[[str], None]


def sit(file: Path, first: int, histories: int, plan: Plan, processes: int, say: Say) -> Totals:
    """Play on until the file has so many histories in all, or until somebody interrupts.

    The file is written after each part, so that nothing but the parts under way is ever lost.
    Raises :class:`~tests.simulation.long_run.totals.OtherTotals` before anything is played.
    """
    totals, code = read_totals(file, plan, first), present_code()
    if totals.stretches and totals.stretches[-1].code.hash != code.hash and histories:
        say(f"The code has changed: from seed {totals.following} on it is {code}.")
    told = time.monotonic()
    try:
        with _interrupted_by_the_end():
            for part in played(
                totals.following, max(0, histories - totals.histories), plan, processes
            ):
                totals.add(code, part)
                write_totals(file, totals)
                if time.monotonic() - told > TELL_EVERY:
                    told = time.monotonic()
                    say(f"{totals.histories} of {histories}, {len(totals.failing)} failing")
    except KeyboardInterrupt:
        say(f"Interrupted; the same command goes on with seed {totals.following}.")
    for line in tell_totals(totals):
        say(line)
    return totals


@contextmanager
def _interrupted_by_the_end() -> Iterator[None]:
    """Let the wish that this process ends be the same as the keyboard's."""

    def interrupt(_signal: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
