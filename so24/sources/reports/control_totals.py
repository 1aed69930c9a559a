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
from so24.language.said import cut_said, join_said, say, say_count
from so24.letters import fold
from so24.sources.reports.line_cells import DocumentKey, LineHead, LineRow
from so24.sources.reports.line_groups import LineGroup
from so24.sources.sheets.sum_rows import SUMMED
from so24.sources.sheets.tables import AsideRow, ReportTable

_LISTED = 10  # rows in one sentence, and sentences about one sheet
_LONGEST_LABEL = 60
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
    if more := len(told[_LISTED:]):
        told[_LISTED:] = [say("… and {count} more of its sums differ.", count=more)]
    return [tell_aside(table, agree=bool(checks) and not told), *told]


def tell_aside(table: ReportTable, *, agree: bool = False) -> str:
    """The note of what was left out of a sheet."""
    told = [_tell_left_out(table.sheet.name, table.aside)]
    if agree:
        told.append(say("The sums agree with the documents."))
    if unread := [str(each.number) for each in table.aside if each.unread]:
        told.append(
            say(
                "Not checked, for no plain amount stands there (a formula, say): row {rows}.",
                rows=_list(unread),
            )
        )
    return join_said(told)


def _tell_left_out(sheet: str, rows: Sequence[AsideRow]) -> str:
    shown = join_said(map(_name_row, rows[:_LISTED]), by=", ")
    if len(rows) > 1:
        if more := len(rows[_LISTED:]):
            shown = say("{rows} and {count} more", rows=shown, count=more)
        return say(
            "Rows {rows} of the sheet “{sheet}” are sums, footers or headings, not rows of it: "
            "left out.",
            rows=shown,
            sheet=sheet,
        )
    if rows[0].again:
        return say(
            "Row {row} of the sheet “{sheet}” is the headings again: left out.",
            row=shown,
            sheet=sheet,
        )
    return say(
        "Row {row} of the sheet “{sheet}” is a sum or a footer: left out.", row=shown, sheet=sheet
    )


def _name_row(row: AsideRow) -> str:
    return say("{row} (“{label}”)", row=row.number, label=cut_said(row.label, _LONGEST_LABEL))


def _list(numbers: Sequence[str]) -> str:
    return ", ".join(numbers[:_LISTED]) + (" …" if numbers[_LISTED:] else "")


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
    told = say(
        "Row {row} of the sheet “{sheet}” (“{label}”) states {amount} as {heading}, and the "
        "documents that were read have {read}.",
        row=stated.number,
        sheet=table.sheet.name,
        label=cut_said(stated.label, _LONGEST_LABEL),
        amount=format_amount(stated.sums[name]),
        heading=table.headings[table.columns[name]],
        read=format_amount(scope.came[column]),
    )
    refused = scope.refused()
    if not refused:
        return told
    kept_out = say_count(
        "Refused, and not in that, is {documents} with {amount}, so far as it could be read.",
        "Refused, and not in that, are {documents} with {amount}, so far as it could be read.",
        len(refused),
        documents=_list(refused),
        amount=format_amount(scope.whole[column] - scope.came[column]),
    )
    return join_said([told, kept_out])


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
