"""The engine's own way to the database: as durable, and as soon noticed when dead, as ours."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from so24.store.database.engine import (
    BUSY_MILLISECONDS,
    PRESENCE,
    Database,
    session_name,
    session_options,
)


def engine_url(url: str) -> str:
    """The address by which the engine reaches the database, with our sessions' own limits."""
    address = sa.make_url(url)
    if address.get_backend_name() != "postgresql":
        return url
    ours = {"options": session_options(PRESENCE), "application_name": session_name()}
    wanted = {name: each for name, each in ours.items() if name not in address.query}
    watched = address.set(drivername="postgresql").update_query_dict(wanted)
    return watched.render_as_string(hide_password=False)


_databases: dict[str, sa.Engine] = {}


def engine_database(db: Database) -> sa.Engine | None:
    """The engine's own connections to the SQLite file, set up as durably as ours."""
    if not db.embedded:
        return None
    url = db.url
    if url not in _databases:
        database = sa.create_engine(url, pool_size=20, max_overflow=0)

        @sa.event.listens_for(database, "connect")
        def _set_pragmas(connection: Any, _record: Any) -> None:
            connection.isolation_level = "IMMEDIATE"
            connection.execute(f"PRAGMA busy_timeout={BUSY_MILLISECONDS}")
            connection.execute("PRAGMA foreign_keys=ON")
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=FULL")

        _databases[url] = database
    return _databases[url]
