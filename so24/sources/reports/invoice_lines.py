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
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import NamedTuple

from so24.identifiers import tidy_identifier
from so24.language.said import say
from so24.sources.documents.documents import (
    NOTHING_MORE,
    DocumentsOnDisk,
    Particulars,
    Parties,
    RefusedRow,
    SourceDocument,
)
from so24.sources.reports.control_totals import check_totals
from so24.sources.reports.gists import (
    find_copy_below,
    find_fault,
    find_parties,
    heads_of,
    stated_by_any,
)
from so24.sources.reports.line_cells import DocumentKey, LineHead
from so24.sources.reports.line_groups import (
    ByDocument,
    LineGroup,
    LineGroups,
    SheetOfLines,
    SomeGroups,
)
from so24.sources.reports.line_rows import DepartmentNames, LineReader
from so24.sources.reports.sheet_copies import subtract_copies
from so24.sources.sheets.cells.cell import Cell
from so24.sources.sheets.cells.texts import read_text
from so24.sources.sheets.headings import kind_of_number_heading
from so24.sources.sheets.tables import ReportTable, Row
from so24.store.tables.document_tables import DocumentKind

_INVOICES = re.compile(r"\b(invoices?|faktura(er|ene)?)\b")
_CREDIT_NOTES = re.compile(r"\b(credits?|credit ?notes?|kreditt?nota(er|ene)?)\b")
_REPORT = re.compile(r"\b(?:invoice|faktura) ?(?:lines?|linjer?)\b")
_BOTH = re.compile(r"[&+/]|\b(?:and|og|und|et)\b")
_LINES = re.compile(r"\b(lines?|linjer?)\b")
_ALSO = say(
    "Row {row} of the sheet “{sheet}” has its number too and the opposite sign: another document, "
    "or a line of this one?"
)

_TWICE = say(
    "{document} has the same lines above and below the headings that stand again in row {row}; "
    "delete the copy, or those headings if all of these are its lines"
)

_AGAIN = say(
    "{document} and other documents of the sheet have the same lines once more from row {row}; "
    "delete the copy, or put the rows of each document together if all of these are its lines"
)

_NEGATIVE = say("Stands on the sheet of invoices, but its sum is negative.")
_ON_ONE_SHEET = say("Stands only on the sheet of both kinds: invoice or credit note?")
_OF_NO_KIND = say(
    "Neither the sheet's name nor the sign of its lines says whether it is an invoice or a credit "
    "note."
)

_BEYOND = ("due_date", "delivery_date", "kid", "your_reference", "order_reference", "note")
_ASSUMED = DocumentKind.INVOICE

Cells = tuple[Cell, ...]
_Loose = list[tuple[Cells, tuple[RefusedRow, ...]]]


class _Documents(DocumentsOnDisk):
    """The documents of groups that are each one whole document."""

    def __init__(self, groups: SomeGroups) -> None:
        self._groups = groups

    def __len__(self) -> int:
        return len(self._groups)

    def __iter__(self) -> Iterator[SourceDocument]:
        return map(_make_document, self._groups)

    def read(self, place: int) -> SourceDocument:
        """The document at a place that there is, counted from 0."""
        return _make_document(self._groups[place])

    def parties(self) -> Iterator[Parties]:
        """Of each document, without reading it."""
        return (group.gist.parties for group in self._groups)


def read_documents(
    tables: Sequence[ReportTable], names: DepartmentNames
) -> tuple[DocumentsOnDisk, list[RefusedRow], list[str]]:
    """All documents of the sheets in the order of the file, and every row that was refused.

    After them what is to be told of the rows that are none of their lines. ``names`` has learnt the
    sheets.
    """
    every = LineGroups()
    read = [_group_rows(table, names, every) for table in tables]
    again = _find_repeats(every)
    groups, refused = _compare_groups(read, every)
    whole = SomeGroups(every)
    for copies in _find_copies(groups, read) if len(read) > 1 else zip(groups):
        faults = _find_faults(copies, again)
        refused += faults
        whole.numbers.extend([] if faults else [copies[0].number])
    told: list[str] = []
    if any(table.aside for table in tables):
        came = ByDocument(whole, range(len(read)))
        told = [words for each in read for words in check_totals(each.table, each.groups, came)]
    return _Documents(whole), list(dict.fromkeys(refused)), told


class _ReadSheet(NamedTuple):
    """A sheet with its rows in groups; ``kind`` is None where it does not say it.

    ``loose`` are the rows that are of no group. ``number`` is its place among the sheets.
    """

    number: int
    table: ReportTable
    kind: DocumentKind | None
    groups: SomeGroups
    loose: _Loose


