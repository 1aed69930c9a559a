"""What a sheet of both kinds says of a document that other sheets of the report have as well."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from so24.language.said import say
from so24.sources.documents.totals import add_up, turn_line
from so24.sources.reports.line_cells import LineRow
from so24.sources.reports.line_groups import LineGroup
from so24.store.tables.document_tables import DocumentKind

_HEAD = ("customer_number", "customer_name", "currency", "invoice_date", "our_reference",
         "department_name", "project_number", "project_name", "due_date", "kid", "delivery_date",
         "your_reference", "order_reference", "note")  # fmt: skip
_LINE = ("product_number", "product_name", "text", "quantity", "unit_price", "net", "vat_rate",
         "vat", "total", "line_date")  # fmt: skip


def subtract_copies(other: LineGroup, named: Sequence[LineGroup]) -> LineGroup | str:
    """What a sheet of both kinds has of a document beyond the sheets that state their kind.

    ``named`` are the document's groups on those, one of each kind, with its number. Returns a group
    of the rows that only ``other`` has, of the other sign as the rest and so perhaps another
    document's, or none; a contradiction is returned as a sentence. Compared is what all sheets have
    columns for; a credit note may stand on one sheet with a sign and on the other without.
    """
    columns = other.columns.intersection(*(group.columns for group in named))
    rows = other.rows
    rest = Counter(_content(row, columns) for row in rows)
    for group in named:
        mine = group.rows
        copy = Counter(_content(row, columns) for row in mine)
        if group.kind is DocumentKind.CREDIT_NOTE and not copy <= rest:
            copy = Counter(_content(_turn(row), columns) for row in mine)
        if not copy <= rest:
            missing = next(_missing(mine, Counter(rest), columns))
            return _contradict(group, missing, other)
        rest -= copy
    beyond = _take(rows, rest, columns)
    if beyond:
        total, whole = (add_up([row.line for row in each]).total for each in (beyond, rows))
        if total * (whole - total) >= 0:
            return _contradict(other, beyond[0].line.row, named[0])
    return other.of_rows(beyond)


def _contradict(group: LineGroup, row: int, other: LineGroup) -> str:
    return say(
        "{document} stands on two sheets with different lines: row {row} of “{sheet}” is not on "
        "“{other}”",
        document=group.key[1],
        row=row,
        sheet=group.sheet,
        other=other.sheet,
    )


def _take(
    rows: Iterable[LineRow], wanted: Counter[tuple[object, ...]], columns: frozenset[str]
) -> list[LineRow]:
    """The rows with these contents, each as often as it is wanted."""
    left = Counter(wanted)
    taken: list[LineRow] = []
    for row in rows:
        content = _content(row, columns)
        if left[content] > 0:
            left[content] -= 1
            taken.append(row)
    return taken


def _missing(
    rows: Iterable[LineRow], there: Counter[tuple[object, ...]], columns: frozenset[str]
) -> Iterator[int]:
    """The numbers of the rows that are not there."""
    for row in rows:
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
