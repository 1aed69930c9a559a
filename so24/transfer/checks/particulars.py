"""Checks of a document's customer, dates and KID, and of all texts that travel (pure).

The KID is the payment id of a Norwegian invoice: 2 to 25 characters, the last one a check. Which of
two rules holds is in the payee's agreement with the bank, which so24 does not know: a KID that
passes either of them is right. Rules: Mastercard Payment Services, *KID*; the hyphen as the check
character where modulus 11 gives 10 is the practice of some banks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain, cycle
from operator import attrgetter, mul

from so24.dates import format_date
from so24.firms.norwegian_numbers import NORWAY, is_norwegian_number
from so24.firms.numbers import is_placeholder
from so24.reasons import Reason
from so24.sources.landing.whose import is_said
from so24.store.documents.documents import Document, DocumentLine
from so24.transfer.checks.finding import CheckContext, Finding
from so24.transfer.order.mapping import (
    NAME_LENGTH,
    PRODUCT_NAME_LENGTH,
    REFERENCE_LENGTH,
    ROW_NAME_LENGTH,
    reference_of,
)

_FORM = re.compile(r"(?=.*[1-9])[0-9]{1,24}[0-9-]")
_WEIGHTS = (2, 3, 4, 5, 6, 7)
_DOUBLED = str.maketrans("0123456789", "0246813579")
# 24SevenOffice, data types of the Company, Product and Invoice services
PRODUCT_NUMBER_LENGTH = 100
# no text of a line is too long where all of them together are not
_SHORTEST_LIMIT = min(PRODUCT_NUMBER_LENGTH, PRODUCT_NAME_LENGTH, ROW_NAME_LENGTH - 1)
CUT_MARK = "…"  # at the end of a text that was too long for the store
_CUSTOMER_LENGTHS = (
    ("customer's name", "name", 200),
    ("organization number", "organization_number", 20),
    ("customer's address", "address", 250),
    ("customer's postal code", "postal_code", 16),
    ("customer's city", "city", 100),
    ("customer's country", "country", 2),
    ("customer's invoice e-mail", "invoice_email", 250),
)
_INVOICE_TEXTS = (
    ("number", "number"),
    ("our reference", "our_reference"),
    ("your reference", "your_reference"),
    ("order reference", "order_reference"),
    ("KID", "kid"),
    ("note", "note"),
    ("project number", "project_number"),
    ("project name", "project_name"),
)
_LINE_TEXTS = (
    ("product number", "product_number"),
    ("product", "product_name"),
    ("text", "text"),
)
_customer_texts = attrgetter(*(name for _, name, _ in _CUSTOMER_LENGTHS))
_invoice_texts = attrgetter(*(name for _, name in _INVOICE_TEXTS))
_line_texts = attrgetter(*(name for _, name in _LINE_TEXTS))
# what XML 1.0 cannot carry at all, not even escaped
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def check_customer(document: Document) -> Iterator[Finding]:
    """The customer has all that 24SevenOffice asks of a new company.

    Where a list's cell is why it has not, that cell is named: RecMan may be complete. Other cells
    that could not be read are only pointed out.
    """
    customer, doubts = document.customer, document.customer.read_doubts()
    needed = (customer.name, customer.address, customer.postal_code, customer.city)
    if all(needed) and customer.country and not doubts:  # as nearly all
        return
    missing = [
        name
        for name, value in (
            ("name", customer.name),
            ("address", customer.address),
            ("postal code", customer.postal_code),
            ("city", customer.city),
            # it is Norway unless a list says another one, which could not be read
            ("country", customer.country or "country" not in doubts),
        )
        if not value
    ]
    if missing:
        fields = ("", *(name.replace(" ", "_") for name in missing))
        causes = dict.fromkeys(filter(None, [doubts.pop(field, "") for field in fields]))
        told = [f"Customer {customer.number} lacks {', '.join(missing)}.", *causes]
        if causes:
            told.append("That cell is to be mended: RecMan may be complete.")
        elif not customer.completed:
            told.append("No customers list that was imported has this customer.")
        particulars = " ".join(told)
        yield Finding(Reason.CUSTOMER_INCOMPLETE, particulars, f"customer's {missing[0]}")
        doubts = {field: words for field, words in doubts.items() if words not in causes}
    if doubts:
        words = " ".join(dict.fromkeys(doubts.values()))
        yield Finding(Reason.DETAIL_DOUBTED, words, "customer")


def check_organization_number(document: Document) -> Iterator[Finding]:
    """A Norwegian customer has an organization number, and one that passes its check.

    Private persons have none and foreign companies another country's: neither is ever blocked. A
    placeholder is told of whichever country, for it is not written to 24SevenOffice.
    """
    customer = document.customer
    number = customer.organization_number
    name = f"Customer {customer.number} {customer.name}".strip()
    if is_placeholder(number, customer.country):
        words = f"{name}: {number} is a placeholder, which is not written to 24SevenOffice."
        yield Finding(Reason.ORGANIZATION_NUMBER_WRONG, words, "organization number")
        return
    if customer.country not in ("", NORWAY) or is_norwegian_number(number):
        return
    if number:
        words = f"{name}: {number}."
        yield Finding(Reason.ORGANIZATION_NUMBER_WRONG, words, "organization number")
    elif "organization_number" not in customer.read_doubts():
        yield Finding(Reason.ORGANIZATION_NUMBER_MISSING, f"{name}.", "organization number")


def check_said_firm(document: Document, context: CheckContext) -> Iterator[Finding]:
    """A document that is its customer's by a person's word alone says so, and whose word it is."""
    invoice, customer = document.invoice, document.customer
    if is_said(invoice):
        who = context.said_by.get(document.invoice_id, "a person")
        words = (
            f"It is made out to “{invoice.buyer_name}”, and goes to the card of customer "
            f"{customer.number} “{customer.name}”, because {who} said that both are one firm."
        )
        yield Finding(Reason.SAID_SAME_FIRM, words, "customer")


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
    if not kid.isdecimal():
        return False
    doubled = kid[-2::-2].translate(_DOUBLED)  # 12 is 3, and so on: the sum of its digits
    return (sum(map(int, kid[::-2])) + sum(map(int, doubled))) % 10 == 0


def passes_mod11(kid: str) -> bool:
    """Whether the last character is :func:`mod11_check` of the digits before it."""
    return kid[:-1].isdecimal() and kid[-1] == mod11_check(kid[:-1])


def mod11_check(digits: str) -> str:
    """The check of these digits: weights 2 to 7 from the right, 11 less the rest.

    11 is written as 0 and 10 as a hyphen.
    """
    weighed = sum(map(mul, map(int, reversed(digits)), cycle(_WEIGHTS)))
    check = 11 - weighed % 11
    return "-" if check == 10 else str(check % 11)


def check_lengths(document: Document) -> Iterator[Finding]:
    """Nothing that is sent whole is longer than 24SevenOffice takes; what is cut is named.

    Cut are the names of a row, of a new product, and of the customer on the order; a file's long
    texts are cut as they are read, and marked so.
    """
    customer = document.customer
    for (field, _, most), text in zip(_CUSTOMER_LENGTHS, _customer_texts(customer), strict=True):
        if len(text) > most:
            yield _too_long(Reason.TOO_LONG, field, text, most)
    reference = reference_of(document.invoice)
    if len(reference) > REFERENCE_LENGTH:
        yield _too_long(Reason.TOO_LONG, "reference", reference, REFERENCE_LENGTH)
    for line in document.lines:
        if len(line.product_number) + len(line.text) + len(line.product_name) > _SHORTEST_LIMIT:
            yield from _check_line_lengths(line)
    if NAME_LENGTH < len(customer.name) <= _CUSTOMER_LENGTHS[0][2]:
        yield _too_long(Reason.TEXT_SHORTENED, "customer's name", customer.name, NAME_LENGTH)


def _check_line_lengths(line: DocumentLine) -> Iterator[Finding]:
    for reason, field, text, most in (
        (Reason.TOO_LONG, "product number", line.product_number, PRODUCT_NUMBER_LENGTH),
        (Reason.TEXT_SHORTENED, "text", line.text or line.product_name, ROW_NAME_LENGTH),
        (Reason.TEXT_SHORTENED, "product", line.product_name, PRODUCT_NAME_LENGTH),
    ):
        if len(text) > most:
            yield _too_long(reason, f"{field} of line {line.position}", text, most)
    if len(line.text) == ROW_NAME_LENGTH and line.text.endswith(CUT_MARK):
        field = f"text of line {line.position}"
        words = f"The {field} was cut to {ROW_NAME_LENGTH} characters as it was read."
        yield Finding(Reason.TEXT_SHORTENED, words, field)


def check_characters(document: Document) -> Iterator[Finding]:
    """No text holds what XML cannot carry; the field and the place in it are named."""
    if "".join(_all_texts(document)).isprintable():  # nearly all, at one look
        return
    for field, text in zip(_all_fields(document), _all_texts(document), strict=True):
        found = _ILLEGAL.search(text)
        if found:
            place = f"character U+{ord(found[0]):04X} at position {found.start() + 1}"
            yield Finding(Reason.ILLEGAL_CHARACTER, f"The {field} has {place}.", field)


def _all_texts(document: Document) -> list[str]:
    return [
        *_customer_texts(document.customer),
        *_invoice_texts(document.invoice),
        *chain.from_iterable(map(_line_texts, document.lines)),
    ]


def _all_fields(document: Document) -> list[str]:
    return [
        *(field for field, _, _ in _CUSTOMER_LENGTHS),
        *(field for field, _ in _INVOICE_TEXTS),
        *(
            f"{field} of line {line.position}"
            for line in document.lines
            for field, _ in _LINE_TEXTS
        ),
    ]


def _too_long(reason: Reason, field: str, text: str, most: int) -> Finding:
    return Finding(reason, f"The {field} has {len(text)} characters of at most {most}.", field)
