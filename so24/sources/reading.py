"""Files' content, whatever it is: recognised, and read into documents and customers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from so24.errors import UnreadableFile
from so24.language.said import join_said, say
from so24.sources.documents.content import Content, hash_content, whole
from so24.sources.documents.documents import RefusedRow, SourceFile, parties_of, tell_cell
from so24.sources.ehf.buyers import CustomerIdentity, Supplement
from so24.sources.ehf.files import OpenedBill, ask_second_opinion, open_bill, read_bills
from so24.sources.ehf.markup import looks_like_xml
from so24.sources.nearest import tell_missing_headings
from so24.sources.reports.control_totals import tell_aside
from so24.sources.reports.credit_notes import read_credits
from so24.sources.reports.customers import read_customers
from so24.sources.reports.invoice_lines import read_documents
from so24.sources.reports.line_rows import DepartmentNames
from so24.sources.reports.unread_columns import tell_numbers_for_kids, tell_unread_columns
from so24.sources.sheets.archive import is_archive, read_members
from so24.sources.sheets.foreign import PDF_MARK, WEB_PAGE, is_page_with_text_before, refuse_foreign
from so24.sources.sheets.headings import CREDITS, CUSTOMERS, LINES, name_kinds
from so24.sources.sheets.spreadsheet import MEGABYTE, UNFOLDING, read_sheets
from so24.sources.sheets.sum_rows import set_aside
from so24.sources.sheets.table_checks import check_table
from so24.sources.sheets.tables import ReportTable
from so24.sources.sheets.which_table import find_table

Reading = Callable[[str, float], None]  # a file's name, and the share of it read so far, 0 to 1
Choose = Callable[[Sequence[tuple[str, str]]], str]  # a department's number among all known
_OpenBill = Callable[[str, bytes], OpenedBill]
_NOR_OTHERS = say("Nothing of the other files was imported either.")
_UNFOLDED = 0.7  # of a file's reading; the rest goes to making documents of its rows


@dataclass(eq=False)
class _Parcel:
    """Files that one report tells of: one table file, or all EHF files that came together.

    ``came_in`` names those files as they were given: an archive, where they are its members.
    """

    filename: str
    content_hash: str = ""
    tables: list[ReportTable] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)  # sentences about sheets without their part
    bills: list[OpenedBill] = field(default_factory=list)
    refused: list[RefusedRow] = field(default_factory=list)
    came_in: list[str] = field(default_factory=list)


def read_files(
    files: Sequence[tuple[str, Content]],
    *,
    megabytes: int,
    departments: Sequence[tuple[str, str]] = (),
    supplement: Supplement | None = None,
    rule_files: Sequence[Path] = (),
    choose: Choose | None = None,
    reading: Reading = lambda filename, share: None,
) -> list[SourceFile]:
    """Read files (name, content) of at most ``megabytes`` each, in any order.

    What comes back is one :class:`SourceFile` for each table file, one for all EHF files that were
    given by themselves, and of each zip archive one for its EHF files and one for each table file.
    ``departments`` are those known already (number, name): together with all that the files have
    they say which department a name without a number is. ``supplement`` is what EHF files do not
    state; the customers of the files are added to it, and the department that ``choose`` picks
    among all. ``rule_files`` are asked for a second opinion on EHF files. ``reading`` is told how
    far it is, at most once for each hundredth.
    Raises :class:`UnreadableFile` with a sentence that names the file where one cannot be imported
    at all, and what ``choose`` raises; a row, or a file of an
    archive, that cannot is in ``refused``.
    """
    opening = partial(open_bill, keep_markup=bool(rule_files))
    parcels = _open_files(files, megabytes, reading, opening)
    remarks = _ask_second_opinion(parcels, rule_files)
    names = DepartmentNames(departments)
    for table in (table for each in parcels for table in each.tables if table.layout is LINES):
        names.learn(table)
    sources: dict[int, SourceFile] = {}
    for index, each in enumerate(parcels):
        if each.tables:
            sources[index] = _read_tables(each, names)
            reading(each.filename, 1.0)
    known = _with_customers(supplement or Supplement(), list(sources.values()))
    if choose is not None:
        known = replace(known, department=choose([*departments, *_departments_of(sources)]))
    for index, each in enumerate(parcels):
        if not each.tables:
            sources[index] = _read_bills(each, known, remarks)
    return [
        replace(sources[index], came_in=tuple(each.came_in)) for index, each in enumerate(parcels)
    ]


def _open_files(
    files: Sequence[tuple[str, Content]], megabytes: int, reading: Reading, opening: _OpenBill
) -> list[_Parcel]:
    parcels: list[_Parcel] = []
    loose = _Parcel("")
    for filename, content in files:
        try:
            share = _Share(reading, filename)
            opened = _open_file(filename, content, megabytes, loose, share, opening)
        except UnreadableFile as error:
            reason = say("{file} cannot be imported. {reason}", file=filename, reason=error.words)
            others = _NOR_OTHERS if len(files) > 1 else ""
            raise UnreadableFile(join_said([reason, others]), filename, reason) from None
        for each in opened or [loose]:
            each.came_in.append(filename)
        parcels += opened
        if loose.bills and loose not in parcels:
            parcels.append(loose)
    return parcels


class _Share:
    """Tells how far a file's reading is, when a hundredth of it has passed."""

    def __init__(self, reading: Reading, filename: str) -> None:
        self.reading, self.filename = reading, filename
        self.told = -1

    def __call__(self, unfolded: float) -> None:
        hundredths = int(100 * _UNFOLDED * unfolded)
        if hundredths > self.told:
            self.told = hundredths
            self.reading(self.filename, hundredths / 100)


