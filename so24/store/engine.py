"""The one door to the database: short reading and writing sessions on SQLite or PostgreSQL."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlmodel import Session, create_engine

T = TypeVar("T")

BUSY_MILLISECONDS = 30_000
_WRITE = "so24_write"


class Database:
    """One database of one installation; sessions are short and never span a call to the office."""

    def __init__(self, url: str, *, foreign_keys: bool = True) -> None:
        self.url = url
        self.engine = make_engine(url, foreign_keys=foreign_keys)
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
        """A session that takes the write lock first and commits at the end, or rolls back."""
        with Session(self._writer, expire_on_commit=False) as session:
            yield session
            session.commit()

    def insisting(self, work: Callable[[Session], T]) -> T:
        """Run ``work`` in one writing session and wait out an outage of the database.

        Only connection trouble is waited out; everything else is raised. ``work`` may run again
        after a lost connection, so it must be safe to repeat.
        """
        wait = 0.1
        while True:
            try:
                with self.writing() as session:
                    return work(session)
            except (OperationalError, sa.exc.InterfaceError):
                if self.embedded:
                    raise
                time.sleep(wait)
                wait = min(wait * 2, 5.0)

    def dispose(self) -> None:
        """Close all pooled connections."""
        self.engine.dispose()


def make_engine(url: str, *, foreign_keys: bool = True) -> sa.Engine:
    """An engine set up as so24 needs it: WAL and full durability on SQLite, checked pools else."""
    if not url.startswith("sqlite"):
        return create_engine(url, pool_size=10, max_overflow=10, pool_pre_ping=True)
    engine = create_engine(url, pool_size=20, max_overflow=10)

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
