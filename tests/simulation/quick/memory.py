"""The product's database on one connection, in memory; it knows which of its tables were written.

A session costs as much as its queries here, so one session serves all, begun once: a transaction
is the connection's own, and after each use nothing is left in the session. No transaction spans a
point where another actor may go on; one that did would be an error at once.
"""

from __future__ import annotations

import itertools
import sqlite3
from collections.abc import Callable, Hashable
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import StaticPool
from sqlmodel import Session

from so24.store.database.engine import Database, Outage
from tests.simulation.quick.shortcut import QuickSession

_WORDS_BEFORE = {"UPDATE": 1, "INSERT": 2, "DELETE": 2}  # the table's name
_versions = itertools.count(1)


class Connection(sqlite3.Connection):
    """Counts the writes to each table."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.versions: dict[str, int] = {}
        self.written = 0

    def cursor(self, *_: Any) -> Cursor:  # type: ignore[override] # no other kind is asked for
        """A cursor that tells of its writes."""
        return super().cursor(Cursor)

    def bare_cursor(self) -> sqlite3.Cursor:
        """A cursor for statements that change no table, or are told of otherwise."""
        return super().cursor()

    def commit(self) -> None:
        """Nothing: what is one transaction, the database says."""

    rollback = commit

    def note(self, sql: str) -> None:
        """A statement may have changed its table."""
        table = _written_by(sql)
        if table:
            self.written = self.versions[table] = next(_versions)


class Cursor(sqlite3.Cursor):
    """Tells its connection what it writes to."""

    connection: Connection

    def execute(self, sql: str, parameters: Any = ()) -> Cursor:
        """Run a statement."""
        if sql[0] != "S":
            self.connection.note(sql)
        return super().execute(sql, parameters)

    def executemany(self, sql: str, parameters: Any) -> Cursor:
        """Run a statement for each."""
        self.connection.note(sql)
        return super().executemany(sql, parameters)


@cache
def _written_by(sql: str) -> str:
    words = sql.split(maxsplit=3)
    place = _WORDS_BEFORE.get(words[0].upper())
    return words[place] if place is not None else ""


class MemoryDatabase(Database):
    """The product's database on one connection; its disk may be full.

    A history is one transaction that is never committed, so that the next one begins anew; what
    the product calls a transaction is a savepoint in it.
    """

    def __init__(self, content: sqlite3.Connection, begins_as: Hashable) -> None:
        """``begins_as`` is what the content is known by."""
        self.url = "sqlite://"
        self.connection = sqlite3.connect(
            ":memory:",
            isolation_level=None,
            check_same_thread=False,
            factory=Connection,
            cached_statements=1_000,
        )
        content.backup(self.connection)
        self._bare = self.connection.bare_cursor()
        self.run = self._bare.execute
        self._first_answers: dict[Any, Any] = {}
        self.begins_as = begins_as
        creator: Any = self._connect
        pool = StaticPool(creator)
        self.engine = sa.Engine(pool, _dialect(), sa.make_url(self.url), query_cache_size=0)
        self.engine.update_execution_options(compiled_cache=_compiled)
        self._session = QuickSession(self, self.engine.connect(), self.connection)
        self.renew()

    def _connect(self) -> sqlite3.Connection:
        return self.connection

    def look(self, sql: str) -> list[Any]:
        """Look into it beside the product; nothing may be changed so."""
        return self._bare.execute(sql).fetchall()

    def renew(self) -> None:
        """Begin a history."""
        self.outage = Outage()
        self.full = False
        self.point: Callable[[str], None] = _go_on
        self.committed: Callable[[bool], None] = _note_nothing
        self.writes = False
        self._busy = False
        if self.connection.in_transaction:
            self.connection.execute("ROLLBACK")
        self.connection.execute("BEGIN")
        self.connection.versions = {}
        self._answers: dict[Any, Any] = {}

    def version(self, table: str) -> Hashable:
        """The same as long as the table holds the same; all histories that begin alike share it."""
        return self.connection.versions.get(table, self.begins_as)

    def answers_from(self, tables: tuple[str, ...]) -> tuple[dict[Any, Any], Hashable]:
        """What is remembered of these tables, and how they stand.

        As they stood at the beginning: for all histories that begin alike. What was read later is
        worth nothing when the history has ended.
        """
        versions = self.connection.versions
        stand = tuple(map(versions.get, tables))
        return (self._answers if any(stand) else self._first_answers), stand

    def reading(self) -> Reading:  # type: ignore[override] # it is entered and left as ever
        """The product's session that reads; it must not write."""
        return Reading(self)

    def lane_writing(self) -> Writing:  # type: ignore[override] # it is entered and left as ever
        """The product's session that writes; others may come before it, and after it."""
        return Writing(self)

    def begin_alone(self) -> Session:
        """The one session, which nobody has at this moment."""
        if self._busy:
            raise AssertionError("a session is open where another one begins")
        self._busy = True
        return self._session

    def end_alone(self) -> None:
        """Leave nothing in the session."""
        if not self._session.is_empty:
            self._session.expunge_all()
        self._busy = False

    def undo(self) -> None:
        """Let what this transaction has written be as if it had never been."""
        self.run("ROLLBACK TO ours")
        self._session.forget()
        self.connection.versions = {table: next(_versions) for table in self.connection.versions}


class Writing:
    """A session while it writes: a savepoint, which is undone where anything goes wrong."""

    def __init__(self, database: MemoryDatabase) -> None:
        self._database = database

    def __enter__(self) -> Session:
        """The session, after others have had their turn."""
        database = self._database
        try:
            database.point("begins to write")
            session = database.begin_alone()
        except BaseException:
            database.committed(False)
            raise
        database.run("SAVEPOINT ours")
        database.writes = True
        self._session = session
        return session

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """Let others see what was written, or nobody where something went wrong."""
        database = self._database
        try:
            try:
                if kind is None:
                    self._end_well()
                else:
                    database.undo()
            finally:
                database.writes = False
                database.run("RELEASE ours")
                database.end_alone()
        except BaseException:
            database.committed(False)
            raise
        database.committed(kind is None)
        if kind is None:
            database.point("has written")

    def _end_well(self) -> None:
        database = self._database
        try:
            self._session.flush()
            if database.full:
                fault = sqlite3.OperationalError("database or disk is full")
                raise OperationalError("COMMIT", {}, fault)
        except BaseException:
            database.undo()
            raise


class Reading:
    """A session while it reads."""

    def __init__(self, database: MemoryDatabase) -> None:
        self._database = database
        self._before = self._count_writes()

    def __enter__(self) -> Session:
        """The session."""
        return self._database.begin_alone()

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """Let others have it."""
        self._database.end_alone()
        if kind is None and self._count_writes() != self._before:
            raise AssertionError("a session that reads has written")

    def _count_writes(self) -> tuple[int, int]:
        connection = self._database.connection
        return len(connection.versions), connection.written


@cache
def _dialect() -> sa.Dialect:
    """One for all databases of the process, with what is compiled for it."""
    return sa.create_engine("sqlite://").dialect


_compiled: dict[Any, Any] = {}


def _go_on(_what: str) -> None:
    """Nobody waits."""


def _note_nothing(_committed: bool) -> None:
    """Nobody wants to know."""
