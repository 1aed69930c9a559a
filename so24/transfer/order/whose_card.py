"""Whose card a customer card in 24SevenOffice is: this customer's, perhaps, or not at all (pure).

A card is taken for our customer's by its ExternalId ``RM-<customer no.>``, or by the organization
number where both lie in one country: digits alone are no identity, for DE, GB and PT write nine of
them as Norway does. Both ways the names must share a word. Placeholders and impossible numbers
count for nothing. Whatever comes near without being sure is a question to a person, and so is a
card of the same name or e-mail address where no number can tell.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from so24.firms.names import name_words, share_a_word
from so24.firms.numbers import FirmNumber
from so24.language.said import join_said, say
from so24.letters import fold
from so24.office.cards import SUPPLIER, Card
from so24.store.links.links import LinkedCard
from so24.store.tables.document_tables import Customer
from so24.store.tables.transfer_tables import FoundBy
from so24.transfer.order.mapping import OUR_CUSTOMERS, customer_reference
from so24.transfer.order.one_firm import (
    NamedCard,
    are_two_numbers,
    find_stranger,
    number_of_card,
    number_of_customer,
)

_MOST_NAMED = 5


@dataclass(frozen=True)
class Candidate:
    """A card that may be the customer's; ``how`` says what speaks for it and what against."""

    card: NamedCard
    how: str

    def __str__(self) -> str:
        card = self.card
        number = card.organization_number
        told = say("organization number {number}", number=number) if number else ""
        return join_said([f"{card.id} {card.full_name}", told, card.home, self.how], ", ")


@dataclass(frozen=True)
class CardFound:
    """The customer's card, and by what it was found."""

    card: Card
    by: FoundBy

    def linked(self, changed: str) -> LinkedCard:
        """The link that is kept of it; ``changed`` is the mark of the state that was read."""
        return link_card(self.card, self.by, changed)


@dataclass(frozen=True)
class Ask:
    """Nobody but a person can say which of these cards is the customer's, if any."""

    candidates: tuple[Candidate, ...]

    def __str__(self) -> str:
        named = [say("{card}.", card=each) for each in self.candidates[:_MOST_NAMED]]
        if len(self.candidates) > _MOST_NAMED:
            named.append(say("And {count} more.", count=len(self.candidates) - _MOST_NAMED))
        return join_said(named)


class CardFile:
    """The active customer cards of a company, in the orders in which they are looked for."""

    def __init__(self, cards: Iterable[Card]) -> None:
        self._by_reference: dict[str, list[Card]] = defaultdict(list)
        self._by_number: dict[str, list[Card]] = defaultdict(list)
        self._by_name: dict[frozenset[str], list[Card]] = defaultdict(list)
        self._by_email: dict[str, list[Card]] = defaultdict(list)
        for card in cards:
            self._by_reference[card.external_id].append(card)
            if card.type != SUPPLIER:
                self._file(card)

    def _file(self, card: Card) -> None:
        number = number_of_card(card)
        if number is not None and not number.placeholder:
            self._by_number[number.text].append(card)
        self._by_name[name_words(card.full_name)].append(card)
        for email in {fold(each) for each in card.emails}:
            self._by_email[email].append(card)

    def whose_card(
        self, customer: Customer, *, none_of_these: bool = False
    ) -> CardFound | Ask | None:
        """The customer's card, the question whether one is, or None where no card comes near.

        ``none_of_these``: a person has said that the cards that come near are others'. Only one
        that surely is the customer's then counts: so24 has made it since.
        """
        own = self._by_reference.get(customer_reference(customer), [])
        if none_of_these:
            own = [card for card in own if not find_stranger(customer, card)]
            return _decide_own(customer, own) if own else None
        if own:
            return _decide_own(customer, own)
        near = self._of_the_number(customer)
        if len(near) == 1 and not near[0][1]:
            return CardFound(near[0][0], FoundBy.NUMBER)
        told = _weigh_same_number(near) or self._alike(customer)
        return _ask(told) if told else None

    def find_near(self, customer: Customer) -> tuple[Candidate, ...]:
        """Every card that may be the customer's, a sure one too, the best reasons first."""
        own = self._by_reference.get(customer_reference(customer), [])
        near = [*_weigh_own(customer, own), *_weigh_same_number(self._of_the_number(customer))]
        told: dict[int, Candidate] = {}
        for card, how in (*near, *self._alike(customer)):
            told.setdefault(card.id, Candidate(card, how))
        return tuple(told.values())

    def _of_the_number(self, customer: Customer) -> list[tuple[Card, str]]:
        number = number_of_customer(customer)
        if number is None or number.placeholder:
            return []
        return [
            (card, doubt)
            for card in self._by_number.get(number.text, ())
            if (doubt := _weigh_number(customer, number, card)) is not None
        ]

    def _alike(self, customer: Customer) -> list[tuple[Card, str]]:
        """Cards of the same name or e-mail address, unless their numbers tell two firms.

        An address is often shared, so it says nothing where the customer has a number of its own,
        or the card is another RecMan customer's.
        """
        number = number_of_customer(customer)
        told = {
            card.id: (card, _tell_same_name(card))
            for card in self._by_name.get(name_words(customer.name), ())
        }
        if customer.invoice_email and (number is None or number.doubt):
            for card in self._by_email.get(fold(customer.invoice_email), ()):
                if not card.external_id.startswith(OUR_CUSTOMERS):
                    told.setdefault(card.id, (card, say("the same e-mail address")))
        return [each for each in told.values() if not are_two_numbers(customer, each[0])]


