"""The one door to the database: short reading and writing sessions on SQLite or PostgreSQL."""

from __future__ import annotations

import logging
import os
import socket
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, IntegrityError, InterfaceError, OperationalError
from sqlmodel import Session, create_engine

T = TypeVar("T")

OUTAGES = (OperationalError, InterfaceError)

BUSY_MILLISECONDS = 30_000
# PostgreSQL: what one process may hold besides the connections of the durable engine
POOL_SIZE = 5
POOL_OVERFLOW = 10
# a process that hangs or has lost the network must not hold its locks for ever: the server ends
# its transaction, or notices that nobody is there
PRESENCE = {
    "idle_in_transaction_session_timeout": "15s",
    "tcp_keepalives_idle": "10",
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "3",
}
# a lock is waited for as long as on SQLite; a press may think about 200,000 documents between
# two statements
_LIMITS = {
    **PRESENCE,
    "lock_timeout": f"{BUSY_MILLISECONDS}ms",
    "statement_timeout": "120s",
    "idle_in_transaction_session_timeout": "60s",
}
# a server that is gone without a word is noticed in about twenty seconds, not in hours
_WATCH = {
    "connect_timeout": 10,
    "keepalives_idle": 5,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,
}
_CANCELED = "57014"  # PostgreSQL's code of a statement that took longer than it may
_WRITE = "so24_write"
_WRITERS = 240025  # PostgreSQL: the advisory lock that whoever is writing holds

log = logging.getLogger("so24.outage")
_databases: dict[str, sa.Engine] = {}  # the durable engine's own, by address


class Outage:
    """Whether one process reaches one database; all its threads tell what they see.

    The log is for people: it says once that an outage begins and once that it is over.
    """

    def __init__(self) -> None:
        self._lost = False
        self._lock = threading.Lock()

    def begin(self, error: DBAPIError) -> None:
        """The database does not answer; one line, however often it is said."""
        with self._lock:
            known, self._lost = self._lost, True
        if not known:
            cause = str(error.orig).partition("\n")[0].rstrip(".")
            log.warning("The database does not answer (%s); it is waited for.", cause)

    def end(self) -> None:
        """Something was read or written; one line, where it was lost before."""
        with self._lock:
            lost, self._lost = self._lost, False
        if lost:
            log.warning("The database answers again.")


