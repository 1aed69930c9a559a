"""``python -m tests.simulation``: search many histories, replay one, shrink it, try mutations."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path

from tests.simulation.habits import ALL, default_habits
from tests.simulation.history import names_of, play, simulated
from tests.simulation.long_run.sitting import sit
from tests.simulation.long_run.totals import OtherTotals
from tests.simulation.search import Found, describe, processors, search, shrink
from tests.simulation.world import Plan


def main() -> int:
    """Do what the arguments say; the exit code is 1 where a promise was broken."""
    wanted = _read_arguments()
    plan = Plan(habits=_choose(wanted.habits))
    if wanted.mutations:
        from tests.simulation.broken.mutations import try_all

        return try_all(wanted.histories, wanted.jobs)
    if wanted.seed is not None:
        return _replay(wanted.seed, plan, small=wanted.shrink)
    if wanted.survey:
        return _survey(plan.habits, wanted.histories, wanted.jobs)
    if wanted.keep is not None:
        return _sit(wanted, plan)
    found = search(wanted.first, wanted.histories, plan, wanted.jobs)
    _tell(found)
    return 1 if found.failing else 0


def _read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--histories", type=int, default=1_000, help="how many seeds")
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--jobs", type=int, default=processors(), help="how many processes")
    parser.add_argument(
        "--habits",
        default="default",
        help="'default', 'all', or names with commas; '+name' adds one to the default",
    )
    parser.add_argument(
        "--keep",
        type=Path,
        metavar="FILE",
        help="add to the totals in FILE until it has so many --histories in all; may be "
        "interrupted, and goes on where it ended; with --histories 0 it only shows them",
    )
    parser.add_argument("--seed", type=int, help="play this one and show all that happens")
    parser.add_argument("--shrink", action="store_true", help="with --seed: make it small before")
    parser.add_argument("--survey", action="store_true", help="try each habit by itself")
    parser.add_argument("--mutations", action="store_true", help="break the protocol on purpose")
    return parser.parse_args()


def _choose(text: str) -> tuple[str, ...]:
    if text == "all":
        return ALL
    if text == "default":
        return default_habits()
    names = [name.strip() for name in text.split(",")]
    added = {name[1:] for name in names if name.startswith("+")}
    if added:
        return tuple(name for name in ALL if name in added or name in default_habits())
    return tuple(name for name in ALL if name in names)


def _replay(seed: int, plan: Plan, *, small: bool) -> int:
    if small:
        plan = shrink(seed, plan)
        _say(f"habits: {', '.join(plan.habits) or 'none'}")
        _say(f"at most {plan.documents} documents and {plan.events} events")
    with simulated():
        verdict = play(seed, plan, tell=True)
    for line in verdict.story:
        _say(line)
    _say(f"hash {verdict.digest}")
    return 1 if verdict.breaches else 0


def _survey(habits: tuple[str, ...], histories: int, jobs: int) -> int:
    for name in habits:
        found = search(0, histories, Plan(habits=(name,)), jobs)
        rules = Counter(rule for each in found.failing for rule in names_of(each.breaches))
        told = ", ".join(f"{rule} {count}" for rule, count in rules.most_common()) or "-"
        _say(f"{name:30} struck in {found.struck[name]:5} of {histories}; {told}")
    return 0


def _sit(wanted: argparse.Namespace, plan: Plan) -> int:
    try:
        totals = sit(wanted.keep, wanted.first, wanted.histories, plan, wanted.jobs, _say)
    except OtherTotals as refusal:
        _say(str(refusal))
        return 2
    return 1 if totals.failing else 0


def _tell(found: Found) -> None:
    steps = found.steps // max(1, found.histories)
    _say(
        f"{found.histories} histories of {steps} steps in {found.seconds:.0f} s, "
        f"{found.per_second:.0f} a second; {len(found.failing)} broke a promise"
    )
    for name, count in found.struck.most_common():
        _say(f"  {count:7} {name}")
    for line in describe(found.failing):
        _say(line)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
