"""``so24 ehf check`` and ``so24 originals …``: files by themselves, before and after an import."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from so24.cli.commands import explain, in_paragraphs
from so24.cli.terminal.asking import AsJson, ask_to_delete
from so24.cli.terminal.choosing import choose_documents
from so24.cli.terminal.opening import open_desk
from so24.cli.terminal.printing import NEEDS_A_PERSON, end_with, print_json, print_table, remark
from so24.dates import format_date
from so24.errors import WrongUse
from so24.language.said import join_said, say, say_count
from so24.language.telling import tell
from so24.people.desk import Desk
from so24.settings import read_settings
from so24.sources.originals.finding import list_bringings, write_file, write_original
from so24.sources.originals.retention import Overdue, describe_size, find_overdue, purge_overdue
from so24.store.documents.overview import InvoiceRow

ehf = typer.Typer(help=explain("ehf"), no_args_is_help=True, rich_markup_mode=None)
originals = typer.Typer(help=explain("originals"), no_args_is_help=True, rich_markup_mode=None)


def add_to(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.add_typer(ehf, name="ehf")
    app.add_typer(originals, name="originals")


@ehf.command(
    help=in_paragraphs(
        say(
            "Say of EHF files whether they are valid, held for a person, or refused, and "
            "by which rule."
        ),
        say(
            "Checked is what so24 takes, by its table of the release in force; with the "
            "extra so24[ehf] also by the rule files that SO24_EHF_RULES names. Exit code 1 "
            "where a file is refused or held, 2 where it cannot be opened."
        ),
    )
)
def check(
    files: Annotated[
        list[Path],
        typer.Argument(metavar=say("FILE..."), help=say("EHF files, and zip archives of them.")),
    ],
    as_json: AsJson = False,
) -> None:
    """Print the verdict on each file; ends with 1 where one is refused or held."""
    from so24.cli.commands.imports import MEGABYTE, read_file
    from so24.sources.documents.content import whole
    from so24.sources.ehf.buyers import Supplement
    from so24.sources.ehf.check_files import OTHER, check_files

    settings = read_settings(keep=False)
    limit = settings.upload_megabytes
    report = check_files(
        [(path.name, whole(read_file(path, limit * MEGABYTE))) for path in files],
        megabytes=limit,
        rule_files=settings.ehf_rule_files,
        supplement=Supplement(
            allowance_product=settings.ehf_allowance_product,
            charge_product=settings.ehf_charge_product,
        ),
    )
    if as_json:
        print_json(report)
    else:
        rows = [
            (each.filename, each.number, tell(each.verdict), join_said(each.findings))
            for each in report.bills
        ]
        print_table((say("File"), say("Number"), say("Verdict"), say("Why")), rows)
        for each in report.bills:
            for told in each.remarks:
                remark(join_said([each.filename, say("{remark}.", remark=told)], ": "))
        for source in report.sources:
            remark(_tell_source(source))
    if any(each.verdict not in ("valid", OTHER) for each in report.bills):
        end_with(NEEDS_A_PERSON)


@originals.command(
    help=in_paragraphs(
        say("Write what documents came by into a folder, bit by bit as it came."),
        say(
            "Of an EHF document its own XML and what is attached to it; of another one the "
            "files of every import that brought it or changed it. Exit code 1 where an "
            "attachment cannot be decoded."
        ),
    )
)
def get(
    numbers: Annotated[
        list[str], typer.Argument(metavar=say("NUMBER..."), help=say("1001 or 10-1001."))
    ],
    folder: Annotated[
        Path,
        typer.Option("--to", help=say("Where they are written; nothing there is overwritten.")),
    ],
    import_id: Annotated[
        int, typer.Option("--import", metavar=say("ID"), help=say("As this import brought it."))
    ] = 0,
) -> None:
    """Write the originals of the documents; ends with 1 where a part cannot be written."""
    with open_desk() as desk:
        broken = [
            sentence
            for row in choose_documents(desk, numbers)
            for sentence in _write(desk, row, folder, import_id)
        ]
    for sentence in broken:
        remark(sentence)
    if broken:
        end_with(NEEDS_A_PERSON)


@originals.command(
    help=in_paragraphs(
        say("Delete the originals whose time is over, after telling how many they are."),
        say("Back-ups that were made before have them still."),
    )
)
def purge(
    yes: Annotated[bool, typer.Option("--yes", help=say("Do not ask."))] = False,
) -> None:
    """Delete the originals that are overdue, once a person agrees."""
    with open_desk() as desk:
        shown = find_overdue(desk)
        if not shown.ids:
            remark(say("No original's time is over."))
            return
        remark(_describe(shown))
        ask_to_delete(yes)
        gone = purge_overdue(desk, shown)
    remark(
        say_count(
            "{number} are deleted, as the audit trail says.",
            "{number} are deleted, as the audit trail says.",
            len(gone.ids),
        )
    )


def _tell_source(source: str) -> str:
    if source.endswith("."):
        return say("Checked by: {source}", source=source)
    return say("Checked by: {source}.", source=source)


def _write(desk: Desk, row: InvoiceRow, folder: Path, import_id: int) -> list[str]:
    """Write what a document came by; returns a sentence for each part that could not be."""
    from so24.sources.originals.document_files import (
        find_attachments,
        has_own_file,
        read_own_file,
    )

    broken: list[str] = []
    found = [
        each
        for each in list_bringings(desk, row.id)
        if import_id in (0, each.import_id) and each.files
    ]
    if not found:
        raise WrongUse(
            say(
                "No original of {number} is kept: it came before so24 kept them, or not by "
                "that import.",
                number=row.number,
            )
        )
    if has_own_file(found[0]):
        own = read_own_file(desk, row.id, row.number, found[0].import_id)
        for each in (own, *find_attachments(own)):
            if each.problem:
                broken.append(each.problem)
            else:
                remark(str(write_file(folder, each.name, iter([each.content]))))
        return broken
    for file in {file.original_id: file for each in found for file in each.files}.values():
        remark(str(write_original(desk, file, folder)))
    return broken


def _describe(shown: Overdue) -> str:
    over = say_count(
        "The time of {number} originals is over: their last days were {earliest} to {latest}.",
        "The time of {number} originals is over: their last days were {earliest} to {latest}.",
        len(shown.ids),
        earliest=format_date(shown.earliest),
        latest=format_date(shown.latest),
    )
    size = say("They take {size} in the database.", size=describe_size(shown.packed_size))
    stays = say(
        "Imports and documents stay; the files themselves cannot be got back but from a back-up."
    )
    return join_said([over, size, stays])
