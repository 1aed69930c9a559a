"""The sums that a report states itself, held against the documents that were read from it.

A row of sums may be that of the whole sheet, of all lines above it, of those since the sum before
it, or of what it names: a customer, a department, a document. It agrees if it is one of these.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import accumulate
from typing import NamedTuple

from so24.amounts import format_amount
from so24.letters import fold
from so24.sources.reports.line_cells import DocumentKey, LineHead, LineRow
from so24.sources.reports.line_groups import LineGroup
from so24.sources.sheets.sum_rows import SUMMED
from so24.sources.sheets.tables import AsideRow, ReportTable

_LISTED = 10  # rows in one sentence, and sentences about one sheet
_NAMES = (  # by what a row of sums names its lines
    "number", "customer_number", "customer_name", "department_number", "department_name",
    "project_number", "project_name",
)  # fmt: skip

Amounts = tuple[Decimal, Decimal, Decimal]
_Last = tuple[int, LineHead | None]  # the number of a row, 0 where there is none, and its head
_NOTHING: Amounts = (Decimal(0), Decimal(0), Decimal(0))


class _Scope(NamedTuple):
    """Lines that a sum may be of: what of them came, what all have, and which were refused.

    ``refused`` gives the documents' numbers in the order of their lines.
    """

    came: Amounts
    whole: Amounts
    refused: Callable[[], list[str]]


class _Adder:
    """Adds up lines; of documents that were refused it keeps the first of these lines."""

    def __init__(self) -> None:
        self.came = self.whole = _NOTHING
        self.refused: dict[str, int] = {}

    def add(self, row: LineRow, refused: str) -> None:
        """Add a line; ``refused`` is its document's number where that was refused."""
        amounts = _amounts(row)
        self.whole = _plus(self.whole, amounts)
        if refused:
            first = self.refused.setdefault(refused, row.line.row)
            self.refused[refused] = min(first, row.line.row)
        else:
            self.came = _plus(self.came, amounts)

    def scope(self) -> _Scope:
        return _Scope(self.came, self.whole, lambda: _in_order([self]))


def _in_order(adders: Iterable[_Adder]) -> list[str]:
    """The refused documents in the order of their lines."""
    firsts: dict[str, int] = {}
    for each in adders:
        for number, row in each.refused.items():
            firsts[number] = min(row, firsts.get(number, row))
    return sorted(firsts, key=firsts.__getitem__)


def check_totals(
    table: ReportTable, groups: Sequence[LineGroup], came: Container[DocumentKey]
) -> list[str]:
    """What is to be told of the rows that are none of the table's lines.

    One note names them, and one sentence each sum that is another than that of the documents;
    ``groups`` are the sheet's lines, ``came`` those documents that were read. A document that was
    refused is told with its amount, for it may be the difference.
    """
    if not table.aside:
        return []
    checks = [each for each in table.aside if each.sums]
    told: list[str] = []
    if checks:
        lines = _Lines(groups, came, checks)
        places = enumerate(checks)
        told = [words for place, each in places if (words := _check(table, each, place, lines))]
    rest = [f"… and {len(told) - _LISTED} more of its sums differ."] if told[_LISTED:] else []
    return [tell_aside(table, agree=bool(checks) and not told), *told[:_LISTED], *rest]


def tell_aside(table: ReportTable, *, agree: bool = False) -> str:
    """The note of what was left out of a sheet."""
    rows = table.aside
    shown = ", ".join(f"{each.number} (“{each.label[:60]}”)" for each in rows[:_LISTED])
    more = f" and {len(rows) - _LISTED} more" if rows[_LISTED:] else ""
    several = len(rows) > 1
    words = "is the headings again" if rows[0].again else "is a sum or a footer"
    if several:
        words = "are sums, footers or headings, not rows of it"
    note = f"Row{'s' if several else ''} {shown}{more} of the sheet “{table.sheet.name}” {words}"
    note += f": left out.{' The sums agree with the documents.' if agree else ''}"
    unread = [str(each.number) for each in rows if each.unread]
    if unread:
        listed = ", ".join(unread[:_LISTED]) + (" …" if unread[_LISTED:] else "")
        note += f" Not checked, for no plain amount stands there (a formula, say): row {listed}."
    return note


