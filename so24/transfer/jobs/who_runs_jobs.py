"""Whether any process runs the installation's jobs at this moment, and how long a worker may.

On SQLite a lock of the operating system says who does. On PostgreSQL the lanes of a worker whose
heartbeat is older than the lease are taken over. So a worker begins a call only where that call
ends, by its own deadline, before anybody else can have taken over: a worker that has lost the
database begins none, and no two workers serve one key. What it had in hand stays in others' hands
when the database is back: each gap begins a new term.
"""

from __future__ import annotations

import datetime as dt
import fcntl
import time
from pathlib import Path
from typing import IO

from so24.errors import LeaseLost
from so24.installation import Installation
from so24.store.transfers.workers import living_workers
from so24.transfer.lane.waiting import MayCall, always

LOCK_FILE = "worker.lock"


def take_worker_lock(data_dir: Path) -> IO[str] | None:
    """The lock of the process that runs jobs on SQLite, held while it is open; None if taken."""
    lock = (data_dir / LOCK_FILE).open("a")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        return None
    return lock


def jobs_are_run(installation: Installation) -> bool:
    """Whether some process, this one included, runs jobs; nothing is started or kept.

    On SQLite the lock file tells, on PostgreSQL the workers' heartbeats.
    """
    if not installation.db.embedded:
        lease = dt.timedelta(seconds=installation.settings.lease)
        with installation.db.reading() as session:
            return bool(living_workers(session, lease))
    try:
        lock = (installation.settings.data_dir / LOCK_FILE).open()
    except FileNotFoundError:
        return False
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        return False


class Lease:
    """The lease of one worker, renewed by its heartbeats; without a first one there is none."""

    def __init__(self, seconds: float, longest_call: float) -> None:
        self._usable = seconds - longest_call
        self._renewed: float | None = None
        self._term = 0

    def renew(self, begun: float) -> None:
        """A heartbeat is in the database; ``begun`` is the ``time.monotonic()`` before it."""
        if not self._lasts(begun):
            self._term += 1
        self._renewed = begun

    def end(self) -> None:
        """Let no call begin any more: this worker is leaving."""
        self._renewed = None

    def permit(self) -> MayCall:
        """What a lane that begins now asks before each call; good for this term only.

        It raises :class:`LeaseLost` where a call that begins now might outlast the lease.
        """
        term = self._term

        def check() -> None:
            if term != self._term or not self._lasts(time.monotonic()):
                raise LeaseLost(
                    # in English: it ends a job, and nobody is told
                    "This worker had not reached the database for too long to begin a call; "
                    "another worker may have taken over. What is open is taken up again."
                )

        return check

    def _lasts(self, moment: float) -> bool:
        return self._renewed is not None and moment <= self._renewed + self._usable


def permit_always() -> MayCall:
    """A permit that is good for ever: on SQLite the lock of the operating system is the lease."""
    return always