def find_twins(customers: Mapping[int, Customer]) -> dict[int, str]:
    """Of customers without a card, by id: the question about each that may be one before it.

    Its card is not there yet to be found, but will be made at the same time.
    """
    before: list[Customer] = []
    asked: dict[int, str] = {}
    for ours, customer in customers.items():
        twin = next((each for each in before if _may_be_one(each, customer)), None)
        if twin is None:
            before.append(customer)
        else:
            asked[ours] = _tell_twin(twin)
    return asked


def _tell_twin(twin: Customer) -> str:
    name = f"{twin.number} {twin.name}"
    if not twin.organization_number:
        return say("The card of customer {customer}, is made just now.", customer=name)
    return say(
        "The card of customer {customer}, organization number {number}, is made just now.",
        customer=name,
        number=twin.organization_number,
    )


def _may_be_one(one: Customer, other: Customer) -> bool:
    ours, theirs = number_of_customer(one), number_of_customer(other)
    if ours and theirs and not (ours.placeholder or theirs.placeholder):
        return ours.is_same(theirs) and not (ours.doubt or theirs.doubt)
    return name_words(one.name) == name_words(other.name)


def link_card(card: NamedCard, by: FoundBy, changed: str) -> LinkedCard:
    """What is kept of a card that a customer is linked to."""
    number = card.organization_number
    return LinkedCard(card.id, by, card.full_name, number, card.home, number, changed)


def _tell_same_name(card: Card) -> str:
    """That a card has the customer's name, and whether it is another RecMan customer's already."""
    if not card.external_id.startswith(OUR_CUSTOMERS):
        return say("the same name")
    return say("the same name, but it is customer {customer}'s", customer=card.external_id)


def _decide_own(customer: Customer, cards: list[Card]) -> CardFound | Ask:
    """Of the cards that say to be the customer's by their ExternalId."""
    if len(cards) == 1 and not find_stranger(customer, cards[0]):
        return CardFound(cards[0], FoundBy.EXTERNAL_ID)
    return _ask(_weigh_own(customer, cards))


def _weigh_own(customer: Customer, cards: Iterable[Card]) -> list[tuple[Card, str]]:
    said = say("its ExternalId is {id}", id=customer_reference(customer))
    doubts = ((card, find_stranger(customer, card)) for card in cards)
    return [(card, _say_with_doubt(said, doubt)) for card, doubt in doubts]


def _weigh_same_number(near: Iterable[tuple[Card, str]]) -> list[tuple[Card, str]]:
    said = say("the same organization number")
    return [(card, _say_with_doubt(said, doubt)) for card, doubt in near]


def _say_with_doubt(said: str, doubt: str) -> str:
    return say("{reason}, but {doubt}", reason=said, doubt=doubt) if doubt else said


def _weigh_number(customer: Customer, ours: FirmNumber, card: Card) -> str | None:
    """What speaks against a card of the same number; empty for nothing, None if it is not near.

    That it is another RecMan customer's does, whatever the names: a firm has got a new number
    there, or a part of it has one of its own.
    """
    theirs = number_of_card(card)
    named_alike = share_a_word(customer.name, card.full_name)
    if theirs is None or (ours.country != theirs.country and ours.country and theirs.country):
        return None
    doubt = ours.doubt or theirs.doubt
    if doubt and not named_alike:
        return None
    if card.external_id.startswith(OUR_CUSTOMERS):
        return say("it is customer {customer}'s", customer=card.external_id)
    if doubt:
        return doubt
    return "" if named_alike else say("its name shares no word with {name}", name=customer.name)


def _ask(weighed: Iterable[tuple[Card, str]]) -> Ask:
    return Ask(tuple(Candidate(card, how) for card, how in weighed))