def _open_file(
    filename: str,
    content: Content,
    megabytes: int,
    loose: _Parcel,
    share: _Share,
    opening: _OpenBill,
) -> list[_Parcel]:
    """The parcels of the file; one that is an EHF document itself is put to the loose ones."""
    if len(content) <= megabytes * MEGABYTE:
        refuse_foreign(content)
        if is_archive(content):
            return _open_archive(filename, content, megabytes, share, opening)
        if looks_like_xml(content):
            data = whole(content)
            loose.bills.append(opening(filename, data))
            loose.content_hash = hash_content(loose.content_hash.encode() + data)
            return []
    found = _find_tables(filename, content, megabytes, share)
    return [_Parcel(filename, hash_content(content), *found)]


def _open_archive(
    filename: str, content: Content, megabytes: int, share: _Share, opening: _OpenBill
) -> list[_Parcel]:
    """What of the archive cannot be read is refused; the rest comes in."""
    most = megabytes * MEGABYTE
    bills = _Parcel(filename, hash_content(content))
    parcels = [bills]
    for member in read_members(content, most_bytes=most, most_of_all=most * UNFOLDING):
        try:
            if member.problem:
                raise UnreadableFile(member.problem)
            if member.content.startswith(PDF_MARK):  # what was sent along with the documents
                words = say("{file} was left out: it is a PDF.", file=member.name)
                bills.unread.append(words)
                continue
            refuse_foreign(member.content)
            if looks_like_xml(member.content):
                bills.bills.append(opening(member.name, member.content))
            else:
                name = f"{filename}/{member.name}"
                found = _find_tables(member.name, member.content, megabytes, share)
                parcels.append(_Parcel(name, hash_content(member.content), *found))
        except UnreadableFile as error:
            words = say("the file cannot be imported. {reason}", reason=error.words)
            bills.refused.append(RefusedRow(member.name, 1, "", words))
    if len(parcels) > 1 and not bills.bills and not bills.refused:
        del parcels[0]
    elif len(parcels) == 1 and not bills.bills and not bills.refused:
        raise UnreadableFile(say("The archive holds neither EHF files nor reports."))
    return parcels


