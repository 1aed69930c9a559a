"""Step 5: look before anything is sent, and once more after; every document is matched.

A write that lands late can leave a second draft with our reference beside the bound order. It can
never be invoiced by so24, and it must not stay for somebody to invoice by hand: it is set inactive,
and reported where that is refused.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from so24.errors import BadRequest, Refused
from so24.language.said import join_said, say
from so24.office.gateway import Office
from so24.office.values import Order
from so24.reasons import Reason
from so24.store.documents.documents import Document
from so24.store.links.links import bindings
from so24.store.tables.ground import now
from so24.store.tables.transfer_tables import State
from so24.store.transfers.transfers import Move
from so24.transfer.lane.lane_document import LaneDocument, tell_known, tell_order
from so24.transfer.lane.lane_pass import LanePass, Purpose
from so24.transfer.order.compare import compare_amounts
from so24.transfer.order.key_fields import wants_currency
from so24.transfer.order.mapping import map_change
from so24.transfer.order.what_is_there import (
    Match,
    Presence,
    is_of_another,
    match_orders,
)

# an order of ours changes after the document was issued; the margin is for documents that were
# dated ahead or exported by hand some time before
MARGIN = dt.timedelta(days=31)


def look_up(lane_pass: LanePass) -> None:
    """Read the customers' orders and match all documents; what exists elsewhere leaves the pass."""
    read_bindings(lane_pass)
    # a card that this pass has made has no orders that are ours
    earlier = [doc for doc in lane_pass.documents if doc.customer_id not in lane_pass.created]
    companies = _list_companies(earlier)
    orders: Sequence[Order] = ()
    if companies:
        since = since_oldest(doc.invoice.invoice_date for doc in lane_pass.documents)
        orders = lane_pass.office.orders_of_customers(companies, since)
        lane_pass.office.check_company()
    _take_orders(lane_pass, list(lane_pass.documents), orders, {})


def look_again(lane_pass: LanePass, documents: Sequence[LaneDocument]) -> dict[int, Order]:
    """Read the customers' orders once more now that ours are there, with their rows.

    A draft is what tells another installation that a document is under way, so only a look after
    our own drafts is sure to see the other's. Documents that must wait or have ended by what was
    seen are no more ``BOUND``, or have left the pass; so is one whose own order lies on a card that
    was read and was not shown: what else lies there may be missing as well. Returns all orders by
    their ids, those of bound orders too that belong to other customers.
    """
    foreign = any(wants_currency(doc.document, lane_pass.key_lists.fields) for doc in documents)
    companies = _list_companies(documents)
    since = since_oldest(doc.invoice.invoice_date for doc in documents)
    seen = lane_pass.office.orders_of_customers(companies, since, rows=True, currency=foreign)
    orders = {order.order_id: order for order in seen}
    elsewhere = [doc.order_id for doc in documents if doc.order_id and doc.order_id not in orders]
    more = lane_pass.office.orders(elsewhere, currency=foreign)
    lane_pass.office.check_company()
    missed = {order.order_id: order for order in more}
    _take_orders(lane_pass, documents, seen, missed)
    _doubt_looks(documents, companies, missed)
    return {**orders, **missed}


def _doubt_looks(
    documents: Iterable[LaneDocument], companies: Collection[int], missed: Mapping[int, Order]
) -> None:
    """Leave documents to the next pass whose order was read by its id only, and not on its card."""
    for doc in documents:
        order = missed.get(doc.binding.order_id) if doc.binding else None
        if order is None or order.customer_id not in companies or doc.match is None:
            continue
        if doc.match.presence is Presence.BOUND and not doc.match.second_drafts:
            doc.match = Match(Presence.HALF_SHOWN, order)


