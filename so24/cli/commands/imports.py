"""``so24 import`` and ``so24 imports``: files come in, and what became of each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated

import typer

from so24.cli.commands import explain
from so24.cli.terminal.asking import AsJson, DateFrom, DateTo, Limit, read_date, read_period
from so24.cli.terminal.opening import open_desk
from so24.cli.terminal.printing import (
    NEEDS_A_PERSON,
    clear_line,
    end_with,
    print_json,
    print_table,
    remark,
    show_line,
    tell_listed,
)
from so24.dates import format_moment, moments_of
from so24.errors import UnreadableFile, WrongUse
from so24.invoices.overview import proposed_dates, read_overview
from so24.language.said import join_said, say, say_count
from so24.language.telling import tell
from so24.sources.documents.content import Content, copy_content
from so24.sources.documents.documents import EHF
from so24.sources.import_reports import ImportReport, PastImport, list_imports, read_report
from so24.sources.originals.finding import list_import_files, show_name, write_original
from so24.sources.originals.retention import describe_files, list_last_days
from so24.store.documents.originals import KeptFile
from so24.store.documents.overview import InvoiceFilter, InvoiceRow
from so24.store.people.audit import LogFilter

MEGABYTE = 1024 * 1024
MOST_IMPORTS = 200
_HEADINGS = (
    say("Import"), say("File"), say("Kind"), say("Added"), say("Updated"), say("Unchanged"),
    say("Changed after export"), say("Rows refused"),
)  # fmt: skip


def add_to(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command(
        "import",
        help=explain(
            "import",
            say(
                "Several at once and in any order; the same twice changes nothing. Exit code 1 "
                "when rows were refused, a person is asked something, or a document comes "
                "otherwise than it was exported, 2 when a file cannot be read: then nothing "
                "comes in."
            ),
        ),
    )(import_reports)
    app.command(
        help=explain(
            "imports", say("Exit code 1 where rows of the import with this ID were refused.")
        )
    )(imports)


def import_reports(
    files: Annotated[
        list[Path],
        typer.Argument(metavar=say("FILE..."), help=say("Reports, EHF files, zip archives.")),
    ],
    invoice_date: Annotated[
        str | None, typer.Option(help=say("The date of documents whose report states none."))
    ] = None,
    department: Annotated[
        str, typer.Option(help=say("Department of EHF files, which state none: number or name."))
    ] = "",
    new_department: Annotated[
        bool,
        typer.Option(
            "--new-department", help=say("The number of --department is one not known yet.")
        ),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Import the files and print what became of them; ends with 1 where a person is needed."""
    from so24.sources.documents.spool import kept_in
    from so24.sources.intake import import_files

    date = read_date("--invoice-date", invoice_date)
    with open_desk() as desk:
        settings = desk.installation.settings
        limit = settings.upload_megabytes * MEGABYTE
        with kept_in(settings.data_dir):
            contents = [(path.name, read_file(path, limit)) for path in files]
        try:
            reports = import_files(
                desk,
                contents,
                invoice_date=date,
                department=department,
                new_department=new_department,
                progress=show_progress,
                reading=_show_reading,
            )
        finally:
            clear_line()
        proposed = {each.import_id: each.documents for each in proposed_dates(desk)}
    show_reports(reports, as_json)
    if not department and any(each.kind == EHF and each.refused for each in reports):
        remark(say("EHF files state no department: --department names it."))
    waiting = [each for each in reports if each.import_id in proposed]
    for report in waiting:
        remark(_tell_proposed(report, proposed[report.import_id]))
    if waiting:
        end_with(NEEDS_A_PERSON)
    end_by(reports)


def _tell_proposed(report: ImportReport, count: int) -> str:
    return say_count(
        "{filename}: the invoice date of {number} document is only proposed. so24 dates list "
        "--import {id} shows it; so24 dates confirm --import {id}, or the Invoice overview, "
        "confirms it.",
        "{filename}: the invoice dates of {number} documents are only proposed. so24 dates list "
        "--import {id} shows them; so24 dates confirm --import {id}, or the Invoice overview, "
        "confirms them.",
        count,
        filename=report.filename,
        id=report.import_id,
    )


