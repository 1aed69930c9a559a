"""Which customer a bill's buyer is, and what comes from elsewhere because EHF does not state it."""

from __future__ import annotations

import enum
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from so24.firms.names import name_words
from so24.firms.norwegian_numbers import NORWAY, are_one_number
from so24.language.said import say
from so24.sources.documents.documents import SourceCustomer
from so24.sources.ehf.bill import Adjustment, Party
from so24.sources.reports.customers import normalise_organization_number
from so24.sources.sheets.cells.cell import BadCell


@dataclass(frozen=True)
class CustomerIdentity:
    """By what a customer is told from others; either may be empty where it is not known."""

    name: str
    organization_number: str

    def __str__(self) -> str:
        number = f" ({self.organization_number})" if self.organization_number else ""
        return f"{self.name[:80]}{number}"


@dataclass(frozen=True)
class Supplement:
    """What EHF files do not state: said at the import, known already, or set by the installation.

    ``department`` is the chosen department's number; without it the known department ``org-`` and
    the seller's organization number is taken. ``customers``: customer numbers by organization
    number; ``known``: who has a customer number. The product numbers are for allowances and
    charges of a whole document. ``sellers``: the organization numbers whose documents may come in,
    none where that is not checked.
    """

    department: str = ""
    departments: frozenset[str] = frozenset()
    customers: Mapping[str, frozenset[str]] = field(default_factory=dict)
    known: Mapping[str, CustomerIdentity] = field(default_factory=dict)
    allowance_product: str = ""
    charge_product: str = ""
    sellers: frozenset[str] = frozenset()

    def product_of(self, adjustment: Adjustment) -> str:
        """The product number for an allowance or charge of a whole document; may be empty."""
        return self.charge_product if adjustment.is_charge else self.allowance_product


_MAIL = re.compile(r"[^@\s,;]+@[^@\s,;]+\.[^@\s,;.]+")
_NUMBER_LENGTH = 20
_DETAILS = ("organization_number", "address", "postal_code", "city", "invoice_email")


class Likeness(enum.Enum):
    """What two customers of one number are: the same, renamed perhaps, or two."""

    SAME = enum.auto()
    RENAMED = enum.auto()
    OTHER = enum.auto()


def compare_customers(one: CustomerIdentity, other: CustomerIdentity) -> Likeness:
    """Their organization numbers decide; where one is missing, only names that share all words.

    Letters, signs and the form of the company do not count in a name.
    """
    numbers = one.organization_number, other.organization_number
    same_number = all(numbers) and are_one_number(*numbers)
    if all(numbers) and not same_number:
        return Likeness.OTHER
    first, second = name_words(one.name), name_words(other.name)
    if first == second or not first or not second:
        return Likeness.SAME
    if same_number or first <= second or second <= first:
        return Likeness.RENAMED
    return Likeness.OTHER


def identify(party: Party) -> CustomerIdentity:
    """The buyer as it is compared with customers, or the seller as it is shown."""
    return CustomerIdentity(party.name, organization_number(party))


def find_customer(buyer: Party, known: Mapping[str, Collection[str]]) -> tuple[str, bool]:
    """The buyer's customer number, and whether the file states it itself.

    Else it is the one known customer with the buyer's organization number, else that number.
    ``known``: customer numbers by organization number. Raises :class:`BadCell` with a sentence
    where the buyer has neither, or several customers have its organization number.
    """
    if buyer.number:
        return buyer.number, True
    number = organization_number(buyer)
    if not number:
        raise BadCell(
            say(
                "its buyer “{name}” has neither a customer number nor an organization number; fill "
                "one in where the document was made (a private person's customer number stands in "
                "PartyIdentification, without a schemeID)",
                name=buyer.name[:60],
            )
        )
    found = sorted(known.get(number, ()))
    if len(found) > 1:
        raise BadCell(
            say(
                "several customers have the organization number {number}: {customers}; the "
                "document must state the customer number",
                number=number,
                customers=", ".join(found[:5]),
            )
        )
    return (found[0] if found else number), False


def organization_number(party: Party) -> str:
    """Its number without prefix and blanks; empty where a Norwegian one is none, or it is too long.

    A cut number would be another one.
    """
    text, country = party.organization_number, party.country or NORWAY
    try:
        number = normalise_organization_number(text, country)
    except BadCell:
        return ""
    return number if len(number) <= _NUMBER_LENGTH else ""


def describe_customer(number: str, buyer: Party) -> SourceCustomer:
    """The customer as the bill has it; it fills what is not known."""
    email = buyer.email if _MAIL.fullmatch(buyer.email) else ""
    values = {
        "organization_number": organization_number(buyer),
        "address": buyer.address,
        "postal_code": buyer.postal_code,
        "city": buyer.city,
        "invoice_email": email,
    }
    return SourceCustomer(
        number=number,
        name=buyer.name,
        organization_number=values["organization_number"],
        address=buyer.address,
        postal_code=buyer.postal_code,
        city=buyer.city,
        country=buyer.country,
        invoice_email=email,
        credit_days=None,
        given=frozenset(name for name in _DETAILS if values[name]),
        fills_only=True,
    )
