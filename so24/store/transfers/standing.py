"""How a document stands: by its live transfer, else by its newest that was not in the way."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from so24.reasons import Reason
from so24.store.documents.documents import in_parts
from so24.store.tables.document_tables import Invoice
from so24.store.tables.key_tables import Department
from so24.store.tables.transfer_tables import LIVE, Transfer

# endings that only say that another transfer of the document was there first
IN_THE_WAY = (Reason.IN_OTHER_RUN, Reason.ALREADY_TRANSFERRED)


def standing_join() -> sa.ColumnElement[bool]:
    """Joins a document's row with the transfer that tells how it stands."""
    return col(Transfer.id) == _standing()


def standing_transfers(session: Session, invoice_ids: Iterable[int]) -> dict[int, Transfer]:
    """The transfers that tell how these documents stand, by invoice id; nothing for one unsent."""
    statement = select(Transfer).join(Invoice, standing_join())
    return {
        row.invoice_id: row
        for part in in_parts(invoice_ids)
        for row in session.exec(statement.where(col(Invoice.id).in_(part)))
    }


def _standing() -> sa.ScalarSelect[Any]:
    """The transfer that tells how a document stands: its live one, else its newest."""
    inner = sa.orm.aliased(Transfer)
    return (
        sa.select(col(inner.id))
        .where(col(inner.invoice_id) == col(Invoice.id))
        .order_by(
            col(inner.state).in_(LIVE).desc(),
            col(inner.reason).in_(IN_THE_WAY),
            col(inner.id).desc(),
        )
        .limit(1)
        .correlate(Invoice)
        .scalar_subquery()
    )


def department_name() -> sa.ColumnElement[str]:
    """A department's name, or its number where it has none."""
    return sa.case((col(Department.name) != "", col(Department.name)), else_=col(Department.number))
