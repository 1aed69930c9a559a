"""Queries of the connection to RecMan, and the count of calls that no two processes get wrong."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlmodel import Session, col, select

from so24.store.database.dialects import insert_into
from so24.store.tables.key_tables import RecManCalls, RecManConnection

_CALLS: sa.Table = RecManCalls.__table__  # type: ignore[attr-defined] # SQLModel hides it


def connection_row(session: Session) -> RecManConnection | None:
    """The connection, or None where there is none."""
    return session.get(RecManConnection, 1)


def save_connection(session: Session, row: RecManConnection) -> None:
    """Keep this connection in the place of the one that may be there."""
    delete_connection(session)
    session.add(row)


def delete_connection(session: Session) -> None:
    """Forget the connection, its key with it; the calls stay counted."""
    session.execute(sa.delete(RecManConnection))
    session.expire_all()


def take_call(session: Session, day: dt.date, *, most: int) -> bool:
    """Count one call of this day by one statement; False, and not counted, where ``most`` are."""
    counted = (
        insert_into(session, _CALLS)
        .values(day=day, calls=1)
        .on_conflict_do_update(
            index_elements=[_CALLS.c.day],
            set_={"calls": _CALLS.c.calls + 1},
            where=_CALLS.c.calls < most,
        )
        .returning(_CALLS.c.calls)
    )
    return session.execute(counted).first() is not None


def calls_on(session: Session, day: dt.date) -> int:
    """How many calls were counted on this day."""
    found = session.exec(select(RecManCalls.calls).where(col(RecManCalls.day) == day)).first()
    return found or 0
