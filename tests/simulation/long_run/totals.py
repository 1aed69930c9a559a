"""The totals of a long run, in a small file: what was played, by which code, and what came of it.

A stretch is what one version of the code has played; stretches follow each other without a gap.
The file is always replaced as a whole.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from tests.simulation.long_run.code import Code
from tests.simulation.search import Played
from tests.simulation.world import Plan

FORM = 1  # of the file


class OtherTotals(Exception):
    """The file's figures cannot be added to."""


@dataclass
class Stretch:
    """The histories that one version of the code has played, seed after seed."""

    code: Code
    first: int
    histories: int = 0
    steps: int = 0
    cpu_seconds: float = 0.0
    struck: dict[str, int] = field(default_factory=dict)
    failing: dict[int, tuple[str, ...]] = field(default_factory=dict)

    @property
    def last(self) -> int:
        """Its last seed."""
        return self.first + self.histories - 1

    def add(self, played: Played) -> None:
        """Count the next histories."""
        for verdict in played.verdicts:
            if verdict.seed != self.last + 1:
                raise ValueError(f"seed {verdict.seed} does not follow {self.last}")
            self.histories += 1
            self.steps += verdict.steps
            _tally(self.struck, dict.fromkeys(verdict.struck, 1))
            if verdict.breaches:
                self.failing[verdict.seed] = verdict.breaches
        self.cpu_seconds += played.cpu_seconds

    @property
    def each(self) -> str:
        """What one history is on the average."""
        count = max(1, self.histories)
        return f"{self.steps / count:.0f} steps and {1000 * self.cpu_seconds / count:.1f} ms of CPU"


@dataclass
class Totals:
    """All stretches of a run, which begins at ``first`` and keeps to its ``plan``."""

    plan: Plan
    first: int
    stretches: list[Stretch] = field(default_factory=list)

    @property
    def histories(self) -> int:
        """How many were played."""
        return sum(each.histories for each in self.stretches)

    @property
    def following(self) -> int:
        """The seed to go on with."""
        return self.first + self.histories

    @property
    def failing(self) -> dict[int, tuple[str, ...]]:
        """The breaches by seed."""
        return {seed: told for each in self.stretches for seed, told in each.failing.items()}

    def add(self, code: Code, played: Played) -> None:
        """Count what this code has played next."""
        if not self.stretches or self.stretches[-1].code.hash != code.hash:
            self.stretches.append(Stretch(code, self.following))
        self.stretches[-1].add(played)

    def sum(self) -> Stretch:
        """All stretches as one, by the newest code."""
        whole = Stretch(self.stretches[-1].code, self.first)
        for each in self.stretches:
            whole.histories += each.histories
            whole.steps += each.steps
            whole.cpu_seconds += each.cpu_seconds
            _tally(whole.struck, each.struck)
            whole.failing |= each.failing
        return whole


def _tally(sums: dict[str, int], counted: Mapping[str, int]) -> None:
    for name, count in counted.items():
        sums[name] = sums.get(name, 0) + count


def read_totals(file: Path, plan: Plan, first: int) -> Totals:
    """What the file holds, or nothing yet; raises :class:`OtherTotals` where it is of another run.

    ``plan`` and ``first`` are what is asked for now.
    """
    if not file.exists():
        return Totals(plan, first)
    try:
        kept = _from_record(json.loads(file.read_text(encoding="utf-8")))
    except (ValueError, KeyError, TypeError) as error:
        raise OtherTotals(f"{file} holds no totals of histories: {error!r}.") from error
    if kept.plan != plan:
        raise OtherTotals(f"{file} holds histories with other habits. Name another file.")
    if kept.first != first:
        raise OtherTotals(f"{file} begins with seed {kept.first}, not {first}. Name another file.")
    return kept


def write_totals(file: Path, totals: Totals) -> None:
    """Replace the file; whoever is interrupted leaves the old one."""
    record = {"form": FORM, **asdict(totals)}
    beside = file.with_name(f"{file.name}.new")
    with beside.open("w", encoding="utf-8") as stream:
        json.dump(record, stream, indent=1)
        stream.write("\n")
        stream.flush()
        os.fsync(stream.fileno())
    beside.replace(file)


def _from_record(record: dict[str, Any]) -> Totals:
    if record["form"] != FORM:
        raise ValueError(f"form {record['form']}")
    plan = record["plan"]
    kept = Totals(
        Plan(tuple(plan["habits"]), plan["documents"], plan["events"]), int(record["first"])
    )
    for each in record["stretches"]:
        stretch = Stretch(
            **{
                **each,
                "code": Code(**each["code"]),
                "failing": {int(seed): tuple(told) for seed, told in each["failing"].items()},
            }
        )
        if stretch.first != kept.following:
            raise ValueError(f"a stretch begins at {stretch.first}, not at {kept.following}")
        kept.stretches.append(stretch)
    return kept


def tell_totals(totals: Totals) -> Iterator[str]:
    """The table, line by line."""
    if not totals.stretches:
        yield "No history was played yet."
        return
    whole = totals.sum()
    yield (
        f"{whole.histories} histories (seeds {whole.first} to {whole.last}) of {whole.each} each, "
        f"{whole.cpu_seconds:.0f} s in all; {len(whole.failing)} broke a promise"
    )
    for name, count in Counter(whole.struck).most_common():
        yield f"  {count:7} {name}"
    for seed, breaches in whole.failing.items():
        yield f"seed {seed}: {'; '.join(breaches[:3])}"
    yield from _tell_versions(totals.stretches)


def _tell_versions(stretches: list[Stretch]) -> Iterator[str]:
    versions = {each.code.hash for each in stretches}
    if len(versions) == 1:
        yield f"All were played by one version of the code: {stretches[-1].code}."
        return
    yield (
        f"NOT ONE VERSION: these figures come from {len(versions)} versions of the code, and a "
        "seed may have another history in each:"
    )
    for each in stretches:
        yield (
            f"  seeds {each.first} to {each.last} by {each.code}: {each.each} each, "
            f"{len(each.failing)} broke a promise"
        )
