"""Copies of a SQLite database in use: out of it into a file, and from a file back into it.

Both ways are SQLite's own online back-up, which is one transaction: other processes go on reading
and writing before and after it, and see all of it or nothing.
"""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy.engine import make_url

from so24.errors import ConfigurationError, WrongUse
from so24.language.said import say

_BESIDE = ("", "-wal", "-shm", "-journal")


def file_of(url: str) -> Path:
    """The file of the SQLite database at ``url``."""
    return Path(make_url(url).database or "")


def copy_out(source: Path, target: Path) -> None:
    """Copy the database as it stands at this moment into the empty file ``target``."""
    if not source.exists():
        raise WrongUse(
            say("There is no database at {source}: there is nothing to back up.", source=source)
        )
    with _explained(source), _opened(source, "ro") as origin, _opened(target, "rw") as copy:
        origin.backup(copy)
        # the source's mode comes along; a copy shall be one file, whoever reads it
        copy.execute("PRAGMA journal_mode=DELETE")


def copy_in(source: Path, target: Path, aside: Path) -> Path | None:
    """Put the copy ``source`` in the place of ``target``; returns where the replaced one is kept.

    A database that cannot even be read is moved aside as it is, with what belongs to it.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    kept = name_kept(aside, target.name) if target.exists() else None
    if kept is not None:
        _keep(target, kept)
    elif target.with_name(f"{target.name}-wal").exists():
        raise WrongUse(
            say(
                "{target} is missing, but {name}-wal is there and may hold its last changes. "
                "Move it to another folder first.",
                target=target,
                name=target.name,
            )
        )
    if not target.exists():
        target.touch(0o600)
    with _explained(target), _opened(source, "ro") as origin, _opened(target, "rw") as live:
        origin.backup(live)
    return kept


def revision_in(file: Path) -> str | None:
    """The revision of the tables in a copy, read through; None where the tables are not ours.

    Raises :class:`WrongUse` where the file is damaged.
    """
    try:
        with _opened(file, "ro") as copy:
            [found] = copy.execute("PRAGMA integrity_check(1)").fetchone()
            if found != "ok":
                raise WrongUse(
                    say("{file} is damaged ({why}).", file=file, why=" ".join(found.split()))
                )
            tables = {name for (name,) in copy.execute("SELECT name FROM sqlite_master")}
            if not {"alembic_version", "transfer_event"} <= tables:
                return None
            row = copy.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.DatabaseError as error:
        raise WrongUse(
            say("{file} is damaged or cannot be opened ({why}).", file=file, why=error)
        ) from None
    return row[0] if row else None


def name_kept(folder: Path, name: str) -> Path:
    """A name that says what was kept and when (UTC), not taken yet."""
    stamp = dt.datetime.now(dt.UTC).strftime("%Y%m%dT%H%M%S")
    first = folder / f"{name}.before-{stamp}"
    later = (folder / f"{first.name}.{number}" for number in range(2, 1000))
    return next(path for path in (first, *later) if not path.exists())


def _keep(target: Path, kept: Path) -> None:
    kept.touch(0o600, exist_ok=False)
    try:
        with _opened(target, "ro") as origin, _opened(kept, "rw") as copy:
            origin.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.DatabaseError:
        for ending in _BESIDE:
            part = target.with_name(target.name + ending)
            if part.exists():
                part.replace(kept.with_name(kept.name + ending))


@contextmanager
def _opened(file: Path, mode: str) -> Iterator[sqlite3.Connection]:
    address = f"{file.absolute().as_uri()}?mode={mode}"
    with closing(sqlite3.connect(address, uri=True)) as connection:
        yield connection


@contextmanager
def _explained(file: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise ConfigurationError(
            say(
                "The database at {file} cannot be copied: {why}. Check the disk's free space and "
                "who may read and write the folder.",
                file=file,
                why=error,
            )
        ) from None
