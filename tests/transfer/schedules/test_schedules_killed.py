"""The engine does what is due by itself, and goes on where a process was killed; each once."""

from __future__ import annotations

import datetime as dt
import signal
import subprocess
import sys
from decimal import Decimal

import pytest
import sqlalchemy as sa
from sqlmodel import select

from so24.crashpoints import SCHEDULE_POINTS
from so24.dates import OSLO
from so24.people.desk import Desk
from so24.people.roles import Actor
from so24.states import State
from so24.store.tables.ground import now
from so24.store.tables.people_tables import Role
from so24.store.tables.schedule_tables import Occasion, OccasionEnd, Schedule
from so24.store.tables.transfer_tables import Run, Transfer
from so24.transfer.jobs import worker
from so24.transfer.schedules import working
from so24.transfer.schedules.rules import Bounds
from so24.transfer.schedules.settings import set_export
from so24.transfer.schedules.times import WeekTimes
from tests.conftest import wait_until
from tests.recovery.processes import ROOT, clean
from tests.transfer.schedules.nights import add_clean
from tests.transfer.world import World, booked_by_reference

pytestmark = pytest.mark.slow

WORST = "schedule starting"  # the run is written, and not committed
EVERY_DAY = frozenset(range(1, 8))


@pytest.fixture
def due(world: World) -> World:
    """Two documents by a key whose schedule was due a minute ago."""
    department = world.add_department()
    key = world.add_key([department])
    add_clean(world, department, 2, first=1001)
    a_minute_ago = (now() - dt.timedelta(minutes=1)).astimezone(OSLO)
    times = WeekTimes(EVERY_DAY, a_minute_ago.hour * 60 + a_minute_ago.minute)
    desk = Desk(world.installation, Actor("os:kari", Role.ADMIN))
    set_export(desk, key, times, Bounds(10, Decimal(1_000_000)))
    with world.installation.db.writing() as session:
        session.execute(sa.update(Schedule).values(set_at=now() - dt.timedelta(hours=1)))
    return world


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Looks and attempts follow one another at once."""
    monkeypatch.setattr(worker, "SCHEDULES_SECONDS", 0.05)
    monkeypatch.setattr(working, "TRY_AGAIN", dt.timedelta(seconds=0.5))


def is_done(world: World) -> bool:
    with world.installation.db.reading() as session:
        states = [each.state for each in session.exec(select(Transfer))]
    return states == [State.TRANSFERRED] * 2


def do_the_rest(world: World) -> None:
    """Another process runs the jobs until all is sent, and looks again and again after that."""
    runner = worker.JobWorker(world.installation)
    assert runner.start()
    try:
        wait_until(lambda: is_done(world))
    finally:
        runner.stop()
    with world.installation.db.reading() as session:
        [occasion] = session.exec(select(Occasion)).all()
        [run] = session.exec(select(Run)).all()
    assert (occasion.ending, occasion.run_id) == (OccasionEnd.STARTED, run.id)
    assert run.created_by == "schedule:key oslo (os:kari)"
    assert booked_by_reference(world) == {"RM-10-1001": 1, "RM-10-1002": 1}


@pytest.mark.both
def test_the_engine_does_what_is_due(due: World, quick: None) -> None:
    do_the_rest(due)


@pytest.mark.parametrize(
    "place",
    [
        each if each == WORST else pytest.param(each, marks=pytest.mark.long)
        for each in SCHEDULE_POINTS
        if each != "schedule fetched"  # in an export nothing is fetched
    ],
)
def test_a_process_that_is_killed_there_leaves_nothing_undone_and_nothing_twice(
    due: World, quick: None, place: str
) -> None:
    settings = due.installation.settings
    environment = clean() | {
        "SO24_DATA_DIR": str(settings.data_dir),
        "SO24_DATABASE_URL": settings.database_url,
        "SO24_OFFICE_URL": settings.office_url,
        "SO24_SECRET_KEYS": settings.secret_keys.get_secret_value(),
        "SO24_COOKIE_KEY": settings.cookie_key.get_secret_value(),
        "SO24_SETTLE_SECONDS": "0.05",
    }
    done = subprocess.run(
        [sys.executable, "-m", "tests.transfer.schedules.victim", place],
        cwd=ROOT, env=environment, check=False, timeout=100,
    )  # fmt: skip
    assert done.returncode == -signal.SIGKILL
    do_the_rest(due)
