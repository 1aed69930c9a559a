"""Whether a draft that was made earlier is what would be sent now.

The key's options and the document may have changed since, in fields that an order read back does
not show. So what would be sent is compared with what was sent, by the hashes of both.
"""

from __future__ import annotations

from collections.abc import Sequence

from so24.office.values import Order
from so24.store.tables.document_tables import DocumentKind
from so24.store.transfers.sent_payloads import payloads_of
from so24.transfer.lane.lane_document import Item
from so24.transfer.lane.lane_pass import Journey
from so24.transfer.lane.products import product_names
from so24.transfer.order.key_fields import wanted_lists
from so24.transfer.order.mapping import fingerprint_order, is_fingerprint
from so24.transfer.order.what_is_there import Presence


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

    False where nobody knows as what it was sent, or as what it would be sent now.
    """
    if not item.sent_as or not all(map(is_fingerprint, item.sent_as)):
        return False
    if _is_obscure(journey, item):
        return False
    if item.company_id is None or product_names([item]).keys() - journey.products.keys():
        return True  # its customer or a product is not there any more, and would be another one
    return item.sent_as != {fingerprint_order(journey.order_for(item))}


def tell_outdated(order: Order) -> str:
    """The particulars of the reason ``draft_outdated``."""
    return (
        f"Order {order.order_id} ({order.status}) was made from other data than the document and "
        "its key have now."
    )


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
