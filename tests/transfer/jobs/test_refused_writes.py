"""The disk is full, the file cannot be written, a lock is held, memory is short: for a while.

Each write of the store and of the engine is refused in turn, and all that follow for a moment; then
the run goes on by itself, and each document is booked once.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa

from so24.people.desk import Desk
from so24.store.database.engine import engine_database
from so24.transfer.jobs.worker import JobWorker, job_enqueuer
from so24.transfer.receipt import read_receipt
from so24.transfer.runs import start_run
from tests.conftest import wait_until
from tests.transfer.world import ADMIN, World, booked_by_reference, drafts_left

pytestmark = [
    pytest.mark.sqlite_only(reason="on PostgreSQL the server has the disk; see machines"),
    pytest.mark.slow,
]

KINDS = {
    "disk full": "database or disk is full",
    "read-only": "attempt to write a readonly database",
    "locked": "database is locked",
    "memory": "",
}
REFUSED_SECONDS = 0.4
WRITES = 44  # of a run of two documents, those of the press aside; later ones are housekeeping's
FEW = {"disk full": (5, 31), "read-only": (), "locked": (25,), "memory": (13,)}
STRIKES = [
    pytest.param(kind, nth, marks=[] if nth in FEW[kind] else [pytest.mark.long])
    for kind in KINDS
    for nth in range(1, WRITES + 1)
]


class Refusal:
    """Refuses the ``nth`` write from now on, and all others until a moment after it."""

    def __init__(self, kind: str, nth: int) -> None:
        self.kind, self.nth = kind, nth
        self.written = 0
        self.until = 0.0

    def strike(self, statement: str) -> None:
        """Refuse a statement or a commit, if its time has come."""
        self.written += 1
        if self.written == self.nth:
            self.until = time.monotonic() + REFUSED_SECONDS
        if self.written >= self.nth and time.monotonic() < self.until:
            words = KINDS[self.kind]
            if not words:
                raise MemoryError
            raise sa.exc.OperationalError(statement, {}, sqlite3.OperationalError(words))


@pytest.fixture
def refused(world: World) -> Iterator[list[Refusal]]:
    """What is in the list is asked at each write of either of the two."""
    armed: list[Refusal] = []

    def before(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.split(None, 1)[0].upper() in ("INSERT", "UPDATE", "DELETE"):
            for each in armed:
                each.strike(statement)

    def commit(connection: sa.Connection) -> None:
        for each in armed:
            try:
                each.strike("COMMIT")
            except BaseException:  # SQLite takes back by itself what it cannot commit
                connection.connection.rollback()
                raise

    theirs = engine_database(world.installation.db)
    assert theirs is not None
    engines = [world.installation.db.engine, theirs]
    for engine in engines:
        sa.event.listen(engine, "before_cursor_execute", before)
        sa.event.listen(engine, "commit", commit)
    yield armed
    for engine in engines:
        sa.event.remove(engine, "before_cursor_execute", before)
        sa.event.remove(engine, "commit", commit)


@pytest.mark.parametrize(("kind", "nth"), STRIKES)
def test_a_run_goes_on_by_itself_when_the_database_can_be_written_again(
    world: World, refused: list[Refusal], kind: str, nth: int
) -> None:
    department = world.add_department()
    world.add_key([department])
    ids = world.add_invoices(department, 2, customers=1)
    worker = JobWorker(world.installation)
    worker.start()
    try:
        run = start_run(Desk(world.installation, ADMIN), ids, job_enqueuer(world.installation))
        refusal = Refusal(kind, nth)
        refused.append(refusal)
        wait_until(lambda: refusal.until > 0)
        desk = Desk(world.installation, ADMIN)
        wait_until(lambda: read_receipt(desk, run).tally.finished)
    finally:
        refused.clear()
        worker.stop()
    assert read_receipt(desk, run).tally.transferred == 2
    assert list(booked_by_reference(world).values()) == [1, 1]
    assert drafts_left(world) == 0
