"""What a run leaves behind besides the store's rows: the engine's jobs, the database as text."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import make_url

from so24.installation import Installation

_TABLES = (
    "select quote_ident(schemaname) || '.' || quote_ident(tablename) from pg_tables "
    "where schemaname not in ('pg_catalog', 'information_schema')"
)


@dataclass(frozen=True)
class EngineJob:
    """A job in the engine's own table; ``output`` is the JSON of what it returned, if it has."""

    id: str
    status: str
    output: str = ""


def engine_jobs(installation: Installation) -> list[EngineJob]:
    """Every job that the engine knows; none where it never ran."""
    schema = None if installation.db.embedded else "dbos"
    with installation.db.engine.connect() as connection:
        if not sa.inspect(connection).has_table("workflow_status", schema=schema):
            return []
        names = ("workflow_uuid", "status", "output")
        table = sa.table("workflow_status", *(sa.column(name) for name in names), schema=schema)
        rows = connection.execute(sa.select(*table.c))
        return [EngineJob(str(job), str(status), str(output)) for job, status, output in rows]


def database_text(installation: Installation) -> str:
    """Everything that the database holds, as text: the SQLite files, PostgreSQL's rows."""
    if installation.db.embedded:
        file = Path(make_url(installation.db.url).database or "")
        parts = [file, file.with_name(f"{file.name}-wal")]
        return "".join(part.read_bytes().decode("latin-1") for part in parts if part.exists())
    with installation.db.engine.connect() as connection:
        tables = connection.execute(sa.text(_TABLES)).scalars().all()
        # the database itself has quoted the names
        selects = [sa.text(f"select string_agg(t::text, '') from {name} t") for name in tables]  # noqa: S608
        return "\n".join(str(connection.execute(each).scalar()) for each in selects)
