"""Documents and orders in memory, for the tables of the pure decisions."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from so24.office.values import Order, OrderRow
from so24.store.documents.documents import Document, DocumentLine
from so24.store.tables.document_tables import Customer, DocumentKind, Invoice
from so24.store.tables.key_tables import Department

DAY = dt.date(2026, 11, 2)


def line(**changes: Any) -> DocumentLine:
    """A line of 2 x 100 at 25 %."""
    values: dict[str, Any] = {
        "position": 1,
        "product_number": "1001",
        "product_name": "Consulting",
        "text": "Consulting in week 44",
        "quantity": Decimal(2),
        "unit_price": Decimal(100),
        "net": Decimal("200.00"),
        "vat_rate": Decimal(25),
        "vat": None,
        "vat_category": "",
        "line_date": None,
    }
    return DocumentLine(**{**values, **changes})


def invoice(**changes: Any) -> Invoice:
    """An invoice of 200 + 50 = 250."""
    values: dict[str, Any] = {
        "id": 1,
        "tenant": "recman",
        "kind": DocumentKind.INVOICE,
        "series": "10",
        "number": "1001",
        "department_id": 1,
        "customer_id": 1,
        "invoice_date": DAY,
        "due_date": DAY + dt.timedelta(days=14),
        "currency": "NOK",
        "net": Decimal("200.00"),
        "vat": Decimal("50.00"),
        "total": Decimal("250.00"),
        "fingerprint": "f",
    }
    return Invoice(**{**values, **changes})


def credit_note(**changes: Any) -> Invoice:
    """A credit note of all of :func:`invoice`."""
    values: dict[str, Any] = {
        "id": 9,
        "kind": DocumentKind.CREDIT_NOTE,
        "number": "9001",
        "net": Decimal("-200.00"),
        "vat": Decimal("-50.00"),
        "total": Decimal("-250.00"),
        "credited_number": "1001",
    }
    return invoice(**{**values, **changes})


def customer(**changes: Any) -> Customer:
    """A complete customer."""
    values: dict[str, Any] = {
        "id": 1,
        "tenant": "recman",
        "number": "5001",
        "name": "Fjelltopp Bygg AS",
        "address": "Storgata 1",
        "postal_code": "0155",
        "city": "Oslo",
        "country": "NO",
        "credit_days": 14,
    }
    return Customer(**{**values, **changes})


def document(
    head: Invoice | None = None,
    lines: tuple[DocumentLine, ...] | None = None,
    buyer: Customer | None = None,
) -> Document:
    """A document of these parts, sound where a part is left out."""
    return Document(
        head or invoice(),
        (line(),) if lines is None else lines,
        buyer or customer(),
        Department(id=1, number="10", name="Oslo", series="10"),
    )


def order(**changes: Any) -> Order:
    """The draft in 24SevenOffice that agrees with :func:`document`; product 1001 is id 7."""
    values: dict[str, Any] = {
        "order_id": 20001,
        "customer_id": 30001,
        "status": "Draft",
        "invoice_id": None,
        "date_ordered": DAY,
        "date_invoiced": DAY,
        "total": Decimal(250),
        "vat": Decimal(50),
        "reference": "RM-10-1001",
        "rows": (order_row(),),
        "currency": None,
    }
    return Order(**{**values, **changes})


def order_row(**changes: Any) -> OrderRow:
    """A row of 2 x 100 of product 7."""
    values: dict[str, Any] = {
        "product_id": 7,
        "quantity": Decimal(2),
        "price": Decimal(100),
        "type": "Normal",
    }
    return OrderRow(**{**values, **changes})
