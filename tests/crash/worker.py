"""A worker process of the matrix: forked from a warm server, really running the jobs, killable.

It says ``running``, ``reached`` when it has come to the place where it shall be struck, and
``refused`` where another process has the jobs. Told ``go`` it takes the blow and works on.
"""

from __future__ import annotations

import logging
import os
import threading
from collections import Counter
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from sqlalchemy.exc import OperationalError

from so24 import crashpoints
from so24.installation import open_installation
from so24.settings import Settings
from so24.transfer.jobs import worker as jobs
from so24.transfer.jobs.worker import JobWorker
from tests.crash.mutations import MUTATIONS
from tests.crash.plan import CUT

HOUSEKEEPING_SECONDS = 0.2


@dataclass(frozen=True)
class Aim:
    """Where the worker is struck, and how; ``key_id`` None: whichever key comes there."""

    point: str
    key_id: int | None
    occurrence: int
    kind: str


@dataclass(frozen=True)
class WorkerOrder:
    """What a worker process needs to know."""

    settings: Settings
    log: Path
    aim: Aim | None = None
    mutation: str = ""


class Struck(Exception):
    """A bug that nobody has thought of."""


class Striker:
    """Counts the times that a lane comes to the place, and takes the blow there."""

    def __init__(self, aim: Aim, pipe: Connection) -> None:
        self._aim = aim
        self._pipe = pipe
        self._counts: Counter[int | None] = Counter()
        self._lock = threading.Lock()
        self.told_to_go = threading.Event()

    def __call__(self, point: str, key_id: int | None) -> None:
        if point != self._aim.point or self._aim.key_id not in (None, key_id):
            return
        with self._lock:
            self._counts[self._aim.key_id] += 1
            if self._counts[self._aim.key_id] != self._aim.occurrence:
                return
        self._pipe.send("reached")
        self.told_to_go.wait()
        if self._aim.kind == CUT:
            lost = ConnectionError("server closed the connection unexpectedly")
            raise OperationalError("SELECT 1", {}, lost)
        raise Struck(f"struck {point}")


def run_worker(order: WorkerOrder, pipe: Connection) -> None:
    """Run jobs until the other end of the pipe closes; then end at once, as a crash does."""
    _write_all_to(order.log)
    jobs.HOUSEKEEPING_SECONDS = HOUSEKEEPING_SECONDS
    if order.mutation:
        MUTATIONS[order.mutation]()
    striker = Striker(order.aim, pipe) if order.aim else None
    crashpoints.arm(striker)
    worker = JobWorker(open_installation(order.settings))
    pipe.send("running" if worker.start() else "refused")
    while True:
        try:
            word = pipe.recv()
        except EOFError:
            os._exit(0)
        if word == "go" and striker is not None:
            striker.told_to_go.set()


def _write_all_to(log: Path) -> None:
    """All that the process says goes to the log, of which every word is searched for secrets."""
    with log.open("ab") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    logging.basicConfig(level=logging.INFO, format="%(name)s %(levelname)s: %(message)s")
