"""How our customers differ from their cards in 24SevenOffice, field by field (pure).

RecMan is the master of what it states; what it leaves empty says nothing about the card. A card
that is another RecMan customer's, or that several of ours are linked to, is left alone.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from so24.firms.numbers import number_to_write
from so24.language.said import say
from so24.office.cards import BUSINESS, Card, Correction
from so24.store.tables.document_tables import Customer
from so24.transfer.order.mapping import OUR_CUSTOMERS, customer_reference
from so24.transfer.order.one_firm import are_same_number

_TITLES = {
    "name": say("Name"),
    "organization_number": say("Organization number"),
    "street": say("Street"),
    "postal_code": say("Postal code"),
    "city": say("City"),
    "country": say("Country"),
    "invoice_email": say("Invoice e-mail"),
    "credit_days": say("Days of credit"),
}


ChosenField = tuple[int, str]  # the customer's id, and the name of a field of the card


@dataclass(frozen=True)
class FieldDifference:
    """One field: RecMan's value and the card's, empty where the card has none."""

    field: str
    title: str
    ours: str
    theirs: str


@dataclass(frozen=True)
class CustomerDifference:
    """A customer whose card differs; ``company_id`` is the card's."""

    customer_id: int
    number: str
    name: str
    company_id: int
    fields: tuple[FieldDifference, ...]


@dataclass(frozen=True)
class Differences:
    """What was found; ``left_alone`` says which customers were not compared and why."""

    customers: tuple[CustomerDifference, ...]
    left_alone: tuple[str, ...]

    @property
    def fingerprint(self) -> str:
        """Twelve signs that stand for exactly these differences; empty without any."""
        if not self.customers:
            return ""
        return hashlib.sha256(repr(self.customers).encode()).hexdigest()[:12]

    def choose(self, chosen: Collection[ChosenField]) -> Sequence[CustomerDifference]:
        """Only these fields, and only the customers that have any of them."""
        wanted = frozenset(chosen)
        parts = (
            replace(
                customer,
                fields=tuple(
                    each for each in customer.fields if (customer.customer_id, each.field) in wanted
                ),
            )
            for customer in self.customers
        )
        return [each for each in parts if each.fields]


def find_differences(linked: Sequence[tuple[Customer, int]], cards: Iterable[Card]) -> Differences:
    """Compare linked customers with the cards that were read, in the customers' order."""
    by_id = {card.id: card for card in cards}
    shared = Counter(company_id for _, company_id in linked)
    found: list[CustomerDifference] = []
    left: list[str] = []
    for customer, company_id in linked:
        card = by_id.get(company_id)
        reason = _leave_alone(customer, card, shared[company_id])
        if reason or card is None:
            who = f"{customer.number} {customer.name}"
            left.append(say("{customer}: {why}", customer=who, why=reason))
            continue
        fields = compare_card(customer, card)
        if fields:
            names = (customer.row_id, customer.number, customer.name)
            found.append(CustomerDifference(*names, card.id, fields))
    return Differences(tuple(found), tuple(left))


def _leave_alone(customer: Customer, card: Card | None, links: int) -> str:
    if card is None:
        return say("its card is not in 24SevenOffice any more.")
    if links > 1:
        return say("several of our customers are linked to card {card}.", card=card.id)
    if card.external_id.startswith(OUR_CUSTOMERS) and card.external_id != customer_reference(
        customer
    ):
        return say("card {card} belongs to {whom}.", card=card.id, whom=card.external_id)
    return ""


def compare_card(customer: Customer, card: Card) -> tuple[FieldDifference, ...]:
    """The fields that RecMan states otherwise than the card."""
    found = []
    for field, ours in _stated(customer, card).items():
        theirs = getattr(card, field)
        same_number = field == "organization_number" and are_same_number(customer, card)
        if not same_number and _comparable(field, ours) != _comparable(field, theirs):
            shown = "" if theirs is None else str(theirs)
            found.append(FieldDifference(field, _TITLES[field], str(ours), shown))
    return tuple(found)


def correction_of(customer: Customer, card: Card, fields: Iterable[FieldDifference]) -> Correction:
    """What brings these fields of the card up to RecMan's values, and nothing else."""
    stated = _stated(customer, card)
    changed = {each.field: stated[each.field] for each in fields}
    return Correction(card, **changed)  # type: ignore[arg-type] # the fields' own values


def _stated(customer: Customer, card: Card) -> Mapping[str, str | int]:
    values: dict[str, str | int | None] = {
        "name": customer.name if card.type == BUSINESS else None,  # a person's is in two fields
        "organization_number": number_to_write(customer.organization_number, customer.country),
        "street": customer.address,
        "postal_code": customer.postal_code,
        "city": customer.city,
        "country": customer.country,
        "invoice_email": customer.invoice_email,
        "credit_days": customer.credit_days,
    }
    return {name: value for name, value in values.items() if value is not None and value != ""}


def _comparable(field: str, value: str | int | None) -> str:
    text = "" if value is None else " ".join(str(value).split())
    if field in ("country", "invoice_email"):
        return text.casefold()
    return text
