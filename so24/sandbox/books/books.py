"""The sandbox's books: everything it remembers, in one SQLite file or in memory.

One connection, one lock: a request runs alone, in one transaction, and is kept as a whole or not
at all. Records are kept as JSON beside the few columns that searches need; amounts are text in it,
never floats. Times in columns are microseconds since 1970, UTC.
"""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

from so24.sandbox.wire.codec import Fields

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


_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


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
