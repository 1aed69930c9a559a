"""The sandbox's books: everything it remembers, in one SQLite file or in memory.

One connection, one lock: a request runs alone, in one transaction, and is kept as a whole or not
at all. Records are kept as JSON beside the few columns that searches need; amounts are text in it,
never floats. Times in columns are microseconds since 1970, UTC. A handler is given the books with
its caller, and the calls are counted for tests.
"""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
import threading
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from so24.sandbox.wire.codec import Fields
from so24.sandbox.wire.refusals import UNPROCESSED, CallFault

if TYPE_CHECKING:
    from so24.sandbox.books.identities import Session
    from so24.sandbox.wire.quota import LoginThrottle

_TABLES = """
create table if not exists client(
    id integer primary key, name text, maintenance integer not null default 0);
create table if not exists account(
    username text primary key, password text);
create table if not exists identity(
    id text primary key, username text, client integer, is_default integer, is_disabled integer);
create table if not exists session(
    id text primary key, identity text, expires integer);
create table if not exists category(
    client integer, id integer, name text, vat text, primary key(client, id));
create table if not exists company(
    client integer, id integer, external_id text, organization_number text, name text,
    changed integer, registered integer, active integer not null default 1, record text,
    primary key(client, id));
create index if not exists company_external on company(client, external_id);
create table if not exists product(
    client integer, id integer, number text, changed integer, record text,
    primary key(client, id));
create table if not exists orders(
    client integer, id integer, customer integer, status text, invoice integer,
    changed integer, registered integer, hidden integer not null default 0, record text,
    primary key(client, id));
create index if not exists orders_customer on orders(client, customer);
create index if not exists orders_invoice on orders(client, invoice);
create table if not exists listed(
    client integer, kind text, id integer, record text, primary key(client, kind, id));
create table if not exists late(
    id integer primary key, due integer, client integer, service text, operation text, body blob);
create table if not exists counter(
    client integer, name text, value integer, primary key(client, name));
"""

FIRST = {"company": 30001, "product": 501, "order": 20001, "invoice": 10001}
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


class Books:
    """The state of one sandbox; ``path`` None keeps it in memory.

    Every read and write belongs inside ``with books.transaction():``.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._lock = threading.RLock()
        self._db = sqlite3.connect(
            path or ":memory:", check_same_thread=False, isolation_level=None
        )
        # Killing the process loses nothing in WAL mode; only a power cut could.
        self._db.execute("pragma journal_mode=wal")
        self._db.execute("pragma synchronous=off")
        self._db.executescript(_TABLES)

    def close(self) -> None:
        """Close the file; waits for a transaction that is under way."""
        with self._lock:
            self._db.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """One request's reads and writes: alone, and all or nothing."""
        with self._lock:
            self._db.execute("begin immediate")
            try:
                yield
                self._db.execute("commit")
            except BaseException:
                if self._db.in_transaction:  # else every later request would find it open
                    self._db.execute("rollback")
                raise

    def rows(self, sql: str, *values: object) -> list[Any]:
        """All rows of a query."""
        return self._db.execute(sql, values).fetchall()

    def row(self, sql: str, *values: object) -> Any:
        """The first row of a query, or None."""
        return self._db.execute(sql, values).fetchone()

    def change(self, sql: str, *values: object) -> int:
        """Carry out a statement; the number of rows it changed."""
        return self._db.execute(sql, values).rowcount

    def next_number(self, client: int, name: str) -> int:
        """The next number of a client's own series: ``company``, ``product``, ``order``…"""
        row = self.row(
            "insert into counter values(?, ?, ?) "
            "on conflict do update set value = value + 1 returning value",
            client, name, FIRST[name],
        )  # fmt: skip
        return int(row[0])

    def set_number(self, client: int, name: str, number: int) -> None:
        """Let a series continue with this number."""
        self.change(
            "insert into counter values(?, ?, ?) on conflict do update set value = excluded.value",
            client, name, number - 1,
        )  # fmt: skip

    def pass_number(self, client: int, name: str, number: int) -> None:
        """Let a series continue after a number that was taken without it."""
        self.change(
            "insert into counter values(?, ?, ?) "
            "on conflict do update set value = max(value, excluded.value)",
            client, name, max(number, FIRST[name] - 1),
        )  # fmt: skip


