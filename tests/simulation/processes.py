"""A process of an installation: it runs the jobs, keeps house, and may die or be taken over."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import partial
from typing import Any

from so24.errors import LeaseLost
from so24.store.database.engine import OUTAGES
from so24.transfer.jobs.housekeeping import give_back_dropped, keep_house, try_again
from tests.simulation.jobs import OPEN, Jobs, Work
from tests.simulation.schedule import BEGIN, Actor
from tests.simulation.site import Site

POLL_SECONDS = 0.1
ROUND_SECONDS = 1.0
LONG = 3_600.0
SOON = 5.0  # the house looks so far ahead
BUSY_SECONDS = 30.0  # a round while jobs are under way finds nothing to do


_STANDING = (
    f"select count(*) filter (where {OPEN}), min(look_again_at) filter (where not {OPEN}), "  # noqa: S608 - fixed text
    "min(retry_at) filter (where state = 'not_sent') from transfer"
)


@dataclass(frozen=True)
class Transfers:
    """How the transfers stand in one version of the table."""

    version: Hashable
    open: int
    next_look: dt.datetime | None  # or the next retry, if that comes first
    retries: bool  # whether any is planned


class Process:
    """The process that runs an installation's jobs and keeps its house."""

    def __init__(self, site: Site, jobs: Jobs) -> None:
        self.site = site
        self.jobs = jobs
        self.scheduler = site.scheduler
        self.alive = False
        self.bugs: list[str] = []
        self.actors: list[Actor] = []
        self._term = 0
        self._noticed = 0
        self.in_hand: list[str] = []
        self._dropped: frozenset[str] = frozenset()
        self.beside = False  # whether each job is run by two workers at once
        self._house_due = 0
        self._seen: Transfers | None = None
        jobs.wake = self._poll_soon

    def start(self) -> None:
        """Begin, and take up what the process before has left."""
        if self.alive:
            return
        self.alive = True
        self._term += 1
        self.in_hand.clear()
        for job in self.jobs.jobs(active=True):
            self.jobs.mark(job.id, "ENQUEUED")
        self._poll_soon()
        self._keep_house_in(0.0)

    def crash(self) -> None:
        """End at once; memory is lost."""
        self._term += 1
        self.alive = False
        self.scheduler.tell(f"process {self.site.number} dies")
        for actor in self.actors:
            if actor.alive:
                self.scheduler.kill(actor)  # the one that is running ends at its point
        self.actors.clear()

    @property
    def is_idle(self) -> bool:
        """Whether nothing is open, and no look and no retry is planned."""
        return not self._count_open() and self._next_look() is None and not self._active()

    @property
    def has_open(self) -> bool:
        """Whether anything is in transfer."""
        return self._count_open() > 0

    @property
    def is_busy(self) -> bool:
        """Whether anything is in transfer or about to be."""
        return self.has_open or self._active()

    def take_over(self) -> None:
        """Another worker runs the jobs that this one has: it is held for dead, and lives.

        It may notice at its next call, or go on beside the other one.
        """
        pending = [job.id for job in self.jobs.jobs(active=True) if job.status == "PENDING"]
        if self.alive and pending:
            self.scheduler.tell(f"process {self.site.number} is taken over")
            if self.scheduler.draw("taken over while it lives").random() < 0.5:
                self._noticed = self._term + 1
            self._term += 1
            self.jobs.take_over(pending)
            self._poll_soon()
            self._keep_house_in(POLL_SECONDS)

    def permit(self, term: int) -> None:
        """Asked before each call."""
        if term < self._noticed:
            raise LeaseLost("Another worker has taken over.")

    # -- the house --

    def _keep_house_in(self, seconds: float) -> None:
        self._house_due += 1
        due, term = self._house_due, self._term

        def keep() -> None:
            if self.alive and due == self._house_due and term == self._term:
                self._spawn("house", self._keep_house)

        self.scheduler.at(seconds, keep)

    def _keep_house(self) -> None:
        left = any(
            job.status == "PENDING" and job.id not in self.in_hand
            for job in self.jobs.jobs(active=True)
        )
        if not (left or self._count_open() or (self._next_look() or LONG) <= SOON):
            self._keep_house_in(self._next_round())
            return
        jobs: Any = self.jobs  # it does what the engine's client does
        self._dropped = give_back_dropped(jobs, "local", frozenset(self.in_hand), self._dropped)
        try:
            if self._look_at_transfers().retries:
                try_again(self.site.installation, jobs)
            keep_house(self.site.installation, jobs)
        except OUTAGES:
            self.scheduler.tell("the house waits for the database")
        self._keep_house_in(self._next_round())

    def _next_round(self) -> float:
        if self._active():
            return BUSY_SECONDS
        if self._count_open():
            return ROUND_SECONDS
        look = self._next_look()
        return LONG if look is None else max(ROUND_SECONDS, look)

    def _count_open(self) -> int:
        return self._look_at_transfers().open

    def _look_at_transfers(self) -> Transfers:
        """How they stand; asked again only when the table was written to."""
        version = self.site.db.version("transfer")
        if self._seen is None or self._seen.version != version:
            [(count, *planned)] = self.site.query(_STANDING)
            moments = [dt.datetime.fromisoformat(each) for each in planned if each]
            moment = min(moments).replace(tzinfo=dt.UTC) if moments else None
            self._seen = Transfers(version, count, moment, planned[1] is not None)
        return self._seen

    def _next_look(self) -> float | None:
        moment = self._look_at_transfers().next_look
        if moment is None:
            return None
        step = self.scheduler.offsets.get(self.site.number, 0.0)
        return (moment - BEGIN).total_seconds() - self.scheduler.time - step

    def _active(self) -> bool:
        return bool(self.jobs.jobs(active=True))

    # -- jobs --

    def _poll_soon(self) -> None:
        self.scheduler.at(POLL_SECONDS, self._poll)

    def _poll(self) -> None:
        if not self.alive:
            return
        works = list(self.jobs.works.values())
        busy = {work.workplace for work in works if work.job.status == "PENDING"}
        for work in works:
            if work.job.status == "ENQUEUED" and work.workplace not in busy:
                busy.add(work.workplace)
                self.jobs.mark(work.job.id, "PENDING")
                self._begin(work)

    def _begin(self, work: Work) -> None:
        for place in range(2 if self.beside else 1):
            name = f"{work.job.id[-6:]}{' again' * place}"
            self.in_hand.append(work.job.id)
            self._spawn(name, partial(self._run, work, self._term))

    def _run(self, work: Work, term: int) -> None:
        try:
            work.run(lambda: self.permit(term))
        except OUTAGES as lost:
            self.site.db.outage.begin(lost)
        except LeaseLost:
            self.scheduler.tell("has lost its lease")
        except Exception as bug:
            self.scheduler.tell(f"stops: {bug!r}")
            self.bugs.append(repr(bug))
        if work.job.id in self.in_hand:  # it is not where the process has died meanwhile
            self.in_hand.remove(work.job.id)
        if term != self._term:
            return
        if self.site.db.full:
            self.scheduler.tell("its end cannot be written")
        else:
            self.jobs.mark(work.job.id, "SUCCESS")
        self._poll_soon()
        self._keep_house_in(POLL_SECONDS)

    def _spawn(self, name: str, run: Callable[[], Any]) -> None:
        self.actors = [actor for actor in self.actors if actor.alive]
        self.actors.append(
            self.scheduler.begin(f"{self.site.number}/{name}", self.site.number, run)
        )
