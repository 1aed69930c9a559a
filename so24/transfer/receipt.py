"""The receipt of a run: what was transferred, what was not and why, and what has come since."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass, replace

from sqlmodel import Session

from so24.errors import WrongUse
from so24.language.said import say
from so24.people.desk import Desk
from so24.people.roles import Permission
from so24.reasons import CREDIT_QUESTIONS, Reason
from so24.states import Since
from so24.store.documents.documents import order_numbers
from so24.store.documents.overview import InvoiceRow
from so24.store.tables.transfer_tables import Run, State
from so24.store.transfers import runs
from so24.store.transfers.receipt_line import ReceiptLine
from so24.store.transfers.standings import DocumentNow, standings_of
from so24.store.transfers.transfer_list import TransferFilter, list_transfers
from so24.transfer.circumstances import read_circumstances
from so24.transfer.problems import tell_since
from so24.transfer.progress import RunUnderWay, measure_progress
from so24.transfer.tally import Tally, tally

# the reasons that say by themselves how a document has come to stand so
_SAYS = {
    Reason.EXCLUDED: Since.LEFT_OUT,
    Reason.ALREADY_TRANSFERRED: Since.TRANSFERRED,
    Reason.IN_OTHER_RUN: Since.IN_TRANSFER,
}

# what has become of a document by another run, whose numbers it has then
_BY_ANOTHER_RUN = (Since.TRANSFERRED, Since.IN_TRANSFER, Since.TRIED_LATER, Since.TRIED_AGAIN)


@dataclass(frozen=True)
class Receipt:
    """A run's receipt: its lines in RecMan's order and how it stands."""

    lines: tuple[ReceiptLine, ...]
    tally: Tally
    way: RunUnderWay

    @property
    def run_id(self) -> str:
        """The run's id."""
        return self.way.run_id

    @property
    def stopping(self) -> bool:
        """Whether somebody has asked the run to stop."""
        return self.way.stopping


def read_receipt(desk: Desk, run_id: str) -> Receipt:
    """The receipt of a run as the store knows it now; raises :class:`WrongUse` if unknown."""
    with desk.reading(Permission.SEE_RECEIPTS) as session:
        run = existing_run(session, run_id)
        lines = list_transfers(session, TransferFilter(run_id=run_id))
        lines = _add_what_came_since(desk, session, lines)
    counted = tally(lines)
    way = RunUnderWay(
        run_id=run_id,
        started_at=run.created_at,
        started_by=run.created_by,
        progress=measure_progress(Counter(_reached(line) for line in lines if line.key)),
        waiting=counted.waiting,
        stopping=run.cancel_requested_at is not None,
        again=any(line.retries and line.state.is_open for line in lines),
    )
    return Receipt(tuple(lines), counted, way)


def _reached(line: ReceiptLine) -> State:
    """How far a document is: what is tried again later is not done, and begins anew."""
    return State.QUEUED if line.tried_later else line.state


def _add_what_came_since(
    desk: Desk, session: Session, lines: list[ReceiptLine]
) -> list[ReceiptLine]:
    """The lines, those that were not transferred with what has become of their documents since."""
    ended = {line.invoice_id for line in lines if not line.state.is_live}
    if not ended:
        return lines
    now_is = read_circumstances(desk.installation, session)
    found = standings_of(session, ended, now_is.answered)
    told = []
    for line in lines:
        if line.invoice_id in ended:
            now = found[line.invoice_id]
            blockade = now_is.blockade_of(now.department_id)
            since = tell_since(line.state, now.standing, blockade)
            if since is Since.TRIED_LATER and now.transfer_id == line.transfer_id:
                since = Since.NOTHING  # its own retry, of which the line itself tells
            if since is Since.NOTHING and _has_failed_since(line, now):
                since = Since.TRIED_AGAIN
            line = replace(line, since=since, since_words=_tell_how(line, since, now))
            if since in _BY_ANOTHER_RUN:
                line = _with_its_numbers(line, now)
        told.append(line)
    return told


def _has_failed_since(line: ReceiptLine, now: DocumentNow) -> bool:
    """Whether another run has come to an end with it: what to do by now stands there."""
    state = now.standing.state
    return now.transfer_id != line.transfer_id and state is not None and state.is_failed


