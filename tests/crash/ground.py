"""Databases for strikes: one prepared by a process of its own, and a fresh copy for each strike."""

from __future__ import annotations

import itertools
import os
import shutil
import sqlite3
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

import psycopg
from psycopg import sql
from pydantic import SecretStr
from sqlalchemy.engine import make_url

from so24.settings import Settings
from so24.vault import new_cookie_key, new_secret_key
from tests.crash.scene import Scene, build_scene

# a fork of a process that has everything loaded: a start takes a tenth of a second, not two
forkserver = get_context("forkserver")
# besides the worker, all that the program's main module asks for: each fork imports that one
_MAIN_ASKS_FOR = [name for name in ("pytest", "tests.postgres") if name in sys.modules]
forkserver.set_forkserver_preload(["tests.crash.worker", "tests.crash.matrix", *_MAIN_ASKS_FOR])

SETTLE_SECONDS = 0.15
# a lease outlasts any call, so all three are small
CONNECT_SECONDS, READ_SECONDS, LEASE_SECONDS = 0.3, 0.8, 2.0
BUILD_SECONDS = 120
_numbers = itertools.count(1)


@dataclass(frozen=True)
class Ground:
    """A prepared scene, to be copied; PostgreSQL's stands in a database of its own."""

    scene: Scene

    @contextmanager
    def copy(self, folder: Path) -> Iterator[Scene]:
        """The scene on a database of its own, which is gone afterwards."""
        folder.mkdir()
        settings = self.scene.settings.model_copy(update={"data_dir": folder})
        if settings.database_url:
            with _copied_database(settings.database_url) as url:
                yield self._on(settings.model_copy(update={"database_url": url}))
        else:
            shutil.copy(self.scene.settings.data_dir / "so24.db", folder / "so24.db")
            yield self._on(settings)
        shutil.rmtree(folder)

    def _on(self, settings: Settings) -> Scene:
        return replace(self.scene, settings=settings)


def prepare_ground(folder: Path, database_url: str = "") -> Ground:
    """Build the scene in a new folder, on SQLite or in this migrated database of PostgreSQL."""
    folder.mkdir()
    settings = Settings(
        _env_file=None,
        mode="sandbox",
        data_dir=folder,
        database_url=database_url,
        office_url="",
        demo=False,
        secret_keys=SecretStr(new_secret_key()),
        cookie_key=SecretStr(new_cookie_key()),
        connect_seconds=CONNECT_SECONDS,
        read_seconds=READ_SECONDS,
        settle_seconds=SETTLE_SECONDS,
        patience_seconds=60.0,  # a busy machine answers late, and that is no strike
        login_pause_seconds=0.0,
        pace_per_second=1000.0,
        pace_burst=1000,
        lease_seconds=LEASE_SECONDS,
    )
    ours, theirs = forkserver.Pipe()
    builder = forkserver.Process(target=_build, args=(settings, theirs))
    builder.start()
    theirs.close()
    with ours:
        assert ours.poll(BUILD_SECONDS), "the scene was not built in time"
        scene: Scene = ours.recv()
    builder.join()
    builder.close()
    if database_url:
        _await_silence(database_url)
    else:
        with sqlite3.connect(folder / "so24.db") as connection:
            connection.execute("pragma wal_checkpoint(truncate)")
        connection.close()
    return Ground(scene)


def _build(settings: Settings, pipe: Connection) -> None:
    pipe.send(build_scene(settings))
    pipe.close()
    os._exit(0)  # the engine's client has threads that nobody needs any more


@contextmanager
def _copied_database(template: str) -> Iterator[str]:
    url = make_url(template)
    name = f"struck_{os.getpid()}_{next(_numbers)}"
    _execute(template, "CREATE DATABASE {} TEMPLATE {}", name, url.database or "")
    yield url.set(database=name).render_as_string(hide_password=False)
    _execute(template, "DROP DATABASE {} WITH (FORCE)", name)


def cut_connections(database_url: str) -> None:
    """End every connection to this database, as a failing server or network does."""
    with _connect(database_url) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s",
            [make_url(database_url).database],
        )


def _await_silence(database_url: str) -> None:
    """A database with connections cannot be copied."""
    counting = "SELECT count(*) FROM pg_stat_activity WHERE datname = %s"
    with _connect(database_url) as connection:
        while connection.execute(counting, [make_url(database_url).database]).fetchone() != (0,):
            time.sleep(0.02)


def _execute(url: str, words: str, *names: str) -> None:
    with _connect(url) as connection:
        connection.execute(sql.SQL(words).format(*map(sql.Identifier, names)))


def _connect(url: str) -> psycopg.Connection[tuple[object, ...]]:
    """A connection to the server's own database."""
    plain = make_url(url).set(drivername="postgresql", database="postgres")
    return psycopg.connect(plain.render_as_string(hide_password=False), autocommit=True)