def _find_tables(
    filename: str, content: Content, megabytes: int, share: _Share
) -> tuple[list[ReportTable], list[str]]:
    """The tables of the file, and what is to be told of sheets that could not be read."""
    share(0)
    sheets = read_sheets(filename, content, megabytes=megabytes, tell=share)
    unread = [
        say(
            "The sheet “{sheet}” was not read: {reason}. If it belongs to the report, open the "
            "file in Excel, save it again and import that file.",
            sheet=sheet.name,
            reason=sheet.unread,
        )
        for sheet in sheets
        if sheet.unread
    ]
    tables = [table for table in map(find_table, sheets) if table]
    if not tables:
        if is_page_with_text_before(content):
            raise UnreadableFile(WEB_PAGE)
        raise UnreadableFile(join_said([tell_missing_headings(sheets), *unread[:1]]))
    for table in tables:
        check_table(table)
        set_aside(table)
    if all(next(table.rows(), None) is None for table in tables):
        words = say("It has headings but no rows; export it again with its rows.")
        raise UnreadableFile(words)
    return tables, unread


def _read_tables(parcel: _Parcel, names: DepartmentNames) -> SourceFile:
    documents, refused_lines, told = read_documents(
        [table for table in parcel.tables if table.layout is LINES], names
    )
    customers = read_customers(table for table in parcel.tables if table.layout is CUSTOMERS)
    credit_notes, refused_credits = read_credits(
        table for table in parcel.tables if table.layout is CREDITS
    )
    kinds = {table.layout.name for table in parcel.tables}
    return SourceFile(
        filename=parcel.filename,
        content_hash=parcel.content_hash,
        documents=documents,
        customers=customers.customers,
        refused=(*refused_lines, *customers.refused, *refused_credits),
        kind=name_kinds(kinds),
        credits=tuple(credit_notes),
        warnings=(
            *parcel.unread,
            *told,
            *(
                tell_aside(each)
                for each in parcel.tables
                if each.aside and each.layout is not LINES
            ),
            *(tell_cell(each, say("“{sheet}”", sheet=each.sheet)) for each in customers.remarks),
            *tell_numbers_for_kids(parcel.tables),
            *tell_unread_columns(parcel.tables),
        ),
        shut_out=customers.shut_out,
    )


def _ask_second_opinion(parcels: Sequence[_Parcel], rule_files: Sequence[Path]) -> tuple[str, ...]:
    """Put what the rule files say to all bills, and tell who was not asked."""
    bills = [bill for each in parcels for bill in each.bills]
    opened, remarks = ask_second_opinion(bills, rule_files)
    for each in parcels:
        each.bills, opened = opened[: len(each.bills)], opened[len(each.bills) :]
    return remarks


def _read_bills(parcel: _Parcel, supplement: Supplement, remarks: Sequence[str]) -> SourceFile:
    name = parcel.filename or _name_together(parcel.bills)
    source = read_bills(name, parcel.content_hash, parcel.bills, supplement)
    refused = (*parcel.refused, *source.refused)
    warnings = (*parcel.unread, *source.warnings, *remarks)
    return replace(source, refused=refused, warnings=warnings)


def _name_together(bills: Sequence[OpenedBill]) -> str:
    """What files that came together are called, as the store keeps it."""
    more = f" and {len(bills) - 1} more" if len(bills) > 1 else ""  # in English: part of a name
    return f"{bills[0].filename}{more}"


def _departments_of(sources: Mapping[int, SourceFile]) -> Iterator[tuple[str, str]]:
    for source in sources.values():
        for parties in parties_of(source.documents):
            yield parties.department_number, parties.department_name


def _with_customers(supplement: Supplement, sources: Sequence[SourceFile]) -> Supplement:
    """What the store knows of customers, and after it what comes along, of which a list is best."""
    numbers = {number: set(found) for number, found in supplement.customers.items()}
    named = {
        parties.customer_number: CustomerIdentity(parties.customer_name, "")
        for source in sources
        for parties in parties_of(source.documents)
    } | dict(supplement.known)
    for own in (customer for source in sources for customer in source.customers):
        named[own.number] = CustomerIdentity(own.name, own.organization_number)
    for number, each in named.items():
        if each.organization_number:
            numbers.setdefault(each.organization_number, set()).add(number)
    customers = {number: frozenset(found) for number, found in numbers.items()}
    return replace(supplement, customers=customers, known=named)
