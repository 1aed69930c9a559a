"""Bring the database up to date: Alembic, one process at a time, a copy taken first."""

from __future__ import annotations

import datetime as dt
import fcntl
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.engine import make_url

from so24.store.engine import make_engine

FOLDER = Path(__file__).with_name("migrations")
_ADVISORY_LOCK = 240024


def upgrade(url: str, data_dir: Path) -> None:
    """Upgrade the database at ``url`` to the newest migration; does nothing when it is there.

    A SQLite file that holds data is copied beside itself before it is changed.
    """
    engine = make_engine(url, foreign_keys=False)
    try:
        if _is_current(engine):
            return
        with _one_at_a_time(engine, data_dir):
            if not _is_current(engine):
                _copy_first(url)
                _run_migrations(engine)
    finally:
        engine.dispose()


def newest_revision() -> str:
    """The revision that the code expects."""
    return ScriptDirectory.from_config(_config()).get_current_head() or ""


def current_revision(engine: sa.Engine) -> str:
    """The revision that the database is at; empty for a new database."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() or ""


def _is_current(engine: sa.Engine) -> bool:
    return current_revision(engine) == newest_revision()


def _run_migrations(engine: sa.Engine) -> None:
    config = _config()
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
    with engine.connect() as connection:
        connection.execute(sa.select(sa.func.pg_advisory_lock(_ADVISORY_LOCK)))
        try:
            yield
        finally:
            connection.execute(sa.select(sa.func.pg_advisory_unlock(_ADVISORY_LOCK)))


def _copy_first(url: str) -> None:
    file = make_url(url).database
    if not url.startswith("sqlite") or not file or not Path(file).exists():
        return
    with sqlite3.connect(file) as source:
        tables = source.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        if tables:
            stamp = dt.datetime.now(dt.UTC).strftime("%Y%m%dT%H%M%S")
            source.execute("VACUUM INTO ?", (f"{file}.before-{stamp}",))
    source.close()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    return config
