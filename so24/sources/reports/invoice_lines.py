"""RecMan's report *Invoice lines*: the rows of one or more sheets become documents.

The report comes with three sheets (both kinds, invoices, credit notes) or with one. A sheet's
kind is what its name says; where it does not say, a document's kind follows its sign, and where
that does not say either, the document is held for a person. What a sheet of one kind has is not
taken again from a sheet of both, which must say the same of it. A document of which one row is
refused is refused as a whole, and so is one to which a row may belong that does not say whose it
is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from so24.identifiers import tidy_identifier
from so24.sources.documents.documents import RefusedRow, SourceDocument
from so24.sources.reports.control_totals import check_totals
from so24.sources.reports.line_groups import LineGroup, find_two_firms, subtract_copies
from so24.sources.reports.line_rows import DepartmentNames, DocumentKey, LineReader
from so24.sources.sheets.headings import kind_of_number_heading
from so24.sources.sheets.numbers import Cell, read_text
from so24.sources.sheets.tables import ReportTable, Row
from so24.store.tables.document_tables import DocumentKind

_INVOICES = re.compile(r"\b(invoices?|faktura(er|ene)?)\b")
_CREDIT_NOTES = re.compile(r"\b(credits?|credit ?notes?|kreditt?nota(er|ene)?)\b")
_LINES = re.compile(r"\b(lines?|linjer?)\b")
_ALSO = (
    "Row {row} of the sheet “{sheet}” has its number too and the opposite sign: another document, "
    "or a line of this one?"
)
_ALIKE = (  # what all rows of a document must agree on, with its heading
    ("customer_number", "Customer no.", "customers"),
    ("currency", "Currency", "currencies"),
    ("invoice_date", "Invoice date", "invoice dates"),
)

Cells = tuple[Cell, ...]
_Loose = list[tuple[Cells, tuple[RefusedRow, ...]]]


def read_documents(
    tables: Sequence[ReportTable], names: DepartmentNames
) -> tuple[list[SourceDocument], list[RefusedRow], list[str]]:
    """All documents of the sheets in the order of the file, and every row that was refused.

    After them what is to be told of the rows that are none of their lines. ``names`` has learnt the
    sheets.
    """
    read = [(table, *_group_rows(table, _kind_of_sheet(table), names)) for table in tables]
    groups, refused = _compare_groups(read)
    same: dict[tuple[DocumentKind, DocumentKey], list[LineGroup]] = {}
    for group in groups:
        same.setdefault((group.kind, group.key), []).append(group)
    documents = []
    for copies in same.values():
        made = _make_document(copies)
        if isinstance(made, SourceDocument):
            documents.append(made)
        else:
            refused.extend(made)
    came = {(each.department_number, each.number) for each in documents}
    told = [each for table, mine, _ in read for each in check_totals(table, mine, came)]
    return documents, list(dict.fromkeys(refused)), told


def _compare_groups(
    read: Sequence[tuple[ReportTable, list[LineGroup], _Loose]],
) -> tuple[list[LineGroup], list[RefusedRow]]:
    """The sheets of one kind first; of the others what those do not have."""
    kinds = [(_kind_of_sheet(table), mine, loose) for table, mine, loose in read]
    groups: list[LineGroup] = []
    refused: list[RefusedRow] = []
    stray: set[Cells] = set()
    for kind, mine, loose in kinds:
        if kind is not None:
            groups += mine
            refused += [refusal for _, refusals in loose for refusal in refusals]
            stray.update(cells for cells, _ in loose)
    undecided: list[LineGroup] = []
    for kind, mine, loose in kinds:
        if kind is None:
            undecided += mine
            refused += [one for cells, many in loose if cells not in stray for one in many]
    for group in groups:
        if group.kind is DocumentKind.INVOICE and group.total < 0:
            group.held = "Stands on the sheet of invoices, but its sum is negative."
    undecided, contradicted = _compare_sheets(groups, undecided)
    _decide_kinds(undecided, named=any(kind for kind, _, _ in kinds))
    return [each for each in groups + undecided if each.key not in contradicted], [
        *refused,
        *(one for refusals in contradicted.values() for one in refusals),
    ]


def _compare_sheets(
    named: Sequence[LineGroup], undecided: Sequence[LineGroup]
) -> tuple[list[LineGroup], dict[DocumentKey, list[RefusedRow]]]:
    """Of the sheets of both kinds what only they have, and what contradicts the others, by key."""
    by_key: dict[DocumentKey, dict[DocumentKind, LineGroup]] = {}
    for group in named:
        by_key.setdefault(group.key, {}).setdefault(group.kind, group)
    left: list[LineGroup] = []
    contradicted: dict[DocumentKey, list[RefusedRow]] = {}
    for group in undecided:
        copies = list(by_key.get(group.key, {}).values())
        beyond = subtract_copies(group, copies) if copies else group
        if isinstance(beyond, str):
            refused = contradicted.setdefault(group.key, [])
            refused += [one for each in (*copies, group) for one in each.refuse(beyond)]
        elif beyond.rows:
            left.append(beyond)
            for copy in copies:
                row = beyond.rows[0].line.row
                copy.held = copy.held or _ALSO.format(row=row, sheet=group.sheet)
    return left, contradicted


def _group_rows(
    table: ReportTable, kind: DocumentKind | None, names: DepartmentNames
) -> tuple[list[LineGroup], _Loose]:
    columns = frozenset(table.columns)
    reader = LineReader(table, names)
    groups: dict[DocumentKey, LineGroup] = {}
    loose: _Loose = []
    strays: list[Row] = []  # since the last document
    last: list[LineGroup] = []
    for row in table.take_rows():
        read, keys = reader.read(row)
        loose += [(row.cells, _tell_left_out(each)) for each in row.left_out.values()]
        if not keys:
            loose.append((row.cells, read.refused))
            if _may_be_a_line(row):
                strays.append(row)
                _keep_out(last, [row])
            continue
        # a refused row that may belong to several documents keeps each of them out
        for key in keys:
            if key not in groups:
                assumed = kind or DocumentKind.INVOICE
                groups[key] = LineGroup(table.sheet.name, key, assumed, columns)
            groups[key].rows.append(read)
        last = [groups[key] for key in keys]
        if strays:
            _keep_out(last, strays)
            strays = []
    return list(groups.values()), loose


def _tell_left_out(cells: Iterable[RefusedRow]) -> tuple[RefusedRow, ...]:
    return tuple(
        replace(each, reason=f"{each.reason}; it is left out of the document") for each in cells
    )


def _may_be_a_line(row: Row) -> bool:
    """Whether a row that names no document may be one's line; a row of sums is not."""
    return any(read_text(row.cell(name)) for name in ("number", "customer_number", "unit_price"))


