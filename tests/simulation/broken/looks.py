"""What is put in the place of a look, or of a proof of the company, to break it on purpose."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from so24.office.gateway import Office
from so24.office.outcomes import match_outcomes
from so24.office.values import Order, SaveOutcome
from so24.reasons import Reason
from so24.states import State
from so24.store.transfers.transfers import Move
from so24.transfer.lane import bind, invoice
from so24.transfer.lane.lane_document import LaneDocument
from so24.transfer.lane.lane_pass import LanePass
from so24.transfer.order import what_is_there
from so24.transfer.order.mapping import OUR_REFERENCES, reference_of
from so24.transfer.order.what_is_there import Match, Presence

# -- the second look, after the drafts --


def read_back_only(lane_pass: LanePass, documents: Sequence[LaneDocument]) -> dict[int, Order]:
    """Only the bound orders are read, as if nobody else could have sent a draft."""
    ids = [doc.order_id for doc in documents if doc.order_id]
    return {order.order_id: order for order in lane_pass.office.orders(ids)}


def never_give_way(
    document: Any, cards: Any, bound: int | None, orders: Iterable[Order], **_more: Any
) -> Match:
    """Who holds the higher draft keeps it, and sets the lower one inactive."""
    return _match(document, cards, bound, orders, may_give_way=False)


def give_way_without_release(_: LanePass, doc: LaneDocument) -> bool:
    """The order that is given up stays bound."""
    return doc.match is not None and doc.match.presence is Presence.GIVES_WAY


def invoice_beside_another(lane_pass: LanePass, doc: LaneDocument, order: Order | None) -> Any:
    """A second draft that was just seen does not keep the bound one from being invoiced."""
    if doc.match:
        doc.match = replace(doc.match, second_drafts=())
    return _see_bound(lane_pass, doc, order)


def read_without_other_series(
    document: Any, cards: Any, bound: int | None, orders: Iterable[Order], **more: Any
) -> Match:
    """An order of ours in another series is never the document's."""
    ours = reference_of(document)
    kept = [each for each in orders if not _is_of_another(each, ours)]
    return _match(document, cards, bound, kept, **more)


def _is_of_another(order: Order, ours: str) -> bool:
    reference = order.reference or ""
    return reference.startswith(OUR_REFERENCES) and reference != ours


def name_no_order(sweep: Any, _organization: int) -> dict[int, frozenset[int]]:
    """What the transfers themselves say is not asked."""
    return dict.fromkeys(sweep.rows, frozenset())


# -- the company --


def save_unproven(
    office: Office, kind: Any, sent: list[Any], write: Callable[[], Any] | None = None
) -> list[SaveOutcome]:
    """Nobody looks at the company before a write."""
    if not sent:
        return []
    answer = _caller(office).send(kind.service, kind.operation, write or (lambda: sent))
    office.check_company()
    return match_outcomes(kind, sent, answer)


def invoice_unproven(
    office: Office, kind: Any, sent: list[Any], write: Callable[[], Any] | None = None
) -> list[SaveOutcome]:
    """Nobody looks at the company before orders are invoiced."""
    changes = any("OrderId" in each for each in sent)
    return (save_unproven if changes else _save)(office, kind, sent, write)


def confirm_unproven(lane_pass: LanePass) -> dict[int, Order]:
    """What was read to confirm may be another company's."""
    office: Any = lane_pass.office
    pinned, office._pinned = office._pinned, None
    try:
        return _confirm_orders(lane_pass)
    finally:
        office._pinned = pinned


def _caller(office: Any) -> Any:
    return office._caller


# -- what was refused --


def refuse_at_once(lane_pass: LanePass, doc: LaneDocument, order: Order) -> Move | None:
    """A refusal is believed although the order that it is about may be older than it."""
    end = _confirm(lane_pass, doc, replace(order))
    if end is not None and end.reason is Reason.REFUSAL_LOOKED_UP:
        return Move(State.REFUSED, Reason.REFUSED_INVOICING, doc.refusal)
    return end


def refuse_unseen(lane_pass: LanePass, batch: list[LaneDocument]) -> None:
    """An invoicing call that was refused is not looked after."""
    _invoice_batch(lane_pass, batch)
    refused: Mapping[LaneDocument, str] = {doc: doc.refusal for doc in batch if doc.refusal}
    for doc, words in refused.items():
        if doc in lane_pass.documents:
            lane_pass.refuse([doc], Reason.REFUSED_INVOICING, words)


_match, _see_bound = what_is_there.match_orders, bind._see_bound
_confirm, _confirm_orders = invoice._confirm, invoice.confirm_orders
_invoice_batch, _save = invoice._invoice_batch, Office._save
