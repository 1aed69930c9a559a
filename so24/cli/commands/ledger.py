"""``so24 reconcile`` and ``so24 history verify``: proof that both sides hold the same."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Annotated

import typer

from so24.amounts import count_things
from so24.cli.terminal.asking import AsJson, read_period
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
from so24.ledger.agreement import tell_agreement
from so24.ledger.read import ledger_keys, reconcile_period, unread_companies
from so24.ledger.reconcile import FINE, LedgerLine, Verdict, sum_lines
from so24.people.desk import Desk
from so24.store.transfers.ledger import UnreadCompany
from so24.transfer.day_heads import check_history

history = typer.Typer(
    help="The record of all transfers.", no_args_is_help=True, rich_markup_mode=None
)


def add_to(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(reconcile)
    app.add_typer(history, name="history")


def reconcile(
    date_from: Annotated[str, typer.Option("--from", help="First day.")],
    date_to: Annotated[str, typer.Option("--to", help="Last day.")],
    key: Annotated[str | None, typer.Option(help="Only this key's company.")] = None,
    as_json: AsJson = False,
) -> None:
    """Read a period's orders from 24SevenOffice and put our documents beside them.

    Exit code 1 unless all agree and every company that has documents of the period could be read.
    Drafts do not count, but one beside its document's invoice does: somebody may book it too.
    """
    first, last = read_period(date_from, date_to)
    if first is None or last is None:
        raise WrongUse("Give both ends of the period, --from and --to.")
    with open_desk() as desk, reach_office(desk.installation.settings):
        key_id = key_named(desk, key).id if key is not None else None
        lines, silent = _read_companies(desk, first, last, key_id)
        unread = unread_companies(desk, first, last) if not key else []
    if as_json:
        print_json([line.as_record() for line in lines])
    else:
        _show(lines)
    for sentence in [*silent, *map(_describe, unread)]:
        remark(sentence)
    bad = any(line.verdict not in FINE for line in lines)
    if silent or bad or any(each.documents for each in unread):
        end_with(NEEDS_A_PERSON)


@history.command()
def verify(as_json: AsJson = False) -> None:
    """Recompute the chains of all documents' events; exit code 1 where one is broken."""
    with open_desk() as desk:
        verdict = check_history(desk)
    if as_json:
        print_json(verdict)
    else:
        for sentence in verdict.breaks:
            print_line(sentence)
        whole = "is broken" if verdict.breaks else "is whole"
        remark(
            f"The history {whole}: {count_things(verdict.events, 'event')} of "
            f"{count_things(verdict.chains, 'document')}, "
            f"{count_things(verdict.days, 'day')} sealed."
        )
    if verdict.breaks:
        end_with(NEEDS_A_PERSON)


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
            silent.append(f"{company.company} could not be read. {error}")
    if len(silent) == len(companies):
        raise WrongUse(" ".join(silent))
    return lines, silent


def _describe(unread: UnreadCompany) -> str:
    return (
        f"{unread.company} was not read: no usable key reaches it. Documents of this period that "
        f"were sent there: {unread.documents}. A System Administrator enables its key or adds one."
    )


def _show(lines: Sequence[LedgerLine]) -> None:
    print_table(
        ("Date", "Reference", "Customer card", "Card there", "Order", "Invoice", "Status",
         "24SevenOffice", "so24", "Difference", "Stated", "", "Verdict", "Company"),
        [
            (line.date, line.reference, line.customer_card,
             str(line.office_customer_id or ""), str(line.order_id or ""),
             str(line.office_invoice_id or ""), line.office_status, line.office_total,
             line.our_total, line.difference, line.stated_total, line.currency, line.verdict,
             line.company)
            for line in lines
        ],
    )  # fmt: skip
    for line in lines:
        if line.moved:
            remark(f"{line.reference}: {line.moved}")
    for each in sum_lines(lines):
        remark(
            f"{tell_agreement(each.lines, each.agreeing)}. 24SevenOffice "
            f"{format_amount(each.office, each.currency)}, so24 "
            f"{format_amount(each.ours, each.currency)}, difference "
            f"{format_amount(each.difference, each.currency)}."
        )
    for line in lines:
        if line.stated_apart:
            remark(f"{line.reference}: {line.stated_apart}")
    if drafts := sum(line.verdict is Verdict.DRAFT for line in lines):
        remark(f"Drafts, which do not count: {drafts}.")
