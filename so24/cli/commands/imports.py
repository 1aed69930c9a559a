"""``so24 import``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from so24.cli.terminal.asking import AsJson, read_date
from so24.cli.terminal.exits import NEEDS_A_PERSON, end_with
from so24.cli.terminal.opening import open_desk
from so24.cli.terminal.printing import print_json, print_table, say
from so24.cli.terminal.terminal import clear_line, show_line
from so24.errors import UnreadableFile
from so24.sources.intake import ImportReport, import_files

MEGABYTE = 1024 * 1024


def add_to(app: typer.Typer) -> None:
    """Add the command of this module."""
    app.command("import")(import_reports)


def import_reports(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help="Reports, EHF files, zip archives.")
    ],
    invoice_date: Annotated[
        str | None, typer.Option(help="The date of documents whose report states none.")
    ] = None,
    department: Annotated[
        str, typer.Option(help="Number or name; for EHF files, which state no department.")
    ] = "",
    new_department: Annotated[
        bool,
        typer.Option("--new-department", help="The number of --department is one not known yet."),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Import RecMan's reports (xlsx, csv), EHF files (xml) and zip archives of them.

    Several at once and in any order; the same twice changes nothing. Exit code 1 when rows were
    refused, 2 when a file cannot be read: then nothing comes in.
    """
    date = read_date("--invoice-date", invoice_date)
    with open_desk() as desk:
        limit = desk.installation.settings.upload_megabytes * MEGABYTE
        contents = [(path.name, _read_file(path, limit)) for path in files]
        try:
            reports = import_files(
                desk.installation,
                desk.actor,
                contents,
                invoice_date=date,
                department=department,
                new_department=new_department,
                progress=show_progress,
                reading=_show_reading,
            )
        finally:
            clear_line()
    show_reports(reports, as_json)
    if any(report.refused for report in reports):
        end_with(NEEDS_A_PERSON)


def _read_file(path: Path, limit: int) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(limit + 1)  # one byte more: enough to see that it is too large
    except OSError as error:
        raise UnreadableFile(f"{path} cannot be read: {error.strerror}.") from None


def _show_reading(filename: str, share: float) -> None:
    show_line(f"reading {filename}: {share:.0%}")


def show_progress(done: int, total: int) -> None:
    """Tell a person at the terminal how far an import has come."""
    show_line(f"{done} of {total} documents and customers are in")


def show_reports(reports: Sequence[ImportReport], as_json: bool) -> None:
    """Print what became of each import, with every row that was refused."""
    if as_json:
        print_json(reports)
        return
    print_table(
        ("Import", "File", "Kind", "Added", "Updated", "Unchanged", "Changed after export",
         "Rows refused"),
        [
            (str(each.import_id), each.filename, each.kind, each.added, each.updated,
             each.unchanged, each.flagged, len(each.refused))
            for each in reports
        ],
    )  # fmt: skip
    for report in reports:
        for row in report.refused:
            place = f"{row.sheet}, row {row.row}" + (f", {row.column}" if row.column else "")
            say(f"{report.filename}: {place}: {row.reason}")
        for seller in report.sellers:
            say(f"{report.filename}: Seller: {seller}")
        for warning in report.warnings:
            say(f"{report.filename}: {warning}")
