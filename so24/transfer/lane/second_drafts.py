"""Drafts with our reference that are not the bound order: set inactive, and reported where refused.

A write that lands late can leave such an orphan; it can never be invoiced by so24, and it must not
stay for somebody to invoice by hand.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from so24.errors import BadRequest, Refused
from so24.office.gateway import Office
from so24.office.values import Order
from so24.store.documents.documents import Document
from so24.transfer.lane.lane_pass import LanePass
from so24.transfer.order.mapping import map_change


def retire_second_drafts(lane_pass: LanePass) -> None:
    """Set the drafts that the look-up has found inactive and note what became of them."""
    drafts = {
        doc: doc.match.second_drafts
        for doc in lane_pass.documents
        if doc.match is not None and doc.match.second_drafts
    }
    words = retire_orders(
        lane_pass.office, {doc.id: (doc.document, orders) for doc, orders in drafts.items()}
    )
    for doc in drafts:
        doc.remark = words[doc.id]


def retire_orders(
    office: Office, drafts: Mapping[int, tuple[Document, Sequence[Order]]]
) -> dict[int, str]:
    """Set these drafts inactive; returns a sentence for each key of ``drafts``."""
    flat = [
        (key, map_change(document.invoice, order.order_id, order.customer_id or 0))
        for key, (document, orders) in drafts.items()
        for order in orders
    ]
    words: dict[int, list[str]] = {key: [] for key in drafts}
    if not flat:
        return {}
    try:
        outcomes = office.retire_orders([order for _, order in flat])
    except (Refused, BadRequest) as refusal:
        for key, order in flat:
            words[key].append(_kept(order.order_id, str(refusal)))
        return {key: " ".join(texts) for key, texts in words.items()}
    for (key, order), outcome in zip(flat, outcomes, strict=True):
        if outcome.problem:
            words[key].append(_kept(order.order_id, outcome.problem.message))
        else:
            words[key].append(f"A second draft, order {order.order_id}, was set inactive.")
    return {key: " ".join(texts) for key, texts in words.items()}


def _kept(order_id: int, reason: str) -> str:
    return f"A second draft, order {order_id}, could not be set inactive: {reason}"
