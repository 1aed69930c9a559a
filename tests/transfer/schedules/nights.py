"""Nights on a clock that a test steps: what processes do every few seconds, without waiting."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from itertools import count

import pytest
from sqlmodel import Session, select

from so24.dates import OSLO
from so24.installation import Installation
from so24.people.desk import Desk
from so24.people.roles import Actor
from so24.sources.inbox.watch import Inbox
from so24.store.tables.document_tables import Customer, Invoice
from so24.store.tables.people_tables import Role, User
from so24.store.tables.schedule_tables import Occasion
from so24.store.transfers.open_lanes import open_lanes
from so24.store.transfers.transfers import LaneName
from so24.transfer.lane.lane import work_lane
from so24.transfer.schedules import claiming, settings, standing, working
from so24.transfer.schedules.standing import ScheduleView, read_schedules
from tests.transfer.world import ADMIN, World

STEP = dt.timedelta(minutes=30)


def oslo(text: str) -> dt.datetime:
    """``2026-12-01 06:30`` on a clock in Oslo, aware UTC."""
    return dt.datetime.fromisoformat(text).replace(tzinfo=OSLO).astimezone(dt.UTC)


@dataclass
class Nights:
    """A world, and the clock that its schedules look at; ``queued`` counts jobs not yet worked."""

    world: World
    at: dt.datetime = field(default_factory=lambda: oslo("2026-11-30 20:00"))
    inbox: Inbox | None = None
    queued: int = 0
    lanes: list[LaneName] = field(default_factory=list)

    @property
    def desk(self) -> Desk:
        """Of the System Administrator who sets schedules."""
        return Desk(self.world.installation, ADMIN)

    def claim(self, installation: Installation | None = None) -> int:
        """What a process does every few seconds; how many times it has claimed."""
        return claiming.claim_what_is_due(
            installation or self.world.installation, self._queue, lambda: self.queued > 0
        )

    def work(self, installation: Installation | None = None) -> int:
        """What the queued job does, here or in another process."""
        self.queued = 0
        return working.work_due_occasions(installation or self.world.installation, self._take_lane)

    def tick(self) -> None:
        """One look of everything: the drop folder, what is due, and the lanes that are open."""
        if self.inbox is not None:
            self.inbox.look()
        self.claim()
        if self.queued:
            self.work()
        self.work_lanes()

    def work_lanes(self) -> None:
        """What the engine does with lanes."""
        with self.world.installation.db.reading() as session:
            lanes = list(open_lanes(session))
        for lane in lanes:
            work_lane(self.world.installation, lane, ())

    def go_to(self, text: str, *, step: dt.timedelta = STEP) -> None:
        """Step the clock to this time of Oslo, with a look at each step and at the end."""
        until = oslo(text)
        while self.at < until:
            self.at = min(self.at + step, until)
            self.tick()

    def occasions(self) -> list[Occasion]:
        """All times that were claimed, in their order."""
        with self.world.installation.db.reading() as session:
            return list(session.exec(select(Occasion).order_by("moment", "id")).all())

    def told(self) -> list[tuple[str, str, int, int]]:
        """Of each: when in Oslo, how it ended, how many were sent, how many left."""
        return [
            (
                f"{each.moment.astimezone(OSLO):%a %d %H:%M}",
                each.ending.value if each.ending else "",
                each.documents,
                each.left_count,
            )
            for each in self.occasions()
        ]

    def view(self) -> ScheduleView:
        """The only schedule."""
        [only] = read_schedules(self.desk)
        return only

    def _queue(self, _session: Session) -> None:
        self.queued += 1

    def _take_lane(self, _session: Session, lane: LaneName) -> None:
        self.lanes.append(lane)


def begin_nights(world: World, monkeypatch: pytest.MonkeyPatch) -> Nights:
    """Let schedules look at a stepped clock, with ada as an active System Administrator."""
    nights = Nights(world)
    for module in (claiming, settings, standing, working):
        monkeypatch.setattr(module, "now", lambda: nights.at)
    with world.installation.db.writing() as session:
        session.add(User(name="ada", role=Role.ADMIN, password_hash=""))
    return nights


def finance_of(world: World) -> Desk:
    """A desk of finance."""
    return Desk(world.installation, Actor("fia", Role.FINANCE))


def add_clean(
    world: World, department: int, many: int, *, first: int, known: bool = True
) -> list[int]:
    """Documents of which no check says anything; or only that of no customer a number is known.

    Each has a customer of its own.
    """
    ids = world.add_invoices(department, many, first=first, customers=1)
    with world.installation.db.writing() as session:
        for place, invoice_id in enumerate(ids):
            number = first + place
            customer = Customer(
                tenant="recman",
                number=f"8{number}",
                name=f"Kunde {number} AS",
                organization_number=_organization_number(number) if known else "",
                address="Storgata 1",
                postal_code="0155",
                city="Oslo",
                country="NO",
                credit_days=14,
                completed=True,
            )
            session.add(customer)
            session.flush()
            session.get_one(Invoice, invoice_id).customer_id = customer.row_id
    return ids


def _organization_number(seed: int) -> str:
    """A number whose check digit is right."""
    for eight in count(90_000_000 + seed * 20):
        weighted = zip(map(int, str(eight)), (3, 2, 7, 6, 5, 4, 3, 2), strict=True)
        rest = sum(digit * weight for digit, weight in weighted) % 11
        if rest != 1:
            return f"{eight}{(11 - rest) % 11}"
    raise AssertionError("there is always another one")
