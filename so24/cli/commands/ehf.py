"""``so24 ehf check``: whether EHF files would come in, without importing anything."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from so24.cli.terminal.asking import AsJson
from so24.cli.terminal.printing import NEEDS_A_PERSON, end_with, print_json, print_table, say
from so24.settings import read_settings

ehf = typer.Typer(help="EHF files: checked without importing them.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.add_typer(ehf, name="ehf")


@ehf.command()
def check(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help="EHF files, and zip archives of them.")
    ],
    as_json: AsJson = False,
) -> None:
    """Say of EHF files whether they are valid, held for a person, or refused, and by which rule.

    Checked is what so24 takes, by its table of the release in force; with the extra so24[ehf] also
    by the rule files that SO24_EHF_RULES names. Exit code 1 where a file is refused or held, 2
    where it cannot be opened.
    """
    from so24.cli.commands.imports import MEGABYTE, read_file
    from so24.sources.ehf.buyers import Supplement
    from so24.sources.ehf.check_files import check_files

    settings = read_settings(keep=False)
    limit = settings.upload_megabytes
    report = check_files(
        [(path.name, read_file(path, limit * MEGABYTE)) for path in files],
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
            (each.filename, each.number, each.verdict, " ".join(each.findings))
            for each in report.bills
        ]
        print_table(("File", "Number", "Verdict", "Why"), rows)
        for each in report.bills:
            for remark in each.remarks:
                say(f"{each.filename}: {remark}.")
        for source in report.sources:
            say(f"Checked by: {source}.".replace("..", "."))
    if any(each.verdict != "valid" for each in report.bills):
        end_with(NEEDS_A_PERSON)
