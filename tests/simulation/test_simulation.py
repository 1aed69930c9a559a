"""The simulated world keeps its promises, comes out the same again, and notices faults."""

from __future__ import annotations

import ast
import inspect
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from sqlalchemy.exc import OperationalError
from sqlmodel import Session

from so24.store.database.engine import Database
from so24.store.keys import keys
from so24.transfer.lane import invoice
from tests.simulation.broken.faults import FAULTS
from tests.simulation.broken.mutations import notice
from tests.simulation.clock import SLEEPERS
from tests.simulation.habits import ALL, TOGETHER
from tests.simulation.history import names_of, play, simulated
from tests.simulation.schedule import GoesInCircles, Scheduler
from tests.simulation.search import describe, search, shrink
from tests.simulation.site import Site
from tests.simulation.world import Plan

SHORT, MOST = 25, 10_000
ROOT = Path(__file__).parents[2]
ON_THE_WAY = ("transfer/lane", "transfer/order", "transfer/plan", "store/transfers", "keys")


def test_nothing_is_broken_by_whatever_so24_survives() -> None:
    found = search(0, SHORT, Plan(), processes=1)
    assert describe(found.failing) == []
    assert found.struck.total() > found.histories / 2


@pytest.mark.long
def test_nothing_is_broken_in_many_histories() -> None:
    found = search(0, 1_000, Plan())
    assert describe(found.failing) == []


@pytest.mark.long
@pytest.mark.parametrize("name", ALL)
def test_a_habit_by_itself_breaks_nothing(name: str) -> None:
    found = search(0, 100, Plan(habits=(name, *TOGETHER.get(name, ()))))
    assert describe(found.failing) == []


def test_every_fault_breaks_what_there_is() -> None:
    gone = [
        f"{name}: {patch.name}"
        for name, fault in FAULTS.items()
        for patch in fault.patches
        if not hasattr(patch.where, patch.name)
    ]
    assert gone == []


def test_every_stand_in_takes_what_is_given_to_the_part_that_it_replaces() -> None:
    for fault in FAULTS.values():
        for patch in fault.patches:
            part = getattr(patch.where, patch.name)
            if inspect.isfunction(part):
                asked = inspect.signature(part).parameters.values()
                given = [None for each in asked if each.default is each.empty]
                named = {each.name: None for each in asked if each.default is not each.empty}
                inspect.signature(patch.broken).bind(*given, **named)


@pytest.mark.long
@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_of_the_protocol_is_noticed(name: str) -> None:
    assert notice(name, MOST).histories


@pytest.mark.parametrize("name", ["orders are sent as invoiced"])
def test_a_gross_fault_is_noticed_soon(name: str) -> None:
    assert notice(name, SHORT).histories


@pytest.mark.slow
def test_a_seed_has_one_history_in_whichever_process() -> None:
    with simulated():
        here = [play(seed).digest for seed in range(3)]
        again = [play(seed).digest for seed in range(3)]
    assert again == here
    assert _digest_elsewhere(1) == here[1]


@pytest.mark.slow
@pytest.mark.parametrize(
    "seeds", [range(4), pytest.param(range(4, 200), marks=pytest.mark.long)], ids=str
)
def test_a_history_is_the_same_when_nothing_is_done_the_quick_way(seeds: range) -> None:
    plan = Plan(habits=ALL)
    with simulated():
        quick = [play(seed, plan).digest for seed in seeds]
    with simulated(quick=False):
        slow = [play(seed, plan).digest for seed in seeds]
    assert quick == slow


def test_what_is_remembered_outlives_a_transaction_that_is_undone() -> None:
    with simulated():
        database = Site(0, Scheduler(0), (1,)).db
        database.full = True
        remembered: list[Any] = []

        def write(session: Session) -> None:
            remembered.append(keys.activation_row(session))
            keys.known_key(session, 1).name = "another"

        with pytest.raises(OperationalError):
            write_once(database, write)
        assert remembered[0].active
        with database.reading() as session:
            assert keys.activation_row(session) is remembered[0]
            assert keys.known_key(session, 1).name == "key 10"


def write_once(database: Database, write: Callable[[Session], None]) -> None:
    with database.lane_writing() as session:
        write(session)


def _digest_elsewhere(seed: int) -> str:
    command = [sys.executable, "-m", "tests.simulation", "--seed", str(seed)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout.split()[-1]


def test_time_is_asked_for_where_the_simulation_answers() -> None:
    known = {module.__name__ for module in SLEEPERS}
    asking = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for folder in ON_THE_WAY
        for path in (ROOT / "so24" / folder).rglob("*.py")
        if "time" in _imported(path)
    }
    assert asking <= known


def _imported(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {each.name for each in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add(node.module or "")
    return found


def test_a_failing_history_is_made_small() -> None:
    plan = Plan(habits=("dates moved", "reads shuffled", "a hand edits", "stalls"))
    with mock.patch.object(invoice, "tell_moved", return_value=""):
        with simulated():
            failing = next(
                seed for seed in range(200) if "untold date" in names_of(play(seed, plan).breaches)
            )
        smaller = shrink(failing, plan)
    assert smaller.habits == ("dates moved",)
    assert smaller.documents == 1


def test_a_long_wait_is_no_circle_however_many_wait_at_once() -> None:
    scheduler = Scheduler(0)

    def wait_long() -> None:
        for _ in range(2_000):
            scheduler.wait(0.5)

    for number in range(4):
        scheduler.begin(f"{number}", 0, wait_long)
    scheduler.run()
    assert scheduler.time == 1_000.0
    assert scheduler.steps < 10


def test_waits_that_lead_nowhere_are_a_circle_and_so_are_steps() -> None:
    scheduler = Scheduler(0)

    def wait_for_ever() -> None:
        while True:
            scheduler.wait(0.5)

    def step_for_ever() -> None:
        while True:
            scheduler.point("here")

    for circle, told in ((wait_for_ever, "waits"), (step_for_ever, "steps")):
        scheduler.begin(told, 0, circle)
        with pytest.raises(GoesInCircles, match=told):
            scheduler.run()