def _find_copies(groups: SomeGroups, read: Sequence[_ReadSheet]) -> Iterator[Sequence[LineGroup]]:
    """The groups of each document, in the order of their first ones; nearly all have one."""
    order = sorted(read, key=lambda each: each.kind is None)  # as they stand in ``groups``
    by_document = ByDocument(groups, (each.number for each in order))
    for group in groups:
        copies = [each for each in by_document.of(group.key) if each.kind is group.kind]
        if copies[0] == group:
            yield copies


def _compare_groups(
    read: Sequence[_ReadSheet], every: LineGroups
) -> tuple[SomeGroups, list[RefusedRow]]:
    """The sheets of one kind first; of the others what those do not have."""
    named = [each for each in read if each.kind is not None]
    unnamed = [each for each in read if each.kind is None]
    refused = [one for each in named for _, refusals in each.loose for one in refusals]
    stray = {cells for each in named for cells, _ in each.loose}
    refused += [
        one for each in unnamed for cells, many in each.loose if cells not in stray for one in many
    ]
    groups = _join(every, named)
    for group in groups:
        if group.kind is DocumentKind.INVOICE and group.gist.sign < 0:
            group.hold(_NEGATIVE)
    undecided = _join(every, unnamed)
    contradicted: dict[DocumentKey, list[RefusedRow]] = {}
    if named:
        undecided, contradicted = _compare_sheets(named, undecided)
    _decide_kinds(undecided, named=bool(named))
    groups.numbers.extend(undecided.numbers)
    if contradicted:
        groups = SomeGroups(every, (one.number for one in groups if one.key not in contradicted))
    return groups, [*refused, *(one for refusals in contradicted.values() for one in refusals)]


def _join(every: LineGroups, read: Iterable[_ReadSheet]) -> SomeGroups:
    return SomeGroups(every, chain.from_iterable(each.groups.numbers for each in read))


def _compare_sheets(
    named: Sequence[_ReadSheet], undecided: SomeGroups
) -> tuple[SomeGroups, dict[DocumentKey, list[RefusedRow]]]:
    """Of the sheets of both kinds what only they have, and what contradicts the others, by key."""
    every = undecided.groups
    by_document = ByDocument(_join(every, named), (each.number for each in named))
    left = SomeGroups(every)
    contradicted: dict[DocumentKey, list[RefusedRow]] = {}
    for group in undecided:
        of_kinds: dict[DocumentKind, LineGroup] = {}
        for copy in by_document.of(group.key):
            of_kinds.setdefault(copy.kind, copy)
        copies = list(of_kinds.values())
        beyond = subtract_copies(group, copies) if copies else group
        if isinstance(beyond, str):
            refused = contradicted.setdefault(group.key, [])
            refused += [one for each in (*copies, group) for one in each.refuse(beyond)]
        elif beyond.has_rows():
            left.numbers.append(beyond.number)
            for copy in copies:
                row = beyond.rows[0].line.row
                copy.hold(copy.held or say(_ALSO, row=row, sheet=group.sheet))
    return left, contradicted


def _group_rows(table: ReportTable, names: DepartmentNames, every: LineGroups) -> _ReadSheet:
    kind = _kind_of_sheet(table)
    again = tuple(each.number for each in table.aside if each.again)
    sheet = SheetOfLines(table.sheet.name, frozenset(table.columns), kind or _ASSUMED, again)
    place, first = every.add_sheet(sheet), len(every)
    reader = LineReader(table, names)
    loose: _Loose = []
    strays: list[Row] = []  # since the last document
    last: list[LineGroup] = []
    their_keys: tuple[DocumentKey, ...] = ()
    for read, keys, row in reader.read_all():
        if row is not None:
            loose += [(row.cells, _tell_left_out(each)) for each in row.left_out.values()]
            if not keys:
                loose.append((row.cells, read[0].refused))
                if _may_be_a_line(row):
                    strays.append(row)
                    _keep_out(last, [row])
                continue
        if keys != their_keys:
            # a refused row that may belong to several documents keeps each of them out
            before, last = last, [every.meet(place, key) for key in keys]
            their_keys = keys
            _close(each for each in before if each not in last)
        for group in last:
            group.add(read[:1])
        if strays:
            _keep_out(last, strays)
            strays = []
        for group in last:
            group.add(read[1:])
    _close(last)
    return _ReadSheet(place, table, kind, SomeGroups(every, range(first, len(every))), loose)


def _close(groups: Iterable[LineGroup]) -> None:
    for group in groups:
        group.close()


def _tell_left_out(cells: Iterable[RefusedRow]) -> tuple[RefusedRow, ...]:
    return tuple(
        replace(each, reason=say("{reason}; it is left out of the document", reason=each.reason))
        for each in cells
    )


