"""Whether any process runs the installation's jobs at this moment."""

from __future__ import annotations

import datetime as dt
import fcntl
from pathlib import Path
from typing import IO

from so24.installation import Installation
from so24.store.transfers.workers import living_workers

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
