"""The rows of one document on one sheet, and what a second sheet of the same report says of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property
from itertools import combinations

from so24.company_names import share_a_word
from so24.sources.documents.documents import RefusedRow
from so24.sources.documents.totals import add_up, turn_line
from so24.sources.reports.line_rows import DocumentKey, LineRow
from so24.store.tables.document_tables import DocumentKind

_HEAD = ("customer_number", "customer_name", "currency", "invoice_date", "our_reference",
         "department_name", "project_number", "project_name")  # fmt: skip
_LINE = ("product_number", "product_name", "text", "quantity", "unit_price", "net", "vat_rate",
         "vat", "total", "line_date")  # fmt: skip


@dataclass
class LineGroup:
    """The rows of one document on one sheet; ``held`` asks a person for its kind.

    ``columns`` are those that the sheet has. ``stray`` is a row beside it that may be one of its
    lines.
    """

    sheet: str
    key: DocumentKey
    kind: DocumentKind
    columns: frozenset[str] = frozenset()
    held: str = ""
    rows: list[LineRow] = field(default_factory=list)
    stray: int = 0

    @cached_property
    def total(self) -> Decimal:
        """With VAT, once all rows are in; rows that were refused count nothing."""
        return add_up([row.line for row in self.rows]).total

    def refuse(self, reason: str, column: str = "") -> list[RefusedRow]:
        """All its rows refused for one reason, or each for its own where it has one."""
        return [
            refusal
            for row in self.rows
            for refusal in row.refused or (RefusedRow(self.sheet, row.line.row, column, reason),)
        ]


def find_two_firms(group: LineGroup) -> str:
    """That rows of the document name two firms, which share no word; empty where they do not."""
    rows = [row for row in reversed(group.rows) if row.head.customer_name]
    named = {row.head.customer_name: row.line.row for row in rows}
    for (one, first), (other, second) in combinations(named.items(), 2):
        if not share_a_word(one, other):
            told = sorted(((first, one), (second, other)))
            both = " and ".join(f"“{name[:80]}” in row {row}" for row, name in told)
            return f"{group.key[1]} has two firms under one customer number: {both}"
    return ""


def subtract_copies(other: LineGroup, named: Sequence[LineGroup]) -> LineGroup | str:
    """What a sheet of both kinds has of a document beyond the sheets that state their kind.

    ``named`` are the document's groups on those, one of each kind, with its number. Returns a group
    of the rows that only ``other`` has, of the other sign as the rest and so perhaps another
    document's, or none; a contradiction is returned as a sentence. Compared is what all sheets have
    columns for; a credit note may stand on one sheet with a sign and on the other without.
    """
    columns = other.columns.intersection(*(group.columns for group in named))
    rest = Counter(_content(row, columns) for row in other.rows)
    for group in named:
        copy = Counter(_content(row, columns) for row in group.rows)
        if group.kind is DocumentKind.CREDIT_NOTE and not copy <= rest:
            copy = Counter(_content(_turn(row), columns) for row in group.rows)
        if not copy <= rest:
            missing = next(_missing(group, Counter(rest), columns))
            return _contradict(group, missing, other)
        rest -= copy
    beyond = replace(other, rows=_take(other, rest, columns))
    if beyond.rows and beyond.total * (other.total - beyond.total) >= 0:
        return _contradict(other, beyond.rows[0].line.row, named[0])
    return beyond


def _contradict(group: LineGroup, row: int, other: LineGroup) -> str:
    return (
        f"{group.key[1]} stands on two sheets with different lines: row {row} of "
        f"“{group.sheet}” is not on “{other.sheet}”"
    )


def _take(
    group: LineGroup, wanted: Counter[tuple[object, ...]], columns: frozenset[str]
) -> list[LineRow]:
    """The group's rows with these contents, each as often as it is wanted."""
    left = Counter(wanted)
    taken: list[LineRow] = []
    for row in group.rows:
        content = _content(row, columns)
        if left[content] > 0:
            left[content] -= 1
            taken.append(row)
    return taken


def _missing(
    group: LineGroup, there: Counter[tuple[object, ...]], columns: frozenset[str]
) -> Iterator[int]:
    """The numbers of the group's rows that are not there."""
    for row in group.rows:
        content = _content(row, columns)
        there[content] -= 1
        if there[content] < 0:
            yield row.line.row


def _content(row: LineRow, columns: frozenset[str]) -> tuple[object, ...]:
    return (
        row.head.department_number,
        *(getattr(row.head, name) for name in _HEAD if name in columns),
        *(getattr(row.line, name) for name in _LINE if name in columns),
    )


def _turn(row: LineRow) -> LineRow:
    return row._replace(line=turn_line(row.line))
