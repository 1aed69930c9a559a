"""Drafts with our reference that are not the bound order: set inactive, and reported where refused.

A write that lands late can leave such an orphan; it can never be invoiced by so24, and it must not
stay for somebody to invoice by hand.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from so24.errors import BadRequest, Refused
from so24.office.gateway import Office
from so24.office.values import Order, OrderToInvoice
from so24.store.documents.documents import Document
from so24.transfer.lane.lane_pass import Journey
from so24.transfer.order.mapping import reference_of


def retire_twins(journey: Journey) -> None:
    """Set the twins that the look-up has found inactive and note what became of them."""
    twins = {
        item: item.judgement.twins
        for item in journey.items
        if item.judgement is not None and item.judgement.twins
    }
    words = retire_orders(
        journey.office, {item.id: (item.document, orders) for item, orders in twins.items()}
    )
    for item in twins:
        item.remark = words[item.id]


def retire_orders(
    office: Office, twins: Mapping[int, tuple[Document, Sequence[Order]]]
) -> dict[int, str]:
    """Set these drafts inactive; returns a sentence for each key of ``twins``."""
    flat = [
        (key, OrderToInvoice(order.order_id, order.customer_id or 0, doc.invoice.invoice_date, ref))
        for key, (doc, orders) in twins.items()
        for ref in (reference_of(doc.invoice),)
        for order in orders
    ]
    words: dict[int, list[str]] = {key: [] for key in twins}
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
