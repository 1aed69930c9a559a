"""Each time is done once, whoever looks, whoever is killed where, and however often it is set."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from sqlmodel import select

from so24 import crashpoints
from so24.crashpoints import SCHEDULE_POINTS
from so24.errors import NotAllowed, WrongUse
from so24.installation import Installation, open_installation
from so24.people.desk import Desk
from so24.people.roles import Actor
from so24.store.tables.people_tables import Role
from so24.store.tables.transfer_tables import Run
from so24.transfer.schedules.rules import Bounds
from so24.transfer.schedules.settings import (
    MOST_DOCUMENTS,
    set_export,
    set_fetch,
    stop_export,
    stop_fetch,
)
from so24.transfer.schedules.standing import read_schedules
from so24.transfer.schedules.times import read_times
from tests.transfer.schedules.nights import Nights, add_clean, begin_nights, oslo
from tests.transfer.world import World, booked_by_reference

pytestmark = pytest.mark.slow  # seconds each

WIDE = Bounds(100, Decimal("1000000.00"))
TIMES = read_times("mon-fri 06:30")


class Killed(BaseException):
    """A process is gone in the middle of what it does."""


@pytest.fixture
def nights(world: World, monkeypatch: pytest.MonkeyPatch) -> Nights:
    """Tuesday at half past six: two documents go by a key whose time has come."""
    made = begin_nights(world, monkeypatch)
    department = world.add_department()
    set_export(made.desk, world.add_key([department]), TIMES, WIDE)
    add_clean(world, department, 2, first=1001)
    made.at = oslo("2026-12-01 06:30")
    return made


@pytest.fixture
def other(world: World) -> Iterator[Installation]:
    """Another process on the same database."""
    opened = open_installation(world.installation.settings)
    yield opened
    opened.close()


@pytest.fixture(autouse=True)
def disarmed() -> Iterator[None]:
    """Nobody is struck any more after the test."""
    yield
    crashpoints.arm(None)


def kill_once(point: str) -> list[str]:
    """Kill the process that first comes to this point; the points that were reached until then."""
    reached: list[str] = []

    def strike(here: str, _key: int | None) -> None:
        if here.startswith("schedule"):
            killed = point in reached
            reached.append(here)
            if here == point and not killed:
                raise Killed

    crashpoints.arm(strike)
    return reached


def claim_and_work(nights: Nights) -> None:
    nights.claim()
    nights.work()


def runs_of(world: World) -> list[Run]:
    with world.installation.db.reading() as session:
        return list(session.exec(select(Run)).all())


def test_the_second_who_looks_claims_nothing(nights: Nights, other: Installation) -> None:
    assert [nights.claim(), nights.claim(other), nights.claim()] == [1, 0, 0]
    assert nights.queued == 1


@pytest.mark.both
def test_two_replicas_at_once_claim_once_and_start_one_run(
    world: World, nights: Nights, other: Installation
) -> None:
    replicas = [world.installation, other]
    with ThreadPoolExecutor(2) as pool:
        assert sum(pool.map(nights.claim, replicas)) == 1
        assert sum(pool.map(nights.work, replicas)) == 1
    assert len(runs_of(world)) == 1
    nights.work_lanes()
    assert booked_by_reference(world) == {"RM-10-1001": 1, "RM-10-1002": 1}


def test_who_comes_late_to_what_another_process_has_done_starts_nothing(
    world: World, nights: Nights, other: Installation
) -> None:
    nights.claim()
    late: list[int] = []

    def overtake(point: str, _key: int | None) -> None:
        if point == "schedule judged" and not late:
            late.append(0)  # this process stands still for longer than a claim lasts
            nights.at = oslo("2026-12-01 06:45")
            late[0] = nights.work(other)

    crashpoints.arm(overtake)
    nights.work()
    assert late == [1]
    assert len(runs_of(world)) == 1
    assert nights.told() == [("Tue 01 06:30", "started", 2, 0)]


@pytest.mark.both
@pytest.mark.parametrize("point", [each for each in SCHEDULE_POINTS if "fetched" not in each])
def test_whoever_is_killed_where_each_document_is_booked_once(
    world: World, nights: Nights, other: Installation, point: str
) -> None:
    kill_once(point)
    with pytest.raises(Killed):
        claim_and_work(nights)
    nights.queued = 0  # the job went with its process
    for clock in ("06:31", "06:45", "07:00"):
        nights.at = oslo(f"2026-12-01 {clock}")
        nights.claim(other)
        if nights.queued:
            nights.work(other)
        nights.work_lanes()
    assert nights.told() == [("Tue 01 06:30", "started", 2, 0)]
    assert len(runs_of(world)) == 1
    assert booked_by_reference(world) == {"RM-10-1001": 1, "RM-10-1002": 1}


def test_what_was_turned_off_while_it_was_under_way_sends_nothing(
    world: World, nights: Nights
) -> None:
    def turn_off(point: str, _key: int | None) -> None:
        if point == "schedule judged":
            stop_export(nights.desk, 1)

    crashpoints.arm(turn_off)
    nights.claim()
    nights.work()
    assert runs_of(world) == []
    nights.at = oslo("2026-12-01 06:45")
    nights.claim()
    nights.work()
    assert nights.told() == [("Tue 01 06:30", "held", 0, 0)]


def test_set_anew_after_its_time_it_is_not_due_a_second_time(world: World, nights: Nights) -> None:
    nights.tick()
    set_export(nights.desk, 1, TIMES, WIDE)
    nights.go_to("2026-12-01 23:00")
    assert len(nights.occasions()) == 1


@pytest.mark.parametrize(
    "bounds",
    [
        Bounds(0, WIDE.amount),
        Bounds(MOST_DOCUMENTS + 1, WIDE.amount),
        Bounds(1, Decimal(0)),
        Bounds(1, Decimal("-1.00")),
        Bounds(1, Decimal("0.001")),
        Bounds(1, Decimal("1000000000.01")),
    ],
)
def test_bounds_that_cannot_be_are_refused(nights: Nights, bounds: Bounds) -> None:
    with pytest.raises(WrongUse):
        set_export(nights.desk, 1, TIMES, bounds)
    assert nights.view().most_documents == WIDE.documents


def test_only_a_system_administrator_sets_schedules_and_everybody_sees_them(
    world: World, nights: Nights
) -> None:
    for role in (Role.FINANCE, Role.ANALYST):
        desk = Desk(world.installation, Actor("fia", role))
        with pytest.raises(NotAllowed):
            set_export(desk, 1, TIMES, WIDE)
        with pytest.raises(NotAllowed):
            stop_export(desk, 1)
        with pytest.raises(NotAllowed):
            set_fetch(desk, TIMES)
        with pytest.raises(NotAllowed):
            stop_fetch(desk)
        assert [each.name for each in read_schedules(desk)] == ["key oslo"]


def test_of_a_key_there_is_one_schedule_and_it_can_be_turned_off_once(nights: Nights) -> None:
    set_export(nights.desk, 1, read_times("sat 12:00"), Bounds(1, Decimal("1.00")))
    view = nights.view()
    assert (str(view.times), view.most_documents, view.set_by) == ("Sat 12:00", 1, "ada")
    stop_export(nights.desk, 1)
    with pytest.raises(WrongUse, match="off already"):
        stop_export(nights.desk, 1)
    with pytest.raises(WrongUse, match="off already"):
        stop_fetch(nights.desk)
