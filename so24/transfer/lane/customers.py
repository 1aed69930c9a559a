"""Customers of a lane: found in 24SevenOffice, or created there in one batch.

A customer has the card that it is linked to, while that is active and still the firm's, else the
one that ``order.whose_card`` finds. A card that may be its own and may not is a question to a
person, and its documents wait. Nothing is ever overwritten.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from so24.crashpoints import reach
from so24.errors import BadRequest, Refused
from so24.firms.numbers import number_to_write
from so24.office.values import SaveOutcome, SyncedCompany
from so24.reasons import Reason
from so24.store.links.links import LinkedCard
from so24.store.tables.document_tables import Customer
from so24.store.tables.transfer_tables import FoundBy, State
from so24.store.transfers.transfers import Move
from so24.transfer.checks.finding import Finding
from so24.transfer.lane.batches import in_batches
from so24.transfer.lane.lane_document import LaneDocument
from so24.transfer.lane.lane_pass import LanePass, Purpose
from so24.transfer.lane.look_up import block
from so24.transfer.order.linked_card import (
    ask_about_alike,
    doubt_buyer,
    doubt_link,
    is_as_known,
    read_again,
)
from so24.transfer.order.mapping import customer_reference, map_customer
from so24.transfer.order.whose_card import Ask, CardFile, CardFound, find_twins

CREATE_BATCH = 50


def resolve_customers(lane_pass: LanePass) -> None:
    """Look at the linked cards again, find those of the other customers, ask about the doubtful.

    A pass that sends creates the missing ones; in another their documents keep no company.
    """
    missing = {
        doc.customer_id: doc.customer for doc in lane_pass.documents if doc.company_id is None
    }
    if missing or (lane_pass.documents and lane_pass.purpose is not Purpose.LOOK):
        listed = {company.id: company for company in lane_pass.office.synced_companies()}
        if lane_pass.purpose is not Purpose.LOOK:
            _look_again(lane_pass, listed)
        if missing:
            _resolve_missing(lane_pass, missing, listed)
        if lane_pass.purpose is not Purpose.LOOK:
            _compare_buyers(lane_pass)
    reach("after customers saved", lane_pass.key.id)


def _look_again(lane_pass: LanePass, listed: Mapping[int, SyncedCompany]) -> None:
    """See in the list of companies what has become of the linked cards; read those that changed.

    A document whose card is in doubt is at fault, and ends once it is known what was sent of it.
    """
    linked = {doc.customer_id: doc.card for doc in lane_pass.documents if doc.card}
    changed = {
        ours: card
        for ours, card in linked.items()
        if card.id in listed and not is_as_known(card, listed[card.id])
    }
    if changed:
        ids = sorted({card.id for card in changed.values()})
        read = {card.id: card for card in lane_pass.office.company_cards(ids)}
        again = {
            ours: read_again(card, read[card.id], listed[card.id].changed)
            for ours, card in changed.items()
            if card.id in read
        }
        lane_pass.recorder.keep_cards(again)
        lane_pass.take_cards(again)
    own = _by_external_id(listed.values())
    for doc in lane_pass.documents:
        if doc.card is None:
            continue
        customer = doc.customer
        alike = _cards_alike(own, customer, doc.card)
        question = doubt_link(customer, doc.card, listed.get(doc.card.id), alike)
        doc.cards_alike = tuple(alike)
        doc.fault = Finding(Reason.AMBIGUOUS_CUSTOMER, str(question)) if question else None


def _compare_buyers(lane_pass: LanePass) -> None:
    """Ask about documents that are made out to another firm than their customer's card is of."""
    for doc in lane_pass.documents:
        own = doc.customer_id == doc.document.customer.row_id  # not that of a credited invoice
        if doc.card is None or doc.fault is not None or not own:
            continue
        if question := doubt_buyer(doc.invoice, doc.card):
            doc.fault = Finding(Reason.AMBIGUOUS_CUSTOMER, str(question))


def _by_external_id(listed: Iterable[SyncedCompany]) -> dict[str, list[int]]:
    own: dict[str, list[int]] = defaultdict(list)
    for company in listed:
        if company.active and company.external_id:
            own[company.external_id].append(company.id)
    return own