def _keep_out(neighbours: Iterable[LineGroup], strays: Iterable[Row]) -> None:
    """Note a row that may be a neighbour's line: without it the document would fall short."""
    for group in neighbours:
        for row in strays:
            number, customer = row.guess("number"), row.guess("customer_number")
            here = group.rows[-1].head.customer_number
            if number in ("", group.key[1]) and customer in ("", here):
                group.stray = row.number


def _kind_of_sheet(table: ReportTable) -> DocumentKind | None:
    if kind := kind_of_number_heading(table.headings[table.columns["number"]]):
        return kind
    name = re.sub(r"[\W\d_]+", " ", tidy_identifier(table.sheet.name).casefold())
    invoices = _INVOICES.search(name) is not None
    credit_notes = _CREDIT_NOTES.search(name) is not None
    if invoices == credit_notes:
        return None
    if credit_notes:
        return DocumentKind.CREDIT_NOTE
    # "Invoice lines" is the name of the whole report
    return None if _LINES.search(name) else DocumentKind.INVOICE


def _decide_kinds(groups: Sequence[LineGroup], *, named: bool) -> None:
    """The kinds by sign; ``named`` says that other sheets of the file state theirs."""
    signs = any(group.total < 0 for group in groups)
    sheets = {group.sheet for group in groups}
    for group in groups:
        nets = [row.line.net for row in group.rows]
        if group.total < 0:
            group.kind = DocumentKind.CREDIT_NOTE
        if named:
            group.held = "Stands only on the sheet of both kinds: invoice or credit note?"
        elif not any(nets) or min(nets) < 0 < max(nets) or (len(sheets) > 1 and not signs):
            group.held = (
                "Neither the sheet's name nor the sign of its lines says whether it is "
                "an invoice or a credit note."
            )


def _make_document(same: Sequence[LineGroup]) -> SourceDocument | list[RefusedRow]:
    """The document of all groups with one identity, which must be copies of each other."""
    first = same[0]
    if len(same) > 1 and len({_content(group) for group in same}) > 1:
        reason = f"{first.key[1]} stands on two sheets with different lines"
        return [refusal for group in same for refusal in group.refuse(reason)]
    bad = next((row for row in first.rows if row.refused), None)
    if bad is not None:
        reason = f"left out, because row {bad.line.row} of {first.key[1]} was refused"
        return first.refuse(reason)
    if any(group.stray for group in same):
        row = next(group.stray for group in same if group.stray)
        return first.refuse(f"left out, because row {row} may be a line of {first.key[1]}")
    for name, heading, words in _ALIKE:
        values = {getattr(row.head, name) for row in first.rows} - {None}
        if len(values) > 1:
            listed = ", ".join(sorted(map(str, values)))
            return first.refuse(f"{first.key[1]} has two {words}: {listed}", heading)
    if two := find_two_firms(first):
        return first.refuse(two, "Company")
    return _document(first)


def _content(group: LineGroup) -> frozenset[tuple[object, int]]:
    counts: dict[object, int] = {}
    for row in group.rows:
        content = (row.head, replace(row.line, row=0))
        counts[content] = counts.get(content, 0) + 1
    return frozenset(counts.items())


def _document(group: LineGroup) -> SourceDocument:
    heads = list(dict.fromkeys(row.head for row in group.rows))
    first = heads[0]
    return SourceDocument(
        sheet=group.sheet,
        kind=group.kind,
        held=group.held,
        number=first.number,
        department_number=first.department_number,
        department_name=_first(head.department_name for head in heads),
        customer_number=first.customer_number,
        customer_name=_first(head.customer_name for head in heads),
        currency=first.currency,
        invoice_date=next((head.invoice_date for head in heads if head.invoice_date), None),
        our_reference=_first(head.our_reference for head in heads),
        project_number=_first(head.project_number for head in heads),
        project_name=_first(head.project_name for head in heads),
        lines=tuple(row.line for row in group.rows),
    )


def _first(values: Iterable[str]) -> str:
    return next((value for value in values if value), "")
