"""The job worker of a process: it takes the lock, runs jobs, and does its rounds.

On SQLite exactly one process runs jobs, guarded by a lock file in the data folder; on PostgreSQL
any number, each with a heartbeat, and the jobs of a silent one are taken over.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from functools import partial
from typing import IO

from sqlmodel import Session

from so24.alerts.watching import WATCH_SECONDS, watch
from so24.installation import Installation
from so24.ledger.payments.schedule import queue_due
from so24.store.database.engine import OUTAGES
from so24.store.tables.ground import now
from so24.store.transfers import workers
from so24.store.transfers.transfers import LaneName
from so24.transfer.day_heads import publish_head
from so24.transfer.jobs import engine, housekeeping, queue_worker
from so24.transfer.jobs.rounds import Rounds
from so24.transfer.jobs.who_runs_jobs import Lease, permit_always, take_worker_lock
from so24.transfer.runs import Enqueue

HOUSEKEEPING_SECONDS = 1.0
LONGEST_PULSE_SECONDS = 5.0
HEADS_SECONDS = 300.0  # a head is due once a day
RETRY_SECONDS = 5.0
PAYMENTS_SECONDS = 60.0  # they are due every few hours
SCHEDULES_SECONDS = 20.0
STOP_SECONDS = 10
BEATS_TO_SPARE = 4  # so many may be missed before calls stop
FORGET_EVERY = dt.timedelta(hours=1)
JOBS_ARE_KEPT = dt.timedelta(days=31)  # the engine's rows; what became of documents is the store's


def job_enqueuer(installation: Installation) -> Enqueue:
    """The function that hands a lane to the engine, to be passed to ``start_run``."""
    client = engine.engine_client(installation)

    def enqueue(session: Session, lane: LaneName) -> None:
        client.enqueue_lane(session, lane)

    return enqueue


def payments_enqueuer(installation: Installation) -> Callable[[Session, int], None]:
    """The function that hands a reading of payments to the engine."""
    return engine.engine_client(installation).enqueue_payments


class JobWorker:
    """Runs the installation's jobs in this process, if nobody else may."""

    def __init__(self, installation: Installation) -> None:
        self.installation = installation
        self.id = "local"
        if not installation.db.embedded:
            self.id = workers.new_worker_id()
        self.running = False
        self._lock: IO[str] | None = None
        self._rounds: list[Rounds] = []
        self._dropped: frozenset[str] = frozenset()
        settings = installation.settings
        self._lease = Lease(settings.lease, settings.longest_call)
        spare = settings.lease - settings.longest_call
        self._pulse_seconds = min(LONGEST_PULSE_SECONDS, spare / BEATS_TO_SPARE)

    def start(self) -> bool:
        """Begin to run jobs; False where another process has the lock. Safe to call again."""
        if self.running:
            return True
        embedded = self.installation.db.embedded
        if embedded:
            self._lock = take_worker_lock(self.installation.settings.data_dir)
            if self._lock is None:
                return False
        try:
            client = engine.engine_client(self.installation)
            if not embedded:
                self._beat()
            permit = permit_always if embedded else self._lease.permit
            queue_worker.launch(self.installation, self.id, permit)
        except BaseException:
            self._release_lock()
            raise
        self.running = True
        outage = self.installation.db.outage
        self._forgotten_at = 0.0
        house = partial(self._keep_house, client)
        self._rounds = [Rounds("so24-housekeeping", house, HOUSEKEEPING_SECONDS, outage).start()]
        seal_days = partial(publish_head, self.installation)
        self._rounds.append(Rounds("so24-heads", seal_days, HEADS_SECONDS, outage).start())
        # it has to be alone in writing, for which it may wait long, and the house must not
        again = partial(housekeeping.try_again, self.installation, client)
        self._rounds.append(Rounds("so24-retries", again, RETRY_SECONDS, outage).start())
        tell = partial(watch, self.installation, client.enqueue_alert)
        self._rounds.append(Rounds("so24-alerts", tell, WATCH_SECONDS, outage).start())
        read = partial(queue_due, self.installation, client.enqueue_payments)
        self._rounds.append(Rounds("so24-payments", read, PAYMENTS_SECONDS, outage).start())
        due = partial(housekeeping.claim_schedules, self.installation, client)
        self._rounds.append(Rounds("so24-schedules", due, SCHEDULES_SECONDS, outage).start())
        if not embedded:
            pulse = Rounds("so24-pulse", self._keep_beating, self._pulse_seconds, outage)
            self._rounds.append(pulse.start())
        return True

    @property
    def trouble(self) -> str:
        """Why this process does not run the jobs as it should; empty where it does."""
        troubles = (each.trouble for each in self._rounds)
        return next(filter(None, troubles), "") or (queue_worker.trouble() if self.running else "")

    def stop(self) -> None:
        """Stop and let another process take the lock or the lanes.

        A lane whose call is under way is given :data:`STOP_SECONDS` to note its answer. If that is
        not enough the worker does not say that it leaves, and the others wait for its lease to end.
        """
        if not self.running:
            return
        for each in self._rounds:
            each.stop()
        self._rounds.clear()
        self._lease.end()
        embedded = self.installation.db.embedded
        idle = queue_worker.shut_down(0 if embedded else STOP_SECONDS)
        self.running = False
        if idle and not embedded:
            self._take_leave()
        self._release_lock()

    def _take_leave(self) -> None:
        """Say that this worker has gone; while the database is away its lease has to end."""
        try:
            with self.installation.db.lane_writing() as session:
                workers.leave(session, self.id)
        except OUTAGES as error:
            self.installation.db.outage.begin(error)

    def _release_lock(self) -> None:
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def _beat(self) -> None:
        """Tell the others that this worker lives; what its lease rests on is committed."""
        begun = time.monotonic()
        with self.installation.db.lane_writing() as session:
            workers.beat(session, self.id, engine.VERSION)
        self._lease.renew(begun)

    def _keep_beating(self) -> None:
        """Beat beside everything else: a slow round of housekeeping must not cost the lease.

        Whatever goes wrong, the lease runs out and no call begins until a beat gets through.
        """
        self._beat()
        self.installation.db.outage.end()

    def _keep_house(self, client: engine.EngineClient) -> float:
        """One round; the seconds until the next one are more while nothing is under way."""
        in_hand = queue_worker.jobs_in_hand()
        self._dropped = housekeeping.give_back_dropped(client, self.id, in_hand, self._dropped)
        moving = housekeeping.keep_house(self.installation, client) or bool(self._dropped)
        if time.monotonic() >= self._forgotten_at:
            client.forget(now() - JOBS_ARE_KEPT)
            self._forgotten_at = time.monotonic() + FORGET_EVERY.total_seconds()
        self.installation.db.outage.end()
        if moving:
            return HOUSEKEEPING_SECONDS
        return housekeeping.IDLE_HOUSEKEEPING_SECONDS
