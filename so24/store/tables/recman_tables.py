"""Tables of the connection to RecMan: its key, how its invoices are read, and the calls made."""

from __future__ import annotations

import datetime as dt

from sqlmodel import Field

from so24.store.tables.ground import Table, now


class RecManConnection(Table, table=True):
    """The one connection to RecMan's API; at most one row.

    ``address`` is where the key may be sent. ``findings`` is a JSON object from a scope to what
    the key reads there (:class:`so24.sources.recman.findings.ScopeFinding`), ``field_map`` one
    from our fields to RecMan's members. Nothing is imported unless ``confirmed_at`` is set;
    ``sample`` says what was reconciled then. Invoices dated before ``since`` are left out.
    ``fetch_calls`` is what the last fetch has cost.
    """

    __tablename__ = "recman_connection"

    id: int = Field(default=1, primary_key=True)
    address: str = Field(max_length=200)
    key_sealed: str
    connected_at: dt.datetime = Field(default_factory=now)
    connected_by: str = Field(max_length=96)
    tested_at: dt.datetime | None = None
    findings: str = "{}"
    field_map: str = "{}"
    since: dt.date | None = None
    confirmed_at: dt.datetime | None = None
    confirmed_by: str = Field(default="", max_length=96)
    sample: str = Field(default="", max_length=500)
    fetched_at: dt.datetime | None = None
    fetch_calls: int = 0


class RecManCalls(Table, table=True):
    """How many calls were made to RecMan on one day of Oslo, by whichever process."""

    __tablename__ = "recman_calls"

    day: dt.date = Field(primary_key=True)
    calls: int = 0
