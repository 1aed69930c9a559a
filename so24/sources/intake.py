"""The intake: files of any kind become documents and customers of the store, each exactly once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import PurePath
from typing import TypeVar

from sqlmodel import Session

from so24.errors import UnreadableFile
from so24.firms.norwegian_numbers import hide_personal_numbers
from so24.language.said import join_said, say
from so24.people.desk import Desk
from so24.people.roles import Permission
from so24.settings import Settings
from so24.sources.documents.content import Content, hash_content
from so24.sources.documents.documents import (
    EHF,
    Counts,
    RefusedRow,
    SourceCredit,
    SourceCustomer,
    SourceDocument,
    SourceFile,
    parties_of,
)
from so24.sources.documents.spool import kept_in
from so24.sources.ehf.buyers import CustomerIdentity, Supplement
from so24.sources.garbage import spare_for_a_while
from so24.sources.import_reports import (
    CREDITS,
    CUSTOMERS,
    DOCUMENTS,
    KINDS,
    ImportReport,
    keep_texts,
)
from so24.sources.landing.buyers import find_known
from so24.sources.landing.credit_notes import land_credits
from so24.sources.landing.departments import choose_department, unite_departments
from so24.sources.landing.disputes import CustomerNames
from so24.sources.landing.landing import Arrival, land_documents
from so24.sources.landing.parties import keep_shut_out, land_customers
from so24.sources.originals.keeping import keep_files, name_apart
from so24.sources.reading import Reading, read_files
from so24.sources.sheets.spreadsheet import MEGABYTE
from so24.store.documents.intake import all_customers, department_names
from so24.store.documents.originals import link_originals
from so24.store.tables.document_tables import Import

CHUNK = 500  # rows of one transaction: whoever writes meanwhile waits for no more than that
NAME_LENGTH = 255
REFUSED_FILE = say("refused file")  # the kind of an import that nothing could be read of

T = TypeVar("T")
Progress = Callable[[int, int], None]
# is told, in the transaction that opens them, which imports each file (by name) is in
Opening = Callable[[Session, Mapping[str, Sequence[int]]], None]


@spare_for_a_while()  # an import makes much: to look through all that was there took an eighth
def import_files(
    desk: Desk,
    files: Sequence[tuple[str, Content]],
    *,
    invoice_date: dt.date | None = None,
    department: str = "",
    new_department: bool = False,
    progress: Progress | None = None,
    reading: Reading = lambda filename, share: None,
) -> list[ImportReport]:
    """Import files (name, content) in any order; the reports come in the order of the files.

    ``department`` (number or name; with ``new_department`` the number of one that nobody knows yet)
    is for documents whose source has none, which are those of EHF files. ``invoice_date`` is for
    those whose source states none; without it the latest line date is proposed and marked assumed.
    ``reading`` is told how far each file's reading is, then ``progress`` how many of all have
    landed. The same file twice changes nothing; a document that was exported is flagged rather
    than changed.
    Each file is kept as it came. Raises :class:`UnreadableFile` for one that cannot be imported
    at all: nothing of any file comes in then, and that one is kept as refused. Raises
    :class:`WrongUse`, before anything is written, for a department that is not known, and
    :class:`NotAllowed`.
    """
    desk.require(Permission.IMPORT)
    files = name_apart(files)
    try:
        sources = read_sources(
            desk, files, department=department, new_department=new_department, reading=reading
        )
    except UnreadableFile as error:
        refuse_file(desk, error.filename, dict(files).get(error.filename, b""), error.reason)
        raise
    return land_sources(desk, sources, files=files, invoice_date=invoice_date, progress=progress)


def read_sources(
    desk: Desk,
    files: Sequence[tuple[str, Content]],
    *,
    department: str = "",
    new_department: bool = False,
    reading: Reading = lambda filename, share: None,
) -> list[SourceFile]:
    """Read files with what the store knows; nothing is written.

    The names differ, and the parameters are those of :func:`import_files`, whose errors it raises.
    """
    with desk.reading(Permission.IMPORT) as session:
        departments = department_names(session)
        customers = all_customers(session, desk.settings.tenant)
    with kept_in(desk.settings.data_dir):
        return read_files(
            files,
            megabytes=desk.settings.upload_megabytes,
            departments=departments,
            supplement=_supplement(desk.settings, departments, customers),
            rule_files=desk.settings.ehf_rule_files,
            choose=lambda known: choose_department(known, department, new=new_department),
            reading=reading,
        )


def refuse_file(
    desk: Desk,
    filename: str,
    content: Content,
    reason: str,
    opening: Opening = lambda session, imports: None,
) -> ImportReport:
    """Keep a file that nothing can be read of, with the reason, as an import that brought nothing.

    ``opening`` is that of :func:`land_sources`. The bytes of a file that is larger than may be
    imported are not kept. Raises :class:`NotAllowed`.
    """
    desk.require(Permission.IMPORT)
    whole = len(content) <= desk.settings.upload_megabytes * MEGABYTE
    refused = (RefusedRow(filename, 1, "", reason),)
    source = SourceFile(
        filename, hash_content(content), (), (), refused, REFUSED_FILE, came_in=(filename,)
    )
    files = [(filename, content)] if whole else []
    (report,) = land_sources(desk, [source], files=files, opening=opening)
    return report


def _supplement(
    settings: Settings,
    departments: Iterable[tuple[str, str]],
    customers: Iterable[tuple[str, str, str]],
) -> Supplement:
    return Supplement(
        departments=frozenset(number for number, _ in departments),
        known={
            number: CustomerIdentity(name, organization) for number, name, organization in customers
        },
        allowance_product=settings.ehf_allowance_product,
        charge_product=settings.ehf_charge_product,
        sellers=settings.own_sellers,
    )


def land_sources(
    desk: Desk,
    sources: Sequence[SourceFile],
    *,
    files: Sequence[tuple[str, Content]] = (),
    invoice_date: dt.date | None = None,
    progress: Progress | None = None,
    opening: Opening = lambda session, imports: None,
) -> list[ImportReport]:
    """Land what readers have read, each source with an import and a report of its own.

    ``files`` (name, content) are what they were read from. They are kept before anything lands,
    and all imports are opened in one transaction that names them and calls ``opening``.
    The other parameters are those of :func:`import_files`. Raises :class:`NotAllowed`.
    """
    desk.require(Permission.IMPORT)
    originals = keep_files(desk, files)
    work = _Work(desk, invoice_date, progress or (lambda done, total: None))
    work.unite_departments(sources)
    work.total = sum(
        len(source.documents) + len(source.customers) + len(source.credits) for source in sources
    )
    reports: dict[int, ImportReport] = {}
    # lists of customers first: the due dates of the documents rest on their credit days
    order = [(each.kind == EHF, not each.customers) for each in sources]
    places = sorted(range(len(sources)), key=order.__getitem__)
    ids = work.open_imports([sources[index] for index in places], originals, opening)
    for index, import_id in zip(places, ids, strict=True):
        reports[index] = work.land(sources[index], import_id)
    return [reports[index] for index in range(len(sources))]


class _Work:
    """The files of one call, landed one after the other in short transactions."""

    def __init__(self, desk: Desk, invoice_date: dt.date | None, progress: Progress) -> None:
        self.desk = desk
        self.invoice_date = invoice_date
        self.progress = progress
        self.tenant = desk.settings.tenant
        self.done = 0
        self.total = 0

    def unite_departments(self, sources: Sequence[SourceFile]) -> None:
        parties = (each for source in sources for each in parties_of(source.documents))
        with self.desk.writing(Permission.IMPORT) as session:
            unite_departments(session, self.desk.actor, parties)

    def land(self, source: SourceFile, import_id: int) -> ImportReport:
        counts = Counts(refused=list(source.refused))
        before = counts.sums
        by_kind: dict[str, tuple[int, int, int]] = {}
        for customers in _parts(source.customers):
            self.land_customers(source.filename, customers, counts)
        by_kind[CUSTOMERS], before = counts.since(before), counts.sums
        for shut_out in _parts(list(source.shut_out.items())):
            self.keep_shut_out(source.filename, dict(shut_out))
        names = self.gather_names(source.documents)
        arrival = Arrival(self.tenant, import_id, self.invoice_date, source.kind, names)
        for documents in _parts(source.documents):
            self.land_documents(arrival, documents, counts)
        by_kind[DOCUMENTS], before = counts.since(before), counts.sums
        for credit_notes in _parts(source.credits):
            self.land_credits(credit_notes, counts)
        by_kind[CREDITS] = counts.since(before)
        held = {kind: some for kind in KINDS if any(some := by_kind[kind])}
        return self.close_import(source, import_id, counts, held)

    def gather_names(self, documents: Sequence[SourceDocument]) -> CustomerNames:
        """What the file calls its customers; before any of it has landed, and could be believed."""
        names = CustomerNames.of_file(parties_of(documents))
        if names.disputes:
            with self.desk.reading(Permission.IMPORT) as session:
                names.tell_disputes(documents, find_known(session, self.tenant, names.disputes))
        return names

    def open_imports(
        self, sources: Sequence[SourceFile], originals: Mapping[str, int], opening: Opening
    ) -> list[int]:
        """Begin all imports at once, with their files: an import without them is never seen."""
        rows = [
            Import(
                actor=self.desk.actor.name,
                filename=PurePath(source.filename).name[:NAME_LENGTH],
                content_hash=source.content_hash,
                kind=source.kind,
            )
            for source in sources
        ]
        imports: dict[str, list[int]] = {}
        with self.desk.writing(Permission.IMPORT) as session:
            for row, source in zip(rows, sources, strict=True):
                session.add(row)
                session.flush()  # one by one: their ids follow the order in which they land
                for name in source.came_in:
                    imports.setdefault(name, []).append(row.row_id)
            link_originals(
                session,
                [
                    (import_id, originals[name], name[:NAME_LENGTH])
                    for name, ids in imports.items()
                    for import_id in ids
                    if name in originals
                ],
            )
            opening(session, imports)
        return [row.row_id for row in rows]

    def land_customers(
        self, filename: str, customers: Sequence[SourceCustomer], counts: Counts
    ) -> None:
        with self.desk.writing(Permission.IMPORT) as session:
            land_customers(session, self.tenant, filename, customers, counts)
        self.tell(len(customers))

    def keep_shut_out(self, filename: str, shut_out: Mapping[str, RefusedRow]) -> None:
        with self.desk.writing(Permission.IMPORT) as session:
            keep_shut_out(session, self.tenant, filename, shut_out)

    def land_documents(
        self, arrival: Arrival, documents: Sequence[SourceDocument], counts: Counts
    ) -> None:
        with self.desk.writing(Permission.IMPORT) as session:
            land_documents(session, arrival, documents, counts)
        self.tell(len(documents))

    def land_credits(self, credit_notes: Sequence[SourceCredit], counts: Counts) -> None:
        with self.desk.writing(Permission.IMPORT) as session:
            land_credits(session, self.tenant, credit_notes, counts)
        self.tell(len(credit_notes))

    def close_import(
        self,
        source: SourceFile,
        import_id: int,
        counts: Counts,
        by_kind: Mapping[str, tuple[int, int, int]],
    ) -> ImportReport:
        once = dict.fromkeys(counts.refused)  # a document of one row is refused once
        told = [replace(row, reason=hide_personal_numbers(row.reason)) for row in once]
        refused = tuple(sorted(told, key=lambda row: (row.sheet, row.row)))
        warnings = (*source.warnings, *counts.questions, *counts.changes)
        report = ImportReport(
            source.filename,
            source.kind,
            counts.added,
            counts.updated,
            counts.unchanged,
            counts.flagged,
            refused,
            import_id,
            tuple(map(hide_personal_numbers, warnings)),
            source.sellers,
            len(counts.questions) + len(counts.changes),
            by_kind,
        )
        with self.desk.writing(Permission.IMPORT) as session:
            row = session.get_one(Import, import_id)
            row.added, row.updated = report.added, report.updated
            row.unchanged, row.flagged = report.unchanged, report.flagged
            row.refused = report.rows_refused
            keep_texts(row, report)
            self.desk.record(session, "import", row.filename, _in_words(report))
        return report

    def tell(self, landed: int) -> None:
        self.done += landed
        self.progress(self.done, self.total)


def _in_words(report: ImportReport) -> str:
    counts = (join_said([str(count), words]) for count, words in report.tell_counts())
    return join_said([report.kind, join_said(counts, by=", ")], by=": ")


def _parts(rows: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(rows), CHUNK):
        yield rows[start : start + CHUNK]
