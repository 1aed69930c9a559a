"""How far the payments of each company are read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import sqlalchemy as sa
from sqlmodel import Session, col, select

from so24.letters import norwegian_order
from so24.store.database.dialects import insert_into
from so24.store.tables.payment_tables import PaymentReading

_READINGS: sa.Table = PaymentReading.__table__  # type: ignore[attr-defined] # SQLModel hides it


def payment_readings(session: Session) -> Sequence[PaymentReading]:
    """How far each company is read, by its name."""
    rows = session.exec(select(PaymentReading)).all()
    return sorted(rows, key=lambda row: norwegian_order(row.company))


def reading_of(
    session: Session, client_id: int, company: str, moment: dt.datetime
) -> PaymentReading:
    """The row of a company, locked for whoever changes it; a new one is due at this moment."""
    values = PaymentReading(client_id=client_id, next_at=moment).model_dump()
    insert = insert_into(session, _READINGS).on_conflict_do_nothing()
    session.connection().execute(insert, [values])
    row = session.get_one(PaymentReading, client_id, with_for_update=True, populate_existing=True)
    row.company = company
    return row


def known_reading(
    session: Session, client_id: int, *, locked: bool = False
) -> PaymentReading | None:
    """The row of a company, ``locked`` for whoever changes it; None where there is none."""
    return session.get(PaymentReading, client_id, with_for_update=locked or None)


def count_stored(session: Session) -> int:
    """How often payments were stored: a figure that grows with each change of what lists show."""
    total = sa.select(sa.func.coalesce(sa.func.sum(col(PaymentReading.stored)), 0))
    return int(session.execute(total).scalar_one())
