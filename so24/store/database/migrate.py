"""Bring the database up to date: Alembic, one process at a time, a copy taken first."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

from so24.errors import ConfigurationError
from so24.language.said import say
from so24.store.database import sqlite_copy
from so24.store.database.engine import make_engine

FOLDER = Path(__file__).parents[1] / "migrations"
_ADVISORY_LOCK = 240024
_REVISION = sa.table("alembic_version", sa.column("version_num", sa.String))  # Alembic's own


def upgrade(url: str, data_dir: Path) -> None:
    """Upgrade the database at ``url`` to the newest migration; does nothing when it is there.

    A SQLite file that holds data is copied beside itself before it is changed. Raises
    :class:`ConfigurationError` where a newer so24 has changed the database already.
    """
    _make_file(url)
    engine = make_engine(url, migrating=True)
    try:
        if _is_current(engine):
            return
        _refuse_newer(engine)
        with _one_at_a_time(engine, data_dir):
            if not _is_current(engine):
                _copy_first(engine)
                _run_migrations(engine)
    finally:
        engine.dispose()


def _make_file(url: str) -> None:
    """A new SQLite file is its owner's alone, and what SQLite puts beside it takes its mode."""
    address = sa.make_url(url)
    if address.get_backend_name() != "sqlite" or not address.database:
        return
    file = Path(address.database)
    try:
        if not file.exists():
            file.touch(0o600)
    except OSError as error:
        raise ConfigurationError(
            say(
                "The database file {file} cannot be made: {why}. Check SO24_DATABASE_URL and "
                "SO24_DATA_DIR.",
                file=file,
                why=error.strerror,
            )
        ) from None


def newest_revision() -> str:
    """The revision that the code expects."""
    return max(known_revisions())


def known_revisions() -> frozenset[str]:
    """Every revision that the code knows; a database at another one is of a newer so24.

    A migration's file begins with its revision, so that nobody has to load Alembic to find that
    there is nothing to do.
    """
    files = (FOLDER / "versions").glob("[0-9]*.py")
    return frozenset(file.name.partition("_")[0] for file in files)


def current_revision(engine: sa.Engine) -> str:
    """The revision that the database is at; empty for a new database."""
    with engine.connect() as connection:
        if not sa.inspect(connection).has_table(_REVISION.name):
            return ""
        return connection.scalar(sa.select(_REVISION.c.version_num)) or ""


def _is_current(engine: sa.Engine) -> bool:
    return current_revision(engine) == newest_revision()


def _refuse_newer(engine: sa.Engine) -> None:
    revision = current_revision(engine)
    if not revision or revision in known_revisions():
        return
    if revision < newest_revision():
        raise ConfigurationError(
            say(
                "The database is of a version between two releases (its tables are at {revision}), "
                "which no release brings further. Restore a back-up of a release, or begin in "
                "another data folder and import the reports again: what is in 24SevenOffice is "
                "found there and not sent twice.",
                revision=revision,
            )
        )
    raise ConfigurationError(
        say(
            "The database is of a newer so24 (its tables are at {revision}). Start that version, "
            "or restore a back-up of this one.",
            revision=revision,
        )
    )


def _run_migrations(engine: sa.Engine) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    with engine.execution_options(so24_write=True).begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        if engine.dialect.name == "sqlite":
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
            if broken:
                raise RuntimeError(f"the migration would break {len(broken)} references")


@contextmanager
def _one_at_a_time(engine: sa.Engine, data_dir: Path) -> Iterator[None]:
    if engine.dialect.name == "sqlite":
        with (data_dir / "migration.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        return
    # no transaction stays open meanwhile: a server's time limit for idle ones would end the lock
    with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        connection.execute(sa.select(sa.func.pg_advisory_lock(_ADVISORY_LOCK)))
        try:
            yield
        finally:
            connection.execute(sa.select(sa.func.pg_advisory_unlock(_ADVISORY_LOCK)))


def _copy_first(engine: sa.Engine) -> None:
    if engine.dialect.name != "sqlite" or not sa.inspect(engine).get_table_names():
        return
    file = Path(engine.url.database or "")
    kept = sqlite_copy.name_kept(file.parent, file.name)
    kept.touch(0o600, exist_ok=False)
    sqlite_copy.copy_out(file, kept)
