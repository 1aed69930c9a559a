"""Whether a customer of ours and a card, or two customers, are one firm (pure).

Digits alone are no identity, for DE, GB and PT write nine of them as Norway does: a number counts
within its country, and the names must share a word. Placeholders count for nothing.
"""

from __future__ import annotations

from typing import Protocol

from so24.firms.names import share_a_word
from so24.firms.numbers import FirmNumber, read_firm_number
from so24.language.said import say
from so24.store.tables.document_tables import Customer


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


def find_stranger(customer: Customer, card: NamedCard) -> str:
    """What shows that a card is another firm's than the customer, in words; empty for nothing."""
    if are_two_numbers(customer, card):
        return say("its organization number is not {number}", number=customer.organization_number)
    if not share_a_word(customer.name, card.full_name):
        return say("its name shares no word with {name}", name=customer.name)
    return ""


def are_two_numbers(customer: Customer, card: NamedCard) -> bool:
    """Whether both have an organization number that is no placeholder, and not the same one."""
    ours, theirs = number_of_customer(customer), number_of_card(card)
    said = ours and theirs and not (ours.placeholder or theirs.placeholder)
    return bool(said) and not are_same_number(customer, card)
