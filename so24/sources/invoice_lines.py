"""RecMan's report *Invoice lines*: the rows of one or more sheets become documents.

The report comes with three sheets (both kinds, invoices, credit notes) or with one. A sheet's
kind is what its name says; where it does not say, a document's kind follows its sign, and where
that does not say either, the document is held for a person. What a sheet of one kind has is not
taken again from a sheet of both. A document of which one row is refused is refused as a whole, and
so is one to which a row may belong that does not say whose it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from so24.sources.department_names import DepartmentNames
from so24.sources.documents import RefusedRow, SourceDocument
from so24.sources.headings import kind_of_number_heading
from so24.sources.line_rows import LineRow, read_line_row
from so24.sources.numbers import Cell, read_text
from so24.sources.tables import Row, Table
from so24.store.document_tables import DocumentKind

_INVOICES = re.compile(r"\b(invoices?|faktura(er|ene)?)\b")
_CREDIT_NOTES = re.compile(r"\b(credits?|credit ?notes?|kreditt?nota(er|ene)?)\b")
_LINES = re.compile(r"\b(lines?|linjer?)\b")
_ALIKE = (  # what all rows of a document must agree on, with its heading
    ("customer_number", "Customer no.", "customers"),
    ("currency", "Currency", "currencies"),
    ("invoice_date", "Invoice date", "invoice dates"),
)

DocumentKey = tuple[str, str]
Cells = tuple[Cell, ...]
_Loose = list[tuple[Cells, tuple[RefusedRow, ...]]]


@dataclass
class _Group:
    """The rows of one document on one sheet; ``held`` asks a person for its kind."""

    sheet: str
    key: DocumentKey
    kind: DocumentKind
    held: str = ""
    rows: list[LineRow] = field(default_factory=list)
    stray: int = 0  # a row beside it that may be one of its lines

    def refuse(self, reason: str, column: str = "") -> list[RefusedRow]:
        return [RefusedRow(self.sheet, row.line.row, column, reason) for row in self.rows]


def read_documents(
    tables: Sequence[Table], names: DepartmentNames
) -> tuple[list[SourceDocument], list[RefusedRow]]:
    """All documents of the sheets in the order of the file, and every row that was refused.

    ``names`` has learnt the sheets.
    """
    groups, refused = _read_groups(tables, names)
    same: dict[tuple[DocumentKind, DocumentKey], list[_Group]] = {}
    for group in groups:
        same.setdefault((group.kind, group.key), []).append(group)
    documents = []
    for copies in same.values():
        made = _make_document(copies)
        if isinstance(made, SourceDocument):
            documents.append(made)
        else:
            refused.extend(made)
    return documents, list(dict.fromkeys(refused))


def _read_groups(
    tables: Sequence[Table], names: DepartmentNames
) -> tuple[list[_Group], list[RefusedRow]]:
    """The sheets of one kind first; of the others only what those do not have."""
    kinds = [(table, _kind_of_sheet(table)) for table in tables]
    groups: list[_Group] = []
    refused: list[RefusedRow] = []
    stray: set[Cells] = set()
    for table, kind in kinds:
        if kind is not None:
            read, loose = _group_rows(table, kind, set(), names)
            groups += read
            refused += [refusal for _, refusals in loose for refusal in refusals]
            stray.update(cells for cells, _ in loose)
    known = {group.key for group in groups}
    undecided: list[_Group] = []
    for table, kind in kinds:
        if kind is None:
            read, loose = _group_rows(table, kind, known, names)
            undecided += read
            refused += [one for cells, many in loose if cells not in stray for one in many]
    for group in groups:
        if group.kind is DocumentKind.INVOICE and _net(group) < 0:
            group.held = "Stands on the sheet of invoices, but its sum is negative."
    _decide_kinds(undecided, named=any(kind for _, kind in kinds))
    return groups + undecided, refused


def _group_rows(
    table: Table, kind: DocumentKind | None, known: set[DocumentKey], names: DepartmentNames
) -> tuple[list[_Group], _Loose]:
    groups: dict[DocumentKey, _Group] = {}
    loose: _Loose = []
    strays: list[Row] = []  # since the last document
    last: list[_Group] = []
    for row in table.rows():
        number = read_text(row.cell("number"))
        departments = names.find_numbers(row)
        keys = {(department, number) for department in departments}
        if keys and keys <= known:
            strays, last = [], []
            continue
        read = read_line_row(row, departments)
        if not number or not keys:
            loose.append((row.cells, read.refused))
            if _may_be_a_line(row):
                strays.append(row)
                _keep_out(last, [row])
            continue
        # a refused row that may belong to several documents keeps each of them out
        for key in sorted(keys - known):
            if key not in groups:
                groups[key] = _Group(table.sheet.name, key, kind or DocumentKind.INVOICE)
            groups[key].rows.append(read)
        last = [groups[key] for key in keys - known]
        _keep_out(last, strays)
        strays = []
    return list(groups.values()), loose


def _may_be_a_line(row: Row) -> bool:
    """Whether a row that names no document may be one's line; a row of sums is not."""
    return any(read_text(row.cell(name)) for name in ("number", "customer_number", "unit_price"))


