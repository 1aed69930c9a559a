"""Who goes next, and what time it is: a scheduler of actors in one thread, on a virtual clock.

An actor is a greenlet that runs the product's own code until it comes to a point: a named place of
:mod:`so24.crashpoints`, a call to the office, a transaction, a wait. There the scheduler draws how
long the actor stays behind, mostly no time at all, sometimes minutes, and lets whoever is due first
go on. Every draw comes from the seed, so that a seed has one history.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import heapq
import random
from collections.abc import Callable
from functools import partial

from greenlet import (  # type: ignore[import-untyped] # it carries no types
    GreenletExit,
    getcurrent,
    greenlet,
)

BEGIN = dt.datetime(2026, 11, 9, 8, 0, tzinfo=dt.UTC)
MOST_STEPS = 4_000  # of one history; one that needs more goes round in circles
MOST_WAITS = 200_000  # so24 waits an hour, as 24SevenOffice may ask for, in 7,200 pieces

IDLE_SECONDS = 0.4  # without anything to happen, before anybody asks whether the world is quiet


class Crash(GreenletExit):  # type: ignore[misc] # as above
    """The process of this actor is gone; no code of the product may catch it."""


class GoesInCircles(BaseException):
    """A history does not come to its end."""


class Actor:
    """Something that runs in a process, or a person; ``site`` is the installation it works at."""

    def __init__(self, name: str, site: int, run: Callable[[], object], hub: greenlet) -> None:
        self.name = name
        self.site = site
        self.alive = True
        self.stalled = False
        self.waits = False
        self.greenlet = greenlet(run, hub)
        self.go_on: Callable[[], None]


class Scheduler:
    """Runs actors and timed events in the order of the virtual time."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.time = 0.0  # seconds since BEGIN
        self.steps = 0
        self.waits = 0
        self.story: list[str] = []
        self.actor: Actor | None = None
        self.offsets: dict[int, float] = {}
        self.strike: Callable[[Actor], None] = lambda _: None
        self.stalls = 0.0  # how likely an actor stays behind for long
        self._agenda: list[tuple[float, int, Callable[[], None]]] = []
        self._sequence = 0
        self._sources: dict[str, random.Random] = {}
        self._order = self.draw("order")
        self.on_their_way = 0
        self._hub: greenlet = getcurrent()
        self._said = 0.0, BEGIN  # the seconds that the wall clock has shown last, and as what

    # -- time --

    def now(self) -> dt.datetime:
        """The wall clock of whoever is running."""
        step = self.offsets.get(self.actor.site, 0.0) if self.actor else 0.0
        seconds = self.time + step
        if seconds != self._said[0]:
            self._said = seconds, BEGIN + dt.timedelta(seconds=round(seconds, 3))
        return self._said[1]

    def monotonic(self) -> float:
        """A clock that no hand sets."""
        return self.time

    def draw(self, purpose: str) -> random.Random:
        """The source of draws for one purpose: one habit less leaves the draws of the others."""
        source = self._sources.get(purpose)
        if source is None:
            source = random.Random(f"{self.seed} {purpose}")  # noqa: S311 - nothing is secret here
            self._sources[purpose] = source
        return source

    def chance(self, purpose: str) -> float:
        """One draw between 0 and 1, the same again for the same purpose; cheaper than a source."""
        told = hashlib.blake2b(f"{self.seed} {purpose}".encode(), digest_size=8).digest()
        return int.from_bytes(told) / 2**64

    # -- what happens --

    def tell(self, what: str) -> None:
        """Add a line to the history."""
        who = self.actor.name if self.actor else "-"
        self.story.append(f"{self.time:.3f} {who}: {what}")

    def digest(self) -> str:
        """The hash of all that was told."""
        told = "".join(f"{line}\n" for line in self.story)
        return hashlib.sha256(told.encode()).hexdigest()

    def at(self, seconds: float, work: Callable[[], None]) -> None:
        """Do this so many seconds from now, whoever is running then."""
        self._sequence += 1
        heapq.heappush(self._agenda, (self.time + seconds, self._sequence, work))

    def begin(self, name: str, site: int, run: Callable[[], object], after: float = 0.0) -> Actor:
        """Let an actor start after so many seconds."""
        actor = Actor(name, site, run, self._hub)
        actor.go_on = partial(self._go_on, actor)
        self.at(after, actor.go_on)
        return actor

    def kill(self, actor: Actor) -> None:
        """End an actor where it stands; one that is running itself must raise :class:`Crash`."""
        actor.alive = False
        if actor is not self.actor:
            self.at(0.0, lambda: self._unwind(actor))

    def rest(self, seconds: float) -> None:
        """Let the running actor wait."""
        actor = self.actor
        if actor is None:
            self.time += seconds
            return
        due = self.time + seconds if seconds > 0.0 else self.time
        agenda = self._agenda
        if not agenda or agenda[0][0] > due:  # nobody else is due before
            self.time = due
            return
        self.at(seconds, actor.go_on)
        self._hub.switch()
        if not actor.alive:
            raise Crash

    def wait(self, seconds: float) -> None:
        """The same for a wait of the product's own, which is no step.

        It waits for a long time in many short pieces. Whoever is alone goes through these without
        anybody's turn; in company they must not count for more.
        """
        self.waits += 1
        if self.waits > MOST_WAITS:
            raise GoesInCircles(f"{MOST_WAITS} waits, and no end")
        actor = self.actor
        if actor is not None:
            actor.waits = True
        self.rest(seconds)
        if actor is not None:
            actor.waits = False

    def point(self, what: str) -> None:
        """Come to a point: say so, and let others go on for as long as the draw says."""
        actor = self.actor
        if actor is None:
            return
        self.story.append(f"{self.time:.3f} {actor.name}: {what}")
        self._count()
        self.rest(self._draw_delay(actor))
        self.strike(actor)
        if not actor.alive:
            raise Crash

    @property
    def is_still(self) -> bool:
        """Whether nothing is on its way but what comes round again."""
        return self.on_their_way == 0

    def land(self, seconds: float, work: Callable[[], None]) -> None:
        """The same as :meth:`at`, for what is waited for before a world counts as quiet."""
        self.on_their_way += 1

        def arrive() -> None:
            self.on_their_way -= 1
            work()

        self.at(seconds, arrive)

    def run(self, until: Callable[[], bool] | None = None) -> None:
        """Let everything happen until nothing is due, or until the condition holds."""
        agenda = self._agenda
        while agenda:
            if until is not None and agenda[0][0] - self.time >= IDLE_SECONDS and until():
                return
            due, _, work = heapq.heappop(agenda)
            if due > self.time:
                self.time = due
            self._count()
            work()

    def _draw_delay(self, actor: Actor) -> float:
        draw = self._order.random()
        if draw < self.stalls and not actor.stalled:
            actor.stalled = True  # it is held up once, and not for longer than is looked for
            return self._order.choice((3.0, 12.0, 35.0))
        return 0.05 if draw > 0.5 else draw / 10

    def _count(self) -> None:
        self.steps += 1
        if self.steps > MOST_STEPS:
            raise GoesInCircles(f"{MOST_STEPS} steps, and no end")

    def _unwind(self, actor: Actor) -> None:
        if not actor.greenlet.dead:
            self.actor = actor
            try:
                actor.greenlet.throw(Crash)
            finally:
                self.actor = None

    def _go_on(self, actor: Actor) -> None:
        if not actor.alive:
            return
        self.steps -= actor.waits  # its turn was counted as a step
        self.actor = actor
        try:
            actor.greenlet.switch()
        finally:
            self.actor = None
        if actor.greenlet.dead:
            actor.alive = False
