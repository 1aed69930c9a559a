"""Back-ups of a whole database, the engine's tables included, and putting one of them back.

A back-up is one file: a SQLite database of its own, or PostgreSQL's archive (``pg_dump`` in the
custom format). It is taken while the product runs and shows one moment. The key material
(``SO24_SECRET_KEYS``) is not in it.

A database that was put back has just become older than 24SevenOffice: nothing goes on by itself.
What it believes to be under way may have been sent, stopped or excluded since. So its open runs are
asked to stop, and nobody claims to know what became of their documents: those that it shows as
never sent end here, with a reason of their own; the others are looked up and never sent. Whoever
exports them again begins with the look-up, which finds what was booked since by our reference.
"""

from __future__ import annotations

import datetime as dt
import os
import secrets
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from sqlmodel import Session, col

from so24.errors import WrongUse
from so24.language.said import say, say_count
from so24.reasons import Reason
from so24.store.database import sqlite_copy
from so24.store.database.migrate import known_revisions
from so24.store.people.audit import record
from so24.store.people.origins import Origin
from so24.store.schedules.schedules import turn_all_off
from so24.store.tables.ground import now
from so24.store.tables.people_tables import LoginSession
from so24.store.tables.transfer_tables import OPEN, OrderLink, State, Transfer, Worker
from so24.store.transfers.retries import leave_retries, planned_retries
from so24.store.transfers.runs import request_cancel
from so24.store.transfers.transfers import Move, move_transfers
from so24.store.upkeep import postgres_archive

OURS_ALONE = 0o600
KINDS = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
_SIGNATURES = {b"SQLite format 3\0": "sqlite", b"PGDMP": "postgresql"}
# what lane and receipt would take for certain, and was so only when the back-up was made
_DRAFT_LEFT = (State.DRAFTED, State.COMPARED)
NOT_AFTER_RESTORE = say(
    "It is not tried again by itself after a restore: what became of it since the "
    "back-up is not known. Retry when it shall go."
)


@dataclass(frozen=True)
class Backup:
    """A back-up that was read through: ``kind`` is ``sqlite`` or ``postgresql``, size in bytes."""

    file: Path
    kind: str
    revision: str
    size: int


def back_up(url: str, file: Path, *, overwrite: bool = False, option: str = "") -> Backup:
    """Write the database at ``url`` to ``file``, readable by this user only, and read it through.

    The file appears under its name when it is whole, or not at all. Raises :class:`WrongUse` where
    it exists already (unless ``overwrite``), cannot be written, or there is nothing to back up.
    ``option`` is as in :func:`fresh_file`.
    """
    with fresh_file(file, overwrite=overwrite, option=option) as part:
        if kind_of(url) == "sqlite":
            sqlite_copy.copy_out(sqlite_copy.file_of(url), part)
        else:
            postgres_archive.dump(url, part)
        read_backup(part)
    return read_backup(file)


def read_backup(file: Path) -> Backup:
    """Read a back-up through; :class:`WrongUse` where it is none, damaged or of a newer so24."""
    try:
        with file.open("rb") as opened:
            start = opened.read(max(map(len, _SIGNATURES)))
        size = file.stat().st_size
    except OSError as error:
        raise WrongUse(
            say("{file} cannot be read: {why}.", file=file, why=error.strerror)
        ) from None
    kind = next((kind for mark, kind in _SIGNATURES.items() if start.startswith(mark)), "")
    if not kind:
        raise WrongUse(say("{file} is not a back-up of so24.", file=file))
    reader = sqlite_copy if kind == "sqlite" else postgres_archive
    revision = reader.revision_in(file)
    if revision is None:
        raise WrongUse(say("{file} is not a back-up of so24: it holds other tables.", file=file))
    if revision not in known_revisions():
        raise WrongUse(
            say(
                "{file} was made by a newer so24 (its tables are at {revision}). Install that "
                "version, then restore it.",
                file=file,
                revision=revision,
            )
        )
    return Backup(file, kind, revision, size)


def refuse_guests(url: str) -> None:
    """Raise :class:`WrongUse` where anybody else uses a PostgreSQL database, or keeps tables in it.

    A SQLite file may be replaced beside whoever reads it; that nobody runs jobs is a lock's matter.
    """
    if kind_of(url) == "postgresql":
        postgres_archive.check_replaceable(url)


