"""Living worker processes, by the database's word: heartbeat, who leads, who is alive."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection

import sqlalchemy as sa
from sqlmodel import Session, col, select

from so24.store.database.dialects import among
from so24.store.database.engine import session_name
from so24.store.tables.ground import now
from so24.store.tables.transfer_tables import Worker

_LEADER_LOCK = 240026
FORGET_AFTER = dt.timedelta(days=1)


def beat(session: Session, worker_id: str, version: str) -> None:
    """Say that this worker is alive, and forget those that have been silent for a day."""
    session.execute(sa.delete(Worker).where(col(Worker.seen) < _clock(session) - FORGET_AFTER))
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


def cut_off(session: Session, worker_ids: Collection[str]) -> None:
    """End the sessions of workers that have fallen silent, with the locks that these hold.

    A worker whose network broke in the middle of a transaction would keep its rows from those who
    take over, and could still commit later. PostgreSQL's own time-outs are not enough: after
    statements sent in a pipeline it does not count the time that a transaction stands idle.
    """
    living = session.exec(select(Worker.id).where(~among(Worker.id, worker_ids)))
    kept = {_process_of(each) for each in living}
    activity = sa.table(
        "pg_stat_activity", sa.column("pid"), sa.column("application_name"), sa.column("datname")
    )
    session.execute(
        sa.select(sa.func.pg_terminate_backend(activity.c.pid)).where(
            among(activity.c.application_name, {*map(_process_of, worker_ids)} - kept),
            activity.c.datname == sa.func.current_database(),
            activity.c.pid != sa.func.pg_backend_pid(),
        )
    )


def new_worker_id() -> str:
    """A new identity for each start: what an old one had is taken over, never shared."""
    return f"{session_name()}/{uuid.uuid4().hex[:6]}"


def _process_of(worker_id: str) -> str:
    return worker_id.partition("/")[0]


def leave(session: Session, worker_id: str) -> None:
    """Say that this worker has gone, so that nobody waits for its lease to end."""
    session.execute(sa.delete(Worker).where(col(Worker.id) == worker_id))


def _clock(session: Session) -> dt.datetime:
    """The database's own clock: workers on several machines must agree on the time."""
    if session.get_bind().dialect.name != "postgresql":
        return now()
    moment: dt.datetime = session.execute(sa.select(sa.func.clock_timestamp())).scalar_one()
    return moment