def _take_orders(
    lane_pass: LanePass,
    documents: Sequence[LaneDocument],
    orders: Iterable[Order],
    missed: Mapping[int, Order],
) -> None:
    """Find what the customers' orders mean for each document, and do what follows at once.

    Second drafts are set inactive; what exists elsewhere, and a draft that gives way, is left.
    ``missed`` are bound orders by their ids that are not among ``orders``.
    """
    of_company: dict[int, list[Order]] = defaultdict(list)
    for order in orders:
        of_company[order.customer_id or 0].append(order)
    for doc in documents:
        cards = (doc.company_id or 0, *doc.cards_alike)
        own = missed.get(doc.binding.order_id) if doc.binding else None
        known = () if own is None or is_of_another(doc.invoice, own) else (own,)
        doc.match = match_orders(
            doc.invoice,
            cards,
            doc.binding.order_id if doc.binding else None,
            [*known, *(order for card in cards for order in of_company.get(card, ()))],
            may_give_way=lane_pass.purpose is not Purpose.LOOK and not doc.may_be_booked,
        )
    giving_way = [doc for doc in documents if _gives_way(lane_pass, doc)]
    if lane_pass.purpose is not Purpose.PREVIEW:
        _retire_second_drafts(lane_pass, documents)
    lane_pass.move({doc: _give_way(doc) for doc in giving_way})
    _leave_existing(lane_pass, documents)


def _list_companies(documents: Iterable[LaneDocument]) -> list[int]:
    """The cards on which orders of these documents may lie."""
    cards = {card for doc in documents for card in (doc.company_id, *doc.cards_alike) if card}
    return sorted(cards)


def _gives_way(lane_pass: LanePass, doc: LaneDocument) -> bool:
    """Whether its order is given up for a lower draft; it is unbound before it is set inactive.

    Else a worker of ours could set about invoicing it meanwhile. Where another worker has, the
    order stays the document's, and stays as it is.
    """
    if doc.match is None or doc.match.presence is not Presence.GIVES_WAY or doc.binding is None:
        return False
    released = lane_pass.recorder.release(doc.binding)
    if not released:
        doc.match = replace(doc.match, second_drafts=())
    return released


def _give_way(doc: LaneDocument) -> Move:
    """The document has no order until its next pass, which takes the lower draft."""
    ours, lower = doc.order_id, doc.match.order if doc.match else None
    doc.binding = None
    words = say("Orders {lower} and {ours}.", lower=lower.order_id if lower else "?", ours=ours)
    return Move(State.QUEUED, Reason.SENT_TWICE, words, {"order_id": None})


def _leave_existing(lane_pass: LanePass, documents: Iterable[LaneDocument]) -> None:
    """End the documents that exist elsewhere: with our reference, or probably."""
    lane_pass.move(
        {
            doc: _exists(lane_pass, doc, doc.match)
            for doc in documents
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
        if doc.binding and doc.match and doc.match.presence is Presence.GONE
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
        told = join_said([why, tell_known(doc)])
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
    found = (
        say("Order {order}, invoice {invoice}.", order=order.order_id, invoice=order.invoice_id)
        if order.invoice_id
        else tell_order(order)
    )
    agrees = say("The total agrees.") if comparison.agrees else comparison.words
    probably = match.presence is Presence.PROBABLY
    return Move(
        State.EXISTS,
        Reason.EXISTS_PROBABLY if probably else Reason.EXISTS_REFERENCE,
        join_said([found, agrees]),
        values={
            "order_id": order.order_id,
            "office_invoice_id": order.invoice_id,
            "office_total": order.total,
        },
    )


def _retire_second_drafts(lane_pass: LanePass, documents: Iterable[LaneDocument]) -> None:
    """Set the drafts that the look has found inactive and note what became of them."""
    drafts = {
        doc: doc.match.second_drafts
        for doc in documents
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
            words[key].append(_kept(order.order_id, refusal.words))
        return {key: join_said(texts) for key, texts in words.items()}
    for (key, order), outcome in zip(flat, outcomes, strict=True):
        if outcome.problem:
            words[key].append(_kept(order.order_id, outcome.problem.message))
        else:
            words[key].append(
                say("A second draft, order {order}, was set inactive.", order=order.order_id)
            )
    return {key: join_said(texts) for key, texts in words.items()}


def _kept(order_id: int, reason: str) -> str:
    return say(
        "A second draft, order {order}, could not be set inactive: {why}",
        order=order_id,
        why=reason,
    )