def _cards_alike(own: Mapping[str, list[int]], customer: Customer, linked: LinkedCard) -> list[int]:
    """The other cards that say by their ExternalId to be the customer's."""
    return [each for each in own.get(customer_reference(customer), ()) if each != linked.id]


def look_at_created(lane_pass: LanePass) -> None:
    """See whether somebody else has made cards of the customers that this pass has made.

    Another installation could have at the same time, and its orders would lie on its own card. So
    this is looked for when our drafts are there: at least one of the two then sees the other's.
    """
    ours = [doc for doc in lane_pass.documents if doc.customer_id in lane_pass.created]
    if not ours:
        return
    own = _by_external_id(lane_pass.office.synced_companies())
    doubled: dict[LaneDocument, str] = {}
    for doc in ours:
        alike = _cards_alike(own, doc.customer, doc.card) if doc.card else []
        if doc.card and alike and not doc.card.said:
            doubled[doc] = str(ask_about_alike(doc.card, alike))
    block(lane_pass, doubled, Reason.AMBIGUOUS_CUSTOMER)


def _resolve_missing(
    lane_pass: LanePass, missing: dict[int, Customer], listed: Mapping[int, SyncedCompany]
) -> None:
    found, ambiguous = _find_companies(lane_pass, missing, listed)
    lane_pass.take_cards(lane_pass.recorder.link_cards(found))
    _block_ambiguous(lane_pass, ambiguous)
    absent = {
        ours: customer
        for ours, customer in missing.items()
        if ours not in found and ours not in ambiguous
    }
    twins = find_twins(
        {ours: each for ours, each in absent.items() if ours not in lane_pass.denied}
    )
    _block_ambiguous(lane_pass, twins)
    absent = {ours: each for ours, each in absent.items() if ours not in twins}
    if absent and lane_pass.purpose is Purpose.SEND:
        _create_companies(lane_pass, absent)


def _find_companies(
    lane_pass: LanePass, missing: dict[int, Customer], listed: Mapping[int, SyncedCompany]
) -> tuple[dict[int, LinkedCard], dict[int, str]]:
    """Cards by customer id, and the question to a person where a card may be the customer's."""
    active = [company.id for company in listed.values() if company.active]
    cards = CardFile(lane_pass.office.company_cards(active))
    found: dict[int, LinkedCard] = {}
    ambiguous: dict[int, str] = {}
    for ours, customer in missing.items():
        match cards.whose_card(customer, none_of_these=ours in lane_pass.denied):
            case CardFound(card) as hit:
                found[ours] = hit.linked(listed[card.id].changed)
            case Ask() as question:
                ambiguous[ours] = str(question)
    return found, ambiguous


def _block_ambiguous(lane_pass: LanePass, ambiguous: dict[int, str]) -> None:
    asked = {
        doc: ambiguous[doc.customer_id]
        for doc in lane_pass.documents
        if doc.customer_id in ambiguous
    }
    block(lane_pass, asked, Reason.AMBIGUOUS_CUSTOMER)


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
            lane_pass.refuse(concerned, Reason.REFUSED_CUSTOMER, refusal.words)
            continue
        reach("after customers answer", lane_pass.key.id)
        _take_companies(lane_pass, missing, dict(zip(part, outcomes, strict=True)))


def _mark(customer_id: int) -> tuple[str, int]:
    return "customer", customer_id


def _documents_of(lane_pass: LanePass, customer_ids: Collection[int]) -> list[LaneDocument]:
    return [doc for doc in lane_pass.documents if doc.customer_id in customer_ids]


def _take_companies(
    lane_pass: LanePass, sent: Mapping[int, Customer], outcomes: dict[int, SaveOutcome]
) -> None:
    made = {
        ours: _made_card(each.id, sent[ours])
        for ours, each in outcomes.items()
        if each.id and not each.problem
    }
    lane_pass.take_cards(lane_pass.recorder.link_cards(made))
    lane_pass.created.update(made)
    for ours, outcome in outcomes.items():
        if outcome.problem:
            lane_pass.refuse(
                _documents_of(lane_pass, [ours]), Reason.REFUSED_CUSTOMER, outcome.problem.message
            )


def _made_card(company_id: int, customer: Customer) -> LinkedCard:
    number = number_to_write(customer.organization_number, customer.country)
    return LinkedCard(company_id, FoundBy.CREATED, customer.name, number, customer.country, number)
