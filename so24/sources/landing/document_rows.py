"""A document of a source in the columns of the store."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from so24.sources.documents.documents import SourceDocument
from so24.sources.documents.totals import add_up
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
