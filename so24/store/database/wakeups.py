"""How a worker learns that something was queued, without asking the queue all the time.

On SQLite the process that queues rings its own worker, and what another process has queued shows
in the version that SQLite keeps of the file. On PostgreSQL the server tells those who listen.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from typing import Any

import psycopg
import sqlalchemy as sa
from sqlmodel import Session

from so24.store.database.engine import Database

CHANNEL = "so24_queued"
LOOK_SECONDS = 0.25  # how often the file is looked at: a look costs a hundredth of a poll

HUSHED_SECONDS = 2 * LOOK_SECONDS

_rings: dict[str, threading.Event] = {}
_hushed_at: dict[str, float] = {}  # files, by the clock of time.monotonic


def announce(session: Session, url: str) -> None:
    """Wake the workers of the database at ``url`` once this session has committed."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(sa.select(sa.func.pg_notify(CHANNEL, "")))
    else:
        sa.event.listen(session, "after_commit", lambda _: _ring_of(url).set(), once=True)


def hush(session: Session) -> None:
    """Let no worker of this process take this session's commit for something queued.

    For what is written at every click. What another process queues at the same moment is found by
    the next poll. PostgreSQL's workers hear of nothing but what is announced.
    """
    bound = session.get_bind()
    if bound.dialect.name != "postgresql":
        file = bound.engine.url.database or ""

        def note(_session: Session) -> None:
            _hushed_at[file] = time.monotonic()

        sa.event.listen(session, "after_commit", note, once=True)


def open_watch(db: Database) -> FileWatch | Listener:
    """What a worker waits with; it is used by one thread."""
    return FileWatch(db) if db.embedded else Listener(db)


class FileWatch:
    """Waits for a ring of this process, or for a change of the file by another one."""

    def __init__(self, db: Database) -> None:
        self._ring = _ring_of(db.url)
        self._name = sa.make_url(db.url).database or ""
        self._file = sqlite3.connect(self._name, check_same_thread=False, isolation_level=None)
        self._version = self._read_version()

    def wait(self, seconds: float) -> bool:
        """Whether something may have been queued, as soon as it may; False after ``seconds``."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            if self._ring.wait(min(left, LOOK_SECONDS)):
                self._ring.clear()
                return True
            before, self._version = self._version, self._read_version()
            if before != self._version and not self._is_hushed():
                return True
        return False

    def _is_hushed(self) -> bool:
        noted = _hushed_at.pop(self._name, None)
        return noted is not None and time.monotonic() - noted < HUSHED_SECONDS

    def wake(self) -> None:
        """End the wait of another thread."""
        self._ring.set()

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def _read_version(self) -> int:
        """Another number whenever any other connection has committed a change."""
        return int(self._file.execute("PRAGMA data_version").fetchone()[0])


class Listener:
    """Waits for PostgreSQL's word that a transaction which queued something has committed."""

    def __init__(self, db: Database) -> None:
        self._engine = db.engine
        self._connection: psycopg.Connection[Any] | None = None
        self._woken = threading.Event()

    def wait(self, seconds: float) -> bool:
        """Whether something may have been queued, as soon as it may; False after ``seconds``.

        While the database is away nobody can queue anything: ``seconds`` are waited.
        """
        end = time.monotonic() + seconds
        try:
            while (left := end - time.monotonic()) > 0:
                if self._woken.is_set() or self._listen(min(left, LOOK_SECONDS)):
                    self._woken.clear()
                    return True
        except (psycopg.Error, sa.exc.DBAPIError):
            self.close()
            self._woken.wait(seconds)
        return False

    def wake(self) -> None:
        """End the wait of another thread."""
        self._woken.set()

    def close(self) -> None:
        """Stop listening."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _listen(self, seconds: float) -> bool:
        if self._connection is not None:
            return any(True for _ in self._connection.notifies(timeout=seconds, stop_after=1))
        pooled = self._engine.raw_connection()
        connection: psycopg.Connection[Any] = pooled.driver_connection  # type: ignore[assignment] # psycopg's own
        pooled.detach()
        self._connection = connection
        connection.rollback()
        connection.autocommit = True
        connection.execute(f"LISTEN {CHANNEL}")
        return True  # what was queued before is not told


def _ring_of(url: str) -> threading.Event:
    return _rings.setdefault(url, threading.Event())