def _with_its_numbers(line: ReceiptLine, now: DocumentNow) -> ReceiptLine:
    """The line with what the document is in 24SevenOffice by the run that has it now."""
    order, invoice = now.ids
    return replace(line, order_id=order, office_invoice_id=invoice, office_total=now.office_total)


def _tell_how(line: ReceiptLine, since: Since, now: DocumentNow) -> str:
    """How the document has come to stand so, as a sentence; empty where its reason says that."""
    if _SAYS.get(line.reason) is since:
        return ""
    order, invoice = now.ids
    match since:
        case Since.TRANSFERRED if invoice:
            return say(
                "Another run has transferred it: order {order}, invoice {invoice}.",
                order=order,
                invoice=invoice,
            )
        case Since.TRANSFERRED:
            return say(
                "Another run has transferred it: order {order}, which waits for approval.",
                order=order,
            )
        case Since.IN_TRANSFER:
            return say("Another run has it in transfer now.")
        case Since.TRIED_LATER:
            return say("Another run tries it again later, by itself.")
        case Since.TRIED_AGAIN:
            return say(
                "Another run has tried it since, whose receipt says what to do: {cause}",
                cause=now.standing.reason.card.sentence,
            )
        case Since.LEFT_OUT:
            return _left_out(now.left_out_for)
        case Since.MENDED:
            return _mended(line.reason)
    return ""


def _left_out(why: str) -> str:
    if why.endswith("."):  # a sentence of its own
        return say("It is left out of exports: {why}", why=why)
    return say("It is left out of exports: {why}.", why=why or say("its details are purged"))


def _mended(reason: Reason) -> str:
    if reason in CREDIT_QUESTIONS:
        return say(
            "What it credits is known now: Retry looks that up in 24SevenOffice before anything is "
            "sent."
        )
    if reason is Reason.EXISTS_PROBABLY:
        return say("It was said to be another document: it can be sent now, by Retry.")
    return say("What was in the way is gone: it can be sent now, by Retry.")


def latest_run_id(desk: Desk, *, own_first: bool = True) -> str | None:
    """The newest run's id; the actor's own newest before anybody's, unless told."""
    with desk.reading(Permission.SEE_RECEIPTS) as session:
        own = runs.latest_run(session, desk.actor.name) if own_first else None
        run = own or runs.latest_run(session)
        return run.id if run else None


def full_run_id(desk: Desk, run_id: str) -> str:
    """The id of the run that is named by it or, as files of a receipt are, by its beginning.

    Raises :class:`WrongUse` where there is none, or more than one begins so.
    """
    with desk.reading(Permission.SEE_RECEIPTS) as session:
        alike = runs.runs_beginning(session, run_id)
        return (alike[0] if len(alike) == 1 else existing_run(session, run_id)).id


def existing_run(session: Session, run_id: str) -> Run:
    """The run of this id; raises :class:`WrongUse` where there is none."""
    run = runs.get_run(session, run_id)
    if run is None:
        raise WrongUse(say("There is no run “{run}”.", run=run_id))
    return run


def by_number(line: ReceiptLine | InvoiceRow) -> tuple[str, int, str, str]:
    """Sorts by number series, number and kind."""
    return (*order_numbers(line.series, line.number), str(line.kind))


def as_record(line: ReceiptLine) -> dict[str, object]:
    """One object of the command line's ``--json``: amounts as text, so that nothing is rounded."""
    return {
        "number": line.number,
        "kind": line.kind,
        "department": line.department,
        "company": line.company_id,
        "state": line.state.public_name,
        "reason": line.explanation,
        "command": line.command,
        "order_id": line.order_id,
        "invoice_id": line.office_invoice_id,
        "total": str(line.total),
        "stated_total": None if line.stated_total is None else str(line.stated_total),
        "currency": line.currency,
        "run": line.run,
        "retry_at": _write_moment(line.retry_at) if line.tried_later else None,
    }


def _write_moment(moment: dt.datetime | None) -> str | None:
    return moment.astimezone(dt.UTC).isoformat(timespec="seconds") if moment else None


def read_standing(desk: Desk, invoice_id: int) -> ReceiptLine | None:
    """The transfer by which a document stands, with what has become of it since; None if unsent."""
    wanted = TransferFilter(invoice_ids=frozenset({invoice_id}), latest_only=True)
    with desk.reading(Permission.SEE_RECEIPTS) as session:
        lines = _add_what_came_since(desk, session, list_transfers(session, wanted))
    return lines[0] if lines else None
