"""Steps 8 and 9: invoice the bound orders in RecMan's number order, then see them booked.

Those that are left for approval are seen booked later, by looks of their own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from sqlmodel import Session

from so24.crashpoints import reach
from so24.errors import BadRequest, Refused, Unknown
from so24.installation import Installation
from so24.language.said import say
from so24.office.gateway import Office
from so24.office.order_statuses import say_status
from so24.office.outcomes import WrittenOrders, write_invoicing
from so24.office.values import Order, OrderToInvoice
from so24.reasons import Reason
from so24.store.documents.documents import documents_by_ids
from so24.store.links.links import bindings, release_order
from so24.store.tables.document_tables import Invoice
from so24.store.tables.key_tables import Key, KeyMode
from so24.store.tables.transfer_tables import State, Transfer
from so24.store.transfers.transfers import Move, move_transfers
from so24.transfer.lane.draft import lose_answer
from so24.transfer.lane.lane_document import LaneDocument, tell_gone
from so24.transfer.lane.lane_pass import LanePass
from so24.transfer.lane.same_numbers import (
    has_same_numbers,
    in_agreeing_batches,
    judge_number,
)
from so24.transfer.order.compare import compare_amounts, tell_moved
from so24.transfer.order.mapping import map_change
from so24.transfer.order.what_is_there import (
    BOOKED,
    FOR_APPROVAL,
    INACTIVE,
    INVOICED,
    is_of_another,
)


def prepare_invoicing(lane_pass: LanePass, bound: list[LaneDocument]) -> None:
    """Have the bound orders' invoicing written while they are read back and compared.

    Where each call waits for what is seen of the one before, nobody knows what will go together.
    """
    if not has_same_numbers(lane_pass):
        lane_pass.write_ahead(_write_invoicing, bound)


def invoice_orders(lane_pass: LanePass) -> None:
    """Ask 24SevenOffice to invoice every compared order, keyed by the bound OrderId.

    A repeat cannot create a second invoice: an invoiced order is frozen. What 24SevenOffice says
    to a document is kept for :func:`confirm_orders`, which believes only what it sees: an order may
    be booked though the call that did so was refused.
    """
    reach("before invoicing", lane_pass.key.id)
    if has_same_numbers(lane_pass):
        batches = in_agreeing_batches(lane_pass)
    else:
        batches = lane_pass.batches([doc for doc in lane_pass.documents if doc.compared])
    for batch in batches:
        _invoice_batch(lane_pass, batch)


def _invoice_batch(lane_pass: LanePass, batch: list[LaneDocument]) -> None:
    ahead = lane_pass.written_ahead.take(_write_invoicing, batch)
    intended = lane_pass.intend(
        {doc: Move(State.INVOICING, values={"order_id": doc.order_id}) for doc in batch}
    )
    if not intended:
        return
    reach("after invoicing intent", lane_pass.key.id)
    try:
        outcomes = lane_pass.save(_write_invoicing, intended, ahead if intended == batch else None)
    except Unknown as lost:
        reach("during invoicing call", lane_pass.key.id)
        lose_answer(lane_pass, intended, lost.words)
        raise
    except (Refused, BadRequest) as refusal:
        if len(intended) > 1:
            lane_pass.try_singly((doc.id for doc in intended), refusal)
        intended[0].refusal = refusal.words
        return
    reach("after invoicing answer", lane_pass.key.id)
    for doc, outcome in outcomes.items():
        doc.refusal = outcome.problem.message if outcome.problem else ""


def _write_invoicing(lane_pass: LanePass, documents: list[LaneDocument]) -> WrittenOrders:
    approval = lane_pass.key.mode is KeyMode.APPROVAL
    orders = [_to_invoice(doc) for doc in documents]
    return write_invoicing(orders, FOR_APPROVAL if approval else INVOICED)


def _to_invoice(doc: LaneDocument) -> OrderToInvoice:
    if doc.order_id is None or doc.company_id is None:
        raise RuntimeError("only a bound order of a known customer is invoiced")
    return map_change(doc.invoice, doc.order_id, doc.company_id)


def confirm_orders(lane_pass: LanePass) -> dict[int, Order]:
    """Read the bound orders once more; only what is seen booked counts as transferred.

    Returns the orders as they were seen, by their ids; one that is gone is missing.
    """
    reach("before confirm", lane_pass.key.id)
    bound = [doc for doc in lane_pass.documents if doc.binding]
    if not bound:
        return {}
    ids = [doc.binding.order_id for doc in bound if doc.binding]
    orders = {order.order_id: order for order in lane_pass.office.orders(ids, rows=False)}
    lane_pass.office.check_company()
    moves: dict[LaneDocument, Move] = {}
    for doc in bound:
        order = orders.get(doc.order_id or 0)
        move = _confirm(lane_pass, doc, order) if order else None
        if move is not None:
            moves[doc] = move
    lane_pass.move(moves)
    reach("after confirm", lane_pass.key.id)
    return orders


def _confirm(lane_pass: LanePass, doc: LaneDocument, order: Order) -> Move | None:
    # an order for approval that this pass does not mean to invoice has been handed over before
    waits = lane_pass.key.mode is KeyMode.APPROVAL or not doc.compared
    end = judge_booked(doc.invoice, order, lane_pass.key.tolerance, waits=waits)
    if end is not None and has_same_numbers(lane_pass):
        end = judge_number(doc.invoice, end)
    if end is None and doc.refusal:
        # what is read may be older than the write, so that the refusal is believed in the next pass
        lane_pass.refusals[doc.id] = doc.refusal
        return lane_pass.look_up_later(doc, doc.refusal, Reason.REFUSAL_LOOKED_UP)
    if end is not None and end.reason is Reason.WAITS_APPROVAL:
        return replace(end, values={**end.values, "look_again_at": lane_pass.next_look()})
    return end


def judge_booked(invoice: Invoice, order: Order, tolerance: Decimal, *, waits: bool) -> Move | None:
    """The end of a document whose order is invoiced, or left for approval where ``waits``.

    None for an order that is neither, or another document's. The amounts are compared once more,
    since a person may have changed the order meanwhile.
    """
    booked = order.status in BOOKED and order.invoice_id is not None
    waiting = waits and order.status == FOR_APPROVAL
    if not (booked or waiting) or is_of_another(invoice, order):
        return None
    values = {
        "order_id": order.order_id,
        "office_invoice_id": order.invoice_id,
        "office_total": order.total,
    }
    comparison = compare_amounts(invoice, order, tolerance)
    if not comparison.agrees:
        reason = Reason.BOOKED_DIFFERS if booked else Reason.APPROVAL_DIFFERS
        return Move(State.DIFFERS, reason, comparison.words, values)
    reason = Reason.NONE if booked else Reason.WAITS_APPROVAL
    return Move(State.TRANSFERRED, reason, tell_moved(invoice, order), values)


def follow_approvals(
    installation: Installation, key: Key, office: Office, waiting: Sequence[Transfer], actor: str
) -> None:
    """Look at the orders of these transfers, which wait for approval, and record what has changed.

    An invoiced one is transferred with its number. Of one that is deleted or taken back a person
    decides whether to send the document again.
    """
    reached = [row for row in waiting if row.organization_id == key.client_id and row.order_id]
    if not reached:
        return
    orders = _read_waiting(office, [row.order_id for row in reached if row.order_id])
    office.check_company()
    with installation.db.reading() as session:
        invoices = documents_by_ids(session, [row.invoice_id for row in reached])
    moves: dict[int, Move] = {}
    for row in reached:
        order = orders.get(row.order_id or 0)
        move = _judge_waiting(row, invoices[row.invoice_id], order, key.tolerance)
        if move is not None:
            moves[row.row_id] = move
    gone = [
        row
        for row in reached
        if row.row_id in moves and moves[row.row_id].reason is Reason.ORDER_GONE
    ]

    def record(session: Session) -> None:
        moved = move_transfers(session, moves, actor, waiting=True).moved
        bound = bindings(session, key.client_id, [row.invoice_id for row in gone])
        for row in gone:
            binding = bound.get(row.invoice_id)
            if row.id in moved and binding is not None and binding.order_id == row.order_id:
                release_order(session, key.client_id, binding)

    installation.db.insisting(record)


def _read_waiting(office: Office, ids: Sequence[int]) -> dict[int, Order]:
    """The orders with these ids; what one read lacks is asked for once more before it is missed."""
    found = {order.order_id: order for order in office.orders(ids, rows=False)}
    lacking = [each for each in ids if each not in found]
    again = office.orders(lacking, rows=False) if lacking else []
    return {**found, **{order.order_id: order for order in again}}


def _judge_waiting(
    row: Transfer, invoice: Invoice, order: Order | None, tolerance: Decimal
) -> Move | None:
    """What has become of a transfer that waits for approval; None while there is nothing new."""
    if order is None or order.status == INACTIVE:
        return Move(State.BLOCKED, Reason.ORDER_GONE, tell_gone(row.order_id or 0))
    end = judge_booked(invoice, order, tolerance, waits=False)
    if end is not None or order.status == FOR_APPROVAL or order.status in BOOKED:
        return end
    status = say_status(order.status)
    words = say("Order {order} is “{status}” now.", order=order.order_id, status=status)
    return Move(State.REFUSED, Reason.APPROVAL_WITHDRAWN, words, {"office_total": order.total})
