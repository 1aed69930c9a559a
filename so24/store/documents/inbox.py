"""What a drop folder owes: the files that are being taken in, until they are moved.

On PostgreSQL a lock of the server lets one process at a time take a folder's files in; it belongs
to a connection of its own, and goes with it.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress

import sqlalchemy as sa
from sqlmodel import Session, col, select

from so24.store.database.dialects import among
from so24.store.database.engine import OUTAGES, Database
from so24.store.tables.document_tables import Import
from so24.store.tables.ground import now
from so24.store.tables.original_tables import InboxFile

_LOCKS = 240027  # the first half of the key of PostgreSQL's lock


class FolderLock:
    """PostgreSQL's lock on a drop folder, which the database's other processes respect."""

    def __init__(self, db: Database, folder: str) -> None:
        self._engine = db.engine
        self._key = zlib.crc32(folder.encode()) - 2**31
        self._connection: sa.Connection | None = None

    def take(self) -> bool:
        """Whether this process has the lock now; False where another one has it."""
        if self._connection is None:
            connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
            lock = sa.func.pg_try_advisory_lock(_LOCKS, self._key)
            if not connection.scalar(sa.select(lock)):
                connection.close()
                return False
            self._connection = connection
            return True
        try:
            self._connection.execute(sa.select(1))
        except OUTAGES:
            self.release()
            raise
        return True

    def release(self) -> None:
        """Let another process have it."""
        connection, self._connection = self._connection, None
        if connection is None:
            return
        with suppress(*OUTAGES):  # a connection that is lost has no lock any more
            connection.execute(sa.select(sa.func.pg_advisory_unlock(_LOCKS, self._key)))
        connection.invalidate()
        connection.close()


def claimed_files(session: Session, folder: str) -> list[InboxFile]:
    """All that the folder owes, in the order of the claims."""
    of_folder = select(InboxFile).where(InboxFile.folder == folder)
    return list(session.exec(of_folder.order_by(col(InboxFile.id))))


def owed_files(session: Session, folder: str, hashes: Mapping[str, str]) -> set[str]:
    """Those of these files (path and SHA-256) that are taken in, and only not moved yet."""
    return {
        row.path
        for row in _claims(session, folder, hashes)
        if row.sha256 == hashes[row.path]
        and (row.target or all_ended(session, json.loads(row.import_ids)))
    }


def claim_files(
    session: Session, folder: str, hashes: Mapping[str, str], excused: Iterable[str] = ()
) -> dict[str, int]:
    """Note that these files (path and SHA-256) are begun with; returns how often each was so far.

    Those that are ``excused`` do not count once more: it was nothing of theirs that stopped them.
    """
    known = {row.path: row for row in _claims(session, folder, hashes)}
    for path, sha256 in hashes.items():
        row = known.setdefault(path, InboxFile(folder=folder, path=path, sha256=sha256, attempts=0))
        if row.sha256 != sha256:
            row.sha256, row.attempts = sha256, 0
        row.attempts += 0 if row.attempts and path in set(excused) else 1
        row.claimed_at, row.import_ids, row.target, row.note = now(), "[]", "", ""
        session.add(row)
    session.flush()
    return {path: row.attempts for path, row in known.items()}


def note_imports(session: Session, folder: str, imports: Mapping[str, Sequence[int]]) -> None:
    """Note which imports these files, by path, are in."""
    for row in _claims(session, folder, imports):
        row.import_ids = json.dumps(list(imports[row.path]))


def note_targets(session: Session, folder: str, targets: Mapping[str, tuple[str, str]]) -> None:
    """Note where these files, by path, go, and what is written beside each."""
    for row in _claims(session, folder, targets):
        row.target, row.note = targets[row.path]


def drop_claims(session: Session, folder: str, paths: Iterable[str]) -> None:
    """Forget these files: they are moved, or nobody has taken them in."""
    session.execute(
        sa.delete(InboxFile).where(col(InboxFile.folder) == folder, among(InboxFile.path, paths))
    )


def all_ended(session: Session, import_ids: Sequence[int]) -> bool:
    """Whether these imports have all come to their end; False where there are none."""
    ended = sa.select(sa.func.count()).where(
        among(Import.id, import_ids), col(Import.remarks).is_not(None)
    )
    return bool(import_ids) and session.execute(ended).scalar_one() == len(set(import_ids))


def _claims(session: Session, folder: str, paths: Iterable[str]) -> list[InboxFile]:
    of_folder = select(InboxFile).where(InboxFile.folder == folder, among(InboxFile.path, paths))
    return list(session.exec(of_folder))
