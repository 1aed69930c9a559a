"""Steps 8 and 9: invoice the bound orders in RecMan's number order, then see them booked."""

from __future__ import annotations

from sqlmodel import Session

from so24.crashpoints import reach
from so24.errors import BadRequest, Refused, Unknown
from so24.office.outcomes import WrittenOrders, write_invoicing
from so24.office.values import Order, OrderToInvoice
from so24.reasons import Reason
from so24.store.tables.key_tables import KeyMode
from so24.store.tables.transfer_tables import State
from so24.store.transfers.links import intend_invoicing
from so24.store.transfers.transfers import Move
from so24.transfer.lane.draft import lose_answer, refuse_batch
from so24.transfer.lane.lane_document import Item
from so24.transfer.lane.lane_pass import Journey
from so24.transfer.order.compare import compare_amounts
from so24.transfer.order.mapping import reference_of
from so24.transfer.order.what_is_there import BOOKED, FOR_APPROVAL, INVOICED


def prepare_invoicing(journey: Journey, bound: list[Item]) -> None:
    """Have the bound orders' invoicing written while they are read back and compared."""
    journey.write_ahead(_write_invoicing, bound)


def invoice_orders(journey: Journey) -> None:
    """Ask 24SevenOffice to invoice every compared order, keyed by the bound OrderId.

    A repeat cannot create a second invoice: an invoiced order is frozen. What 24SevenOffice says
    to an item is kept for :func:`confirm_orders`, which believes only what it sees.
    """
    reach("before invoicing", journey.key.id)
    ready = [item for item in journey.items if item.compared]
    for batch in journey.batches(ready):
        _invoice_batch(journey, batch)


def _invoice_batch(journey: Journey, batch: list[Item]) -> None:
    ahead = journey.ahead.take(_write_invoicing, batch)
    intended = journey.intend(
        {item: Move(State.INVOICING) for item in batch},
        hold=lambda session: _hold_bindings(session, journey.organization_id, batch),
    )
    if not intended:
        return
    reach("after invoicing intent", journey.key.id)
    try:
        outcomes = journey.save(_write_invoicing, intended, ahead if intended == batch else None)
    except Unknown as lost:
        reach("during invoicing call", journey.key.id)
        lose_answer(journey, intended, str(lost))
        raise
    except (Refused, BadRequest) as refusal:
        refuse_batch(journey, intended, Reason.REFUSED_INVOICING, refusal)
        return
    reach("after invoicing answer", journey.key.id)
    for item, outcome in outcomes.items():
        item.refusal = outcome.problem.message if outcome.problem else ""


def _hold_bindings(session: Session, organization_id: int, batch: list[Item]) -> set[Item]:
    """The items whose order is still the bound one; it is noted that it will be invoiced."""
    orders = {item.document.invoice_id: item.order_id for item in batch if item.order_id}
    held = intend_invoicing(session, organization_id, orders)
    return {item for item in batch if item.document.invoice_id in held}


def _write_invoicing(journey: Journey, items: list[Item]) -> WrittenOrders:
    approval = journey.key.mode is KeyMode.APPROVAL
    orders = [_to_invoice(item) for item in items]
    return write_invoicing(orders, FOR_APPROVAL if approval else INVOICED)


def _to_invoice(item: Item) -> OrderToInvoice:
    if item.order_id is None or item.company_id is None:
        raise RuntimeError("only a bound order of a known customer is invoiced")
    invoice = item.document.invoice
    return OrderToInvoice(
        item.order_id, item.company_id, invoice.invoice_date, reference_of(invoice)
    )


def confirm_orders(journey: Journey) -> None:
    """Read the bound orders once more; only what is seen booked counts as transferred."""
    reach("before confirm", journey.key.id)
    bound = [item for item in journey.items if item.binding]
    if not bound:
        return
    ids = [item.binding.order_id for item in bound if item.binding]
    orders = {order.order_id: order for order in journey.office.orders(ids, rows=False)}
    moves: dict[Item, Move] = {}
    for item in bound:
        order = orders.get(item.order_id or 0)
        move = _judge_end(journey, item, order) if order else None
        if move is not None:
            moves[item] = move
    journey.move(moves)
    reach("after confirm", journey.key.id)


def _judge_end(journey: Journey, item: Item, order: Order) -> Move | None:
    approval = journey.key.mode is KeyMode.APPROVAL
    waits = approval and order.status == FOR_APPROVAL
    booked = order.status in BOOKED and order.invoice_id is not None
    values = {
        "order_id": order.order_id,
        "office_invoice_id": order.invoice_id,
        "office_total": order.total,
        "waits_approval": waits,
    }
    if booked or waits:
        comparison = compare_amounts(item.document.invoice, order, journey.key.tolerance)
        if not comparison.agrees:
            return Move(State.DIFFERS, Reason.BOOKED_DIFFERS, comparison.words, values)
        return Move(
            State.TRANSFERRED, Reason.WAITS_APPROVAL if waits else Reason.NONE, values=values
        )
    if item.refusal:
        return Move(State.REFUSED, Reason.REFUSED_INVOICING, item.refusal, values)
    return None
