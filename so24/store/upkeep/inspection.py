"""What can be told of a database from outside: kind, size, whether it can be written, its clock.

Nothing is changed. Of the engine's own tables only their version and the jobs under way are read.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, col

from so24.store.database.engine import Database
from so24.store.tables.ground import now
from so24.store.tables.schema import METADATA
from so24.store.tables.transfer_tables import Worker
from so24.store.upkeep.upkeep import sealed_columns

ENGINE_SCHEMA = "dbos"
UNDER_WAY = ("ENQUEUED", "PENDING", "DELAYED")
_SIZE = {
    "sqlite": "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()",
    "postgresql": "SELECT pg_database_size(current_database())",
}
# a table of its own, which a rollback removes from the disk at once
_A_MEGABYTE = (
    "CREATE TABLE so24_check AS SELECT repeat('x', 1000) AS filling FROM generate_series(1, 1000)"
)


@dataclass(frozen=True)
class Condition:
    """A database as it is found: size in bytes; ``refusal`` is why it cannot be written, or empty.

    ``engine_version`` counts the migrations of the engine's tables, 0 where there are none yet.
    """

    product: str
    size: int
    refusal: str
    engine_version: int
    jobs: int


@dataclass(frozen=True)
class Sighting:
    """A worker process, and how many seconds ago it was last alive by the database's clock."""

    id: str
    version: str
    age: float


@dataclass(frozen=True)
class Offset:
    """How far a clock is ahead of this machine's: somewhere between these seconds."""

    least: float
    most: float

    def within(self, seconds: float) -> bool:
        """Whether it may be no further off than this."""
        return self.least <= seconds and self.most >= -seconds


def inspect_database(database: Database) -> Condition:
    """Look at a database that is up to date; raises what a lost database raises."""
    kind = database.engine.dialect.name
    with database.reading() as session:
        connection = session.connection()
        version = ".".join(map(str, connection.dialect.server_version_info or ()))
        product = f"{'SQLite' if kind == 'sqlite' else 'PostgreSQL'} {version}"
        size = connection.execute(sa.text(_SIZE[kind])).scalar_one()
        engine_version, jobs = _look_at_engine(connection)
    return Condition(product, size, _try_to_write(database), engine_version, jobs)


def clock_offset(database: Database) -> Offset | None:
    """How far the database's clock is ahead of ours; None where it is this machine's own."""
    if database.embedded:
        return None
    with database.reading() as session:
        session.connection()  # what comes now shall be one round trip
        before = now()
        theirs: dt.datetime = session.execute(sa.select(sa.func.clock_timestamp())).scalar_one()
        after = now()
    return Offset((theirs - after).total_seconds(), (theirs - before).total_seconds())


def sighted_workers(session: Session) -> list[Sighting]:
    """All workers that have not said good-bye, the latest heard of first (PostgreSQL only)."""
    age = sa.func.extract("epoch", sa.func.clock_timestamp() - col(Worker.seen))
    rows = session.execute(sa.select(col(Worker.id), col(Worker.version), age).order_by(age))
    return [Sighting(worker, version, float(seconds)) for worker, version, seconds in rows]


def sealed_values(session: Session) -> Iterator[str]:
    """Every secret that the store holds, sealed."""
    for table in METADATA.sorted_tables:
        for column in sealed_columns(table):
            yield from session.scalars(sa.select(column).where(column != ""))


def _look_at_engine(connection: sa.Connection) -> tuple[int, int]:
    schema = None if connection.dialect.name == "sqlite" else ENGINE_SCHEMA
    tables = sa.inspect(connection).get_table_names(schema)
    if "dbos_migrations" not in tables or "workflow_status" not in tables:
        return 0, 0
    migrations = sa.table("dbos_migrations", sa.column("version"), schema=schema)
    jobs = sa.table("workflow_status", sa.column("status"), schema=schema)
    version = connection.execute(sa.select(sa.func.max(migrations.c.version))).scalar()
    under_way = sa.select(sa.func.count()).select_from(jobs).where(jobs.c.status.in_(UNDER_WAY))
    return int(version or 0), int(connection.execute(under_way).scalar_one())


def _try_to_write(database: Database) -> str:
    """Write what is there already and, on a server, a megabyte beside it; and take it back.

    On SQLite nothing would reach the disk before the end: the data folder is tried by itself.
    """
    version: Any = sa.table("alembic_version", sa.column("version_num"))
    with _rolled_back(database) as session:
        try:
            session.execute(sa.update(version).values(version_num=version.c.version_num))
            if not database.embedded:
                session.execute(sa.text(_A_MEGABYTE))
        except DBAPIError as error:
            return str(error.orig).partition("\n")[0]
    return ""


@contextmanager
def _rolled_back(database: Database) -> Iterator[Session]:
    with Session(database.engine) as session:
        yield session
        session.rollback()
