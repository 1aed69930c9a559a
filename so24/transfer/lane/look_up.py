"""Step 5: look before anything is sent; every document gets its judgement."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable

from so24.office.values import Order
from so24.reasons import Reason
from so24.store.tables.ground import now
from so24.store.tables.transfer_tables import State
from so24.store.transfers.links import bindings
from so24.store.transfers.transfers import Move
from so24.transfer.lane.lane_document import Item
from so24.transfer.lane.lane_pass import Journey
from so24.transfer.lane.second_drafts import retire_twins
from so24.transfer.order.compare import compare_amounts
from so24.transfer.order.what_is_there import Judgement, Presence, judge

# an order of ours changes after the document was issued; the margin is for documents that were
# dated ahead or exported by hand some time before
MARGIN = dt.timedelta(days=31)


def look_up(journey: Journey) -> None:
    """Read the customers' orders and judge every item; what exists elsewhere leaves the pass."""
    judge_items(journey)
    retire_twins(journey)
    leave_existing(journey)


def judge_items(journey: Journey) -> None:
    """Read the customers' orders and give every item its judgement; nothing is written."""
    read_bindings(journey)
    companies = sorted({item.company_id for item in journey.items if item.company_id})
    orders: dict[int, list[Order]] = defaultdict(list)
    if companies:
        for order in journey.office.orders_of_customers(companies, _since(journey.items)):
            orders[order.customer_id or 0].append(order)
    for item in journey.items:
        seen = orders.get(item.company_id or 0, [])
        bound = item.binding.order_id if item.binding else None
        item.judgement = judge(item.document.invoice, item.company_id or 0, bound, seen)


def leave_existing(journey: Journey) -> None:
    """End the items that exist elsewhere: with our reference, or probably."""
    journey.move(
        {
            item: _exists(journey, item, item.judgement)
            for item in journey.items
            if item.judgement and item.judgement.presence in (Presence.EXISTS, Presence.PROBABLY)
        }
    )


def read_missed(journey: Journey) -> dict[Item, Order | None]:
    """Bound orders that the look-up did not show, read by their ids; None for those that are gone.

    For a look only: a lane reads all bound orders back anyway.
    """
    missed = {
        item: item.binding.order_id
        for item in journey.items
        if item.binding and item.judgement and item.judgement.presence is Presence.ABSENT
    }
    found = journey.office.orders([*missed.values()], rows=False) if missed else []
    orders = {each.order_id: each for each in found}
    return {item: orders.get(order_id) for item, order_id in missed.items()}


def read_bindings(journey: Journey) -> None:
    """Let every item know the order that is bound to it, by whichever transfer."""
    ids = [item.document.invoice_id for item in journey.items]
    bound = journey.read(lambda s: bindings(s, journey.organization_id, ids))
    for item in journey.items:
        item.binding = bound.get(item.document.invoice_id)


def _since(items: list[Item]) -> dt.datetime:
    return since_oldest(item.document.invoice.invoice_date for item in items)


def since_oldest(dates: Iterable[dt.date]) -> dt.datetime:
    """From when on changed orders must be read, so that none of these documents is missed."""
    day = min(min(dates), now().date()) - MARGIN
    return dt.datetime.combine(day, dt.time(), dt.UTC)


def _exists(journey: Journey, item: Item, judgement: Judgement) -> Move:
    order = judgement.order
    if order is None:
        raise TypeError("a document that exists has an order")
    comparison = compare_amounts(item.document.invoice, order, journey.key.tolerance)
    number = f", invoice {order.invoice_id}" if order.invoice_id else f" ({order.status})"
    agrees = "The total agrees." if comparison.agrees else comparison.words
    probably = judgement.presence is Presence.PROBABLY
    return Move(
        State.EXISTS,
        Reason.EXISTS_PROBABLY if probably else Reason.EXISTS_REFERENCE,
        f"Order {order.order_id}{number}. {agrees}",
        values={
            "order_id": order.order_id,
            "office_invoice_id": order.invoice_id,
            "office_total": order.total,
        },
    )
