"""What is struck, where and how; a strike's line is enough to do it again."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from so24.crashpoints import CRASH_POINTS
from so24.errors import WrongUse
from so24.sandbox.wire.faults import Fault

SQLITE, POSTGRESQL = "sqlite", "postgresql"
DATABASES = (SQLITE, POSTGRESQL)
BATCHES = (1, 7, 50)
KILL, EXCEPTION, CUT, NONE = "kill", "exception", "cut database", "lost answer"
CALLS = {"during draft call": "draft", "during invoicing call": "invoicing"}
LOSSES = ("lost_before", "lost_after", "late")
LOOKS = ("after another look", "after late drafts retired")  # they need a draft that lands late
# the answer is lost as such, or the worker is struck besides
PLACES = tuple(point for point in CRASH_POINTS if point not in CALLS) + tuple(
    f"{point}: {loss}" for point in CALLS for loss in LOSSES
)
LANE_DOCUMENTS = 12  # at least so many of each lane are sent, see the scene
SMALL_CHUNK, LARGE_CHUNK = 5, 100
NEVER_LANDS = 3600.0  # seconds, unless it is made to land
HOLD_SECONDS = 1.0
_ONCE = frozenset({"after login", "after customers answer", "after products answer", *LOOKS})
_PER_BATCH = frozenset(
    {"after draft intent", "after draft answer", "after draft result",
     "after invoicing intent", "after invoicing answer"}
)  # fmt: skip


@dataclass(frozen=True)
class Strike:
    """One strike of the matrix; everything else about it is drawn from the seed."""

    database: str
    place: str
    kind: str
    batch: int
    seed: int

    @property
    def line(self) -> str:
        """The words by which ``--replay`` does this strike again."""
        return f"{self.database}/{self.place}/{self.kind}/{self.batch}/{self.seed}"

    @property
    def point(self) -> str:
        """The crash point."""
        return self.place.partition(":")[0]

    @property
    def loss(self) -> str:
        """How the answer of the call is lost; empty at the other points."""
        return self.place.partition(": ")[2]


@dataclass(frozen=True)
class Draw:
    """What the seed chose: the lane (by its place), the occurrence, and how the scene looks."""

    lane: int
    occurrence: int
    chunk: int
    known: frozenset[str]  # customers and products that 24SevenOffice has already

    def fault(self, strike: Strike) -> Fault | None:
        """The sandbox's part of the strike: the answer that is lost."""
        if strike.point in LOOKS:
            return _lose("late", "draft", self.occurrence)
        if not strike.loss:
            return None
        # killed while the call is under way: the sandbox keeps it waiting until then
        hold = HOLD_SECONDS if strike.kind == KILL else 0.0
        return _lose(strike.loss, CALLS[strike.point], self.occurrence, hold)


def _lose(loss: str, write: str, occurrence: int, hold: float = 0) -> Fault:
    return Fault(loss, "SaveInvoices", write, nth=occurrence, seconds=NEVER_LANDS, hold=hold)


def draw(strike: Strike) -> Draw:
    """Draw by the strike's line, so that the same line draws the same."""
    chance = random.Random(strike.line)  # noqa: S311 - a game, not a secret
    once = strike.point in _ONCE
    chunk = LARGE_CHUNK if once else chance.choice((LARGE_CHUNK, LARGE_CHUNK, SMALL_CHUNK))
    things = [str(number) for number in range(7000, 7005)] + [f"P{each}" for each in range(4)]
    known = frozenset(thing for thing in things if chance.random() < 0.5) - {"7000", "P0"}
    occurrences = _count_occurrences(strike, chunk)
    return Draw(chance.randrange(3), chance.randint(1, occurrences), chunk, known)


def _count_occurrences(strike: Strike, chunk: int) -> int:
    """How often the lane surely comes to the place."""
    if strike.point in _ONCE:
        return 1
    chunks = LANE_DOCUMENTS // chunk if chunk < LANE_DOCUMENTS else 1
    if strike.loss or strike.point in _PER_BATCH:
        return chunks * max(1, min(chunk, LANE_DOCUMENTS) // strike.batch)
    return chunks


def list_strikes(
    databases: Sequence[str], seeds: int, only: str = "", batches: Sequence[int] = BATCHES
) -> list[Strike]:
    """The matrix, or the part whose place begins with ``only``, spread over the databases."""
    places = [place for place in PLACES if place.startswith(only)]
    if not places:
        raise WrongUse(f"No place begins with '{only}'; there are {', '.join(PLACES)}.")
    return [
        Strike(database, place, kind, batch, seed)
        for seed, batch, place in product(range(seeds), batches, places)
        for kind in _kinds(place)
        for database in databases
    ]


def list_samples(database: str) -> list[Strike]:
    """A quick part of the matrix: every place on SQLite, every other one on PostgreSQL.

    They are killed and given an exception by turns. Each way to lose an answer comes once without
    a strike, on one of the databases; a lost database once on each.
    """
    shift = DATABASES.index(database)
    calls = [place for place in PLACES if ":" in place]
    places = PLACES[:: 1 + shift]
    return [
        Strike(database, place, (KILL, EXCEPTION)[(number + shift) % 2], BATCHES[number % 3], 0)
        for number, place in enumerate(places)
    ] + [
        *(Strike(database, place, NONE, 7, 0) for place in calls[shift::2]),
        Strike(database, "after draft answer", CUT, 7, 0),
    ]


def list_few() -> list[Strike]:
    """The samples where a mistake would book a document twice or forget one, all on SQLite."""
    few = {
        "after draft answer": CUT,
        "after invoicing answer": KILL,
        "after late drafts retired": KILL,
        "during invoicing call: lost_after": NONE,
    }
    return [each for each in list_samples(SQLITE) if few.get(each.place) == each.kind]


def _kinds(place: str) -> Iterator[str]:
    yield from (KILL, EXCEPTION, CUT)
    if ":" in place:
        yield NONE


def read_strike(line: str) -> Strike:
    """The strike of a line; raises :class:`WrongUse` when it is none."""
    parts = line.split("/")
    if len(parts) == 5:
        database, place, kind, batch, seed = parts
        known = database in DATABASES and place in PLACES and kind in _kinds(place)
        if known and batch.isdigit() and seed.isdigit():
            return Strike(database, place, kind, int(batch), int(seed))
    raise WrongUse(f"'{line}' is no strike; one is '{Strike(SQLITE, PLACES[0], KILL, 7, 0).line}'.")