def imports(
    number: Annotated[
        int | None,
        typer.Argument(metavar=say("[ID]"), help=say("The import's number, for its report.")),
    ] = None,
    date_from: DateFrom = None,
    date_to: DateTo = None,
    actor: Annotated[str, typer.Option(help=say("Only what this user imported, or os:NAME."))] = "",
    kind: Annotated[
        list[str] | None, typer.Option(help=say("Only this kind of file; may be repeated."))
    ] = None,
    limit: Limit = MOST_IMPORTS,
    original: Annotated[
        Path | None,
        typer.Option(
            metavar=say("FOLDER"), help=say("Write the import's files there, as they came.")
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Print the imports, the report of one, or write its files."""
    if original is not None:
        if number is None:
            raise WrongUse(say("Give the ID of the import whose files are to be written."))
        _write_originals(number, original)
        return
    begins, ends = moments_of(*read_period(date_from, date_to))
    wanted = LogFilter(begins, ends, actor, frozenset(kind or ()))
    if number is None:
        _list_imports(wanted, limit, as_json)
    elif wanted.restricts:
        raise WrongUse(say("Give the ID of an import, or say which ones to list: not both."))
    else:
        _show_import(number, as_json)


def _list_imports(wanted: LogFilter, limit: int, as_json: bool) -> None:
    with open_desk() as desk:
        rows, found = list_imports(desk, wanted, limit=limit or None)
        files = list_import_files(desk, [each.import_id for each in rows])
        until = list_last_days(desk, [file for each in files.values() for file in each])
    if as_json:
        print_json(
            [
                {**vars(each), "originals": _tell_files(files.get(each.import_id, ()), until)}
                for each in rows
            ]
        )
    elif rows:
        print_table(
            (*_HEADINGS, say("When"), say("Who"), say("Original"), say("Remark")),
            [
                (str(each.import_id), each.filename, tell(each.kind), each.added, each.updated,
                 each.unchanged, each.flagged, each.refused, each.at, each.actor,
                 describe_files(files.get(each.import_id, ()), until), _remark(each))
                for each in rows
            ],
        )  # fmt: skip
    tell_listed(len(rows), found, say("No import matches."))


def _tell_files(files: Sequence[KeptFile], until: Mapping[int, dt.date]) -> list[dict[str, object]]:
    return [
        {
            "name": show_name(each.name),
            "sha256": each.sha256,
            "size": each.size,
            "kept_until": until.get(each.original_id),
            "purged_at": each.purged_at,
        }
        for each in files
    ]


def _write_originals(number: int, folder: Path) -> None:
    with open_desk() as desk:
        read_report(desk, number)  # says where there is no such import
        files = list_import_files(desk, [number]).get(number, ())
        if not files:
            raise WrongUse(
                say(
                    "No file of import {number} is kept: it came before so24 kept them, or was too "
                    "large.",
                    number=number,
                )
            )
        for each in files:
            remark(str(write_original(desk, each, folder)))


def _show_import(number: int, as_json: bool) -> None:
    with open_desk() as desk:
        past, report = read_report(desk, number)
        came = read_overview(desk, InvoiceFilter(import_id=number)).rows
        files = list_import_files(desk, [number]).get(number, ())
        until = list_last_days(desk, files)
    if as_json:
        record = {**vars(past), **vars(report), "documents": [_record(row) for row in came]}
        print_json({**record, "originals": _tell_files(files, until)})
    else:
        show_reports([report], as_json=False)
        by = say("Imported by {name}, {time}.", name=past.actor, time=format_moment(past.at))
        remark(join_said([by, _remark(past)]))
        remark(
            say(
                "Documents that are as they came with it: {number}; --json lists them.",
                number=len(came),
            )
        )
        for each in files:
            kept = describe_files([each], until)
            remark(
                say(
                    "Original: {name}, {kept}, SHA-256 {sha256}",
                    name=show_name(each.name),
                    kept=kept,
                    sha256=each.sha256,
                )
            )
    if report.refused:
        end_with(NEEDS_A_PERSON)


def _remark(past: PastImport) -> str:
    return "" if past.finished else say("It did not come to its end, or is under way.")


def _record(row: InvoiceRow) -> dict[str, object]:
    return {
        "number": f"{row.series}-{row.number}",
        "kind": row.kind,
        "customer": row.customer,
        "invoice_date": row.invoice_date,
        "total": row.total,
        "currency": row.currency,
    }


def read_file(path: Path, limit: int) -> Content:
    """The content of a file, cut where it is larger than ``limit`` bytes by more than one."""
    try:
        with path.open("rb") as file:
            return copy_content(file, limit)
    except OSError as error:
        raise UnreadableFile(
            say("{path} cannot be read: {why}.", path=path, why=error.strerror)
        ) from None


def _show_reading(filename: str, share: float) -> None:
    show_line(say("reading {filename}: {share}", filename=filename, share=f"{share:.0%}"))


def show_progress(done: int, total: int) -> None:
    """Tell a person at the terminal how far an import has come."""
    show_line(say("{done} of {total} documents and customers are in", done=done, total=total))


def end_by(reports: Sequence[ImportReport]) -> None:
    """End the command with 1 where a person has to see to something of the imports."""
    if any(report.refused or report.asked or report.flagged for report in reports):
        end_with(NEEDS_A_PERSON)


def show_reports(reports: Sequence[ImportReport], as_json: bool) -> None:
    """Print what became of each import, with every row that was refused."""
    if as_json:
        print_json(reports)
        return
    print_table(
        _HEADINGS,
        [
            (str(each.import_id), each.filename, tell(each.kind), each.added, each.updated,
             each.unchanged, each.flagged, each.rows_refused)
            for each in reports
        ],
    )  # fmt: skip
    for report in reports:
        for row in report.refused:
            at = say("{sheet}, row {row}", sheet=row.sheet, row=row.row)
            place = join_said([at, row.column], ", ")
            remark(join_said([report.filename, place, row.reason], ": "))
        for seller in report.sellers:
            remark(join_said([report.filename, say("Seller: {seller}", seller=seller)], ": "))
        for warning in report.warnings:
            remark(join_said([report.filename, warning], ": "))
