"""``so24 evidence``: one ZIP that proves a month of a company, for whoever does not trust so24."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from so24.amounts import format_count
from so24.cli.commands import explain
from so24.cli.terminal.asking import AsJson
from so24.cli.terminal.opening import open_desk, reach_office
from so24.cli.terminal.printing import (
    NEEDS_A_PERSON,
    clear_line,
    end_with,
    format_amount,
    print_json,
    print_line,
    remark,
    show_line,
)
from so24.evidence.month import choose_company, read_month
from so24.evidence.pack import PackReport, make_pack
from so24.language.said import said_before, say, say_count
from so24.store.upkeep.backup import fresh_file


def add_to(app: typer.Typer) -> None:
    """Add the command of this module."""
    app.command(
        help=explain(
            "evidence",
            say("Exit code 1 where 24SevenOffice's own orders could not be read into it."),
        )
    )(evidence)


def evidence(
    month: Annotated[
        str, typer.Option(help=say("The month of the invoice dates, such as 2026-11."))
    ],
    company: Annotated[
        int | None, typer.Option(help=say("Its Organization ID; needed where there are several."))
    ] = None,
    to: Annotated[Path | None, typer.Option(help=say("The file to write."))] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help=say("Replace the file."))] = False,
    as_json: AsJson = False,
) -> None:
    """Write the pack, and say what it holds."""
    wanted = read_month(month)
    with open_desk() as desk, reach_office(desk.installation.settings):
        chosen = choose_company(desk, company)
        target = to or Path(f"so24-evidence-{chosen.client_id}-{wanted}.zip")
        with fresh_file(target, overwrite=overwrite) as part, part.open("wb") as file:
            report = make_pack(desk, chosen, wanted, file, _show)
    clear_line()
    if as_json:
        print_json(report)
    else:
        _say(report, target)
    if report.unread:
        end_with(NEEDS_A_PERSON)


def _show(done: int, of: int) -> None:
    counts = {"done": format_count(done), "of": format_count(of)}
    show_line(say("{done} of {of} documents", **counts))


def _say(report: PackReport, target: Path) -> None:
    print_line(str(target))
    print_line(say("seal {seal}", seal=report.seal))
    for currency, each in sorted(report.sums.items()):
        print_line(
            say(
                "{currency}: {documents} documents, {booked} booked, {total}; 24SevenOffice shows "
                "{orders} orders, {shown}",
                currency=currency,
                documents=each.documents,
                booked=each.booked,
                total=format_amount(each.total),
                orders=each.orders_shown,
                shown=format_amount(each.shown),
            )
        )
    if report.unsent:
        remark(
            say_count(
                "{number} document of this month is in no company.",
                "{number} documents of this month are in no company.",
                report.unsent,
            )
        )
    if report.unread:
        remark(
            say(
                "24SevenOffice's own orders are not in this pack: {why}",
                why=said_before(report.unread),
            )
        )
    remark(say("Whoever gets it unpacks it and runs: python3 verify.py"))
