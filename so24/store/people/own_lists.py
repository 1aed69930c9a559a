"""Queries about what users have on their lists: views under names, and ticks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

import sqlalchemy as sa
from sqlmodel import Session, col, select

from so24.store.database.dialects import among, insert_into
from so24.store.tables.document_tables import Invoice
from so24.store.tables.ground import now
from so24.store.tables.people_tables import ListView, TickedDocuments


def views_of(session: Session, user_id: int, page: str) -> list[ListView]:
    """The user's views of a page."""
    return list(
        session.exec(select(ListView).where(ListView.user_id == user_id, ListView.page == page))
    )


def keep_ticks(session: Session, user_id: int, tab: str, invoice_ids: str) -> None:
    """Keep these ids in place of what the user's tab had."""
    values = {"invoice_ids": invoice_ids, "at": now()}
    insert = insert_into(session, TickedDocuments).values(user_id=user_id, tab=tab, **values)
    session.execute(insert.on_conflict_do_update(index_elements=["user_id", "tab"], set_=values))


def ticks_of(session: Session, user_id: int, tab: str, since: dt.datetime) -> str | None:
    """The ids that the user's tab has had ticked since then; None where it had nothing."""
    mine = col(TickedDocuments.user_id) == user_id, col(TickedDocuments.tab) == tab
    statement = sa.select(col(TickedDocuments.invoice_ids))
    return session.execute(
        statement.where(*mine, col(TickedDocuments.at) >= since)
    ).scalar_one_or_none()


def delete_ticks(session: Session, before: dt.datetime) -> None:
    """Forget the ticks of tabs in which nothing was ticked since then."""
    session.execute(sa.delete(TickedDocuments).where(col(TickedDocuments.at) < before))


def existing_documents(session: Session, ids: Collection[int]) -> frozenset[int]:
    """Those of these ids that documents have."""
    statement = sa.select(col(Invoice.id)).where(among(Invoice.id, ids))
    return frozenset(session.execute(statement).scalars())