def _may_be_a_line(row: Row) -> bool:
    """Whether a row that names no document may be one's line; a row of sums is not."""
    return any(read_text(row.cell(name)) for name in ("number", "customer_number", "unit_price"))


def _keep_out(neighbours: Iterable[LineGroup], strays: Iterable[Row]) -> None:
    """Note a row that may be a neighbour's line: without it the document would fall short."""
    for group in neighbours:
        for row in strays:
            number, customer = row.guess("number"), row.guess("customer_number")
            here = group.newest.head.customer_number
            if number in ("", group.key[1]) and customer in ("", here):
                group.note_stray(row.number)


def _kind_of_sheet(table: ReportTable) -> DocumentKind | None:
    if kind := kind_of_number_heading(table.headings[table.columns["number"]]):
        return kind
    whole = tidy_identifier(table.sheet.name).casefold().replace("_", " ")
    name = re.sub(r"[\W\d_]+", " ", whole)
    # “Invoice lines – credit notes” has the report's name, which says nothing of the kind
    parted = " invoices lines "  # in English: the report's own words
    name = _REPORT.sub(parted if _BOTH.search(whole) else " ", name)
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
    signs = any(group.gist.sign < 0 for group in groups)
    sheets = {group.sheet for group in groups}
    for group in groups:
        if group.gist.sign < 0:
            group.decide(DocumentKind.CREDIT_NOTE)
        if named:
            group.hold(_ON_ONE_SHEET)
        elif group.gist.unclear or (len(sheets) > 1 and not signs):
            group.hold(_OF_NO_KIND)


def _find_repeats(every: LineGroups) -> dict[int, int]:
    """The row in which a document begins once more, by its group's number.

    A list that stands twice on its sheet, or that overlaps the one below it, repeats several
    documents. Where it is one alone, a line may rightly be there twice, with others between: a
    report can be sorted by date.
    """
    found = {group.number: group.find_repeat() for group in SomeGroups(every, every.parted)}
    repeated = SomeGroups(every, (number for number, row in found.items() if row))
    count = Counter(group.sheet_number for group in repeated)
    return {
        group.number: found[group.number] for group in repeated if count[group.sheet_number] > 1
    }


def _find_faults(same: Sequence[LineGroup], repeats: Mapping[int, int]) -> list[RefusedRow]:
    """The rows of all groups with one identity, refused if they are not one document.

    The groups must be copies of each other. ``repeats`` are the rows in which some begin again, by
    the group's number.
    """
    first = same[0]
    again = first.headings_again
    if again and (twice := find_copy_below(first.rows, again)):
        return first.refuse(say(_TWICE, document=first.key[1], row=twice))
    if row := repeats.get(first.number):
        return first.refuse(say(_AGAIN, document=first.key[1], row=row))
    if len(same) > 1 and len({_content(group) for group in same}) > 1:
        reason = say("{document} stands on two sheets with different lines", document=first.key[1])
        return [refusal for group in same for refusal in group.refuse(reason)]
    stray = next((group.stray for group in same if group.stray), 0)
    if first.gist.sound and not stray:
        return []
    rows = first.rows
    if stray and not any(row.refused for row in rows):
        reason = say(
            "left out, because row {row} may be a line of {document}",
            row=stray,
            document=first.key[1],
        )
        return first.refuse(reason)
    return first.refuse(*find_fault(first.key, rows))


def _content(group: LineGroup) -> frozenset[tuple[object, int]]:
    counts = Counter((row.head, row.line._replace(row=0)) for row in group.rows)
    return frozenset(counts.items())


def _make_document(group: LineGroup) -> SourceDocument:
    rows = group.rows
    heads = heads_of(rows)
    first, parties = heads[0], find_parties(heads)
    stated = stated_by_any(heads)
    return SourceDocument(
        sheet=group.sheet,
        kind=group.kind,
        held=group.held,
        number=first.number,
        department_number=parties.department_number,
        department_name=parties.department_name,
        customer_number=parties.customer_number,
        customer_name=parties.customer_name,
        currency=first.currency,
        invoice_date=stated.invoice_date,
        our_reference=stated.our_reference,
        project_number=stated.project_number,
        project_name=stated.project_name,
        lines=tuple([row.line for row in rows]),
        particulars=_particulars_of(stated),
    )


def _particulars_of(stated: LineHead) -> Particulars:
    """What lists that people make of the report state beyond it; nearly all state nothing."""
    values = {name: getattr(stated, name) for name in _BEYOND}
    return Particulars(**values) if any(values.values()) else NOTHING_MORE
