"""Whose card a customer card in 24SevenOffice is: this customer's, perhaps, or not at all (pure).

A card is taken for our customer's by its ExternalId ``RM-<customer no.>``, or by the organization
number where both lie in one country: digits alone are no identity, for DE, GB and PT write nine of
them as Norway does. Both ways the names must share a word. Placeholders and impossible numbers
count for nothing. Whatever comes near without being sure is a question to a person, and so is a
card of the same name or e-mail address where no number can tell.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from so24.company_names import name_words, share_a_word
from so24.firm_numbers import FirmNumber, read_firm_number
from so24.letters import fold
from so24.office.cards import SUPPLIER, Card
from so24.office.values import SyncedCompany
from so24.store.tables.document_tables import Customer, Invoice
from so24.store.tables.transfer_tables import FoundBy
from so24.store.transfers.links import LinkedCard
from so24.transfer.order.mapping import OUR_CUSTOMERS, customer_reference

_MOST_NAMED = 5


class NamedCard(Protocol):
    """What tells whose a card is: one that is read now, or a linked one as it was last read."""

    @property
    def id(self) -> int:
        """The company's id in 24SevenOffice."""

    @property
    def full_name(self) -> str:
        """The name as people say it."""

    @property
    def organization_number(self) -> str:
        """The organization number, empty where there is none."""

    @property
    def home(self) -> str:
        """The country's two letters, empty where the card does not say it."""


@dataclass(frozen=True)
class Candidate:
    """A card that may be the customer's; ``how`` says what speaks for it and what against."""

    card: NamedCard
    how: str

    def __str__(self) -> str:
        card = self.card
        number = (
            f"organization number {card.organization_number}" if card.organization_number else ""
        )
        told = [f"{card.id} {card.full_name}", number, card.home, self.how]
        return ", ".join(part for part in told if part)


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
        named = [f"{each}." for each in self.candidates[:_MOST_NAMED]]
        if len(self.candidates) > _MOST_NAMED:
            named.append(f"And {len(self.candidates) - _MOST_NAMED} more.")
        return " ".join(named)


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
            card.id: (card, f"the same name{_of_another(card)}")
            for card in self._by_name.get(name_words(customer.name), ())
        }
        if customer.invoice_email and (number is None or number.doubt):
            for card in self._by_email.get(fold(customer.invoice_email), ()):
                if not card.external_id.startswith(OUR_CUSTOMERS):
                    told.setdefault(card.id, (card, "the same e-mail address"))
        return [each for each in told.values() if not _are_two_numbers(customer, each[0])]


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
            number = f", organization number {twin.organization_number}"
            told = f"{twin.number} {twin.name}{number if twin.organization_number else ''}"
            asked[ours] = f"The card of customer {told}, is made just now."
    return asked


def _may_be_one(one: Customer, other: Customer) -> bool:
    ours, theirs = number_of_customer(one), number_of_customer(other)
    if ours and theirs and not (ours.placeholder or theirs.placeholder):
        return ours.is_same(theirs) and not (ours.doubt or theirs.doubt)
    return name_words(one.name) == name_words(other.name)


def number_of_customer(customer: Customer) -> FirmNumber | None:
    """The organization number of a customer of ours, in its country."""
    return read_firm_number(customer.organization_number, customer.country)


def number_of_card(card: NamedCard) -> FirmNumber | None:
    """The organization number of a card, in the country of its address."""
    return read_firm_number(card.organization_number, card.home)


def are_same_number(customer: Customer, card: NamedCard) -> bool:
    """Whether both have an organization number, and the same one."""
    ours, theirs = number_of_customer(customer), number_of_card(card)
    return ours is not None and theirs is not None and ours.is_same(theirs)


def are_one_firm(one: Customer, other: Customer) -> bool:
    """Whether two customers surely are: one organization number, and names that share a word."""
    ours, theirs = number_of_customer(one), number_of_customer(other)
    if ours is None or theirs is None or ours.doubt or theirs.doubt:
        return False
    return ours.is_same(theirs) and share_a_word(one.name, other.name)


def link_card(card: NamedCard, by: FoundBy, changed: str) -> LinkedCard:
    """What is kept of a card that a customer is linked to."""
    number = card.organization_number
    return LinkedCard(card.id, by, card.full_name, number, card.home, number, changed)


def read_again(link: LinkedCard, card: NamedCard, changed: str) -> LinkedCard:
    """The same link with its card as it stands now."""
    number = card.organization_number
    return replace(
        link,
        full_name=card.full_name,
        organization_number=number,
        home=card.home,
        number_then=link.number_then or number,
        changed=changed,
    )


def is_as_known(link: LinkedCard, line: SyncedCompany) -> bool:
    """Whether the list of companies shows a linked card in the state that it was last read in.

    One that so24 has made is known as it was made.
    """
    as_made = link.by is FoundBy.CREATED and not link.changed and line.untouched
    return as_made or (bool(link.changed) and link.changed == line.changed)


