"""What a case brings: customers, invoices, credit notes and EHF files, in few words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from tests.sources.report_files import CUSTOMER, LINE, NUMBER

Row = dict[str, Any]
DATE = dt.date(2026, 11, 10)
ORE = Decimal("0.01")


@dataclass(frozen=True)
class Brought:
    """Rows of a customers list, of *Invoice lines* and of *Credit notes*, and EHF files."""

    customers: Sequence[Row] = ()
    lines: Sequence[Row] = ()
    notes: Sequence[Row] = ()
    bills: Sequence[bytes] = ()


@dataclass(frozen=True)
class Outcome:
    """How a document ends: its state, and words of its reason or of its card's name."""

    state: str
    words: str = ""


ABSENT = "absent"  # of a document that did not come in


@dataclass(frozen=True)
class Case:
    """A case: what stands in 24SevenOffice, what was sent ``before``, and what comes ``now``.

    ``cards`` are there from the beginning; ``edits`` are made by hand between the two exports, by
    the name of the card. ``ends`` has the outcome of each document by its number as it is shown.
    """

    name: str
    now: Brought
    ends: Mapping[str, Outcome]
    before: Brought = Brought()
    cards: Sequence[Mapping[str, Any]] = ()
    edits: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


def firm(number: str, name: str, organization: str = "", country: str = "NO", **more: Any) -> Row:
    """A customer of the list."""
    return {
        **CUSTOMER, "Customer no.": number, "Company": name, "Country": country,
        "Organization number": organization, "Invoice e-mail": f"k{number}@kunde.example", **more,
    }  # fmt: skip


def row(
    number: str, customer: Row, quantity: str = "1", price: str = "1000", /, **more: Any
) -> Row:
    """A line of an invoice of 25 % VAT to this customer."""
    net = (Decimal(quantity) * Decimal(price)).quantize(ORE, ROUND_HALF_UP)
    return {
        **LINE, NUMBER: number, "Date": DATE, "Invoice date": DATE, "Product no.": "1001",
        "Product": "Konsulenttimer", "Quantity": Decimal(quantity), "Price": Decimal(price),
        "Sum excl. VAT": net, "VAT %": Decimal(25), "Customer no.": customer["Customer no."],
        "Company": customer["Company"], **more,
    }  # fmt: skip


def note(number: str, customer: Row, credited: str, total: str) -> Row:
    """A row of the *Credit notes* report."""
    return {
        "Credit note no.": number, "Credit note date": DATE, "Invoice no.": credited,
        "Customer no.": customer["Customer no."], "Company": customer["Company"],
        "Sum credit note": Decimal(total), "Currency": "NOK",
    }  # fmt: skip


def sent(card: str) -> Outcome:
    """Booked on the card of this name."""
    return Outcome("transferred", card)


def blocked(words: str) -> Outcome:
    """Not sent, for a reason with these words."""
    return Outcome("blocked", words)
