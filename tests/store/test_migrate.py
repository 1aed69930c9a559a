"""The database is brought up to date by migrations, and they give exactly the tables we use."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from so24.store.engine import make_engine
from so24.store.migrate import current_revision, newest_revision, upgrade
from so24.store.schema import METADATA


def test_the_migrations_give_the_tables_of_the_models(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'so24.db'}"
    upgrade(url, tmp_path)
    engine = make_engine(url)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []
    assert current_revision(engine) == newest_revision()
    engine.dispose()


def test_several_processes_may_start_at_the_same_time(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'so24.db'}"
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: upgrade(url, tmp_path), range(4)))


def test_a_database_with_data_is_copied_before_it_is_changed(tmp_path: Path) -> None:
    file = tmp_path / "so24.db"
    with sqlite3.connect(file) as connection:
        connection.execute("CREATE TABLE old (x)")
    connection.close()
    upgrade(f"sqlite:///{file}", tmp_path)
    assert list(tmp_path.glob("so24.db.before-*"))
