"""A strike's stage: a copy of the scene, a sandbox, worker processes, and what is seen of them."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import sqlalchemy as sa
from sqlmodel import col, select

from so24.installation import Installation
from so24.sandbox.runner import Control
from so24.sandbox.serve import SandboxServer
from so24.store.database.engine import Database
from so24.store.tables.ground import now
from so24.store.tables.transfer_tables import OPEN, Transfer
from so24.transfer.jobs.engine import CUT_SHORT
from so24.vault import Vault
from tests.crash.ground import Ground, forkserver
from tests.crash.invariants import secrets_of
from tests.crash.plan import Strike, draw
from tests.crash.scene import Scene, set_scene
from tests.crash.traces import engine_jobs
from tests.crash.worker import Aim, WorkerOrder, run_worker

PATIENCE_SECONDS = 180.0
_POLL_SECONDS = 0.02


class Stuck(Exception):
    """Something that must come does not come."""


@dataclass
class Worker:
    """A worker process and the other end of its pipe."""

    process: ForkServerProcess
    pipe: Connection
    words: list[str] = field(default_factory=list)

    def has_said(self, word: str) -> bool:
        """Whether the worker has said so by now; raises :class:`Stuck` when it is dead."""
        try:
            while self.pipe.poll():
                self.words.append(self.pipe.recv())
        except EOFError:
            raise Stuck("the worker has ended by itself") from None
        return word in self.words

    def kill(self) -> None:
        """``kill -9``; returns when the process is gone."""
        assert self.process.pid is not None
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.join()
        assert self.process.exitcode == -signal.SIGKILL


@dataclass
class Stage:
    """A strike's installation as this process sees it, its sandbox, and who works."""

    strike: Strike
    scene: Scene
    sandbox: SandboxServer
    installation: Installation
    log: Path
    mutation: str = ""
    workers: list[Worker] = field(default_factory=list)
    secrets: set[str] = field(default_factory=set)

    @property
    def control(self) -> Control:
        """The sandbox's switches and books."""
        return Control(self.sandbox.address)

    def begin_worker(self, aim: Aim | None = None) -> Worker:
        """Begin a worker process, to be struck or not; returns when it runs the jobs."""
        ours, theirs = forkserver.Pipe()
        order = WorkerOrder(self.installation.settings, self.log, aim, self.mutation)
        process = forkserver.Process(target=run_worker, args=(order, theirs), daemon=True)
        process.start()
        theirs.close()
        worker = Worker(process, ours)
        self.workers.append(worker)
        self.await_truth(lambda: worker.has_said("running"), "the worker runs")
        return worker

    def await_truth(self, condition: Callable[[], bool], wish: str) -> None:
        """Poll until the condition holds; raises :class:`Stuck` when it does not in time."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not condition():
            if time.monotonic() > deadline:
                raise Stuck(f"in vain: {wish}")
            time.sleep(_POLL_SECONDS)

    def is_finished(self) -> bool:
        """Whether nothing of the run is in transfer."""
        statement = select(Transfer.id).where(col(Transfer.state).in_(OPEN)).limit(1)
        with self.installation.db.reading() as session:
            return session.exec(statement).first() is None

    def is_quiet(self) -> bool:
        """Whether, besides, no look is due and the engine has ended all its jobs."""
        with self.installation.db.reading() as session:
            due = select(Transfer.id).where(col(Transfer.look_again_at) <= now()).limit(1)
            if session.exec(due).first() is not None:
                return False
        return self.is_finished() and self._is_idle()

    def _is_idle(self) -> bool:
        ended = ("SUCCESS", "CANCELLED", "ERROR")
        return all(job.status in ended for job in engine_jobs(self.installation))

    def count_cut_looks(self) -> int:
        """How many looks have ended before their time because the database was away."""
        jobs = engine_jobs(self.installation)
        return sum(job.id.startswith("sweep:") and job.output == str(CUT_SHORT) for job in jobs)

    def land_all(self, unless: Callable[[], bool] = lambda: False) -> None:
        """What is late lands, and then time passes: every look that is planned is due now.

        A look under way may have read before the landing; it ends first, for it plans the next one.
        """
        self.control.set(land=True)
        self.await_truth(lambda: unless() or self._is_idle(), "the end of the look under way")
        with self.installation.db.writing() as session:
            session.execute(
                sa.update(Transfer)
                .where(col(Transfer.look_again_at).is_not(None))
                .values(look_again_at=now())
            )

    def collect_secrets(self) -> None:
        """Remember what must not be found: what the store and the sandbox hold now."""
        books = self.sandbox.sandbox.books
        with books.transaction():
            self.secrets |= {str(row[0]) for row in books.rows("select id from session")}
        self.secrets |= secrets_of(self.installation)


@contextmanager
def set_stage(ground: Ground, strike: Strike, folder: Path, mutation: str = "") -> Iterator[Stage]:
    """A fresh copy of the scene and a fresh sandbox; every worker is killed at the end."""
    drawn = draw(strike)
    with ground.copy(folder) as scene, SandboxServer(world=None) as sandbox:
        settings = scene.settings.model_copy(
            update={
                "office_url": sandbox.address,
                "batch_size": strike.batch,
                "chunk_size": drawn.chunk,
            }
        )
        vault = Vault(settings.secret_keys.get_secret_value())
        installation = Installation(settings, Database(settings.database), vault)
        stage = Stage(strike, scene, sandbox, installation, folder / "log", mutation)
        set_scene(stage.control, drawn.known)
        fault = drawn.fault(strike)
        if fault is not None:
            sandbox.faults.arm(fault)
        try:
            yield stage
        finally:
            for worker in stage.workers:
                if worker.process.exitcode is None:
                    worker.kill()
                worker.pipe.close()
                worker.process.close()
            installation.close()
