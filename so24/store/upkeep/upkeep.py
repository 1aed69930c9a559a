"""A whole database: revision, outages, sealed columns, and what can be told of it from outside.

An inspection changes nothing. Of the engine's own tables only their version and the jobs under way
are read.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlmodel import Session, col, select

from so24.errors import ConfigurationError
from so24.language.said import say
from so24.store.database.engine import Database, make_engine
from so24.store.database.migrate import current_revision
from so24.store.tables.document_tables import Import, Invoice
from so24.store.tables.ground import now
from so24.store.tables.key_tables import Key
from so24.store.tables.people_tables import Activation
from so24.store.tables.schema import METADATA
from so24.store.tables.transfer_tables import Worker

SEALED = "_sealed"
ENGINE_SCHEMA = "dbos"
UNDER_WAY = ("ENQUEUED", "PENDING", "DELAYED")
_SIZE = {
    "sqlite": "SELECT page_count * page_size "
    "FROM pragma_page_count(), pragma_page_size()",  # in English: SQL
    "postgresql": "SELECT pg_database_size(current_database())",  # in English: SQL
}
# a table of its own, which a rollback removes from the disk at once
_A_MEGABYTE = (
    "CREATE TABLE so24_check AS SELECT repeat('x', 1000) AS filling "
    "FROM generate_series(1, 1000)"  # in English: SQL
)


@contextmanager
def explain_outage() -> Iterator[None]:
    """Turn a database that cannot be used into :class:`ConfigurationError`, without its address.

    A broken rule of our own tables is a bug and stays what it is. An option of the address that
    PostgreSQL does not know is found before any statement.
    """
    try:
        yield
    except ArgumentError:
        raise ConfigurationError(
            say(
                "SO24_DATABASE_URL is no database address; it begins with sqlite:/// or "
                "postgresql+psycopg://."
            )
        ) from None
    except DBAPIError as error:
        ours = isinstance(error, sa.exc.IntegrityError | sa.exc.ProgrammingError)
        if ours and error.statement is not None:
            raise
        first_line = str(error.orig).partition("\n")[0].rstrip(".")
        raise ConfigurationError(
            say(
                "The database cannot be used: {why}. Check SO24_DATABASE_URL and SO24_DATA_DIR, "
                "and that the database is running.",
                why=first_line,
            )
        ) from None


def file_in(url: str) -> Path | None:
    """The file of a SQLite database; None for one on a server."""
    parts = make_url(url)
    return Path(parts.database or "") if parts.get_backend_name() == "sqlite" else None


def revision_of(url: str) -> str:
    """The revision of the database at ``url``, which is not changed; empty where it is new."""
    file = file_in(url)
    if file is not None and not os.path.exists(file):  # also where nobody may look
        return ""  # connecting would make an empty file
    engine = make_engine(url)
    try:
        return current_revision(engine)
    finally:
        engine.dispose()


def sealed_columns(table: sa.Table) -> list[sa.Column[Any]]:
    """The columns that hold secrets: those whose name says so, so that none can be forgotten."""
    return [column for column in table.columns if column.name.endswith(SEALED)]


def reseal_columns(session: Session, reseal: Callable[[str], str]) -> int:
    """Put every sealed value of the store through ``reseal``; returns how many there were."""
    count = 0
    for table in METADATA.sorted_tables:
        columns = sealed_columns(table)
        if not columns:
            continue
        keys = list(table.primary_key.columns)
        # locked, because a lane may store a new session at the same moment
        rows = session.execute(sa.select(*keys, *columns).with_for_update()).all()
        for row in rows:
            values = {column.name: getattr(row, column.name) for column in columns}
            fresh = {name: reseal(value) for name, value in values.items() if value}
            if fresh:
                same = [key == getattr(row, key.name) for key in keys]
                session.execute(sa.update(table).where(*same).values(fresh))
                count += len(fresh)
    return count


def is_untouched(session: Session) -> bool:
    """Whether nobody has imported, added a key or pressed the activation button yet."""
    return not any(
        session.exec(select(column).limit(1)).first()
        for column in (Invoice.id, Key.id, Activation.id)
    )


def is_filled_by(session: Session, actor: str) -> bool:
    """Whether everything that was imported was by this actor, and the activation was decided."""
    actors = set(session.exec(select(Import.actor).distinct()))
    return actors == {actor} and session.exec(select(Activation.id)).first() is not None


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
