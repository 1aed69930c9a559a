"""``so24 reconcile`` and ``so24 history verify``: proof that both sides hold the same."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Annotated

import typer

from so24.cli.commands import explain
from so24.cli.commands.ledger.saft import reconcile_files
from so24.cli.terminal.asking import AsJson, DateFrom, DateTo, read_period
from so24.cli.terminal.opening import open_desk, reach_office
from so24.cli.terminal.printing import (
    NEEDS_A_PERSON,
    end_with,
    format_amount,
    print_json,
    print_line,
    print_table,
    remark,
)
from so24.errors import OfficeError, WrongUse
from so24.keys.upkeep import key_named
from so24.language.said import join_said, say, say_count
from so24.language.telling import tell
from so24.ledger.agreement import tell_agreement, tell_ours
from so24.ledger.keeping import newest_of_each, past_results
from so24.ledger.read import ledger_keys, reconcile_period, unread_companies
from so24.ledger.reconcile import FINE, LedgerLine, Verdict, sum_lines
from so24.ledger.sentences import tell_change
from so24.office.order_statuses import say_status
from so24.people.desk import Desk
from so24.store.history.verification import HistoryVerdict
from so24.store.tables.ledger_tables import Witness
from so24.store.transfers.ledger import UnreadCompany
from so24.transfer.day_heads import check_history

history = typer.Typer(help=explain("history"), no_args_is_help=True, rich_markup_mode=None)


def add_to(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command(
        help=explain(
            "reconcile",
            say(
                "Exit code 1 unless all agree and every company that has documents of the "
                "period could be read. Drafts do not count, but one beside its document's "
                "invoice does: somebody may book it too. A SAF-T export by which nothing was "
                "compared ends with 1 as well."
            ),
        )
    )(reconcile)
    app.add_typer(history, name="history")


def reconcile(
    more: Annotated[
        list[Path] | None,
        typer.Argument(metavar=say("[FILE...]"), help=say("More files of the SAF-T export.")),
    ] = None,
    date_from: DateFrom = None,
    date_to: DateTo = None,
    key: Annotated[str | None, typer.Option(help=say("Only this key's company."))] = None,
    saft: Annotated[
        list[Path] | None,
        typer.Option(
            metavar=say("FILE"),
            help=say(
                "A SAF-T Financial file that 24SevenOffice has exported (xml, zip), in place of "
                "asking it; the period is the export's unless one is given."
            ),
        ),
    ] = None,
    organization_number: Annotated[
        str,
        typer.Option(
            help=say("The company's own, where so24 does not know yet whose export it is.")
        ),
    ] = "",
    correct_number: Annotated[
        bool,
        typer.Option(
            "--correct-number",
            help=say(
                "Put --organization-number in the place of the number that so24 knows of this "
                "company, and take it from the one that has it; for System Administrators."
            ),
        ),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Print the ledger's lines; ends with 1 unless all agree and all could be read."""
    first, last = read_period(date_from, date_to)
    if saft:
        if (first is None) != (last is None):
            raise WrongUse(say("Give both ends of the period, --from and --to, or neither."))
        asked = (first, last) if first is not None and last is not None else None
        reconcile_files(
            [*saft, *(more or [])],
            key,
            asked,
            organization_number,
            corrects_number=correct_number,
            as_json=as_json,
        )
        return
    if more or organization_number or correct_number:
        raise WrongUse(say("Files, --organization-number and --correct-number go with --saft."))
    if first is None or last is None:
        raise WrongUse(say("Give both ends of the period, --from and --to."))
    with open_desk() as desk, reach_office(desk.installation.settings):
        key_id = key_named(desk, key).id if key is not None else None
        lines, silent = _read_companies(desk, first, last, key_id)
        unread = unread_companies(desk, first, last) if not key else []
        changes = _tell_changes(desk, {line.company for line in lines})
    if as_json:
        print_json([line.as_record() for line in lines])
    else:
        _show(lines)
    for sentence in [*changes, *silent, *map(_describe, unread)]:
        remark(sentence)
    bad = any(line.verdict not in FINE for line in lines)
    if silent or bad or any(each.documents for each in unread):
        end_with(NEEDS_A_PERSON)


