"""Step 7: bind one order to the document, for ever, and compare it with what RecMan issued."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from so24.crashpoints import reach
from so24.office.values import Order
from so24.reasons import Reason
from so24.store.tables.document_tables import DocumentKind
from so24.store.tables.ground import now
from so24.store.tables.transfer_tables import State
from so24.store.transfers.links import release_order
from so24.store.transfers.sent_payloads import ADOPTED, payloads_of
from so24.store.transfers.transfers import Move
from so24.transfer.lane.invoice import prepare_invoicing
from so24.transfer.lane.lane_document import Item, tell_gone
from so24.transfer.lane.lane_pass import Journey
from so24.transfer.lane.products import product_names
from so24.transfer.order.compare import compare_order
from so24.transfer.order.key_fields import wanted_lists, wants_currency
from so24.transfer.order.mapping import fingerprint_order, is_fingerprint
from so24.transfer.order.what_is_there import BOOKED, INACTIVE, Presence


def bind_and_compare(journey: Journey) -> None:
    """Adopt drafts that were found, read all bound orders back and compare them."""
    _adopt(journey)
    bound = [item for item in journey.items if item.binding and not _is_booked(item)]
    if not bound:
        return
    recall_payloads(journey, bound)
    prepare_invoicing(journey, bound)
    orders = _read_back(journey, bound)
    compared: dict[Item, Move] = {}
    for item in bound:
        order = orders.get(item.order_id or 0)
        if order is None or order.status == INACTIVE:
            _miss(journey, item)
        elif order.status not in BOOKED:
            compared[item] = _compare(journey, item, order)
    journey.move(compared)
    reach("after compare", journey.key.id)


def _adopt(journey: Journey) -> None:
    """Bind drafts of ours that nobody has bound; who finds another one bound takes that one."""
    found = {
        item: _adoption(item.judgement.order.order_id)
        for item in journey.items
        if item.binding is None
        and item.judgement
        and item.judgement.presence is Presence.DRAFT
        and item.judgement.order
    }
    journey.move(found)
    journey.move(
        {
            item: _adoption(item.binding.order_id)
            for item in journey.items
            if item.state is State.DRAFTED
            and item.binding
            and item.draft_id != item.binding.order_id
        }
    )


def _adoption(order_id: int) -> Move:
    return Move(State.DRAFTED, ADOPTED, values={"order_id": order_id})


def _is_booked(item: Item) -> bool:
    return item.judgement is not None and item.judgement.presence is Presence.BOOKED


def _read_back(journey: Journey, items: list[Item]) -> dict[int, Order]:
    ids = [item.order_id for item in items if item.order_id]
    foreign = any(wants_currency(item.document, journey.key_lists.fields) for item in items)
    return {order.order_id: order for order in journey.office.orders(ids, currency=foreign)}


def _compare(journey: Journey, item: Item, order: Order) -> Move:
    sent = journey.order_for(item)
    comparison = compare_order(item.document, sent, order, journey.key.tolerance)
    values = {"order_id": order.order_id, "office_total": order.total}
    if is_outdated(journey, item):
        words = (
            f"Order {order.order_id} ({order.status}) was made from other data than the document "
            f"and its key have now. {comparison.words}"
        ).strip()
        return Move(State.DIFFERS, Reason.DRAFT_OUTDATED, words, values)
    if not comparison.agrees:
        words = f"Order {order.order_id} ({order.status}). {comparison.words}"
        return Move(State.DIFFERS, Reason.DRAFT_DIFFERS, words, values)
    item.compared = True
    return Move(State.COMPARED, values=values)


def _miss(journey: Journey, item: Item) -> None:
    """The bound order is not there. New ids may show late, so that is believed after settling.

    An order that so24 has never set about invoicing is then released, and the next pass makes
    another. One that it has is released too, but a person decides whether to send the document
    again.
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
    words = tell_gone(binding.order_id)
    if item.may_be_booked:
        journey.move({item: Move(State.BLOCKED, Reason.ORDER_GONE, words)})
    else:
        # queued, not preparing: no write of it is under way whose answer could be missing; it may
        # have been hidden only, so it is looked for once more
        values = {"order_id": None, "look_again_at": journey.next_look()}
        journey.move({item: Move(State.QUEUED, Reason.DRAFT_GONE, words, values)})
    item.binding = None


def recall_payloads(journey: Journey, items: Sequence[Item]) -> None:
    """Let items whose order is not of this pass know what that order may have been sent as."""
    orders = {
        item.document.invoice_id: order_id
        for item in items
        if (order_id := _earlier_order(item)) is not None
    }
    if not orders:
        return
    known = journey.read(lambda s: payloads_of(s, journey.organization_id, orders))
    for item in items:
        item.sent_as = known.get(item.document.invoice_id, frozenset())


def is_outdated(journey: Journey, item: Item) -> bool:
    """Whether its order was made from other data than the document and its key have now.

    The key's options and the document may have changed since, in fields that an order read back
    does not show; so what would be sent is compared with what was sent, by the hashes of both.
    False where nobody knows as what it was sent, or as what it would be sent now.
    """
    if not item.sent_as or not all(map(is_fingerprint, item.sent_as)):
        return False
    if _is_obscure(journey, item):
        return False
    if item.company_id is None or product_names([item]).keys() - journey.products.keys():
        return True  # its customer or a product is not there any more, and would be another one
    return item.sent_as != {fingerprint_order(journey.order_for(item))}


def _earlier_order(item: Item) -> int | None:
    """The order that the item goes on with, unless this pass has made it."""
    if item.binding is not None:
        return None if item.made_id == item.binding.order_id else item.binding.order_id
    judgement = item.judgement
    found = judgement.order if judgement and judgement.presence is Presence.DRAFT else None
    return found.order_id if found else None


def _is_obscure(journey: Journey, item: Item) -> bool:
    """Whether a part of what would be sent could not be read: a list, or what it credits."""
    credit = item.document.invoice.kind is DocumentKind.CREDIT_NOTE
    wanted = wanted_lists(item.document, journey.key_lists.fields)
    return (credit and item.credited is None) or bool(wanted & journey.key_lists.refused.keys())
