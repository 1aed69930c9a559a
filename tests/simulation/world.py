"""One world: what is going to happen in it, its life until it is quiet, and its judgement."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from so24 import crashpoints
from tests.simulation import checker, clock
from tests.simulation.beginning import Known, begin
from tests.simulation.evidence import Books
from tests.simulation.habits import LATER, OF_SEVERAL, Habits, default_habits
from tests.simulation.jobs import Jobs
from tests.simulation.judgement import print_receipts, read_books
from tests.simulation.people import Clerk, Hand
from tests.simulation.processes import Process
from tests.simulation.schedule import Actor, GoesInCircles, Scheduler
from tests.simulation.server import Server
from tests.simulation.site import PATIENCE, Site
from tests.simulation.wire import Serving

Evidence = tuple[Books, list[list[Any]]]  # and the receipts as printed

MOST_DOCUMENTS = 6
# how many documents, drawn from these: small worlds find most faults, and soonest
MOSTLY_HERE, MANY_HERE = (1, 1, 1, 1, 1, 1, 2, 2, 3, 4), (2, 2, 2, 3, 4)
MOST_POINTS = 140  # within so many most of what can happen has begun
GIVE_UP_SOON = 3.0  # seconds of trouble that a lane bears
STUCK_AFTER = 6 * 3600.0
LONGEST = 3 * 86400.0
PRESSES_AGAIN = 2
DOCUMENTS_THERE = (5, 6)
APPROVED_EVERY = 40.0  # seconds: before so24 has looked for the last time


@dataclass(frozen=True)
class Plan:
    """What a history is made of beside its seed: what shrinking may take away."""

    habits: tuple[str, ...] = field(default_factory=default_habits)
    documents: int = MOST_DOCUMENTS
    events: int = 100


@dataclass(frozen=True)
class Verdict:
    """How a history went: the breaches, the hash of all that happened, and what has struck."""

    seed: int
    breaches: tuple[str, ...]
    digest: str
    steps: int
    habits: tuple[str, ...]
    struck: tuple[str, ...]
    story: tuple[str, ...] = ()


class World:
    """All that one seed makes: an office, installations, people, and what is to happen."""

    def __init__(
        self, seed: int, plan: Plan, *, tell: bool = False, known: Known | None = None
    ) -> None:
        """``known`` is what an earlier export has left, where there may have been one."""
        self.seed = seed
        self.scheduler = scheduler = Scheduler(seed)
        self.tell = tell
        clock.set_scheduler(scheduler)
        self.habits = habits = Habits(plan.habits, scheduler.draw, scheduler.chance)
        self.server = Serving.server = Server(scheduler, habits)
        sites = 2 if habits.has("two installations") else 1
        self.documents = self._choose_documents(plan.documents)
        only_here = not set(self.documents) & set(DOCUMENTS_THERE)
        changes = begin(self.server, known, sites, foreign=only_here)
        patience = GIVE_UP_SOON if habits.has("lanes give up soon") else PATIENCE
        self.sites = [
            Site(number, scheduler, self.documents, each, patience)
            for number, each in enumerate(changes)
        ]
        self.jobs = [Jobs(site) for site in self.sites]
        pairs = list(zip(self.sites, self.jobs, strict=True))
        self.processes = [Process(site, jobs) for site, jobs in pairs]
        self.clerks = [Clerk(site, jobs) for site, jobs in pairs]
        self.hand = Hand(self.server, scheduler)
        self.events_left = plan.events
        self.quiet_at = scheduler.draw("world").choice((20.0, 60.0, 60.0, 200.0, 600.0))
        self.points = 0
        self.triggers: dict[int, list[Callable[[], None]]] = {}
        crashpoints.arm(lambda point, _: self._come_to(point))
        scheduler.strike = self._count_point

    # -- what is going to happen --

    def _choose_documents(self, most: int) -> tuple[int, ...]:
        draw = self.scheduler.draw("documents")
        sizes = MANY_HERE if set(OF_SEVERAL) & set(self.habits.names) else MOSTLY_HERE
        here, there = draw.choice(sizes), draw.randint(1, 2)
        chosen = list(range(1, 1 + here))
        if draw.random() < 0.1 or self.habits.has("two keys of one account"):
            chosen += DOCUMENTS_THERE[:there]
        return tuple(chosen[:most])

    def _allow(self) -> bool:
        """Whether another event may happen; shrinking allows fewer."""
        self.events_left -= 1
        return self.events_left >= 0

    def _at(self, habit: str, work: Callable[[], None]) -> None:
        """Have something happen when the processes have come to so many points, or at some time."""
        draw = self.scheduler.draw(habit)
        by_points, point = draw.random() < 0.8, draw.randint(1, MOST_POINTS)
        moment = draw.uniform(0.0, self.quiet_at)
        if not self._allow():
            return
        if by_points:
            self.triggers.setdefault(point, []).append(work)
        else:
            self.scheduler.at(moment, partial(self._unless_quiet, work))

    def _plan_events(self) -> None:
        if self.habits.has("stalls"):
            self.scheduler.stalls = 0.03
        if self.habits.has("orders for approval"):
            self.scheduler.at(APPROVED_EVERY, self._approve)
        for deed in self.hand.deeds:
            self._plan(deed, 2, partial(self._lend_hand, deed))
        self._plan("the office is away", 2, self._go_away)
        for number, process in enumerate(self.processes):
            clerk = self.clerks[number]
            press = partial(clerk.press, self.documents)
            self._plan("crashes", 3, partial(self._crash, number))
            self._plan("full disks", 1, partial(self._fill_disk, number))
            self._plan("clocks step", 1, partial(self._step_clock, number))
            self._plan("taken over while it lives", 3, process.take_over)
            process.beside = self.habits.has("two workers at one lane")
            self._plan("stops", 1, partial(self._person, number, clerk.stop))
            self._plan("double presses", 1, partial(self._person, number, press))

    def _plan(self, habit: str, most: int, work: Callable[[], None]) -> None:
        if self.habits.has(habit):
            for _ in range(self.scheduler.draw(habit).randint(1, most)):
                self._at(habit, work)

    def _approve(self) -> None:
        """The accountant comes by, until the world is quiet."""
        if not self.habits.quiet:
            self.hand.approve()
            self.scheduler.at(APPROVED_EVERY, self._approve)

    def _lend_hand(self, deed: str, tries: int = 8) -> None:
        """A hand does something now, or soon, when there is something to do it to."""
        if not self.hand.do(deed) and tries and not self.habits.quiet:
            later = self.points + self.scheduler.draw(deed).randint(2, 8)
            self.triggers.setdefault(later, []).append(partial(self._lend_hand, deed, tries - 1))

    def _crash(self, number: int) -> None:
        process = self.processes[number]
        if process.alive:
            self.habits.note("crashes")
            process.crash()
            self.scheduler.at(
                self.scheduler.draw("crashes").choice((0.2, 5.0, 40.0)), process.start
            )

    def _go_away(self) -> None:
        self.habits.note("the office is away")
        seconds = self.scheduler.draw("the office is away").choice((10.0, 40.0, 150.0))
        self.scheduler.tell(f"the office is away for {seconds}")
        self.server.away_until = self.scheduler.time + seconds

    def _fill_disk(self, number: int) -> None:
        self.habits.note("full disks")
        self.scheduler.tell(f"disk {number} is full")
        self.sites[number].db.full = True
        seconds = self.scheduler.draw("full disks").uniform(0.5, 40.0)
        self.scheduler.at(seconds, lambda: self._free_disk(number))

    def _free_disk(self, number: int) -> None:
        self.scheduler.tell(f"disk {number} has room")
        self.sites[number].db.full = False

    def _step_clock(self, number: int) -> None:
        self.habits.note("clocks step")
        step = self.scheduler.draw("clocks step").choice((-1800.0, -60.0, -5.0, 5.0, 60.0, 1800.0))
        self.scheduler.tell(f"clock {number} steps by {step}")
        self.scheduler.offsets[number] = self.scheduler.offsets.get(number, 0.0) + step

    def _person(self, number: int, act: Any) -> None:
        self.scheduler.begin(f"{number}/clerk", number, act)

    def _come_to(self, point: str) -> None:
        """A named place, between two calls: somebody may have moved the sessions meanwhile.

        Not while another actor may be between its proof and its write: nobody can exclude that.
        """
        at_work = sum(actor.alive for process in self.processes for actor in process.actors)
        if at_work == 1 and self.habits.strikes("session moved"):
            for session in self.server.sessions.values():
                self.server.move(session)
        self.scheduler.point(point)

    def _count_point(self, _actor: Actor) -> None:
        """Count a point that an actor has come to; what was planned for it happens now."""
        self.points += 1
        for work in self.triggers.pop(self.points, ()):
            self._unless_quiet(work)

    def _unless_quiet(self, work: Callable[[], None]) -> None:
        if not self.habits.quiet:
            work()

    # -- life --

    def live(self) -> Verdict:
        """Live through it, and be judged."""
        for number, process in enumerate(self.processes):
            after = 0.0 if number == 0 else self.scheduler.draw("presses").uniform(0.0, 4.0)
            self.scheduler.at(after, process.start)
        self._plan_events()
        breaches = self._live_until_quiet()
        return self._verdict(breaches)

    def _live_until_quiet(self) -> list[str]:
        scheduler = self.scheduler
        try:
            breaches = self._judge_early()
            scheduler.run(until=lambda: scheduler.time >= self.quiet_at)
            self._get_quiet()
            self._rest()
            found, breaches = self._judge(breaches)
            for _ in range(PRESSES_AGAIN):
                clerks = [each for each in self.clerks if each.unfinished()]
                for clerk in clerks:
                    self._person(clerk.site.number, clerk.press_unfinished)
                if clerks:
                    self._rest()
                    found, breaches = self._judge(breaches)
                if not checker.never_booked(*found):
                    break  # what is left now is a person's, who was told so when it was pressed
        except GoesInCircles as circles:
            return self._judge([f"stuck: {circles}"])[1]
        return [*breaches, *checker.never_booked(*found)]

    def _get_quiet(self) -> None:
        self.scheduler.tell("quiet")
        self.habits.quiet = True
        self.server.away_until = 0.0
        self.scheduler.stalls = 0.0
        for number, process in enumerate(self.processes):
            self._free_disk(number)
            if not process.alive:
                process.start()
        if self.habits.has("orders for approval"):
            self.scheduler.at(5.0, self.hand.approve)

    def _rest(self) -> None:
        """Let everything come to its end: nothing open, no look planned, no write on its way."""
        scheduler = self.scheduler
        begun = scheduler.time + 1.0

        def over() -> bool:
            gone = scheduler.time - begun
            if gone < 0:
                return False
            if gone > STUCK_AFTER and any(each.has_open for each in self.processes):
                return True
            if gone > LONGEST:
                return True
            return scheduler.is_still and all(each.is_idle for each in self.processes)

        scheduler.run(until=over)

    # -- judgement --

    def _judge_early(self) -> list[str]:
        """Judge what is said as soon as nobody works, before anything is looked at again."""
        if set(LATER) & set(self.habits.names):
            return []
        self.scheduler.run(until=lambda: not any(each.is_busy for each in self.processes))
        return checker.judge_words(*self._read())

    def _judge(self, before: list[str]) -> tuple[Evidence, list[str]]:
        """What there is to judge now, and the breaches with those found ``before``."""
        found = self._read()
        return found, [*before, *checker.judge(*found)]

    def _read(self) -> Evidence:
        """The office's books, and the receipts as they are printed now."""
        receipts = [print_receipts(site) for site in self.sites]
        return read_books(self.server, self.hand.touched), receipts

    def _verdict(self, breaches: list[str]) -> Verdict:
        for process in self.processes:
            breaches += [f"bug: {each}" for each in process.bugs]
        breaches = list(dict.fromkeys(breaches))
        for each in breaches:
            self.scheduler.tell(f"breach: {each}")
        return Verdict(
            self.seed,
            tuple(breaches),
            self.scheduler.digest(),
            self.scheduler.steps,
            self.habits.names,
            tuple(self.habits.struck),
            tuple(self.scheduler.story if self.tell else ()),
        )
