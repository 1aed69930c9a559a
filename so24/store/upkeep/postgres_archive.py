"""PostgreSQL's own archives: written by ``pg_dump``, read by ``pg_restore``, loaded by ``psql``.

The client tools get the password by the environment only, and are never let ask for one.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import sqlalchemy as sa
from psycopg.conninfo import make_conninfo
from sqlalchemy.engine import make_url

from so24.errors import ConfigurationError, WrongUse
from so24.language.said import change_values, say, say_count
from so24.store.database.engine import make_engine
from so24.store.tables.schema import METADATA

ENGINE_SCHEMA = "dbos"
VERSION_TABLE = "alembic_version"
PLAIN = ("--no-owner", "--no-privileges", "--no-comments")
_REVISION = re.compile(
    rf'^COPY \S*"?{VERSION_TABLE}"? \(version_num\) FROM stdin;\n(\S+)$', re.MULTILINE
)
_HEAD_LINES = 40
_NEWER_SETTING = b"SET transaction_timeout = 0;\n"
_OTHERS = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND usesysid IS NOT NULL
"""  # in English: SQL
_NOBODY_ELSE = f"""
DO $$ BEGIN
    FOR i IN 1 .. 20 LOOP
        EXIT WHEN ({_OTHERS}) = 0;
        PERFORM pg_sleep(0.1), pg_stat_clear_snapshot();
    END LOOP;
    IF ({_OTHERS}) > 0 THEN
        RAISE EXCEPTION 'another process has connected to the database meanwhile';
    END IF;
END $$;
"""  # in English: SQL
# a connection that has been closed is seen for a moment yet, longer on a busy server
_LEAVING_SECONDS = 2.0


@dataclass(frozen=True)
class _Server:
    """Where the client tools connect: libpq's own words, the password apart from them."""

    conninfo: str
    environment: dict[str, str]
    major: int
    tables: frozenset[str]
    others: int


def dump(url: str, target: Path) -> None:
    """Write the whole database to ``target`` in the custom format, as of one moment."""
    server = _look_at(url)
    if VERSION_TABLE not in server.tables:
        raise WrongUse(say("The database holds no tables of so24: there is nothing to back up."))
    tool = _tool("pg_dump", at_least=server.major)
    _run(
        [tool, "--format=custom", "--no-password", f"--file={target}", server.conninfo],
        server.environment,
        lambda why: say("The database cannot be backed up ({why}).", why=why),
    )


def revision_in(file: Path) -> str | None:
    """The revision of the tables in an archive, read through; None where they are not ours.

    Raises :class:`WrongUse` where the archive is damaged or of a newer PostgreSQL.
    """
    tool = _tool("pg_restore")

    def trouble(why: str) -> str:
        return say(
            "{file} is damaged, or of a newer PostgreSQL than the tools of this machine ({why}).",
            file=file,
            why=why,
        )

    # to the end, so that damage anywhere in the file shows
    _run([tool, "--file=/dev/null", str(file)], {}, trouble)
    words = _run(
        [tool, "--data-only", f"--table={VERSION_TABLE}", "--file=-", str(file)], {}, trouble
    )
    found = _REVISION.search(words)
    return found[1] if found else None


def check_replaceable(url: str) -> bool:
    """See that the database may be replaced; returns whether it holds anything worth keeping.

    Raises :class:`WrongUse` where anybody else is connected or keeps tables there.
    """
    server = _look_at(url)
    deadline = time.monotonic() + _LEAVING_SECONDS
    while server.others and time.monotonic() < deadline:
        time.sleep(0.1)
        server = _look_at(url)
    if server.others:
        raise WrongUse(
            say_count(
                "{number} other connection to the database is open. Stop every dashboard and "
                "worker, then restore.",
                "{number} other connections to the database are open. Stop every dashboard and "
                "worker, then restore.",
                server.others,
            )
        )
    strangers = server.tables - set(METADATA.tables) - {VERSION_TABLE}
    if strangers:
        raise WrongUse(
            say(
                "The database holds tables unknown to this so24: {tables}. Restore into a new, "
                "empty database and set SO24_DATABASE_URL to it.",
                tables=", ".join(sorted(strangers)),
            )
        )
    return VERSION_TABLE in server.tables