def put_back(url: str, backup: Backup, aside: Path) -> Path | None:
    """Replace the whole database at ``url`` by the back-up: all of it, or nothing is changed.

    What is replaced is kept in the folder ``aside``; returns that file, None where there was no
    database. The caller sees to it that nobody runs jobs, and that the kinds are the same.
    """
    if backup.kind == "sqlite":
        return sqlite_copy.copy_in(backup.file, sqlite_copy.file_of(url), aside)
    kept = None
    if postgres_archive.check_replaceable(url):
        kept = back_up(url, sqlite_copy.name_kept(aside, "so24.dump")).file
    postgres_archive.load(url, backup.file)
    return kept


def kind_of(url: str) -> str:
    """``sqlite`` or ``postgresql``."""
    return "sqlite" if url.startswith("sqlite") else "postgresql"


@contextmanager
def fresh_file(target: Path, *, overwrite: bool, option: str = "") -> Iterator[Path]:
    """A file beside ``target``, for this user only, that takes its name at the end of the ``with``.

    After an error nothing is left of it. Raises :class:`WrongUse` where the name is taken;
    ``option`` is how whoever asks may say that it shall be replaced.
    """
    part = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    try:
        if target.exists() and not overwrite:
            raise FileExistsError
        part.touch(OURS_ALONE, exist_ok=False)
        try:
            yield part
            _name_finally(part, target, overwrite)
        finally:
            part.unlink(missing_ok=True)
    except FileExistsError:
        raise WrongUse(_tell_taken(target, option)) from None
    except OSError as error:
        raise WrongUse(
            say("{target} cannot be written: {why}.", target=target, why=error.strerror)
        ) from None


def _tell_taken(target: Path, option: str) -> str:
    if not option:
        return say(
            "{target} exists already and is not overwritten; give another name.", target=target
        )
    return say(
        "{target} exists already and is not overwritten; give another name, or {option}.",
        target=target,
        option=option,
    )


def _name_finally(part: Path, target: Path, overwrite: bool) -> None:
    with part.open("rb") as written:
        os.fsync(written.fileno())
    if not overwrite:
        # taken only now, so that a killed process leaves no empty file under the name
        os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, OURS_ALONE))
    part.replace(target)
    with suppress(OSError):  # not every file system lets a folder be opened
        folder = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def latest_write(session: Session) -> dt.datetime | None:
    """When so24 last began a write to 24SevenOffice, as far as this database knows."""
    moments = [
        session.scalar(sa.select(sa.func.max(moment)))
        for moment in (col(Transfer.sent_at), col(OrderLink.invoicing_at))
    ]
    return max((moment for moment in moments if moment is not None), default=None)


def settle_down(session: Session, actor: str, name: str, origin: Origin) -> int:
    """Stop what is under way, end all logins, forget the workers; returns how many runs stopped.

    Nothing is tried again by itself any more, and all schedules are off until somebody sets them.
    ``name`` is the back-up's, and ``origin`` whence it is asked for: for the audit trail.
    """
    open_runs: Collection[str] = session.scalars(
        sa.select(col(Transfer.run_id)).where(col(Transfer.state).in_(OPEN)).distinct()
    ).all()
    stopped = sum(request_cancel(session, run_id, actor) for run_id in open_runs)
    move_transfers(session, _doubts(session), actor)
    leave_retries(session, dict.fromkeys(planned_retries(session), NOT_AFTER_RESTORE), actor)
    turn_all_off(session)
    # a login that was ended after the back-up must not come back to life
    session.execute(
        sa.update(LoginSession)
        .where(col(LoginSession.revoked_at).is_(None))
        .values(revoked_at=now())
    )
    session.execute(sa.delete(Worker))
    words = say_count("{number} run stopped", "{number} runs stopped", stopped)
    record(session, actor, say("database restored"), name, words, origin=origin)
    return stopped


def _doubts(session: Session) -> dict[int, Move]:
    """What must not be called sent, nor not sent, by the word of a back-up; by transfer id."""
    rows = session.execute(
        sa.select(col(Transfer.id), col(Transfer.state), col(Transfer.payload_hash)).where(
            col(Transfer.state).in_(OPEN)
        )
    )
    moves: dict[int, Move] = {}
    for transfer_id, state, payload_hash in rows:
        if not payload_hash:
            moves[transfer_id] = Move(State.CANCELLED, Reason.RESTORED)
        elif state in _DRAFT_LEFT:
            moves[transfer_id] = Move(State.UNKNOWN, Reason.RESTORED_LOOKING_UP)
    return moves
