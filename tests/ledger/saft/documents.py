"""Documents as so24 says that they are booked, without a store."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from so24.store.ledger.booked import BookedDocument
from so24.store.tables.document_tables import DocumentKind, Invoice
from tests.ledger.saft.writer import DAY


def booked(
    row: int,
    office_number: int | None,
    net: Decimal,
    vat: Decimal,
    *,
    number: str = "",
    customer: int | None = 7,
    firm: str = "",
    day: dt.date = DAY,
    currency: str = "NOK",
) -> BookedDocument:
    """A document of series 10; a credit note where its amounts are negative."""
    invoice = Invoice(
        id=row,
        tenant="t",
        kind=DocumentKind.CREDIT_NOTE if net < 0 else DocumentKind.INVOICE,
        series="10",
        number=number or str(1000 + row),
        department_id=1,
        customer_id=1,
        invoice_date=day,
        currency=currency,
        net=net,
        vat=vat,
        total=net + vat,
        fingerprint="",
    )
    return BookedDocument(invoice, "10", "Kunde AS", firm, office_number, customer, "7 Kunde AS")
