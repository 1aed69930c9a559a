"""Living worker processes, by the database's word: heartbeat, who leads, who is alive."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlmodel import Session, col, select

from so24.store.tables import now
from so24.store.transfer_tables import Worker

_LEADER_LOCK = 240026
_FORGET_AFTER = dt.timedelta(hours=1)


def beat(session: Session, worker_id: str, version: str) -> None:
    """Say that this worker is alive, and forget those that have been silent for an hour."""
    session.execute(sa.delete(Worker).where(col(Worker.seen) < _clock(session) - _FORGET_AFTER))
    worker = session.get(Worker, worker_id)
    if worker is None:
        session.add(Worker(id=worker_id, seen=_clock(session), version=version))
    else:
        worker.seen = _clock(session)
    session.flush()


def lead(session: Session) -> bool:
    """Whether this transaction is the one that keeps house; others leave it alone meanwhile."""
    if session.get_bind().dialect.name != "postgresql":
        return True
    return bool(session.scalar(sa.select(sa.func.pg_try_advisory_xact_lock(_LEADER_LOCK))))


def living_workers(session: Session, lease: dt.timedelta) -> list[Worker]:
    """The workers heard of within the lease."""
    return list(session.exec(select(Worker).where(Worker.seen > _clock(session) - lease)))


def leave(session: Session, worker_id: str) -> None:
    """Say that this worker has gone, so that nobody waits for its lease to end."""
    session.execute(sa.delete(Worker).where(col(Worker.id) == worker_id))


def _clock(session: Session) -> dt.datetime:
    """The database's own clock: workers on several machines must agree on the time."""
    if session.get_bind().dialect.name != "postgresql":
        return now()
    moment: dt.datetime = session.execute(sa.select(sa.func.clock_timestamp())).scalar_one()
    return moment
