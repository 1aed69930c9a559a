"""Deliberate faults of the protocol: each breaks one rule, and the search must notice."""

from __future__ import annotations

import sys
import time
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from unittest import mock

from tests.simulation.broken.faults import FAULTS, Fault
from tests.simulation.history import first_export, names_of, play, simulated
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
    prepare()
    with simulated():
        first_export()  # before anything is broken: all later histories begin with it
    begun = time.monotonic()
    seed = 0
    while seed < most:
        seed, rules = _find_breach(fault, seed, most)
        if rules and not _breaks_whole(fault, seed):
            return Noticed(name, seed + 1, rules, time.monotonic() - begun)
        seed += 1
    return Noticed(name, 0, (), time.monotonic() - begun)


def _find_breach(fault: Fault, first: int, most: int) -> tuple[int, tuple[str, ...]]:
    """The next history that breaks a promise with the fault, and which."""
    plan = Plan(habits=fault.habits)
    with ExitStack() as broken:
        for patch in fault.patches:
            broken.enter_context(mock.patch.object(patch.where, patch.name, patch.broken))
        with simulated():
            for seed in range(first, most):
                rules = names_of(play(seed, plan).breaches)
                # a stand-in that does not fit the product any more is no fault of the protocol,
                # and what its failure leads to shows nothing either
                if rules and "bug" not in rules:
                    return seed, rules
    return most, ()


def _breaks_whole(fault: Fault, seed: int) -> bool:
    """Whether the history breaks a promise without the fault, too: then it shows nothing."""
    with simulated():
        return bool(play(seed, Plan(habits=fault.habits)).breaches)


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