def _keep_out(neighbours: Iterable[_Group], strays: Iterable[Row]) -> None:
    """Note a row that may be a neighbour's line: without it the document would fall short."""
    for group in neighbours:
        for row in strays:
            number = read_text(row.cell("number"))
            customer = read_text(row.cell("customer_number"))
            if number in ("", group.key[1]) and customer in ("", group.rows[-1].customer_number):
                group.stray = row.number


def _kind_of_sheet(table: Table) -> DocumentKind | None:
    if kind := kind_of_number_heading(table.headings[table.columns["number"]]):
        return kind
    name = re.sub(r"[\W\d_]+", " ", table.sheet.name.casefold())
    invoices = _INVOICES.search(name) is not None
    credit_notes = _CREDIT_NOTES.search(name) is not None
    if invoices == credit_notes:
        return None
    if credit_notes:
        return DocumentKind.CREDIT_NOTE
    # "Invoice lines" is the name of the whole report
    return None if _LINES.search(name) else DocumentKind.INVOICE


def _net(group: _Group) -> Decimal:
    return sum((row.line.net for row in group.rows), Decimal(0))


def _decide_kinds(groups: Sequence[_Group], *, named: bool) -> None:
    """The kinds by sign; ``named`` says that other sheets of the file state theirs."""
    signs = any(_net(group) < 0 for group in groups)
    sheets = {group.sheet for group in groups}
    for group in groups:
        nets = [row.line.net for row in group.rows]
        if _net(group) < 0:
            group.kind = DocumentKind.CREDIT_NOTE
        if named:
            group.held = "Stands only on the sheet of both kinds: invoice or credit note?"
        elif not any(nets) or min(nets) < 0 < max(nets) or (len(sheets) > 1 and not signs):
            group.held = (
                "Neither the sheet's name nor the sign of its lines says whether it is "
                "an invoice or a credit note."
            )


def _make_document(same: Sequence[_Group]) -> SourceDocument | list[RefusedRow]:
    """The document of all groups with one identity, which must be copies of each other."""
    first = same[0]
    if len(same) > 1 and len({_content(group) for group in same}) > 1:
        reason = f"{first.key[1]} stands on two sheets with different lines"
        return [refusal for group in same for refusal in group.refuse(reason)]
    bad = next((row for row in first.rows if row.refused), None)
    if bad is not None:
        reason = f"left out, because row {bad.line.row} of {first.key[1]} was refused"
        return [
            refusal
            for row in first.rows
            for refusal in row.refused or (RefusedRow(first.sheet, row.line.row, "", reason),)
        ]
    if any(group.stray for group in same):
        row = next(group.stray for group in same if group.stray)
        return first.refuse(f"left out, because row {row} may be a line of {first.key[1]}")
    for name, heading, words in _ALIKE:
        values = {getattr(row, name) for row in first.rows} - {None}
        if len(values) > 1:
            listed = ", ".join(sorted(map(str, values)))
            return first.refuse(f"{first.key[1]} has two {words}: {listed}", heading)
    return _document(first)


def _content(group: _Group) -> frozenset[tuple[object, int]]:
    counts: dict[object, int] = {}
    for row in group.rows:
        content = replace(row, line=replace(row.line, row=0), refused=())
        counts[content] = counts.get(content, 0) + 1
    return frozenset(counts.items())


def _document(group: _Group) -> SourceDocument:
    rows = group.rows
    first = rows[0]
    return SourceDocument(
        sheet=group.sheet,
        kind=group.kind,
        held=group.held,
        number=first.number,
        department_number=first.department_number,
        department_name=_first(row.department_name for row in rows),
        customer_number=first.customer_number,
        customer_name=_first(row.customer_name for row in rows),
        currency=first.currency,
        invoice_date=next((row.invoice_date for row in rows if row.invoice_date), None),
        our_reference=_first(row.our_reference for row in rows),
        project_number=_first(row.project_number for row in rows),
        project_name=_first(row.project_name for row in rows),
        lines=tuple(row.line for row in rows),
    )


def _first(values: Iterable[str]) -> str:
    return next((value for value in values if value), "")
