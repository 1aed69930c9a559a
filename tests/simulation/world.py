"""One world: what is going to happen in it, its life until it is quiet, and its judgement."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from so24 import crashpoints
from so24.store.transfers.transfer_list import TransferFilter, list_transfers
from so24.transfer.receipt import as_record
from tests.simulation import checker, clock
from tests.simulation.habits import Habits, default_habits
from tests.simulation.people import Clerk, Hand
from tests.simulation.processes import Jobs, Process
from tests.simulation.schedule import Actor, GoesInCircles, Scheduler
from tests.simulation.server import HERE, Server
from tests.simulation.site import DOCUMENTS, SERIES, Site
from tests.simulation.wire import Serving

MOST_DOCUMENTS = 6
MOST_POINTS = 140  # within so many most of what can happen has begun
STUCK_AFTER = 6 * 3600.0
LONGEST = 3 * 86400.0
PRESSES_AGAIN = 2
CHANGES = {
    "orders for approval": "update office_key set mode = 'approval'",
    "two keys of one account": "update office_key set username = 'her@example.com'",
}


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

    def __init__(self, seed: int, plan: Plan, *, tell: bool) -> None:
        self.seed = seed
        self.scheduler = scheduler = Scheduler(seed)
        if tell:
            scheduler.story = []
        clock.set_scheduler(scheduler)
        self.habits = habits = Habits(plan.habits, scheduler.draw)
        self.server = Serving.server = Server(scheduler, habits)
        sites = 2 if habits.has("two installations") else 1
        self.documents = self._choose_documents(plan.documents)
        changes = tuple(change for name, change in CHANGES.items() if habits.has(name))
        self.sites = [Site(each, scheduler, self.documents, changes) for each in range(sites)]
        self.jobs = [Jobs(site) for site in self.sites]
        pairs = zip(self.sites, self.jobs, strict=True)
        self.processes = [Process(site, jobs) for site, jobs in pairs]
        pairs = zip(self.sites, self.jobs, strict=True)
        self.clerks = [Clerk(site, jobs) for site, jobs in pairs]
        self.hand = Hand(self.server, scheduler)
        self.events_left = plan.events
        self.quiet_at = scheduler.draw("world").choice((20.0, 60.0, 60.0, 200.0, 600.0))
        self.points = 0
        self.triggers: dict[int, list[Callable[[], None]]] = {}
        crashpoints.arm(lambda point, _: scheduler.point(point))
        scheduler.strike = self._count_point

    # -- what is going to happen --

    def _choose_documents(self, most: int) -> tuple[int, ...]:
        draw = self.scheduler.draw("documents")
        here, there = draw.randint(1, DOCUMENTS[HERE]), draw.randint(1, 2)
        chosen = list(range(1, 1 + here))
        if draw.random() < 0.1 or self.habits.has("two keys of one account"):
            chosen += [5, 6][:there]
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
        seconds = self.scheduler.draw("the office is away").choice((20.0, 150.0, 400.0))
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
            scheduler.run(until=lambda: scheduler.time >= self.quiet_at)
            self._get_quiet()
            self._rest()
            breaches = self._judge(pressed_enough=False)
            for _ in range(PRESSES_AGAIN):
                clerks = [each for each in self.clerks if each.unfinished()]
                for clerk in clerks:
                    self._person(clerk.site.number, clerk.press_unfinished)
                if clerks:
                    self._rest()
        except GoesInCircles as circles:
            return [f"stuck: {circles}", *self._judge(pressed_enough=False)]
        return [*breaches, *self._judge(pressed_enough=True)]

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
            self.scheduler.at(600.0, self.hand.approve)

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

    def _judge(self, *, pressed_enough: bool) -> list[str]:
        receipts = [self._print_receipts(site) for site in self.sites]
        companies = {series: client for client, series in SERIES.items()}
        books = checker.Books(self._entries(), companies, self.habits.need_person)
        breaches = checker.judge(books, receipts)
        if pressed_enough:
            breaches += checker.never_booked(books, receipts)
        return breaches

    def _verdict(self, breaches: list[str]) -> Verdict:
        for process in self.processes:
            breaches += [f"bug: {each}" for each in process.bugs]
        breaches = list(dict.fromkeys(breaches))
        for each in breaches:
            self.scheduler.tell(f"breach: {each}")
        return Verdict(
            self.seed,
            tuple(breaches),
            self.scheduler.told.hexdigest(),
            self.scheduler.steps,
            self.habits.names,
            tuple(self.habits.struck),
            tuple(self.scheduler.story or ()),
        )

    def _print_receipts(self, site: Site) -> list[Any]:
        with site.db.reading() as session:
            lines = list_transfers(session, TransferFilter())
        printed = json.dumps([as_record(line) for line in lines])
        self.scheduler.tell(printed)
        return list(json.loads(printed))

    def _entries(self) -> list[checker.Entry]:
        return [
            checker.Entry(
                client,
                order.record["OrderId"],
                order.born,
                order.record["OrderStatus"],
                order.record["InvoiceId"],
                order.record["OrderTotalIncVat"],
                order.invoiced_by,
                (client, order.record["OrderId"]) in self.hand.touched,
                order.date_moved,
                order.record["ReferenceNumber"] is None,
                order.same_as,
                order.past[0][0],
            )
            for client, order in self.server.orders()
        ]
