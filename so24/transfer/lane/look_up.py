"""Step 5: look before anything is sent; every document is matched.

A write that lands late can leave a second draft with our reference beside the bound order. It can
never be invoiced by so24, and it must not stay for somebody to invoice by hand: it is set inactive,
and reported where that is refused.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from so24.errors import BadRequest, Refused
from so24.office.gateway import Office
from so24.office.values import Order
from so24.reasons import Reason
from so24.store.documents.documents import Document
from so24.store.tables.ground import now
from so24.store.tables.transfer_tables import State
from so24.store.transfers.links import bindings
from so24.store.transfers.transfers import Move
from so24.transfer.lane.lane_document import LaneDocument, tell_known
from so24.transfer.lane.lane_pass import LanePass, Purpose
from so24.transfer.order.compare import compare_amounts
from so24.transfer.order.mapping import map_change
from so24.transfer.order.what_is_there import Match, Presence, match_orders

# an order of ours changes after the document was issued; the margin is for documents that were
# dated ahead or exported by hand some time before
MARGIN = dt.timedelta(days=31)


def look_up(lane_pass: LanePass) -> None:
    """Read the customers' orders and match all documents; what exists elsewhere leaves the pass."""
    match_documents(lane_pass)
    if lane_pass.purpose is not Purpose.PREVIEW:
        retire_second_drafts(lane_pass)
    _leave_existing(lane_pass)


def match_documents(lane_pass: LanePass) -> None:
    """Read the customers' orders and find what they mean for each document; nothing is written."""
    read_bindings(lane_pass)
    companies = sorted({doc.company_id for doc in lane_pass.documents if doc.company_id})
    orders: dict[int, list[Order]] = defaultdict(list)
    if companies:
        since = since_oldest(doc.invoice.invoice_date for doc in lane_pass.documents)
        for order in lane_pass.office.orders_of_customers(companies, since):
            orders[order.customer_id or 0].append(order)
    for doc in lane_pass.documents:
        seen = orders.get(doc.company_id or 0, [])
        bound = doc.binding.order_id if doc.binding else None
        doc.match = match_orders(doc.invoice, doc.company_id or 0, bound, seen)


def _leave_existing(lane_pass: LanePass) -> None:
    """End the documents that exist elsewhere: with our reference, or probably."""
    lane_pass.move(
        {
            doc: _exists(lane_pass, doc, doc.match)
            for doc in lane_pass.documents
            if doc.match and doc.match.presence in (Presence.EXISTS, Presence.PROBABLY)
        }
    )


def read_missed(lane_pass: LanePass) -> dict[LaneDocument, Order | None]:
    """Bound orders that the look-up did not show, read by their ids; None for those that are gone.

    For a look only: a lane reads all bound orders back anyway.
    """
    missed = {
        doc: doc.binding.order_id
        for doc in lane_pass.documents
        if doc.binding and doc.match and doc.match.presence is Presence.ABSENT
    }
    found = lane_pass.office.orders([*missed.values()], rows=False) if missed else []
    orders = {each.order_id: each for each in found}
    return {doc: orders.get(order_id) for doc, order_id in missed.items()}


def read_bindings(lane_pass: LanePass) -> None:
    """Let every doc know the order that is bound to it, by whichever transfer."""
    ids = [doc.invoice_id for doc in lane_pass.documents]
    bound = lane_pass.recorder.read(lambda s: bindings(s, lane_pass.organization_id, ids))
    for doc in lane_pass.documents:
        doc.binding = bound.get(doc.invoice_id)


def block(lane_pass: LanePass, words: Mapping[LaneDocument, str], reason: Reason) -> None:
    """End documents before anything is sent, each with the order that an earlier pass has left."""
    if not words:
        return
    read_bindings(lane_pass)
    moves: dict[LaneDocument, Move] = {}
    for doc, why in words.items():
        told = " ".join(part for part in (why, tell_known(doc)) if part)
        values = {"order_id": doc.order_id} if doc.order_id else {}
        moves[doc] = Move(State.BLOCKED, reason, told, values)
    lane_pass.move(moves)


def since_oldest(dates: Iterable[dt.date]) -> dt.datetime:
    """From when on changed orders must be read, so that none of these documents is missed."""
    day = min(min(dates), now().date()) - MARGIN
    return dt.datetime.combine(day, dt.time(), dt.UTC)


def _exists(lane_pass: LanePass, doc: LaneDocument, match: Match) -> Move:
    order = match.order
    if order is None:
        raise TypeError("a document that exists has an order")
    comparison = compare_amounts(doc.invoice, order, lane_pass.key.tolerance)
    number = f", invoice {order.invoice_id}" if order.invoice_id else f" ({order.status})"
    agrees = "The total agrees." if comparison.agrees else comparison.words
    probably = match.presence is Presence.PROBABLY
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