def doubt_link(
    customer: Customer, link: LinkedCard, line: SyncedCompany | None, alike: Sequence[int] = ()
) -> Ask | None:
    """The question whether a linked card is still the customer's; None while nothing speaks
    against it.

    ``line`` is the card's in the list of companies, None where it is not there any more; ``alike``
    are other cards with the customer's ExternalId. A person's word is believed about these, and
    about name and number as they were, not about what has changed.
    """
    doubt = _find_doubt(customer, link, line)
    if not doubt and alike and not link.said:
        return ask_about_alike(link, alike)
    return Ask((Candidate(link, f"linked, but {doubt}"),)) if doubt else None


def doubt_buyer(invoice: Invoice, card: LinkedCard) -> Ask | None:
    """The question for a document made out to another firm than its customer's card is of.

    Its customer may share one word with it, and another one with the card. Nothing is asked where
    the number is the same, or a person has said which card or whose document it is.
    """
    buyer = invoice.buyer_name
    if not (buyer and card.full_name) or card.by is FoundBy.PERSON:
        return None
    if share_a_word(buyer, card.full_name):
        return None
    if invoice.owner_name and name_words(invoice.owner_name) != name_words(buyer):
        return None  # that they are one is a person's word
    theirs = number_of_card(card)
    for number in (invoice.buyer_number, invoice.owner_number):
        ours = read_firm_number(number, card.home)
        if theirs and ours and not ours.placeholder and ours.is_same(theirs):
            return None
    doubt = f"its name shares no word with “{buyer[:80]}”, whom the document is made out to"
    return Ask((Candidate(card, f"linked, but {doubt}"),))


def ask_about_alike(link: LinkedCard, alike: Sequence[int]) -> Ask:
    """The question which of several cards with the customer's ExternalId is the right one."""
    others = ", ".join(map(str, sorted(alike)))
    doubt = f"linked, but the customer's ExternalId is on another card as well ({others})"
    return Ask((Candidate(link, doubt),))


def _find_doubt(customer: Customer, link: LinkedCard, line: SyncedCompany | None) -> str:
    if line is None:
        return "the card is not in 24SevenOffice any more"
    if not line.active:
        return "the card is inactive"
    numbers = link.number_then, link.organization_number
    then, now = (read_firm_number(each, link.home) for each in numbers)
    if then is not None and now is not None and not then.is_same(now):
        return f"its organization number was {link.number_then} when it was linked"
    return "" if link.by is FoundBy.PERSON else find_stranger(customer, link)


def find_stranger(customer: Customer, card: NamedCard) -> str:
    """What shows that a card is another firm's than the customer, in words; empty for nothing."""
    if _are_two_numbers(customer, card):
        return f"its organization number is not {customer.organization_number}"
    if not share_a_word(customer.name, card.full_name):
        return f"its name shares no word with {customer.name}"
    return ""


def _of_another(card: Card) -> str:
    """That a card is another RecMan customer's already; empty where it is not."""
    ours = card.external_id.startswith(OUR_CUSTOMERS)
    return f", but it is customer {card.external_id}'s" if ours else ""


def _are_two_numbers(customer: Customer, card: NamedCard) -> bool:
    """Whether both have an organization number that is no placeholder, and not the same one."""
    ours, theirs = number_of_customer(customer), number_of_card(card)
    said = ours and theirs and not (ours.placeholder or theirs.placeholder)
    return bool(said) and not are_same_number(customer, card)


def _decide_own(customer: Customer, cards: list[Card]) -> CardFound | Ask:
    """Of the cards that say to be the customer's by their ExternalId."""
    if len(cards) == 1 and not find_stranger(customer, cards[0]):
        return CardFound(cards[0], FoundBy.EXTERNAL_ID)
    return _ask(_weigh_own(customer, cards))


def _weigh_own(customer: Customer, cards: Iterable[Card]) -> list[tuple[Card, str]]:
    said = f"its ExternalId is {customer_reference(customer)}"
    doubts = ((card, find_stranger(customer, card)) for card in cards)
    return [(card, f"{said}, but {doubt}" if doubt else said) for card, doubt in doubts]


def _weigh_same_number(near: Iterable[tuple[Card, str]]) -> list[tuple[Card, str]]:
    said = "the same organization number"
    return [(card, f"{said}, but {doubt}" if doubt else said) for card, doubt in near]


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
        return f"it is customer {card.external_id}'s"
    if doubt:
        return doubt
    return "" if named_alike else f"its name shares no word with {customer.name}"


def _ask(weighed: Iterable[tuple[Card, str]]) -> Ask:
    return Ask(tuple(Candidate(card, how) for card, how in weighed))