def pack(record: Fields) -> str:
    """A record as JSON text."""
    return json.dumps(record, default=_pack_value, ensure_ascii=False, separators=(",", ":"))


def unpack(text: str) -> Fields:
    """The record that :func:`pack` wrote."""
    record: Fields = json.loads(text, object_hook=_unpack_value)
    return record


def as_list(numbers: Iterable[object]) -> str:
    """Values for ``in (select value from json_each(?))``, which has no limit on their count."""
    return json.dumps(list(numbers))


def micros(time: dt.datetime) -> int:
    """An aware time as the whole number that the columns hold."""
    return (time - _EPOCH) // dt.timedelta(microseconds=1)


def from_micros(value: int) -> dt.datetime:
    """The aware UTC time of a column."""
    return _EPOCH + dt.timedelta(microseconds=value)


def _pack_value(value: object) -> dict[str, str]:
    if isinstance(value, Decimal):
        return {"$d": str(value)}
    if isinstance(value, dt.datetime):
        return {"$t": value.isoformat()}
    raise TypeError(f"{type(value).__name__} has no place in the books")


def _unpack_value(fields: dict[str, Any]) -> Any:
    if "$d" in fields:
        return Decimal(fields["$d"])
    if "$t" in fields:
        return dt.datetime.fromisoformat(fields["$t"])
    return fields


class Clock:
    """The sandbox's own time: the machine's, plus what a test has added."""

    def __init__(self) -> None:
        self._ahead = dt.timedelta()

    def now(self) -> dt.datetime:
        """The present, aware UTC."""
        return dt.datetime.now(dt.UTC) + self._ahead

    def advance(self, seconds: float) -> None:
        """Let ``seconds`` pass at once, so that no test has to wait."""
        self._ahead += dt.timedelta(seconds=seconds)


@dataclass
class Call:
    """One request on its way through a handler.

    ``hide_reads`` keeps orders made by this call out of that many look-ups (-1: until revealed);
    ``cookie`` is a session id that the answer must set. ``acting_client`` is set where no session
    is needed: a hand at the books, or a call that lands late.
    """

    books: Books
    now: dt.datetime
    session: Session | None = None
    logins: LoginThrottle | None = None
    session_seconds: int = 0
    hide_reads: int = 0
    cookie: str | None = None
    acting_client: int | None = None

    @property
    def client(self) -> int:
        """The client whose books the call works on; raises :class:`CallFault` without session."""
        return self.acting_client if self.acting_client is not None else self.current().client

    def current(self) -> Session:
        """The session of the call; raises :class:`CallFault` where there is none."""
        if self.session is None:
            raise CallFault(f"{UNPROCESSED}Session is not authenticated")
        return self.session


@dataclass
class CallCounts:
    """How many calls of each operation came, and how many of one session ran at the same time."""

    operations: Counter[str] = field(default_factory=Counter)
    overlap: int = 0
    seconds: float = 0
    _running: Counter[str] = field(default_factory=Counter)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def running(self, operation: str, session: str | None) -> Iterator[None]:
        """Count a call while it runs; calls without a session do not count as overlapping."""
        with self._lock:
            self.operations[operation] += 1
            if session:
                self._running[session] += 1
                self.overlap = max(self.overlap, self._running[session])
        try:
            yield
        finally:
            if session:
                with self._lock:
                    self._running[session] -= 1

    def spend(self, seconds: float) -> None:
        """Add the time from a request's arrival until its answer had left."""
        with self._lock:
            self.seconds += seconds

    def report(self) -> dict[str, Any]:
        """The counts as JSON: ``operations`` by name, ``requests`` in all, ``overlap``.

        ``seconds`` is the time spent on all of them, the delay of the answers included.
        """
        with self._lock:
            return {
                "operations": dict(self.operations),
                "requests": self.operations.total(),
                "overlap": self.overlap,
                "seconds": self.seconds,
            }

    def reset(self) -> None:
        """Start counting from nought."""
        with self._lock:
            self.operations.clear()
            self.overlap = 0
            self.seconds = 0
