"""The durable engine of the simulation: jobs outlive the process that runs them.

It keeps what the engine promises: a job is queued in the caller's transaction, one job of a company
runs at a time, a job that a dead process has left is run again by the next one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from so24.keys.routing import name_workplace
from so24.store.keys.keys import key_of_lane, living_keys
from so24.store.transfers.transfers import LaneName
from so24.transfer.jobs import engine
from so24.transfer.lane.lane import work_lane
from so24.transfer.lane.late_drafts import sweep_late_drafts
from tests.simulation.schedule import BEGIN
from tests.simulation.site import Site

OPEN = "state in ('queued','preparing','drafted','compared','invoicing','unknown')"


@dataclass
class Work:
    """A job as the engine keeps it: what it is, where it works, and how it stands."""

    job: engine.Job
    workplace: str
    run: Callable[[Callable[[], None]], object]


class Jobs:
    """The engine's table, with the methods of :class:`so24.transfer.jobs.engine.EngineClient`."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.works: dict[str, Work] = {}
        self.wake: Callable[[], None] = lambda: None
        self._pending: list[Work] = []
        self._sweeps = 0
        site.db.committed = self._settle
        for lane in site.pressed.lanes:
            with site.db.reading() as session:
                self.enqueue_lane(session, lane)
        self._settle(committed=True)

    def enqueue_lane(self, session: Session, lane: LaneName, attempt: int = 1) -> None:
        """Queue a lane in the caller's transaction."""
        name = f"{lane.run_id}:{lane.key_id}:{attempt}"
        self._queue(session, name, lane.key_id, lambda may: self._work_lane(lane, may))

    def enqueue_sweep(self, session: Session, key_id: int, ids: Sequence[int]) -> None:
        """Queue a look at finished transfers."""
        self._sweeps += 1
        ids = tuple(ids)
        self._queue(
            session,
            f"sweep:{key_id}:{self._sweeps}",
            key_id,
            lambda may: sweep_late_drafts(self.site.installation, key_id, ids, may),
        )

    def jobs(self, prefix: str = "", *, active: bool = False) -> list[engine.Job]:
        """The jobs whose id begins so."""
        return [
            work.job
            for name, work in self.works.items()
            if name.startswith(prefix)
            and not (active and work.job.status not in ("ENQUEUED", "PENDING"))
        ]

    def take_over(self, ids: Sequence[str]) -> None:
        """Give jobs back to the queue."""
        for name in ids:
            self.mark(name, "ENQUEUED")
        self.wake()  # the queue is asked now and then

    def retire(self, ids: Sequence[str]) -> None:
        """Cancel jobs."""
        for name in ids:
            self.mark(name, "CANCELLED")

    def mark(self, name: str, status: str) -> None:
        """Note how a job stands."""
        work = self.works[name]
        at = BEGIN + dt.timedelta(seconds=self.site.scheduler.time)
        work.job = engine.Job(name, status, work.job.executor, work.job.version, at)

    def _queue(
        self, session: Session, name: str, key_id: int, run: Callable[[Callable[[], None]], object]
    ) -> None:
        job = engine.Job(name, "ENQUEUED", "local", engine.VERSION, BEGIN)
        self._pending.append(Work(job, self._workplace_of(session, key_id), run))

    def _workplace_of(self, session: Session, key_id: int) -> str:
        """Where the engine lets the key's jobs wait for each other."""
        kept, stand = self.site.db.answers_from(("office_key",))
        known = "workplace", key_id, stand
        if known not in kept:
            kept[known] = name_workplace(key_of_lane(session, key_id), living_keys(session))
        return str(kept[known])

    def _settle(self, committed: bool) -> None:
        pending, self._pending = self._pending, []
        if committed and pending:
            for work in pending:
                self.works[work.job.id] = work
                self.mark(work.job.id, "ENQUEUED")
            self.wake()

    def _work_lane(self, lane: LaneName, may_call: Callable[[], None]) -> None:
        ids = [
            row[0]
            for row in self.site.query(
                f"select id from transfer where run_id = '{lane.run_id}' "  # noqa: S608 - our own ids
                f"and key_id = {lane.key_id} and {OPEN} order by id"
            )
        ]
        if ids:
            work_lane(self.site.installation, lane, ids, may_call)
