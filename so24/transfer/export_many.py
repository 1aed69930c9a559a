"""Sending many documents at once, whatever their standing: what is done stays, the rest goes.

Documents already transferred are not sent again, those in transfer are left to their run, and
those that cannot go carry the reason. A new run begins only where something can be sent, so that
a nightly export does not fill the history with the same refusals.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from so24.installation import Installation
from so24.keys.routing import why_parked
from so24.keys.upkeep import list_keys
from so24.language.said import say
from so24.people.desk import Desk
from so24.people.roles import Actor, Permission
from so24.reasons import WAITING, Reason
from so24.store.documents.overview import InvoiceRow
from so24.store.keys.keys import key_of_lane
from so24.store.tables.ground import now
from so24.store.tables.transfer_tables import State
from so24.store.transfers.open_lanes import count_in_flight
from so24.store.transfers.receipt_line import ReceiptLine
from so24.store.transfers.runs import NewTransfer
from so24.store.transfers.transfer_list import TransferFilter
from so24.transfer.history import read_history
from so24.transfer.preview.confirmation import Confirmation, ShownPreview
from so24.transfer.receipt import by_number
from so24.transfer.runs import Enqueue, plan_selection, require_as_shown, start_run


@dataclass(frozen=True)
class Dispatch:
    """Chosen documents sorted by what is to be done: ``standing`` has a live transfer already,
    ``ready`` can be sent, ``stuck`` cannot; the last two with the plan's verdict.
    """

    standing: tuple[InvoiceRow, ...]
    ready: tuple[tuple[InvoiceRow, NewTransfer], ...]
    stuck: tuple[tuple[InvoiceRow, NewTransfer], ...]

    @property
    def ids(self) -> list[int]:
        """The ids of all chosen documents."""
        return [*(row.id for row in self.standing), *(row.id for row, _ in self._planned)]

    @property
    def for_new_run(self) -> list[int]:
        """What a new run takes: all that can go, and what has not been told yet why it cannot."""
        if not self.ready:
            return []
        untold = [row.id for row, new in self.stuck if not _is_told(row, new)]
        return [*(row.id for row, _ in self.ready), *untold]

    @property
    def _planned(self) -> tuple[tuple[InvoiceRow, NewTransfer], ...]:
        return (*self.ready, *self.stuck)


def plan_dispatch(desk: Desk, rows: Sequence[InvoiceRow]) -> Dispatch:
    """Sort documents by what is to be done with them; nothing is changed.

    Raises :class:`NotAllowed`, and :class:`NotActivated` where something is left to be sent.
    """
    desk.require(Permission.EXPORT)
    standing = tuple(row for row in rows if row.state and row.state.is_live)
    others = {row.id: row for row in rows if not (row.state and row.state.is_live)}
    planned = plan_selection(desk, list(others)) if others else []
    pairs = [(others[new.invoice_id], new) for new in planned]
    return Dispatch(
        standing,
        tuple(pair for pair in pairs if pair[1].state is State.QUEUED),
        tuple(pair for pair in pairs if pair[1].state is not State.QUEUED),
    )


def send_dispatch(
    desk: Desk,
    dispatch: Dispatch,
    enqueue: Enqueue,
    expected: ShownPreview | None = None,
) -> str | None:
    """Start a run with what can be sent; its id, or None where there is nothing to send.

    Raises :class:`ChangedMeanwhile` where the chosen documents are not as ``expected``.
    """
    desk.require(Permission.EXPORT)
    confirmed = Confirmation(expected, tuple(dispatch.ids)) if expected else None
    ids = dispatch.for_new_run
    if ids:
        return start_run(desk, ids, enqueue, expected=confirmed)
    if confirmed:
        require_as_shown(desk, confirmed)
    return None


def read_dispatch(desk: Desk, dispatch: Dispatch, *, sent: bool) -> list[ReceiptLine]:
    """One line per document, in number order; ``sent``: after :func:`send_dispatch`.

    What stands in the store is read from there, all else is the plan's verdict.
    """
    desk.require(Permission.EXPORT)
    stored = [row.id for row in dispatch.standing]
    stored += dispatch.for_new_run if sent else []
    lines = read_latest(desk, stored)
    told = set(stored)
    names = {key.id: key.name for key in list_keys(desk)}
    for row, new in (*dispatch.ready, *dispatch.stuck):
        if row.id not in told:
            lines.append(_verdict_line(desk.actor, row, new, names.get(new.key_id or 0, "")))
    return sorted(lines, key=by_number)


def read_latest(desk: Desk, invoice_ids: Sequence[int]) -> list[ReceiptLine]:
    """The line of each document's live transfer, else of its newest, in number order."""
    desk.require(Permission.SEE_RECEIPTS)
    if not invoice_ids:
        return []
    wanted = TransferFilter(invoice_ids=frozenset(invoice_ids), latest_only=True)
    return sorted(read_history(desk, wanted), key=by_number)


def count_waiting(installation: Installation, invoice_ids: Sequence[int]) -> int:
    """How many of those in transfer go on only after a person has mended their key."""
    count = 0
    with installation.db.reading() as session:
        for key_id, waiting in count_in_flight(session, invoice_ids, WAITING.values()).items():
            parked = why_parked(key_of_lane(session, key_id), installation.vault)
            count += waiting if parked else 0
    return count


def _is_told(row: InvoiceRow, new: NewTransfer) -> bool:
    """Whether the document's newest transfer says the same already."""
    return row.state is new.state and row.reason == new.reason


def _verdict_line(actor: Actor, row: InvoiceRow, new: NewTransfer, key: str) -> ReceiptLine:
    ready = new.state is State.QUEUED
    return ReceiptLine(
        transfer_id=0,
        invoice_id=row.id,
        run=(row.run or "") if _is_told(row, new) else "",
        kind=row.kind.value,
        series=row.series,
        number=row.number,
        department=row.department,
        customer=row.customer,
        key=key,
        state=State.NOT_SENT if ready else new.state,
        reason=Reason.WOULD_BE_SENT if ready else new.reason,
        words=say("Would be sent with key “{key}”.", key=key) if ready else new.words,
        note="",
        order_id=None,
        office_invoice_id=None,
        total=row.total,
        office_total=None,
        currency=row.currency,
        changed_after_export=row.changed_after_export,
        user=actor.name,
        updated_at=now(),
        stated_total=row.stated_total,
        question=row.question,
        asks=row.asks,
        customer_number=row.customer_number,
    )
