"""What people decided about documents that 24SevenOffice seems to have already."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session, col

from so24.store.database.dialects import among
from so24.store.tables.document_tables import Invoice
from so24.store.tables.ground import now

REASON_LENGTH = 200
OTHERS_LENGTH = 400


@dataclass(frozen=True)
class Decided:
    """How a document stands: excluded (and why), and the orders that are other documents."""

    excluded: bool
    reason: str
    other_orders: tuple[int, ...]


def exclude(invoice: Invoice, reason: str) -> None:
    """Leave the document out of every export, for this reason.

    Orders declared to be other documents are forgotten: should the document be taken in again,
    it is asked about anew.
    """
    invoice.excluded = True
    invoice.excluded_reason = reason[:REASON_LENGTH]
    invoice.other_orders = ""
    invoice.updated_at = now()


def add_other_order(invoice: Invoice, order_id: int) -> bool:
    """Note that the order is another document; False where no more can be noted."""
    known = [each for each in invoice.other_orders.split(",") if each]
    joined = ",".join(dict.fromkeys([*known, str(order_id)]))
    if len(joined) > OTHERS_LENGTH:
        return False
    invoice.other_orders = joined
    invoice.updated_at = now()
    return True


def decisions_of(session: Session, invoice_ids: Collection[int]) -> dict[int, Decided]:
    """How these documents stand, by invoice id."""
    rows = session.execute(
        sa.select(
            col(Invoice.id),
            col(Invoice.excluded),
            col(Invoice.excluded_reason),
            col(Invoice.other_orders),
        ).where(among(Invoice.id, invoice_ids))
    )
    return {
        invoice_id: Decided(excluded, reason, tuple(map(int, filter(None, others.split(",")))))
        for invoice_id, excluded, reason, others in rows
    }
