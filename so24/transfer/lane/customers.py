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
from so24.office.values import Company, SaveOutcome
from so24.organization_numbers import NORWAY, digits_of, is_norwegian_number
from so24.reasons import Reason
from so24.store.tables.document_tables import Customer
from so24.store.tables.transfer_tables import State
from so24.store.transfers.transfers import Move
from so24.transfer.lane.batches import in_batches
from so24.transfer.lane.lane_document import Item
from so24.transfer.lane.lane_pass import Journey
from so24.transfer.order.mapping import customer_reference, list_ids, map_customer

CREATE_BATCH = 50
_SUPPLIER = "Supplier"


def recall_customers(journey: Journey) -> None:
    """Give every item the company that its customer is linked to, as far as it is."""
    ids = {item.document.invoice.customer_id for item in journey.items}
    known = journey.known_companies(ids)
    for item in journey.items:
        item.company_id = known.get(item.document.invoice.customer_id)


def resolve_customers(journey: Journey, *, create: bool) -> None:
    """Find the companies of the items without one, creating missing ones; blocks the ambiguous.

    Without ``create``, an item whose customer is not there keeps no company.
    """
    missing = {
        item.document.invoice.customer_id: item.document.customer
        for item in journey.items
        if item.company_id is None
    }
    if missing:
        found, ambiguous = _find_companies(journey, missing)
        journey.remember_companies(found)
        _block_ambiguous(journey, ambiguous)
        missing = {
            ours: customer
            for ours, customer in missing.items()
            if ours not in found and ours not in ambiguous
        }
        if create and missing:
            _create_companies(journey, missing)
        recall_customers(journey)
    reach("after customers saved", journey.key.id)


def _find_companies(
    journey: Journey, missing: dict[int, Customer]
) -> tuple[dict[int, int], dict[int, str]]:
    """Companies by customer id, and the candidates' names where there are several."""
    active = [company for company in journey.office.synced_companies() if company.active]
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
        cards = journey.office.companies([company.id for company in active])
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


def _block_ambiguous(journey: Journey, ambiguous: dict[int, str]) -> None:
    journey.move(
        {
            item: Move(State.BLOCKED, Reason.AMBIGUOUS_CUSTOMER, words)
            for item in journey.items
            if (words := ambiguous.get(item.document.invoice.customer_id)) is not None
        }
    )


def _create_companies(journey: Journey, missing: dict[int, Customer]) -> None:
    for part in in_batches(missing, CREATE_BATCH, lambda ours: _mark(ours) in journey.singly):
        concerned = _items_of(journey, part)
        # a creation that loses its answer must settle before anybody looks for it
        journey.intend(
            {item: Move(State.PREPARING, Reason.CREATING_CUSTOMER) for item in concerned}
        )
        new = [map_customer(missing[ours]) for ours in part]
        try:
            outcomes = journey.office.create_companies(new)
        except (Refused, BadRequest) as refusal:
            if len(part) > 1:
                journey.try_singly(map(_mark, part), refusal)
            journey.refuse(concerned, Reason.REFUSED_CUSTOMER, str(refusal))
            continue
        reach("after customers answer", journey.key.id)
        _take_companies(journey, dict(zip(part, outcomes, strict=True)))


def _mark(customer_id: int) -> tuple[str, int]:
    return "customer", customer_id


def _items_of(journey: Journey, customer_ids: Collection[int]) -> list[Item]:
    return [item for item in journey.items if item.document.invoice.customer_id in customer_ids]


def _take_companies(journey: Journey, outcomes: dict[int, SaveOutcome]) -> None:
    journey.remember_companies(
        {ours: each.id for ours, each in outcomes.items() if each.id and not each.problem}
    )
    for ours, outcome in outcomes.items():
        if outcome.problem:
            journey.refuse(
                _items_of(journey, [ours]), Reason.REFUSED_CUSTOMER, outcome.problem.message
            )
