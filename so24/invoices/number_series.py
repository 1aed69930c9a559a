"""Gaps and doubled numbers of the number series, as far as documents have come in (pure).

RecMan numbers per department series and kind. A number is its last digits behind whatever stands
before them: ``1001``, ``01001`` and ``2026-001``; those before a change of prefix or year are a
counter of their own. Where invoices and credit notes of a series have no number in common, they
may share a counter, so that the other kind's numbers are no gaps. What is missing between them is
told once: with the kind that has both numbers beside it, else with the invoices.

A leap is told apart from the gaps: where more than a hundred numbers lie between two, and more than
the counter has documents, it has perhaps begun anew somewhere else, or a number is a stray one.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from so24.language.said import join_said, say, say_count
from so24.store.documents.neighbours import Series
from so24.store.tables.document_tables import DocumentKind

_LEAP = 100
_NUMBER = re.compile(r"(.*?)([0-9]+)", re.DOTALL)


class Gap(NamedTuple):
    """Numbers that no document has, from the first to the last of them."""

    first: int
    last: int

    @property
    def missing(self) -> int:
        """How many numbers these are."""
        return self.last - self.first + 1


@dataclass(frozen=True)
class SeriesReport:
    """One counter: its lowest and highest number, what is missing between, and what is there twice.

    ``gaps`` are missing; ``leaps`` are so long that they may be none, and are not counted with
    them. ``doubled`` are numbers as they are written that differ in leading zeros only; ``width``
    is how many digits the lowest number is written with.
    """

    series: str
    kind: DocumentKind
    prefix: str
    width: int
    documents: int
    first: int
    last: int
    gaps: tuple[Gap, ...]
    leaps: tuple[Gap, ...]
    doubled: tuple[tuple[str, ...], ...]

    @property
    def missing(self) -> int:
        """How many numbers are missing, leaps not counted."""
        return sum(gap.missing for gap in self.gaps)

    def write(self, value: int) -> str:
        """A number of this counter as the source would write it."""
        return f"{self.prefix}{value:0{self.width}d}"

    def describe_gaps(self, most: int = 5) -> str:
        """``1004, 1010–1012``; where there are more than ``most`` gaps, how many more."""
        told = [
            self.write(gap.first) + (f"–{self.write(gap.last)}" if gap.missing > 1 else "")
            for gap in self.gaps[:most]
        ]
        rest = len(self.gaps) - most
        listed = ", ".join(told)
        if rest <= 0:
            return listed
        return say_count(
            "{gaps} and {number} more gap", "{gaps} and {number} more gaps", rest, gaps=listed
        )

    def describe_leaps(self, most: int = 5) -> str:
        """``1030 to 3102``, from the last number before to the first one after each leap."""
        told = [
            say(
                "{last} to {next}",
                last=self.write(leap.first - 1),
                next=self.write(leap.last + 1),
            )
            for leap in self.leaps[:most]
        ]
        rest = len(self.leaps) - most
        listed = join_said(told, ", ")
        return say("{leaps} and {count} more", leaps=listed, count=rest) if rest > 0 else listed


class _Counter(NamedTuple):
    series: str
    kind: DocumentKind
    prefix: str


def report_series(numbers: Mapping[Series, Iterable[str]]) -> list[SeriesReport]:
    """A report for every counter among the numbers, sound ones too, by series, kind and prefix.

    Numbers without any digit belong to no counter and are passed over.
    """
    counters: dict[_Counter, list[str]] = {}
    for series, written in numbers.items():
        for prefix, figures in _split(written).items():
            counters[_Counter(*series, prefix)] = figures
    values = {counter: set(map(int, figures)) for counter, figures in counters.items()}
    return [
        _report(counter, counters[counter], values[counter], _sharing(counter, values))
        for counter in sorted(counters)
    ]


def _split(numbers: Iterable[str]) -> dict[str, list[str]]:
    """The figures at the numbers' ends, by what stands before them."""
    found: dict[str, list[str]] = defaultdict(list)
    for number in numbers:
        if number.isdecimal() and number.isascii():  # nearly all, and far cheaper
            found[""].append(number)
        elif parts := _NUMBER.fullmatch(number):
            found[parts[1]].append(parts[2])
    return found


def _sharing(counter: _Counter, values: Mapping[_Counter, Set[int]]) -> Set[int]:
    """The other kind's numbers, where both may come from one counter."""
    other = (
        DocumentKind.INVOICE
        if counter.kind is DocumentKind.CREDIT_NOTE
        else DocumentKind.CREDIT_NOTE
    )
    theirs = values.get(counter._replace(kind=other), frozenset())
    return theirs if values[counter].isdisjoint(theirs) else frozenset()


def _report(
    counter: _Counter, figures: Sequence[str], values: Set[int], elsewhere: Set[int]
) -> SeriesReport:
    first, last = min(values), max(values)
    longest = max(_LEAP, len(values))
    taken = values if last - first < len(values) else values | elsewhere
    between = [gap for gap in _gaps(sorted(taken)) if first < gap.first < last]
    if elsewhere and counter.kind is DocumentKind.CREDIT_NOTE:
        among = Gap(min(elsewhere), max(elsewhere))
        between = [gap for gap in between if _is_of_credit_notes(gap, values, among, longest)]
    elif elsewhere:
        between = [gap for gap in between if {gap.first - 1, gap.last + 1} & values]
    return SeriesReport(
        *counter,
        width=len(min(figures, key=int)),
        documents=len(figures),
        first=first,
        last=last,
        gaps=tuple(gap for gap in between if gap.missing <= longest),
        leaps=tuple(gap for gap in between if gap.missing > longest),
        doubled=_doubled(counter.prefix, figures) if len(values) < len(figures) else (),
    )


def _is_of_credit_notes(gap: Gap, values: Set[int], invoices: Gap, longest: int) -> bool:
    """Whether a gap of a shared counter is told with the credit notes, which are ``values``.

    A leap between both kinds is none: there the one counter ends, and the other one begins.
    """
    before, behind = gap.first - 1 in values, gap.last + 1 in values
    if before and behind:
        return True
    within = invoices.first < gap.first < invoices.last
    return (before or behind) and not within and gap.missing <= longest


def _gaps(taken: Sequence[int]) -> Iterator[Gap]:
    if taken[-1] - taken[0] < len(taken):
        return
    for before, after in pairwise(taken):
        if after > before + 1:
            yield Gap(before + 1, after - 1)


def _doubled(prefix: str, figures: Iterable[str]) -> tuple[tuple[str, ...], ...]:
    written: dict[int, list[str]] = defaultdict(list)
    for each in figures:
        written[int(each)].append(f"{prefix}{each}")
    return tuple(tuple(sorted(each)) for _, each in sorted(written.items()) if len(each) > 1)
