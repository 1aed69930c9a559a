"""Step 7: bind one order to the document, for ever, and compare it with what RecMan issued."""

from __future__ import annotations

import datetime as dt

from so24.office.values import Order
from so24.store.links import bind_orders, release_order
from so24.store.tables import now
from so24.store.transfer_tables import State
from so24.store.transfers import Move
from so24.transfer.compare import compare_order
from so24.transfer.crashpoints import reach
from so24.transfer.journey import Item, Journey
from so24.transfer.judge import BOOKED, INACTIVE, Finding


def bind_and_compare(journey: Journey) -> None:
    """Bind the drafted and adopted orders, read all bound ones back and compare them."""
    _bind(journey)
    bound = [item for item in journey.items if item.binding and not _is_booked(item)]
    if not bound:
        return
    orders = _read_back(journey, bound)
    compared: dict[Item, Move] = {}
    for item in bound:
        order = orders.get(item.order_id or 0)
        if order is None or order.status == INACTIVE:
            _miss(journey, item)
        elif order.status not in BOOKED:
            compared[item] = _compare(journey, item, order)
    journey.move(compared)
    reach("after compare")


def _bind(journey: Journey) -> None:
    wanted: dict[int, int] = {}
    for item in journey.items:
        if item.binding is not None or item.judgement is None:
            continue
        if item.state is State.DRAFTED and item.draft_id:
            wanted[item.document.invoice_id] = item.draft_id
        elif item.judgement.finding is Finding.DRAFT and item.judgement.order:
            wanted[item.document.invoice_id] = item.judgement.order.order_id
    if not wanted:
        return
    bound = journey.installation.db.insisting(
        lambda session: bind_orders(session, journey.organization_id, wanted)
    )
    adopted: dict[Item, Move] = {}
    for item in journey.items:
        if item.document.invoice_id in wanted:
            item.binding = bound[item.document.invoice_id]
            if item.draft_id != item.binding.order_id:
                adopted[item] = Move(
                    State.DRAFTED, "adopted", values={"order_id": item.binding.order_id}
                )
    journey.move(adopted)


def _is_booked(item: Item) -> bool:
    return item.judgement is not None and item.judgement.finding is Finding.BOOKED


def _read_back(journey: Journey, items: list[Item]) -> dict[int, Order]:
    ids = [item.order_id for item in items if item.order_id]
    return {order.order_id: order for order in journey.office.orders(ids)}


def _compare(journey: Journey, item: Item, order: Order) -> Move:
    if item.company_id is None:
        raise RuntimeError("an order cannot be compared without the customer's company")
    comparison = compare_order(
        item.document,
        order,
        company_id=item.company_id,
        products=journey.products,
        tolerance=journey.key.tolerance,
    )
    values = {"order_id": order.order_id, "office_total": order.total}
    if not comparison.agrees:
        words = f"Draft order {order.order_id}. {comparison.words}"
        return Move(State.DIFFERS, "draft_differs", words, values)
    item.compared = True
    return Move(State.COMPARED, values=values)


def _miss(journey: Journey, item: Item) -> None:
    """The bound order is not there. New ids may show late, so that is believed after settling.

    An order that so24 has never asked to invoice is then released and made anew. One that it has
    asked for is released too, but a person decides whether to send the document again.
    """
    binding = item.binding
    if binding is None:
        raise RuntimeError("only a bound order can be missed")
    settle = dt.timedelta(seconds=journey.installation.settings.settle)
    if item.sent_at is not None and now() < item.sent_at + settle:
        return
    released = journey.installation.db.insisting(
        lambda session: release_order(
            session, journey.organization_id, binding.invoice_id, binding.order_id
        )
    )
    if not released:
        return
    words = f"Order {binding.order_id} is deleted or inactive in 24SevenOffice."
    if binding.invoicing_at is not None:
        journey.move({item: Move(State.BLOCKED, "order_gone", words)})
    else:
        journey.move({item: Move(State.PREPARING, "order_gone", words, {"order_id": None})})
    item.binding = None
