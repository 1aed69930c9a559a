"""Checks of a document's customer (pure)."""

from __future__ import annotations

from collections.abc import Iterator

from so24.organization_numbers import NORWAY, is_norwegian_number
from so24.reasons import Reason
from so24.store.documents.documents import Document
from so24.transfer.checks.finding import Finding


def check_customer(document: Document) -> Iterator[Finding]:
    """The customer has all that 24SevenOffice asks of a new company."""
    customer = document.customer
    missing = [
        name
        for name, value in (
            ("name", customer.name),
            ("address", customer.address),
            ("postal code", customer.postal_code),
            ("city", customer.city),
        )
        if not value
    ]
    if missing:
        particulars = f"Customer {customer.number} lacks {', '.join(missing)}."
        yield Finding(Reason.CUSTOMER_INCOMPLETE, particulars, f"customer's {missing[0]}")


def check_organization_number(document: Document) -> Iterator[Finding]:
    """A Norwegian customer has an organization number, and one that passes its check.

    Private persons have none and foreign companies another country's: neither is ever blocked.
    """
    customer = document.customer
    number = customer.organization_number
    if customer.country not in ("", NORWAY) or is_norwegian_number(number):
        return
    name = f"Customer {customer.number} {customer.name}".strip()
    if number:
        words = f"{name}: {number}."
        yield Finding(Reason.ORGANIZATION_NUMBER_WRONG, words, "organization number")
    else:
        yield Finding(Reason.ORGANIZATION_NUMBER_MISSING, f"{name}.", "organization number")
