"""A whole database: its revision, its sealed columns, its outages, whether it is untouched."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlmodel import Session, select

from so24.errors import ConfigurationError
from so24.store.database.engine import make_engine
from so24.store.database.migrate import current_revision
from so24.store.tables.document_tables import Import, Invoice
from so24.store.tables.key_tables import Key
from so24.store.tables.people_tables import Activation
from so24.store.tables.schema import METADATA

SEALED = "_sealed"


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
            "SO24_DATABASE_URL is no database address; it begins with sqlite:/// or "
            "postgresql+psycopg://."
        ) from None
    except DBAPIError as error:
        ours = isinstance(error, sa.exc.IntegrityError | sa.exc.ProgrammingError)
        if ours and error.statement is not None:
            raise
        first_line = str(error.orig).partition("\n")[0].rstrip(".")
        raise ConfigurationError(
            f"The database cannot be used: {first_line}. "
            "Check SO24_DATABASE_URL and SO24_DATA_DIR, and that the database is running."
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