def load(url: str, file: Path) -> None:
    """Put the archive in the place of all our tables, in one transaction."""
    server = _look_at(url)
    restore, psql = _tool("pg_restore"), _tool("psql")
    with tempfile.TemporaryFile() as words:
        reader = subprocess.Popen(  # noqa: S603 - PostgreSQL's own tool, no shell
            [restore, *PLAIN, "--file=-", str(file)], stdout=subprocess.PIPE, stderr=words
        )
        writer = subprocess.Popen(  # noqa: S603 - same
            [psql, "--no-psqlrc", "--quiet", "--no-password", "--set=ON_ERROR_STOP=1",
             f"--dbname={server.conninfo}"],
            stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=words,
            env=_environment(server.environment),
        )  # fmt: skip
        assert reader.stdout is not None  # noqa: S101 - a pipe was asked for
        assert writer.stdin is not None  # noqa: S101 - same
        with reader.stdout as script, suppress(BrokenPipeError), writer.stdin as statements:
            _feed(script, statements, server.major)
            # without this word everything is rolled back: also when this process is killed
            statements.write(b"COMMIT;\n" if reader.wait() == 0 else b"ROLLBACK;\n")
        ended = writer.wait(), reader.wait()  # both: a reader that nobody waits for is left behind
        if any(ended):
            words.seek(0)
            told = _first_line(words.read().decode(errors="replace"))
            raise ConfigurationError(
                say("The database is as it was: nothing was restored ({why}).", why=told)
            )


def _feed(script: IO[bytes], statements: IO[bytes], major: int) -> None:
    tables = ", ".join(f'"{name}"' for name in (*METADATA.tables, VERSION_TABLE))
    begin = (
        f"SET client_min_messages = error;\nBEGIN;\nDROP TABLE IF EXISTS {tables} CASCADE;\n"
        f"DROP SCHEMA IF EXISTS {ENGINE_SCHEMA} CASCADE;\n{_NOBODY_ELSE}"  # in English: SQL
    )
    statements.write(begin.encode())
    for number, line in enumerate(script):
        # newer tools set what servers before 17 do not know
        if major < 17 and number < _HEAD_LINES and line == _NEWER_SETTING:
            continue
        statements.write(line)


def _look_at(url: str) -> _Server:
    parts = make_url(url)
    _, options = parts.get_dialect()().create_connect_args(parts)
    password = options.pop("password", None)
    options.pop("sslpassword", None)  # has no variable, and must not be seen among the processes
    environment = {"PGPASSWORD": str(password)} if password else {}
    with _connected(url) as connection:
        major = connection.execute(sa.text("SHOW server_version_num")).scalar_one()
        tables = frozenset(sa.inspect(connection).get_table_names())
        others = connection.execute(sa.text(_OTHERS)).scalar_one()
    return _Server(make_conninfo("", **options), environment, int(major) // 10_000, tables, others)


@contextmanager
def _connected(url: str) -> Iterator[sa.Connection]:
    engine = make_engine(url)
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def _tool(name: str, at_least: int = 0) -> str:
    path = shutil.which(name)
    if path is None:
        raise ConfigurationError(
            say(
                "{name} is not installed here. Install PostgreSQL's client tools (Debian: "
                "postgresql-client) of the server's version or a newer one.",
                name=name,
            )
        )
    words = _run(
        [path, "--version"],
        {},
        lambda why: say("{name} does not run ({why}).", name=name, why=why),
    )
    found = re.search(r"(\d+)(?:\.\d+)*", words.partition(")")[2])
    if found and int(found[1]) < at_least:
        raise ConfigurationError(
            say(
                "{name} is of PostgreSQL {version}, the server of {wanted}. Install the client "
                "tools of version {wanted} or newer (Debian: postgresql-client-{wanted}).",
                name=name,
                version=found[1],
                wanted=at_least,
            )
        )
    return path


def _run(
    command: list[str], environment: dict[str, str], tell_trouble: Callable[[str], str]
) -> str:
    done = subprocess.run(  # noqa: S603 - PostgreSQL's own tools, no shell
        command, env=_environment(environment), stdin=subprocess.DEVNULL,
        capture_output=True, text=True, errors="replace", check=False,
    )  # fmt: skip
    if done.returncode:
        raise WrongUse(tell_trouble(_first_line(done.stderr)))
    return done.stdout


def _environment(more: dict[str, str]) -> dict[str, str]:
    ours = {name: value for name, value in os.environ.items() if not name.startswith("SO24_")}
    return ours | {"LC_ALL": "C.UTF-8"} | more


def _first_line(words: str) -> str:
    """The first line of a tool's complaint, without its name."""
    line = next((each for each in words.splitlines() if each.strip()), say("no reason given"))
    return change_values(line, _without_tool)


def _without_tool(line: str) -> str:
    return re.sub(r"^\S*(pg_dump|pg_restore|psql)\S*:\s+((error|ERROR):\s+)?", "", line).rstrip(".")
