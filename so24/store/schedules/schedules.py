"""Schedules as people have set them."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlmodel import Session, col, select

from so24.store.tables.key_tables import Key, KeyState
from so24.store.tables.schedule_tables import Schedule, ScheduleKind


def list_schedules(session: Session, *, active: bool = False) -> Sequence[Schedule]:
    """All schedules, those of deleted keys left out; or only what is on."""
    statement = (
        select(Schedule)
        .outerjoin(Key, col(Key.id) == col(Schedule.key_id))
        .where(sa.or_(col(Schedule.key_id).is_(None), col(Key.state) != KeyState.DELETED))
        .order_by(col(Schedule.id))
    )
    if active:
        statement = statement.where(col(Schedule.active))
    return session.exec(statement).all()


def schedule_of(session: Session, kind: ScheduleKind, key_id: int | None) -> Schedule | None:
    """The schedule of this key, or of the fetch; None where none was ever set."""
    of_it = col(Schedule.key_id).is_(None) if key_id is None else col(Schedule.key_id) == key_id
    return session.exec(select(Schedule).where(Schedule.kind == kind, of_it)).one_or_none()


def put_schedule(session: Session, schedule: Schedule) -> Schedule:
    """Keep a schedule in the place of what was set before for the same; returns its row."""
    before = schedule_of(session, schedule.kind, schedule.key_id)
    if before is None:
        session.add(schedule)
        session.flush()
        return schedule
    for name in ("weekdays", "minute", "most_documents", "most_amount", "set_at", "set_by"):
        setattr(before, name, getattr(schedule, name))
    before.active = True
    session.add(before)
    return before


def turn_all_off(session: Session) -> None:
    """Let nothing be done by itself until somebody sets it again."""
    session.execute(sa.update(Schedule).values(active=False))
