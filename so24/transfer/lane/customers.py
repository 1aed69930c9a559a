"""Customers of a lane: found in 24SevenOffice, or created there in one batch.

A customer has the card that it is linked to, else the one that ``order.whose_card`` finds. A card
that may be its own and may not is a question to a person, and its documents wait. Nothing is ever
overwritten.
"""

from __future__ import annotations

from collections.abc import Collection

from so24.crashpoints import reach
from so24.errors import BadRequest, Refused
from so24.office.values import SaveOutcome
from so24.reasons import Reason
from so24.store.tables.document_tables import Customer
from so24.store.tables.transfer_tables import State
from so24.store.transfers.transfers import Move
from so24.transfer.lane.batches import in_batches
from so24.transfer.lane.lane_document import LaneDocument, tell_known
from so24.transfer.lane.lane_pass import LanePass, Purpose
from so24.transfer.lane.look_up import read_bindings
from so24.transfer.order.mapping import map_customer
from so24.transfer.order.whose_card import Ask, CardFile, CardFound

CREATE_BATCH = 50


def resolve_customers(lane_pass: LanePass) -> None:
    """Find the companies of the documents without one, and block the ambiguous.

    A pass that sends creates the missing ones; in another their documents keep no company.
    """
    missing = {
        doc.invoice.customer_id: doc.document.customer
        for doc in lane_pass.documents
        if doc.company_id is None
    }
    if missing:
        found, ambiguous = _find_companies(lane_pass, missing)
        lane_pass.take_companies(lane_pass.recorder.link_companies(found))
        _block_ambiguous(lane_pass, ambiguous)
        missing = {
            ours: customer
            for ours, customer in missing.items()
            if ours not in found and ours not in ambiguous
        }
        if missing and lane_pass.purpose is Purpose.SEND:
            _create_companies(lane_pass, missing)
    reach("after customers saved", lane_pass.key.id)


def _find_companies(
    lane_pass: LanePass, missing: dict[int, Customer]
) -> tuple[dict[int, int], dict[int, str]]:
    """Companies by customer id, and the question to a person where a card may be the customer's."""
    active = [company.id for company in lane_pass.office.synced_companies() if company.active]
    cards = CardFile(lane_pass.office.company_cards(active))
    found: dict[int, int] = {}
    ambiguous: dict[int, str] = {}
    for ours, customer in missing.items():
        match cards.whose_card(customer):
            case CardFound(card):
                found[ours] = card.id
            case Ask() as question:
                ambiguous[ours] = str(question)
    return found, ambiguous


def _block_ambiguous(lane_pass: LanePass, ambiguous: dict[int, str]) -> None:
    """End their documents, each with the order that an earlier pass has left of it."""
    if not ambiguous:
        return
    read_bindings(lane_pass)
    moves: dict[LaneDocument, Move] = {}
    for doc in lane_pass.documents:
        question = ambiguous.get(doc.invoice.customer_id)
        if question is not None:
            words = " ".join(part for part in (question, tell_known(doc)) if part)
            values = {"order_id": doc.order_id} if doc.order_id else {}
            moves[doc] = Move(State.BLOCKED, Reason.AMBIGUOUS_CUSTOMER, words, values)
    lane_pass.move(moves)


def _create_companies(lane_pass: LanePass, missing: dict[int, Customer]) -> None:
    for part in in_batches(missing, CREATE_BATCH, lambda ours: _mark(ours) in lane_pass.singly):
        concerned = _documents_of(lane_pass, part)
        # a creation that loses its answer must settle before anybody looks for it
        lane_pass.intend(
            {doc: Move(State.PREPARING, Reason.CREATING_CUSTOMER) for doc in concerned}
        )
        new = [map_customer(missing[ours]) for ours in part]
        try:
            outcomes = lane_pass.office.create_companies(new)
        except (Refused, BadRequest) as refusal:
            if len(part) > 1:
                lane_pass.try_singly(map(_mark, part), refusal)
            lane_pass.refuse(concerned, Reason.REFUSED_CUSTOMER, str(refusal))
            continue
        reach("after customers answer", lane_pass.key.id)
        _take_companies(lane_pass, dict(zip(part, outcomes, strict=True)))


def _mark(customer_id: int) -> tuple[str, int]:
    return "customer", customer_id


def _documents_of(lane_pass: LanePass, customer_ids: Collection[int]) -> list[LaneDocument]:
    return [doc for doc in lane_pass.documents if doc.invoice.customer_id in customer_ids]


def _take_companies(lane_pass: LanePass, outcomes: dict[int, SaveOutcome]) -> None:
    made = {ours: each.id for ours, each in outcomes.items() if each.id and not each.problem}
    lane_pass.take_companies(lane_pass.recorder.link_companies(made))
    for ours, outcome in outcomes.items():
        if outcome.problem:
            lane_pass.refuse(
                _documents_of(lane_pass, [ours]), Reason.REFUSED_CUSTOMER, outcome.problem.message
            )
