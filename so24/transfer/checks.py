"""The checks that a document must pass before anything of it is sent (pure)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from so24.amounts import format_amount
from so24.store.document_tables import DocumentKind
from so24.store.documents import Document
from so24.transfer.mapping import (
    ORE,
    PRODUCT_NAME_LENGTH,
    REFERENCE_LENGTH,
    is_text,
    reference_of,
    row_amount,
    row_price,
)

# VAT per line against VAT per rate may differ by some øre; a krone is another invoice
ROUNDING = Decimal("1.00")

# what XML 1.0 cannot carry at all, not even escaped
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


@dataclass(frozen=True)
class Fault:
    """Why a document cannot be sent: a reason of the catalogue and the particulars."""

    reason: str
    words: str = ""


def check_document(document: Document) -> Fault | None:
    """The first fault of the document, the most telling first, or None."""
    return next((fault for check in CHECKS for fault in check(document)), None)


def _check_kind(document: Document) -> Iterator[Fault]:
    if document.invoice.kind is DocumentKind.CREDIT_NOTE:
        yield Fault("credit_note")


def _check_standing(document: Document) -> Iterator[Fault]:
    invoice = document.invoice
    if invoice.excluded:
        yield Fault("excluded", invoice.excluded_reason)
    if invoice.held:
        yield Fault("held", invoice.held)
    if invoice.changed_after_export:
        yield Fault("changed_after_export")
    if invoice.date_assumed:
        yield Fault("date_assumed", f"Proposed date: {invoice.invoice_date:%d.%m.%Y}.")


def _check_customer(document: Document) -> Iterator[Fault]:
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
        yield Fault("customer_incomplete", particulars)


def _check_lines(document: Document) -> Iterator[Fault]:
    if not any(not is_text(line) for line in document.lines):
        yield Fault("no_lines")
    for line in document.lines:
        where = f"Line {line.position}."
        if is_text(line):
            continue
        if not line.product_number:
            yield Fault("line_without_product", where)
        cut = abs(line.quantity) * ORE + ORE  # RecMan cuts prices to two decimals
        missed = abs(row_amount(line.quantity, line.unit_price) - line.net)
        if missed > cut or row_amount(line.quantity, row_price(line)) != line.net:
            yield Fault("line_arithmetic", where)


def _check_totals(document: Document) -> Iterator[Fault]:
    invoice = document.invoice
    for name, ours, stated in (
        ("VAT", invoice.vat, invoice.stated_vat),
        ("Total", invoice.total, invoice.stated_total),
    ):
        if stated is not None and abs(stated - ours) > ROUNDING:
            words = f"{name} is {format_amount(stated)} in the report, its lines give "
            yield Fault("totals_disagree", f"{words}{format_amount(ours)}.")


def _check_header(document: Document) -> Iterator[Fault]:
    invoice = document.invoice
    if len(reference_of(invoice)) > REFERENCE_LENGTH:
        yield Fault("too_long", f"The reference {reference_of(invoice)} has over 50 characters.")
    if invoice.due_date and invoice.due_date < invoice.invoice_date:
        yield Fault("due_before_date")


def _check_text(document: Document) -> Iterator[Fault]:
    fields = [("customer name", document.customer.name), ("address", document.customer.address)]
    for line in document.lines:
        fields.append((f"text of line {line.position}", line.text))
        fields.append((f"product of line {line.position}", line.product_name))
        if len(line.product_number) > PRODUCT_NAME_LENGTH:
            yield Fault("too_long", f"The product number of line {line.position}.")
    for name, value in fields:
        found = _ILLEGAL.search(value)
        if found:
            place = f"character U+{ord(found[0]):04X} at position {found.start() + 1}"
            yield Fault("illegal_character", f"The {name} has {place}.")


CHECKS: tuple[Callable[[Document], Iterator[Fault]], ...] = (
    _check_kind,
    _check_standing,
    _check_header,
    _check_customer,
    _check_lines,
    _check_totals,
    _check_text,
)
