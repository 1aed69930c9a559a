"""Checks of a document's customer, its dates and its KID (pure).

The KID is the payment id of a Norwegian invoice: 2 to 25 characters, the last one a check. Which of
two rules holds is in the payee's agreement with the bank, which so24 does not know: a KID that
passes either of them is right. Rules: Mastercard Payment Services, *KID*; the hyphen as the check
character where modulus 11 gives 10 is the practice of some banks."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stdnum import luhn

from so24.dates import format_date
from so24.norwegian_numbers import NORWAY, is_norwegian_number
from so24.reasons import Reason
from so24.store.documents.documents import Document
from so24.transfer.checks.finding import CheckContext, Finding


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


_FORM = re.compile(r"(?=.*[1-9])[0-9]{1,24}[0-9-]")
_WEIGHTS = (2, 3, 4, 5, 6, 7)


def check_kid(document: Document) -> Iterator[Finding]:
    """A KID passes one of the two control rules; none at all is right as well.

    It was sent to the customer with the invoice, so a wrong one is carried and only pointed out.
    """
    kid = document.invoice.kid
    if kid and not is_kid(kid):
        yield Finding(Reason.KID_WRONG, f"KID: {kid}.", "KID")


def check_due_date(document: Document) -> Iterator[Finding]:
    """The due date is not before the invoice date."""
    invoice = document.invoice
    if invoice.due_date and invoice.due_date < invoice.invoice_date:
        words = f"It is due on {format_date(invoice.due_date)}."
        yield Finding(Reason.DUE_BEFORE_DATE, words, "due date")


def check_invoice_date(document: Document, context: CheckContext) -> Iterator[Finding]:
    """The invoice date is after the closed period, and not in the future."""
    day = document.invoice.invoice_date
    if context.closed_until and day <= context.closed_until:
        words = f"It is dated {format_date(day)}; closed until {format_date(context.closed_until)}."
        yield Finding(Reason.CLOSED_PERIOD, words, "invoice date")
    if context.today and day > context.today:
        yield Finding(Reason.FUTURE_DATE, f"It is dated {format_date(day)}.", "invoice date")


def is_kid(text: str) -> bool:
    """Whether the text is a KID by modulus 10 or 11; blanks between the digits are passed over."""
    bare = "".join(text.split())
    return bool(_FORM.fullmatch(bare)) and (passes_mod10(bare) or passes_mod11(bare))


def passes_mod10(kid: str) -> bool:
    """Whether the last digit is the one of Luhn's rule; ``kid`` has no blanks."""
    return bool(luhn.is_valid(kid))


def passes_mod11(kid: str) -> bool:
    """Whether the last character is :func:`mod11_check` of the digits before it."""
    return kid[:-1].isdecimal() and kid[-1] == mod11_check(kid[:-1])


def mod11_check(digits: str) -> str:
    """The check of these digits: weights 2 to 7 from the right, 11 less the rest.

    11 is written as 0 and 10 as a hyphen.
    """
    weighed = sum(
        int(digit) * _WEIGHTS[place % len(_WEIGHTS)] for place, digit in enumerate(digits[::-1])
    )
    check = 11 - weighed % 11
    return "-" if check == 10 else str(check % 11)