class Database:
    """One database of one installation; sessions are short and never span a call to the office."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.engine = make_engine(url)
        self.outage = Outage()
        self._writer = self.engine.execution_options(**{_WRITE: True})

    @property
    def embedded(self) -> bool:
        """Whether this is a SQLite file, which exactly one process may run jobs on."""
        return self.url.startswith("sqlite")

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session for reading; nothing is committed."""
        with Session(self.engine, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A session that is alone: it commits at the end, or rolls back; no other one writes.

        What it has read stays true until its end, but for what :meth:`lane_writing` changes. This
        is the only lock that services know. It is taken first, so that two writers never wait for
        each other; whoever holds it makes no call and waits for nobody.
        """
        with self.lane_writing() as session:
            session.connection()  # SQLite's lock is taken where the transaction begins
            if not self.embedded:
                session.execute(sa.select(sa.func.pg_advisory_xact_lock(_WRITERS)))
            yield session

    @contextmanager
    def lane_writing(self) -> Iterator[Session]:
        """A session for what must not wait for :meth:`writing`; it commits or rolls back, too.

        On PostgreSQL others write beside it. So it may only move what nobody else moves meanwhile
        (by compare-and-set, or under the lock of the row), or add. Lanes, heartbeats and the
        bookkeeping of calls are written so: they must not stand still while a person's press or
        an import is at work. On SQLite every session that writes is alone.
        """
        with Session(self._writer, expire_on_commit=False) as session:
            yield session
            session.commit()

    def insisting(self, work: Callable[[Session], T]) -> T:
        """Run ``work`` in one session of :meth:`lane_writing` and wait out an outage.

        Only connection trouble, deadlocks and locks that others hold are waited out; everything
        else is raised, a statement that takes too long as well. ``work`` may run again after a
        lost connection, so it must be safe to repeat.
        """
        wait = 0.1
        while True:
            try:
                with self.lane_writing() as session:
                    done = work(session)
                self.outage.end()
                return done
            except OUTAGES as error:
                code = getattr(error.orig, "sqlstate", None)
                if self.embedded or code == _CANCELED:
                    raise
                self.outage.begin(error)
                time.sleep(wait)
                wait = min(wait * 2, 5.0)

    def dispose(self) -> None:
        """Close all pooled connections."""
        self.engine.dispose()


def make_engine(url: str, *, migrating: bool = False) -> sa.Engine:
    """An engine set up as so24 needs it: WAL and full durability on SQLite, checked pools else.

    ``migrating``: for the one who changes the tables, without the limits on PostgreSQL's
    statements and without foreign keys on SQLite, which must let go of a table to change it.
    """
    if not url.startswith("sqlite"):
        return _make_postgresql_engine(url, {} if migrating else _LIMITS)
    return _make_sqlite_engine(url, foreign_keys=not migrating)


def session_name() -> str:
    """What this process's sessions on PostgreSQL are called, so that others can end just them."""
    return f"so24 {socket.gethostname()[:24]}:{os.getpid()}:{_token_of(os.getpid())}"


@cache
def _token_of(_pid: int) -> str:
    """Tells this process from another one that has had the same number."""
    return uuid.uuid4().hex[:6]


def session_options(limits: Mapping[str, str]) -> str:
    """The server's settings of a session, as libpq's ``options`` wants them."""
    return " ".join(f"-c {name}={value}" for name, value in limits.items())


def _make_postgresql_engine(url: str, limits: Mapping[str, str]) -> sa.Engine:
    """What the address itself says of these settings goes before ours."""
    ours: dict[str, Any] = {"application_name": session_name(), **_WATCH}
    if limits:
        ours["options"] = session_options(limits)
    given = sa.make_url(url).query
    return create_engine(
        url,
        hide_parameters=True,  # an error goes into the log, and the values of persons do not
        pool_size=POOL_SIZE,
        max_overflow=POOL_OVERFLOW,
        pool_pre_ping=True,
        connect_args={name: value for name, value in ours.items() if name not in given},
    )


def _make_sqlite_engine(url: str, *, foreign_keys: bool) -> sa.Engine:
    engine = create_engine(url, hide_parameters=True, pool_size=20, max_overflow=10)

    @sa.event.listens_for(engine, "connect")
    def _set_pragmas(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # BEGIN is ours, below
        for pragma in (
            f"busy_timeout={BUSY_MILLISECONDS}",
            "journal_mode=WAL",
            "synchronous=FULL",  # an intent must survive a power cut
            f"foreign_keys={'ON' if foreign_keys else 'OFF'}",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @sa.event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        # a read that turns into a write could lose an update: writers take the lock first
        write = connection.get_execution_options().get(_WRITE)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")

    return engine


def is_conflict(error: Exception) -> bool:
    """Whether a unique rule of the store refused the write."""
    return isinstance(error, IntegrityError)


def engine_url(url: str) -> str:
    """The address by which the durable engine reaches the database, within our own limits."""
    address = sa.make_url(url)
    if address.get_backend_name() != "postgresql":
        return url
    ours = {"options": session_options(PRESENCE), "application_name": session_name()}
    wanted = {name: each for name, each in ours.items() if name not in address.query}
    watched = address.set(drivername="postgresql").update_query_dict(wanted)
    return watched.render_as_string(hide_password=False)


def engine_database(db: Database) -> sa.Engine | None:
    """The durable engine's own connections to the SQLite file, set up as durably as ours."""
    if not db.embedded:
        return None
    url = db.url
    if url not in _databases:
        database = sa.create_engine(url, hide_parameters=True, pool_size=20, max_overflow=0)

        @sa.event.listens_for(database, "connect")
        def _set_pragmas(connection: Any, _record: Any) -> None:
            connection.isolation_level = "IMMEDIATE"
            connection.execute(f"PRAGMA busy_timeout={BUSY_MILLISECONDS}")
            connection.execute("PRAGMA foreign_keys=ON")
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=FULL")

        _databases[url] = database
    return _databases[url]
