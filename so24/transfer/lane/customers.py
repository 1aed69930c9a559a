"""Customers of a lane: found in 24SevenOffice, or created there in one batch.

A customer is matched by link, then by ExternalId, then by organization number (exactly one active
card that is no supplier and no other RecMan customer); never by name, and never overwritten. A
Norwegian number that fails its check is not matched on: it may be another company's.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence

from so24.crashpoints import reach
from so24.errors import BadRequest, Refused
from so24.norwegian_numbers import NORWAY, digits_of, is_norwegian_number
from so24.office.values import Company, SaveOutcome
from so24.reasons import Reason
from so24.store.tables.document_tables import Customer
from so24.store.tables.transfer_tables import State
from so24.store.transfers.transfers import Move
from so24.transfer.lane.batches import in_batches
from so24.transfer.lane.lane_document import LaneDocument
from so24.transfer.lane.lane_pass import LanePass, Purpose
from so24.transfer.order.mapping import customer_reference, list_ids, map_customer

CREATE_BATCH = 50
_SUPPLIER = "Supplier"


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
    """Companies by customer id, and the candidates' names where there are several."""
    active = [company for company in lane_pass.office.synced_companies() if company.active]
    by_reference: dict[str, list[int]] = defaultdict(list)
    for company in active:
        by_reference[(company.external_id or "").strip()].append(company.id)
    found: dict[int, int] = {}
    ambiguous: dict[int, str] = {}
    unknown: dict[int, Customer] = {}
    for ours, customer in missing.items():
        hits = by_reference.get(customer_reference(customer), [])
        if len(hits) == 1:
            found[ours] = hits[0]
        elif hits:
            ambiguous[ours] = f"Companies {list_ids(hits)} all say {customer_reference(customer)}."
        else:
            unknown[ours] = customer
    if any(matched_number(customer) for customer in unknown.values()) and active:
        cards = lane_pass.office.companies([company.id for company in active])
        _match_numbers(unknown, cards, found, ambiguous)
    return found, ambiguous


def _match_numbers(
    unknown: dict[int, Customer],
    cards: Sequence[Company],
    found: dict[int, int],
    ambiguous: dict[int, str],
) -> None:
    by_number: dict[str, list[Company]] = defaultdict(list)
    for card in cards:
        taken = (card.external_id or "").startswith("RM-")
        if card.type != _SUPPLIER and not taken:
            by_number[digits_of(card.organization_number or "")].append(card)
    for ours, customer in unknown.items():
        number = matched_number(customer)
        hits = by_number.get(number, []) if number else []
        if len(hits) == 1:
            found[ours] = hits[0].id
        elif hits:
            names = ", ".join(f"{card.name} ({card.id})" for card in hits)
            ambiguous[ours] = f"Organization number {number} belongs to {names}."


def matched_number(customer: Customer) -> str:
    """The digits to find the customer by; empty where there is no number, or a wrong one."""
    wrong = customer.country in ("", NORWAY) and not is_norwegian_number(
        customer.organization_number
    )
    return "" if wrong else digits_of(customer.organization_number)


def _block_ambiguous(lane_pass: LanePass, ambiguous: dict[int, str]) -> None:
    lane_pass.move(
        {
            doc: Move(State.BLOCKED, Reason.AMBIGUOUS_CUSTOMER, words)
            for doc in lane_pass.documents
            if (words := ambiguous.get(doc.invoice.customer_id)) is not None
        }
    )


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
