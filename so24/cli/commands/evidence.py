"""``so24 evidence``: one ZIP that proves a month of a company, for whoever does not trust so24."""

from __future__ import annotations

import hashlib
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
from so24.dates import format_moment
from so24.errors import WrongUse
from so24.evidence.made import list_packs
from so24.evidence.month import choose_company, read_month
from so24.evidence.pack import VERIFIER, PackReport, make_pack
from so24.evidence.summary import tell_empty, tell_unsent
from so24.language.said import said_before, say
from so24.language.telling import tell
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
    ] = "",
    company: Annotated[
        int | None, typer.Option(help=say("Its Organization ID; needed where there are several."))
    ] = None,
    to: Annotated[Path | None, typer.Option(help=say("The file to write."))] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help=say("Replace the file."))] = False,
    packs: Annotated[
        bool, typer.Option("--packs", help=say("List the packs that were made, with their seals."))
    ] = False,
    verifier: Annotated[
        Path | None,
        typer.Option(help=say("Write verify.py to this file, for an auditor to take from here.")),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Write the pack, and say what it holds; or the verifier, or the list of packs."""
    if sum((bool(month), packs, verifier is not None)) != 1:
        raise WrongUse(say("Give one of --month, --packs and --verifier."))
    if packs:
        _list_packs(as_json)
    elif verifier is not None:
        _write_verifier(verifier, overwrite)
    else:
        _make(month, company, to, overwrite, as_json)


def _list_packs(as_json: bool) -> None:
    with open_desk() as desk:
        made = list_packs(desk)
    if as_json:
        print_json(made)
        return
    for each in made:
        print_line(f"{format_moment(each.at)}  {each.actor}  {each.subject}  {tell(each.detail)}")
    if not made:
        remark(say("No pack was made yet."))


def _write_verifier(target: Path, overwrite: bool) -> None:
    content = VERIFIER.read_bytes()
    with fresh_file(target, overwrite=overwrite, option="--overwrite") as part:
        part.write_bytes(content)
    print_line(str(target))
    print_line(f"sha256 {hashlib.sha256(content).hexdigest()}")


def _make(month: str, company: int | None, to: Path | None, overwrite: bool, as_json: bool) -> None:
    wanted = read_month(month)
    with open_desk() as desk, reach_office(desk.installation.settings):
        chosen = choose_company(desk, company)
        target = to or Path(f"so24-evidence-{chosen.client_id}-{wanted}.zip")
        taken = fresh_file(target, overwrite=overwrite, option="--overwrite")
        with taken as part, part.open("wb") as file:
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
    if not report.documents:
        remark(tell_empty(report))
    if report.unsent:
        remark(tell_unsent(report))
    if report.unread:
        remark(
            say(
                "24SevenOffice's own orders are not in this pack: {why}",
                why=said_before(report.unread),
            )
        )
    remark(
        say(
            "Whoever gets it unpacks it and runs verify.py, taken from a place of trust (so24 "
            "evidence --verifier FILE): python3 verify.py FOLDER --seal {seal}",
            seal=report.seal,
        )
    )
