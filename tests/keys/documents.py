"""Documents and transfers as other parts of so24 leave them in the store."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from so24.installation import Installation
from so24.store.tables.document_tables import Customer, DocumentKind, Invoice
from so24.store.tables.transfer_tables import Run, State, Transfer


def put_invoice(
    installation: Installation, department_id: int, number: str, series: str = "10"
) -> int:
    """An imported invoice of 1.250,00 NOK in the department; returns its id."""
    with installation.db.writing() as session:
        customer = Customer(tenant="recman", number=f"C{number}-{series}", name="Fjell AS")
        session.add(customer)
        session.flush()
        assert customer.id is not None
        invoice = Invoice(
            tenant="recman",
            kind=DocumentKind.INVOICE,
            series=series,
            number=number,
            department_id=department_id,
            customer_id=customer.id,
            invoice_date=dt.date(2026, 11, 2),
            currency="NOK",
            net=Decimal("1000.00"),
            vat=Decimal("250.00"),
            total=Decimal("1250.00"),
            fingerprint=number,
        )
        session.add(invoice)
        session.flush()
        assert invoice.id is not None
        return invoice.id


def put_transfer(
    installation: Installation, invoice_id: int, state: State, key_id: int | None = None
) -> None:
    """A transfer of the invoice that stands at this state."""
    with installation.db.writing() as session:
        run = Run(created_by="fia")
        session.add(run)
        session.flush()
        session.add(Transfer(run_id=run.id, invoice_id=invoice_id, key_id=key_id, state=state))