@history.command(
    help=say("Recompute the chains of all documents' events; exit code 1 where one is broken.")
)
def verify(as_json: AsJson = False) -> None:
    """Print where chains are broken, and end with 1 then."""
    with open_desk() as desk:
        verdict = check_history(desk)
    if as_json:
        print_json(verdict)
    else:
        for sentence in verdict.breaks:
            print_line(sentence)
        remark(_tell_verdict(verdict))
    if verdict.breaks:
        end_with(NEEDS_A_PERSON)


def _tell_verdict(verdict: HistoryVerdict) -> str:
    counts = {
        "events": say_count("{number} event", "{number} events", verdict.events),
        "documents": say_count("{number} document", "{number} documents", verdict.chains),
        "days": say_count("{number} day", "{number} days", verdict.days),
    }
    if verdict.breaks:
        return say("The history is broken: {events} of {documents}, {days} sealed.", **counts)
    return say("The history is whole: {events} of {documents}, {days} sealed.", **counts)


def _read_companies(
    desk: Desk, first: dt.date, last: dt.date, key_id: int | None
) -> tuple[list[LedgerLine], list[str]]:
    """The lines of one company or of all, and a sentence for each that could not be read.

    Raises what the reading raises where no company could be read.
    """
    companies = ledger_keys(desk)
    if key_id is not None or len(companies) < 2:
        return reconcile_period(desk, first, last, key_id), []
    lines: list[LedgerLine] = []
    silent: list[str] = []
    for company in companies:
        try:
            lines += reconcile_period(desk, first, last, company.key_id)
        except OfficeError as error:
            name = say("{company} could not be read.", company=company.company)
            silent.append(join_said([name, error.words]))
    if len(silent) == len(companies):
        raise WrongUse(join_said(silent))
    return lines, silent


def _tell_changes(desk: Desk, companies: Collection[str]) -> list[str]:
    """The difference of each company's result to the one before, where there is one."""
    past = (each for each in past_results(desk) if each.result.witness is Witness.OFFICE)
    newest = (each for each in newest_of_each(past) if each.result.company in companies)
    return [
        join_said([f"{each.result.company}:", change])
        for each in newest
        if (change := tell_change(each))
    ]


def _describe(unread: UnreadCompany) -> str:
    return say(
        "{company} was not read: no usable key reaches it. Documents of this period that were sent "
        "there: {documents}. A System Administrator enables its key or adds one.",
        company=unread.company,
        documents=unread.documents,
    )


def _tell_probable(line: LedgerLine) -> str:
    return say(
        "Order {order} is probably document {number} of {customer}.",
        order=line.order_id,
        number=line.probably,
        customer=line.customer,
    )


def _show(lines: Sequence[LedgerLine]) -> None:
    print_table(
        (say("Date"), say("Reference"), say("Customer card"), say("Card there"), say("Order"),
         say("Invoice"), say("Status"), "24SevenOffice", "so24", say("Difference"), say("Stated"),
         "", say("Verdict"), say("Company")),
        [
            (line.date, line.reference, line.customer_card,
             str(line.office_customer_id or ""), str(line.order_id or ""),
             str(line.office_invoice_id or ""), tell(say_status(line.office_status)),
             line.office_total,
             line.our_total, line.difference, line.stated_total, line.currency,
             tell(line.verdict), line.company)
            for line in lines
        ],
    )  # fmt: skip
    for line in lines:
        if line.moved:
            remark(join_said([line.reference, line.moved], ": "))
    for each in sum_lines(lines):
        remark(
            say(
                "{agreement}. 24SevenOffice {theirs}, so24 {ours}, difference {difference}.",
                agreement=tell_agreement(each.lines, each.agreeing),
                theirs=format_amount(each.office, each.currency),
                ours=format_amount(each.ours, each.currency),
                difference=format_amount(each.difference, each.currency),
            )
        )
        remark(tell_ours(lines, each.currency))
    for line in lines:
        if line.probably:
            remark(_tell_probable(line))
    for line in lines:
        if line.stated_apart:
            remark(join_said([line.reference, line.stated_apart], ": "))
    if drafts := sum(line.verdict is Verdict.DRAFT for line in lines):
        remark(say("Drafts, which do not count: {drafts}.", drafts=drafts))
