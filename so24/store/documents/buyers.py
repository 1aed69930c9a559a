"""Queries of whom documents are made out to, and of who has said whose they are."""

from __future__ import annotations

from collections.abc import Collection, Iterable

import sqlalchemy as sa
from sqlmodel import Session, col

from so24.language.said import say
from so24.store.database.dialects import among
from so24.store.tables.document_tables import Invoice
from so24.store.tables.people_tables import AuditEvent

SAID_TO_BE_ITS_CUSTOMERS = say("said to be its customer's")


def undoubted_buyers(session: Session, customer_ids: Collection[int]) -> list[tuple[int, str]]:
    """Whom these customers' documents are made out to that are not left out, nor asked about.

    Each customer's id with each name once.
    """
    if not customer_ids:
        return []
    statement = (
        sa.select(col(Invoice.customer_id), col(Invoice.buyer_name))
        .where(
            among(Invoice.customer_id, customer_ids),
            col(Invoice.whose) == "",
            col(Invoice.excluded).is_(False),
        )
        .distinct()
    )
    return [(customer_id, name) for customer_id, name in session.execute(statement)]


def who_said_whose(session: Session, documents: Iterable[str]) -> dict[str, str]:
    """Who has said last of documents, by their full names, that they are their customer's."""
    wanted = list(documents)
    if not wanted:
        return {}
    statement = (
        sa.select(col(AuditEvent.subject), col(AuditEvent.actor))
        .where(
            col(AuditEvent.action) == SAID_TO_BE_ITS_CUSTOMERS,
            among(AuditEvent.subject, wanted),
        )
        .order_by(col(AuditEvent.id))
    )
    return {row.subject: row.actor for row in session.execute(statement)}
