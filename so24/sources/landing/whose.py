"""Whether two statements of whose a customer's number is disagree (pure).

Neither the first nor the last one is believed then: the invoice would be another firm's. Equal
organization numbers are one firm, whatever it is called; without them the names must share a word.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from so24.company_names import share_a_word
from so24.letters import fold
from so24.norwegian_numbers import are_one_number, bare_number
from so24.store.tables.document_tables import Customer

SAME_FIRM = "Is it the same firm?"


@dataclass(frozen=True)
class Firm:
    """Who a customer is, as one source states it; either may be empty."""

    name: str
    organization_number: str = ""

    @classmethod
    def of(cls, row: Customer) -> Firm:
        """Who a stored customer is."""
        return cls(row.name, row.organization_number)

    def __str__(self) -> str:
        number = f" ({self.organization_number})" if self.organization_number else ""
        return f"“{self.name[:80]}”{number}"


def disagree(one: Firm, other: Firm) -> bool:
    """Whether two statements about one customer number are about two parties.

    Equal digits are one number only if both say of which country it is, or the names agree.
    """
    numbers = one.organization_number, other.organization_number
    if all(numbers) and not are_one_number(*numbers):
        return True
    if all(numbers) and len(set(map(bare_number, numbers))) == 1:
        return False
    return bool(one.name and other.name) and not share_a_word(one.name, other.name)


def is_other_customer(stored: Customer, arriving: Customer, *, stated: bool) -> bool:
    """Whether two are known to be different customers, and not one under a new number.

    ``stated``: the arriving one's number is the source's own word. One that was made of the
    organization number says nothing of itself.
    """
    if stored.id == arriving.id:
        return False
    if stored.organization_number and arriving.organization_number:
        return disagree(Firm.of(stored), Firm.of(arriving))
    if not stated or stored.number == stored.organization_number:
        return False
    return fold(stored.name) != fold(arriving.name)


def find_disputed(names: Iterable[tuple[str, str]]) -> set[str]:
    """The customer numbers for which documents state names that share no word."""
    stated: dict[str, str] = {}
    return {
        number
        for number, name in names
        if name and not share_a_word(stated.setdefault(number, name), name)
    }


def ask_about_customer(number: str, stored: Firm, stated: Firm) -> str:
    """The question for a list that states another party under a known number."""
    return (
        f"Customer {number} is {stored} here, and a list says that it is {stated}. "
        "Is that right? Nothing of the customer was changed."
    )


def ask_whose(number: str, stored: Firm, named: str) -> str:
    """The question for a document that names another party than its customer number's."""
    return (
        f"It is made out to “{named[:80]}”, and its customer number {number} is that of {stored}. "
        f"{SAME_FIRM}"
    )
