"""What a press has confirmed of a document, as a fingerprint that no attempt to send it changes.

A document that was not sent is tried again by itself only while this is the same: the document, its
customer, its key's rules, and whatever a person has said about card and products.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator

from so24.store.tables.transfer_tables import FoundBy
from so24.transfer.lane.lane_document import LaneDocument
from so24.transfer.lane.lane_pass import LanePass, product_names
from so24.transfer.preview.confirmation import ShownPreview
from so24.transfer.preview.read_only_pass import ReadOnlyLane

# an attempt may link the customer and the products and bind an order; the plan is made anew anyway
# in English: the details' names
_OF_AN_ATTEMPT = frozenset({"Plan", "Total", "Customer", "Products", "Bound order"})


def fingerprint_confirmed(lanes: Iterable[ReadOnlyLane], shown: ShownPreview) -> dict[int, str]:
    """The fingerprint of each document that goes, by its id: 64 hexadecimal digits.

    ``shown`` was gathered from the same passes, which are good for looking at only.
    """
    details = {each.invoice_id: each.details for each in shown.documents}
    found: dict[int, str] = {}
    for lane_pass in (lane.lane_pass for lane in lanes):
        for doc in lane_pass.documents:
            kept = [each for each in details[doc.id] if each[0] not in _OF_AN_ATTEMPT]
            told = repr((doc.customer.number, kept, list(_list_said(lane_pass, doc))))
            found[doc.id] = hashlib.sha256(told.encode()).hexdigest()
    return found


def _list_said(lane_pass: LanePass, doc: LaneDocument) -> Iterator[str]:
    """What a person has said of the document's card and products in 24SevenOffice."""
    if doc.card is not None and doc.card.said:
        yield f"card {doc.card.id}"
    elif doc.customer_id in lane_pass.denied:
        yield "a new card"  # in English: hashed
    for number in sorted(product_names([doc])):
        link = lane_pass.linked_products.get(number)
        if link is not None and link.by is FoundBy.PERSON:
            yield f"{number} is product {link.id}"  # in English: hashed
        elif number in lane_pass.denied_products:
            yield f"{number} is a new product"  # in English: hashed