class _Lines:
    """The lines of a sheet between its sums, added up; they are read twice, and none is kept."""

    def __init__(
        self,
        groups: Sequence[LineGroup],
        came: Container[DocumentKey],
        sums: Sequence[AsideRow],
    ) -> None:
        self._groups, self._came = groups, came
        # the lines above the first sum, between the first and the second, …, below the last one
        self._between = [_Adder() for _ in range(len(sums) + 1)]
        self._lasts = self._add_between([each.number for each in sums])
        self._above = [_NOTHING], [_NOTHING]  # each sum: what came, and all
        for each in self._between:
            for sums_of, amounts in zip(self._above, (each.came, each.whole), strict=True):
                sums_of.append(_plus(sums_of[-1], amounts))
        self._named = self._add_named({name for each in sums for name in each.of})

    def _walk(self) -> Iterator[tuple[LineRow, str]]:
        """Each line with the number of its document, if that was refused."""
        for group in self._groups:
            refused = "" if group.key in self._came else group.key[1]
            for row in group.rows:
                yield row, refused

    def _add_between(self, rows: Sequence[int]) -> list[_Last]:
        """Add up the lines between these rows; the last line above each of them."""
        lasts: list[_Last] = [(0, None)] * len(self._between)
        for row, refused in self._walk():
            place = bisect_left(rows, row.line.row)
            self._between[place].add(row, refused)
            if row.line.row >= lasts[place][0]:
                lasts[place] = row.line.row, row.head
        return list(accumulate(lasts, _later))

    def _add_named(self, wanted: set[str]) -> dict[str, _Adder]:
        wanted = wanted.union(*(_names_of(head) for _, head in self._lasts[:-1] if head))
        named: dict[str, _Adder] = {}
        for row, refused in self._walk() if wanted else ():
            for name in wanted & _names_of(row.head):
                named.setdefault(name, _Adder()).add(row, refused)
        return named

    def scopes(self, stated: AsideRow, place: int) -> Iterator[_Scope]:
        """The lines that a sum, by its place among all, may be the sum of, the likeliest first."""
        for name in sorted(stated.of & self._named.keys()):
            yield self._named[name].scope()
        last, head = self._lasts[place]
        before, _ = self._lasts[place - 1] if place else (0, None)
        if 0 < before < last:
            yield self._between[place].scope()
        yield self._all_above(place + 1)
        yield self._all_above(len(self._between))
        for name in sorted(_names_of(head)) if head else ():
            yield self._named[name].scope()

    def _all_above(self, place: int) -> _Scope:
        came, whole = (sums[place] for sums in self._above)
        return _Scope(came, whole, lambda: _in_order(self._between[:place]))


def _check(table: ReportTable, stated: AsideRow, place: int, lines: _Lines) -> str:
    """The sentence where no meaning of the sum is what the documents have; else empty."""
    if any(_agrees(stated, scope.came) for scope in lines.scopes(stated, place)):
        return ""
    scopes = list(lines.scopes(stated, place))
    whole = (scope for scope in scopes if _agrees(stated, scope.whole))
    scope = next(whole, scopes[0])
    column = next(column for column, name in enumerate(SUMMED)
                  if stated.sums.get(name, scope.came[column]) != scope.came[column])  # fmt: skip
    name = SUMMED[column]
    told = (
        f"Row {stated.number} of the sheet “{table.sheet.name}” (“{stated.label[:60]}”) states "
        f"{format_amount(stated.sums[name])} as {table.headings[table.columns[name]]}, and the "
        f"documents that were read have {format_amount(scope.came[column])}."
    )
    refused = scope.refused()
    if refused:
        numbers = ", ".join(refused[:_LISTED]) + (" …" if refused[_LISTED:] else "")
        told += (
            f" Refused, and not in that, {'is' if len(refused) == 1 else 'are'} {numbers} with "
            f"{format_amount(scope.whole[column] - scope.came[column])}, "
            "so far as it could be read."
        )
    return told


def _agrees(stated: AsideRow, sums: Amounts) -> bool:
    known = dict(zip(SUMMED, sums, strict=True))
    return all(amount == known[name] for name, amount in stated.sums.items())


def _later(one: _Last, other: _Last) -> _Last:
    return other if other[1] else one


def _names_of(head: LineHead) -> set[str]:
    return {fold(getattr(head, name)) for name in _NAMES} - {""}


def _amounts(row: LineRow) -> Amounts:
    zero = Decimal(0)
    return row.line.net, row.line.vat or zero, row.line.total or zero


def _plus(one: Amounts, other: Amounts) -> Amounts:
    return one[0] + other[0], one[1] + other[1], one[2] + other[2]
