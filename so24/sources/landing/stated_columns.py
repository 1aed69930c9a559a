"""The columns of a document that follow from what a source states, and from what it is silent of.

Where two sources state the same amounts they state the same document, however much else the one
tells and the other does not. Nothing that one source stated is taken away because another says
nothing of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from so24.sources.documents.documents import SourceDocument, SourceLine
from so24.sources.documents.totals import Totals
from so24.sources.landing.far_dates import is_far
from so24.store.tables.document_tables import Customer, Invoice
from so24.store.tables.key_tables import Department

_KEPT_OF_A_LINE = tuple(name for name in SourceLine._fields if name not in ("row", "total"))


def values_of(
    document: SourceDocument, totals: Totals, customer: Customer, department: Department
) -> dict[str, Any]:
    """The columns of a document that follow from what its source states."""
    more = document.particulars
    return {
        "department_id": department.id,
        "customer_id": customer.id,
        "currency": document.currency,
        "net": totals.net,
        "vat": totals.vat,
        "total": totals.total,
        "stated_vat": totals.stated_vat if more.vat is None else more.vat,
        "stated_total": totals.stated_total if more.total is None else more.total,
        "due_stated": more.due_date is not None,
        "held": document.held,
        **silent_fields(document),
    }


def columns_of_lines(documents: Sequence[tuple[int, SourceDocument]]) -> dict[str, Sequence[Any]]:
    """The lines of documents, each with its id in the store, by the columns of the store."""
    lines = [line for _, document in documents for line in document.lines]
    stated = dict(zip(SourceLine._fields, zip(*lines, strict=True), strict=True)) if lines else {}
    return {
        "invoice_id": [new for new, document in documents for _ in document.lines],
        "position": [place for _, each in documents for place in range(1, len(each.lines) + 1)],
        **{name: stated.get(name, ()) for name in _KEPT_OF_A_LINE},
    }


def silent_fields(document: SourceDocument) -> dict[str, Any]:
    """What only some sources state, by the names of the store."""
    more = document.particulars
    return {
        "delivery_date": more.delivery_date,
        "our_reference": document.our_reference,
        "your_reference": more.your_reference,
        "order_reference": more.order_reference,
        "kid": more.kid,
        "note": more.note,
        "credited_number": more.credited_number,
        "project_number": document.project_number,
        "project_name": document.project_name,
    }


def add_what_is_missing(row: Invoice, document: SourceDocument) -> bool:
    """Fill what the stored document has nothing for; whether anything was."""
    changed = False
    for name, value in silent_fields(document).items():
        if value and not getattr(row, name):
            setattr(row, name, value)
            changed = True
    changed |= _add_stated_total(row, document)
    # that its own total is another than 24SevenOffice would reckon is no other source's to answer
    if row.held and not document.held and row.stated_total in (None, row.total):
        row.kind, row.held, changed = document.kind, "", True
    date = document.invoice_date
    if row.date_assumed and date and (date != row.invoice_date or not is_far(date)):
        row.invoice_date, row.date_assumed, changed = date, is_far(date), True
    if document.particulars.due_date and not row.due_stated:
        row.due_date, row.due_stated, changed = document.particulars.due_date, True, True
    return changed


def _add_stated_total(row: Invoice, document: SourceDocument) -> bool:
    """Know a source's own total where none is known, or it is another than was reckoned."""
    more = document.particulars
    if more.total is None or more.total == row.stated_total:
        return False
    turned = (more.total < 0) is not (row.total < 0)
    if turned or (row.stated_total is not None and more.total == row.total):
        return False
    row.stated_vat, row.stated_total = more.vat, more.total
    return True


def lacks_products(
    stored: Iterable[tuple[Decimal, Decimal, str]], document: SourceDocument
) -> bool:
    """Whether a product number is missing in the stored lines and none in the document."""
    missing = any(not product for _, _, product in stored)
    return missing and all(line.product_number for line in document.lines)


def special_categories(document: SourceDocument) -> dict[tuple[Decimal, Decimal], str]:
    """The VAT categories of lines without VAT, but the plain zero rate, by net and rate.

    Where lines alike have several, they cannot be told apart, and none is given.
    """
    found: dict[tuple[Decimal, Decimal], set[str]] = {}
    for line in document.lines:
        if not line.vat_rate:
            found.setdefault((line.net, line.vat_rate), set()).add(line.vat_category)
    single = {key: next(iter(each)) for key, each in found.items() if len(each) == 1}
    return {key: category for key, category in single.items() if category not in ("", "Z")}


def keep_what_is_told(
    row: Invoice, values: Mapping[str, Any], document: SourceDocument
) -> dict[str, Any]:
    """The new values of a stored document but for what the arriving one is silent about."""
    kept = {name for name, value in silent_fields(document).items() if not value}
    if row.due_stated and not values["due_stated"]:
        kept |= {"due_date", "due_stated"}
    return {name: value for name, value in values.items() if name not in kept}
