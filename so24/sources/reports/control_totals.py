"""The sums that a report states itself, held against the documents that were read from it.

A row of sums may be that of the whole sheet, of all lines above it, of those since the sum before
it, or of what it names: a customer, a department, a document. It agrees if it is one of these.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from decimal import Decimal
from functools import reduce
from typing import NamedTuple

from so24.amounts import format_amount
from so24.letters import fold
from so24.sources.reports.line_groups import LineGroup
from so24.sources.reports.line_rows import DocumentKey, LineHead, LineRow
from so24.sources.sheets.sum_rows import SUMMED
from so24.sources.sheets.tables import AsideRow, ReportTable

_LISTED = 10  # rows in one sentence, and sentences about one sheet
_NAMES = (  # by what a row of sums names its lines
    "number", "customer_number", "customer_name", "department_number", "department_name",
    "project_number", "project_name",
)  # fmt: skip

Amounts = tuple[Decimal, Decimal, Decimal]
_NOTHING: Amounts = (Decimal(0), Decimal(0), Decimal(0))


class _Line(NamedTuple):
    """A line with its net, VAT and total; ``refused`` is its document where that was refused."""

    row: int
    head: LineHead
    amounts: Amounts
    refused: str


class _Scope(NamedTuple):
    """Lines that a sum may be of: what of them came, what all have, and which they are."""

    came: Amounts
    whole: Amounts
    lines: Callable[[], Iterable[_Line]]


def check_totals(
    table: ReportTable, groups: Iterable[LineGroup], came: Collection[DocumentKey]
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
        befores = [0, *(each.number for each in checks)]
        pairs = zip(checks, befores, strict=False)
        told = [words for each, before in pairs if (words := _check(table, each, before, lines))]
    rest = [f"… and {len(told) - _LISTED} more of its sums differ."] if told[_LISTED:] else []
    return [tell_aside(table, agree=bool(checks) and not told), *told[:_LISTED], *rest]


def tell_aside(table: ReportTable, *, agree: bool = False) -> str:
    """The note of what was left out of a sheet."""
    rows = table.aside
    shown = ", ".join(f"{each.number} (“{each.label[:60]}”)" for each in rows[:_LISTED])
    more = f" and {len(rows) - _LISTED} more" if rows[_LISTED:] else ""
    several = len(rows) > 1
    words = "are sums, footers or headings, not rows of it" if several else "is a sum or a footer"
    note = f"Row{'s' if several else ''} {shown}{more} of the sheet “{table.sheet.name}” {words}"
    note += f": left out.{' The sums agree with the documents.' if agree else ''}"
    unread = [str(each.number) for each in rows if each.unread]
    if unread:
        listed = ", ".join(unread[:_LISTED]) + (" …" if unread[_LISTED:] else "")
        note += f" Not checked, for no plain amount stands there (a formula, say): row {listed}."
    return note


class _Lines:
    """The lines of a sheet, added up once so that each sum of many is looked at quickly."""

    def __init__(
        self, groups: Iterable[LineGroup], came: Collection[DocumentKey], sums: Sequence[AsideRow]
    ) -> None:
        found = [
            _Line(
                each.line.row, each.head, _amounts(each), "" if group.key in came else group.key[1]
            )
            for group in groups
            for each in group.rows
        ]
        self._lines = sorted(found, key=lambda line: line.row)
        self._rows = [line.row for line in self._lines]
        self._came, self._whole = [_NOTHING], [_NOTHING]
        for line in self._lines:
            self._whole.append(_plus(self._whole[-1], line.amounts))
            self._came.append(_plus(self._came[-1], _NOTHING if line.refused else line.amounts))
        self._named = self._add_named(sums)

    def _add_named(self, sums: Sequence[AsideRow]) -> dict[str, _Scope]:
        wanted = {name for each in sums for name in each.of}
        for each in sums:
            if place := bisect_left(self._rows, each.number):
                wanted |= _names_of(self._lines[place - 1].head)
        named: dict[str, list[_Line]] = {}
        for line in self._lines:
            for name in wanted & _names_of(line.head):
                named.setdefault(name, []).append(line)
        return {name: _scope_of(lines) for name, lines in named.items()}

    def scopes(self, stated: AsideRow, before: int) -> Iterator[_Scope]:
        """The lines that it may be the sum of, the likeliest first."""
        place, begin = bisect_left(self._rows, stated.number), bisect_left(self._rows, before)
        for name in sorted(stated.of & self._named.keys()):
            yield self._named[name]
        if 0 < begin < place:
            yield self._range(begin, place)
        yield self._range(0, place)
        yield self._range(0, len(self._lines))
        for name in sorted(_names_of(self._lines[place - 1].head)) if place else ():
            yield self._named[name]

    def _range(self, begin: int, end: int) -> _Scope:
        came = _minus(self._came[end], self._came[begin])
        whole = _minus(self._whole[end], self._whole[begin])
        return _Scope(came, whole, lambda: self._lines[begin:end])


def _scope_of(lines: Sequence[_Line]) -> _Scope:
    came = reduce(_plus, (line.amounts for line in lines if not line.refused), _NOTHING)
    return _Scope(came, reduce(_plus, (line.amounts for line in lines), _NOTHING), lambda: lines)


def _check(table: ReportTable, stated: AsideRow, before: int, lines: _Lines) -> str:
    """The sentence where no meaning of the sum is what the documents have; else empty."""
    if any(_agrees(stated, scope.came) for scope in lines.scopes(stated, before)):
        return ""
    scopes = list(lines.scopes(stated, before))
    whole = (scope for scope in scopes if _agrees(stated, scope.whole))
    scope = next(whole, scopes[0])
    place = next(place for place, name in enumerate(SUMMED)
                 if stated.sums.get(name, scope.came[place]) != scope.came[place])  # fmt: skip
    name = SUMMED[place]
    told = (
        f"Row {stated.number} of the sheet “{table.sheet.name}” (“{stated.label[:60]}”) states "
        f"{format_amount(stated.sums[name])} as {table.headings[table.columns[name]]}, and the "
        f"documents that were read have {format_amount(scope.came[place])}."
    )
    refused = list(dict.fromkeys(line.refused for line in scope.lines() if line.refused))
    if refused:
        numbers = ", ".join(refused[:_LISTED]) + (" …" if refused[_LISTED:] else "")
        told += (
            f" Refused, and not in that, {'is' if len(refused) == 1 else 'are'} {numbers} with "
            f"{format_amount(scope.whole[place] - scope.came[place])}, so far as it could be read."
        )
    return told


def _agrees(stated: AsideRow, sums: Amounts) -> bool:
    known = dict(zip(SUMMED, sums, strict=True))
    return all(amount == known[name] for name, amount in stated.sums.items())


def _names_of(head: LineHead) -> set[str]:
    return {fold(getattr(head, name)) for name in _NAMES} - {""}


def _amounts(row: LineRow) -> Amounts:
    zero = Decimal(0)
    return row.line.net, row.line.vat or zero, row.line.total or zero


def _plus(one: Amounts, other: Amounts) -> Amounts:
    return one[0] + other[0], one[1] + other[1], one[2] + other[2]


def _minus(one: Amounts, other: Amounts) -> Amounts:
    return one[0] - other[0], one[1] - other[1], one[2] - other[2]
