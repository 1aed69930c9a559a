"""One document from two sources: RecMan's report and an EHF file, say.

Where both state the same amounts they state the same document, however much else the one tells
and the other does not. Nothing that one source stated is taken away because another is silent.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from sqlmodel import Session

from so24.sources.documents.documents import DEPARTMENT, EHF, SourceDocument
from so24.sources.documents.totals import add_up
from so24.sources.sheets.headings import LINES
from so24.store.documents.intake import import_kinds, line_amounts
from so24.store.tables.document_tables import Customer, Invoice
from so24.store.tables.key_tables import Department


def values_of(
    document: SourceDocument, customer: Customer, department: Department
) -> dict[str, Any]:
    """The columns of a document that follow from what its source states."""
    totals = add_up(document.lines)
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


def lines_of(row: Invoice, document: SourceDocument) -> Iterable[dict[str, Any]]:
    """The document's lines as rows of the store; the document has its id."""
    for position, line in enumerate(document.lines, 1):
        yield {
            "invoice_id": row.id,
            "position": position,
            "product_number": line.product_number,
            "product_name": line.product_name,
            "text": line.text,
            "quantity": line.quantity,
            "unit_price": line.unit_price,
            "net": line.net,
            "vat_rate": line.vat_rate,
            "vat": line.vat,
            "vat_category": line.vat_category,
            "line_date": line.line_date,
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


class OtherSources:
    """What the stored documents have that came from another source than those that arrive."""

    def __init__(self, session: Session, rows: Iterable[Invoice], kind: str) -> None:
        """``rows`` are the stored documents; ``kind`` is the kind of file that is imported."""
        rows = list(rows)
        kinds = import_kinds(session, (row.import_id for row in rows if row.import_id))
        self._origins = {number: _origin(each) for number, each in kinds.items()}
        self._arriving = _origin(kind)
        told = [row.row_id for row in rows if self.has_told(row)]
        self._lines = line_amounts(session, told)

    def has_told(self, row: Invoice) -> bool:
        """Whether the stored document is as another source stated it."""
        return self._origin_of(row) not in (self._arriving, "")

    def is_same(self, row: Invoice, document: SourceDocument) -> bool:
        """Whether another source stated the same date, currency and lines' amounts.

        While it is not known whether the stored one is a credit note, its sign does not count.
        """
        if not self.has_told(row) or row.currency != document.currency or row.id is None:
            return False
        if not row.date_assumed and document.invoice_date not in (None, row.invoice_date):
            return False
        stated = Counter((line.net, line.vat_rate) for line in document.lines)
        stored = self._lines.get(row.id, ())
        return any(
            stated == Counter((sign * net, rate) for net, rate, _ in stored)
            for sign in ((1, -1) if row.held else (1,))
        )

    def lacks_products(self, row: Invoice, document: SourceDocument) -> bool:
        """Whether a product number is missing in the store and none in the document."""
        stored = () if row.id is None else self._lines.get(row.id, ())
        return any(not product for _, _, product in stored) and all(
            line.product_number for line in document.lines
        )

    def is_department_chosen(self, row: Invoice, document: SourceDocument) -> bool:
        """Whether the department of one of both was only chosen for it at an import."""
        return DEPARTMENT in document.unstated or self._origin_of(row) == EHF

    def _origin_of(self, row: Invoice) -> str:
        return self._origins.get(row.import_id or 0, "")


def add_what_is_missing(row: Invoice, document: SourceDocument) -> bool:
    """Fill what the stored document has nothing for; whether anything was."""
    changed = False
    for name, value in silent_fields(document).items():
        if value and not getattr(row, name):
            setattr(row, name, value)
            changed = True
    if row.held and not document.held:
        row.kind, row.held, changed = document.kind, "", True
    if row.date_assumed and document.invoice_date:
        row.invoice_date, row.date_assumed, changed = document.invoice_date, False, True
    if document.particulars.due_date and not row.due_stated:
        row.due_date, row.due_stated, changed = document.particulars.due_date, True, True
    return changed


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


def _origin(kind: str) -> str:
    return LINES.name if LINES.name in kind else kind  # a report may hold the customers as well
