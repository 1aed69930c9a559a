"""Whether two statements of whose a customer's number is disagree (pure).

Neither the first nor the last one is believed then: the invoice would be another firm's. Equal
organization numbers are one firm, whatever it is called; without them the names must share a word.
A placeholder is no number. What is compared with is never only the last statement: *Havørn
Transport* would become *Bygg Transport*, and that *Bjørkelund Bygg*, a word at a time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple, Protocol

from so24.firms.names import name_words, share_a_word
from so24.firms.norwegian_numbers import are_one_number, bare_number
from so24.firms.numbers import read_firm_number
from so24.language.said import cut_said, say
from so24.letters import fold
from so24.sources.documents.documents import SourceDocument
from so24.store.tables.document_tables import QUESTION_LENGTH, Customer, Invoice

SAME_FIRM = say("Is it the same firm?")
NAME_SHOWN = 80
_LONGEST_NAME, _LONGEST_NUMBER = 200, 20


class HasBuyer(Protocol):
    """A document that may be stored: whom it is made out to, surely is of, and what is asked."""

    buyer_name: str
    buyer_number: str
    owner_name: str
    owner_number: str
    whose: str


@dataclass
class NewBuyer:
    """The same of a document that is not stored yet."""

    buyer_name: str = ""
    buyer_number: str = ""
    owner_name: str = ""
    owner_number: str = ""
    whose: str = ""


class Firm(NamedTuple):
    """Who a customer is, as one source states it; either may be empty."""

    name: str
    organization_number: str = ""

    @classmethod
    def of(cls, row: Customer) -> Firm:
        """Who a stored customer is."""
        return cls(row.name, row.organization_number)

    @classmethod
    def stated_by(cls, document: SourceDocument) -> Firm:
        """Whom a document that arrives is made out to, as far as its source states it."""
        return cls(document.customer_name[:_LONGEST_NAME], document.buyer_number[:_LONGEST_NUMBER])

    @classmethod
    def buyer_of(cls, row: HasBuyer) -> Firm:
        """Whom a document is made out to."""
        return cls(row.buyer_name, row.buyer_number)

    @classmethod
    def owner_of(cls, row: HasBuyer) -> Firm:
        """The firm that a document surely is of; without a name where none is."""
        return cls(row.owner_name, row.owner_number)

    @property
    def telling_number(self) -> str:
        """The organization number, if a firm can be told by it; else empty."""
        return self.organization_number if tells_a_firm(self.organization_number) else ""

    @property
    def words(self) -> str:
        """The name in quotation marks, and the organization number where there is one."""
        name = self.name[:NAME_SHOWN]
        if not self.organization_number:
            return say("“{name}”", name=name)
        return say("“{name}” ({number})", name=name, number=self.organization_number)


def tells_a_firm(number: str) -> bool:
    """Whether an organization number is one: 000000000, 123456789 and the like are none."""
    read = read_firm_number(number, "")
    return read is not None and not read.placeholder


def disagree(one: Firm, other: Firm) -> bool:
    """Whether two statements about one customer number are about two parties.

    Equal digits are one number only if both say of which country it is, or the names agree.
    """
    numbers = one.telling_number, other.telling_number
    if all(numbers) and not are_one_number(*numbers):
        return True
    return not have_equal_numbers(one, other) and share_no_word(one.name, other.name)


def have_equal_numbers(one: Firm, other: Firm) -> bool:
    """Whether both have an organization number, written alike but for blanks and signs."""
    numbers = one.telling_number, other.telling_number
    return all(numbers) and len(set(map(bare_number, numbers))) == 1


def share_no_word(one: str, other: str) -> bool:
    """Whether two names are there, and have no telling word in common."""
    return bool(one and other) and not share_a_word(one, other)


def is_still(known: Firm, now: Firm) -> bool:
    """Whether a firm is the one that it was: its number, or without numbers its very name."""
    if known.telling_number and now.telling_number:
        return have_equal_numbers(known, now)
    return bool(known.name) and name_words(known.name) == name_words(now.name)


def is_another_firm(row: Customer, stated: Firm) -> bool:
    """Whether a list or a report states another firm than a stored customer is.

    The name must share a word with the present one and with that which it was first known by.
    """
    stored = Firm.of(row)
    if disagree(stored, stated):
        return True
    return not have_equal_numbers(stored, stated) and share_no_word(row.known_as, stated.name)


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


def ask_about_customer(number: str, stored: Firm, stated: Firm) -> str:
    """The question for a list that states another party under a known number."""
    question = say(
        "Customer {customer} is {stored} here, and a list says that it is {stated}. Is that right? "
        "Nothing of the customer was changed.",
        customer=number,
        stored=stored.words,
        stated=stated.words,
    )
    return cut_said(question, QUESTION_LENGTH)


def is_said(row: HasBuyer) -> bool:
    """Whether a document is its customer's by a person's word alone: its own name is another."""
    named = row.owner_name and row.buyer_name and not row.whose
    return bool(named) and name_words(row.owner_name) != name_words(row.buyer_name)


def names_another_firm(row: Invoice, customer: Customer, stated: Firm) -> bool:
    """Whether a document comes again with another party than it was made out to, and is of."""
    owner = Firm.of(customer)
    if not stated.name or not disagree(owner, stated):
        return False
    known = Firm.buyer_of(row)
    return not known.name or disagree(known, stated)
