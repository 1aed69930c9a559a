"""Credit notes in the store, as the intake leaves them."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from so24.store.documents.documents import load_documents
from so24.store.tables.document_tables import DocumentKind, Invoice, InvoiceLine
from tests.transfer.world import DAY, ORE, World


def add_credit_note(
    world: World, original: int, *, number: str = "9001", share: str = "1", **changes: Any
) -> int:
    """A credit note of a share of the quantities of invoice ``original``; returns its id."""
    with world.installation.db.writing() as session:
        [credited] = load_documents(session, [original])
        lines = []
        for line in credited.lines:
            quantity = -line.quantity * Decimal(share)
            net = (quantity * line.unit_price).quantize(ORE, ROUND_HALF_UP)
            lines.append({**line._asdict(), "quantity": quantity, "net": net})
        net = sum((line["net"] for line in lines), Decimal(0))
        vat = (net * Decimal("0.25")).quantize(ORE, ROUND_HALF_UP)
        values: dict[str, Any] = {
            "tenant": "recman",
            "kind": DocumentKind.CREDIT_NOTE,
            "series": credited.invoice.series,
            "number": number,
            "department_id": credited.invoice.department_id,
            "customer_id": credited.invoice.customer_id,
            "invoice_date": DAY,
            "currency": "NOK",
            "net": net,
            "vat": vat,
            "total": net + vat,
            "credited_number": credited.invoice.number,
            "fingerprint": f"c{number}",
        }
        note = Invoice(**{**values, **changes})
        session.add(note)
        session.flush()
        assert note.id is not None
        session.add_all(InvoiceLine(invoice_id=note.id, **line) for line in lines)
        return note.id
