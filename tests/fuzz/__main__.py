"""``python -m tests.fuzz [--inputs N] [--seed S] [--minutes M] [--only NAME] [--keep DIR]``.

Prints a table of what became of the inputs, and each fault with what makes it again: exit code 1
where there is one. ``--number`` gives one input of ``--only`` alone and its whole trace, ``--keep``
names a folder for the inputs with faults.

``--totals FILE`` goes on where the last sitting with this seed and this code has ended, and adds to
the file what it has tried: each minute, and when it is ended, by Ctrl-C as well.
"""

from __future__ import annotations

import argparse
import math
import signal
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import FrameType

from tests.fuzz import files, gateway, recman
from tests.fuzz.running import Tally, Target, make_input, peak_megabytes, try_input
from tests.fuzz.totals import Totals, mark_code

EVERY = 60.0  # seconds between two lines about how far it is
MOST_FAULTS = 20


def known_targets() -> list[Target]:
    """All that is read."""
    return [*files.targets(), *recman.targets(), *gateway.targets()]


def run(
    chosen: list[Target],
    inputs: int,
    seed: int,
    minutes: float = math.inf,
    *,
    first: int = 0,
    keep: Callable[[int, dict[str, Tally]], None] = lambda _then, _tallies: None,
) -> dict[str, Tally]:
    """Give so many inputs to the targets, by their shares, and count what became of them.

    They are those from the number ``first`` on. It ends early when the minutes are over, after
    :data:`MOST_FAULTS` faults, and by Ctrl-C. ``keep`` is told each minute, and at the end, which
    number comes next and what has become of those before.
    """
    tallies = {each.name: Tally() for each in chosen}
    turns = [each for each in chosen for _ in range(each.share)]
    begun = told = time.monotonic()
    number = first
    while number < first + inputs and not _is_ended():
        target = turns[number * 37 % len(turns)]
        tally = tallies[target.name]
        known = len(tally.faults)
        try_input(target, number, make_input(target, seed, number), tally)
        for fault in tally.faults[known:]:
            sys.stderr.write(f"{fault.target}, number {fault.number}: {fault.words}\n")
        moment, faults = time.monotonic(), sum(len(each.faults) for each in tallies.values())
        number += 1
        if moment - told > EVERY:
            told = moment
            sys.stderr.write(f"number {number}, {faults} faults, {peak_megabytes():.0f} MB\n")
            keep(number, tallies)
        if faults >= MOST_FAULTS or moment - begun > minutes * 60:
            break
    keep(number, tallies)
    return tallies


_ended: list[int] = []


def _is_ended() -> bool:
    """Whether somebody has asked for the end."""
    return bool(_ended)


def _end_after_this_input(number: int, _frame: FrameType | None) -> None:
    if _ended:
        raise KeyboardInterrupt  # asked twice: at once
    _ended.append(number)


def print_table(tallies: dict[str, Tally]) -> None:
    """As Markdown, the figures of each target."""
    print("| inputs | count | read | our errors | faults | mean ms | longest s |")
    print("|" + " --- |" * 7)
    for name, each in tallies.items():
        mean = each.seconds / max(each.inputs, 1) * 1000
        errors = ", ".join(f"{kind} {count:,}" for kind, count in each.errors.most_common())
        print(
            f"| {name} | {each.inputs:,} | {each.read:,} | {errors} | {len(each.faults)} "
            f"| {mean:.1f} | {each.longest:.2f} |"
        )
    total = sum(each.inputs for each in tallies.values())
    print(f"\n{total:,} inputs, {peak_megabytes():.0f} MB")


def print_faults(tallies: dict[str, Tally], seed: int, keep: Path | None) -> bool:
    """Print each fault, and keep its input; whether there was any."""
    faults = [fault for each in tallies.values() for fault in each.faults]
    for fault in faults:
        print(f"\n{fault.target}, --seed {seed} --number {fault.number}:\n{fault.words}")
        if keep is not None:
            keep.mkdir(parents=True, exist_ok=True)
            (keep / f"{fault.target}-{fault.number}").write_bytes(fault.content)
    return bool(faults)


def main() -> int:
    """Run as the arguments say; 1 where something went wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--inputs", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=math.inf)
    parser.add_argument("--only", default="")
    parser.add_argument("--number", type=int)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--totals", type=Path)
    asked = parser.parse_args()
    if asked.totals and asked.only:
        parser.error("--totals counts all targets together: leave --only out")
    chosen = [each for each in known_targets() if asked.only in each.name]
    if asked.number is not None:
        [target] = chosen
        content = make_input(target, asked.seed, asked.number)
        sys.stdout.buffer.write(content + b"\n")
        print(target.compare(content, target.read(content)))
        return 0
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, _end_after_this_input)
    totals = Totals(asked.totals, mark_code()) if asked.totals else None
    tallies = run(
        chosen, asked.inputs, asked.seed, asked.minutes,
        first=totals.next_number(asked.seed) if totals else 0,
        keep=partial(totals.keep, asked.seed) if totals else lambda _then, _tallies: None,
    )  # fmt: skip
    print_table(tallies)
    if totals:
        print(totals.describe())
    return 1 if print_faults(tallies, asked.seed, asked.keep) else 0


if __name__ == "__main__":
    sys.exit(main())
