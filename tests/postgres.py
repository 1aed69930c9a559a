"""A private PostgreSQL for the tests: Debian's programs, a temporary folder, loopback only."""

from __future__ import annotations

import getpass
import itertools
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy.engine import make_url

from so24.store.database.migrate import upgrade
from so24.transfer.jobs.engine import migrate_engine
from tests.recovery.processes import free_port

SUPERUSER = "so24"
TEMPLATE = "so24_template"
START_SECONDS = 30
END_SECONDS = 30
MEMORY = Path("/dev/shm")  # noqa: S108 - a folder with a name of its own is made in it
MEMORY_BYTES = 2**30
CONNECTIONS = 400
CONFIGURATION = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": str(CONNECTIONS),
    # the tests kill programs, never the machine: what the kernel has is not lost
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "64MB",
    "max_wal_size": "128MB",
    "timezone": "Europe/Oslo",  # not UTC, so that a time read without its zone would show
}
# Waits for the server, and tells it to end as soon as the input says how. The input also ends when
# the tests die, in whatever way: then nobody else removes the folder.
GUARD = """
folder=$1; shift
exec 3<&0
"$@" 3<&- & server=$!
{ read -r how <&3; told=$?; kill -"${how:-QUIT}" "$server"; exit "$told"; } & reader=$!
wait "$server"
kill "$reader" 2>/dev/null
wait "$reader"
[ $? -ne 1 ] || rm -rf "$folder"
"""


def find_postgres() -> Path | None:
    """The folder of PostgreSQL's server programs: Debian's newest, else those on the path."""
    found = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    versions = [each for each in found if re.fullmatch(r"\d+", each.parts[-3])]
    if versions:
        return max(versions, key=lambda each: int(each.parts[-3])).parent
    on_path = shutil.which("initdb")
    return Path(on_path).resolve().parent if on_path else None


class Cluster:
    """A PostgreSQL server of its own that can be stopped, killed and started again.

    Nothing of it outlives the ``with`` block, nor the process that has begun it. The port stays the
    same for the life of the cluster. Raises :class:`RuntimeError` with the server's own words when
    it does not start.
    """

    def __init__(self, programs: Path) -> None:
        self._programs = programs
        # PostgreSQL refuses to run as root; Debian's package has made a user for it
        self._user = "postgres" if os.geteuid() == 0 else getpass.getuser()
        self.folder = Path(tempfile.mkdtemp(prefix="so24-postgres-", dir=choose_place()))
        self._guard: subprocess.Popen[bytes] | None = None
        self._numbers = itertools.count(1)
        self._has_template = False
        self.port = free_port()

    def __enter__(self) -> Cluster:
        try:
            self._make_files()
            self.start()
        except BaseException:
            self._remove()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._remove()

    def start(self) -> None:
        """Start the server and wait until it answers; does nothing when it runs."""
        if self._guard is not None:
            return
        with self._log.open("ab") as log:
            self._guard = subprocess.Popen(
                ["/bin/sh", "-c", GUARD, "guard", str(self.folder),
                 str(self._programs / "postgres"), "-D", str(self._data), "-p", str(self.port)],
                stdin=subprocess.PIPE, stdout=log, stderr=log, start_new_session=True,
                **self._identity(),
            )  # fmt: skip
        self._await_answer()

    def stop(self) -> None:
        """Shut down in order: open connections are told so, nothing has to be recovered."""
        self._end("INT")

    def kill(self) -> None:
        """End without any order, as a crash does: the next start recovers from the log."""
        self._end("QUIT")

    def create_database(self, *, migrated: bool = True) -> str:
        """Make a database nobody has used; returns its URL (``postgresql+psycopg://…``).

        ``migrated``: with the tables of so24 and of its engine; else it is empty.
        """
        if migrated and not self._has_template:
            self._make_template()
        name = f"so24_{os.getpid()}_{next(self._numbers)}"
        self._create(name, TEMPLATE if migrated else "template0")
        return self.url(name)

    def drop_database(self, url: str) -> None:
        """Remove a database and cut whoever still uses it."""
        name = sql.Identifier(str(make_url(url).database))
        self._execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))

    def url(self, database: str) -> str:
        """The URL of a database of this cluster, as ``SO24_DATABASE_URL`` takes it."""
        return f"postgresql+psycopg://{SUPERUSER}@127.0.0.1:{self.port}/{database}"

    def count_connections(self, url: str) -> int:
        """How many connections programs hold to this database."""
        return len(self.connections(url))

    def connections(self, url: str) -> list[tuple[str, str]]:
        """State and last statement of each connection to this database."""
        query = (
            "SELECT coalesce(state, ''), query FROM pg_stat_activity"
            " WHERE datname = %s AND backend_type = 'client backend'"
        )
        with self._connect() as connection:
            return connection.execute(query, [make_url(url).database]).fetchall()

    @property
    def _data(self) -> Path:
        return self.folder / "data"

    @property
    def _log(self) -> Path:
        return self.folder / "log"

    def _identity(self) -> dict[str, Any]:
        return {"user": self._user, "extra_groups": []} if os.geteuid() == 0 else {}

    def _make_files(self) -> None:
        if os.geteuid() == 0:
            shutil.chown(self.folder, self._user)
        self._run(
            "initdb", "--pgdata", str(self._data), "--username", SUPERUSER, "--auth", "trust",
            "--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync",
        )  # fmt: skip
        with (self._data / "postgresql.conf").open("a") as file:
            file.writelines(f"{name} = '{value}'\n" for name, value in CONFIGURATION.items())

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            [str(self._programs / program), *arguments],
            cwd=self.folder, capture_output=True, text=True, check=False, **self._identity(),
        )  # fmt: skip
        if done.returncode:
            raise RuntimeError(f"{program} failed: {done.stderr}")

    def _await_answer(self) -> None:
        assert self._guard is not None
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                self._connect().close()
            except psycopg.OperationalError as error:
                if self._guard.poll() is not None or time.monotonic() > deadline:
                    self._end("QUIT")
                    raise RuntimeError(f"no PostgreSQL: {self._log.read_text()}") from error
                time.sleep(0.02)
            else:
                return

    def _end(self, how: str) -> None:
        if self._guard is None:
            return
        guard, self._guard = self._guard, None
        try:
            guard.communicate(f"{how}\n".encode(), timeout=END_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(guard.pid, signal.SIGKILL)
            guard.wait()

    def _remove(self) -> None:
        self._end("QUIT")
        shutil.rmtree(self.folder)

    def _make_template(self) -> None:
        self._create(TEMPLATE, "template0")
        upgrade(self.url(TEMPLATE), self.folder)
        migrate_engine(self.url(TEMPLATE))
        self._has_template = True

    def _create(self, name: str, template: str) -> None:
        words = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        self._execute(words.format(sql.Identifier(name), sql.Identifier(template)))

    def _execute(self, statement: sql.Composed) -> None:
        with self._connect() as connection:
            connection.execute(statement)

    def _connect(self) -> psycopg.Connection[Any]:
        return psycopg.connect(
            host="127.0.0.1", port=self.port, user=SUPERUSER, dbname="postgres",
            autocommit=True, connect_timeout=START_SECONDS,
        )  # fmt: skip


def choose_place() -> Path | None:
    """Memory where there is plenty: a database is made there in a tenth of the time."""
    if not os.access(MEMORY, os.W_OK):
        return None
    return MEMORY if shutil.disk_usage(MEMORY).free >= MEMORY_BYTES else None
