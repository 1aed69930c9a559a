"""Deliberate faults of the protocol: each breaks one rule, and the search must notice."""

from __future__ import annotations

import sys
import time
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from unittest import mock

from tests.simulation.faults import FAULTS
from tests.simulation.history import names_of, play, simulated
from tests.simulation.search import prepare
from tests.simulation.world import Plan


@dataclass(frozen=True)
class Noticed:
    """After how many histories a fault was noticed, and by which rules; zero where it was not."""

    name: str
    histories: int
    rules: tuple[str, ...]
    seconds: float


def notice(name: str, most: int) -> Noticed:
    """Play histories with this fault until one breaks a promise."""
    fault = FAULTS[name]
    plan = Plan(habits=fault.habits)
    prepare()
    begun = time.monotonic()
    with ExitStack() as broken:
        for patch in fault.patches:
            broken.enter_context(mock.patch.object(patch.where, patch.name, patch.broken))
        with simulated():
            for seed in range(most):
                verdict = play(seed, plan)
                # a stand-in that does not fit the product any more is no fault of the protocol
                if set(names_of(verdict.breaches)) - {"bug"}:
                    took = time.monotonic() - begun
                    return Noticed(name, seed + 1, names_of(verdict.breaches), took)
    return Noticed(name, 0, (), time.monotonic() - begun)


def try_all(most: int, jobs: int, names: tuple[str, ...] = ()) -> int:
    """Try each fault, and print after how many histories it was noticed."""
    missed = 0
    with ProcessPoolExecutor(jobs) as pool:
        wanted = list(names or FAULTS)
        for each in pool.map(notice, wanted, [most] * len(wanted)):
            missed += not each.histories
            after = f"{each.histories:6}" if each.histories else "  none"
            rules = ", ".join(each.rules) or "-"
            sys.stdout.write(f"{each.name:52} {after}  {each.seconds:6.1f} s  {rules}\n")
            sys.stdout.flush()
    sys.stdout.write(f"{len(wanted) - missed} of {len(wanted)} faults noticed\n")
    return 1 if missed else 0
