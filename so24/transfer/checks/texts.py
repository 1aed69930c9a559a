"""Checks of the texts that travel: their lengths and their characters (pure)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain
from operator import attrgetter

from so24.reasons import Reason
from so24.store.documents.documents import Document
from so24.transfer.checks.finding import Finding
from so24.transfer.order.mapping import (
    NAME_LENGTH,
    PRODUCT_NAME_LENGTH,
    REFERENCE_LENGTH,
    ROW_NAME_LENGTH,
    reference_of,
)

# 24SevenOffice, data types of the Company, Product and Invoice services
PRODUCT_NUMBER_LENGTH = 100
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
    if NAME_LENGTH < len(customer.name) <= _CUSTOMER_LENGTHS[0][2]:
        yield _too_long(Reason.TEXT_SHORTENED, "customer's name", customer.name, NAME_LENGTH)


def check_characters(document: Document) -> Iterator[Finding]:
    """No text holds what XML cannot carry; the field and the place in it are named."""
    if not _ILLEGAL.search("\n".join(_all_texts(document))):  # nearly all, at one look
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
