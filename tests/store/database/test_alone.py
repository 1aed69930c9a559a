"""A writing session is alone on both databases, so what a service has read stays true in it."""

from __future__ import annotations

import ast
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from so24.errors import So24Error
from so24.installation import Installation
from so24.invoices.decisions import confirm_invoice_dates, set_excluded
from so24.invoices.declarations import declare_credited
from so24.keys import activation, credentials, departments, upkeep
from so24.keys.change import change_key
from so24.keys.credentials import NewKey
from so24.keys.key_settings import MODE
from so24.people import attempts, logins, passwords, users
from so24.people.delays import BY_NAME
from so24.people.desk import Desk
from so24.people.roles import Actor
from so24.sources.intake import import_files
from so24.store.database.engine import Database
from so24.store.keys import keys as key_queries
from so24.store.people import audit, people
from so24.store.people.origins import WORKER
from so24.store.tables.document_tables import DocumentKind, Invoice
from so24.store.tables.ground import now
from so24.store.tables.key_tables import KeyMode
from so24.store.tables.people_tables import Role
from so24.store.tables.transfer_tables import State
from so24.store.transfers import open_lanes, transfers
from so24.transfer import runs
from tests.conftest import wait_until
from tests.sources.report_files import as_report, line
from tests.transfer.world import ADMIN, World

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[3]
PASSWORD = "correct-horse-battery"
LONG_ENOUGH = 0.3  # for a thread that is not held back to come to its end
WAITING = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"

Work = Callable[[], object]


class Threads:
    """Runs one service in the middle of another, which is held where it has just read."""

    def __init__(self, db: Database, patch: pytest.MonkeyPatch) -> None:
        self._db = db
        self._patch = patch

    def run_within(self, place: tuple[Any, str], first: Work, second: Work) -> list[object]:
        """What both came to, the error where one raised one of ours.

        ``first`` stops where it has called ``place`` until ``second`` has ended or waits.
        """
        there, go = threading.Event(), threading.Event()
        original = getattr(*place)

        def held(*args: Any, **named: Any) -> Any:
            found = original(*args, **named)
            if not there.is_set():
                there.set()
                assert go.wait(30)
            return found

        self._patch.setattr(*place, held)
        with ThreadPoolExecutor(2) as threads:
            one = threads.submit(come_to_an_end, first)
            wait_until(lambda: there.is_set() or one.done())
            assert there.is_set(), one.result()
            other = threads.submit(come_to_an_end, second)
            try:
                self._await_end_or_wait(other.done)
            finally:
                go.set()
            return [one.result(30), other.result(30)]

    def _await_end_or_wait(self, done: Callable[[], bool]) -> None:
        if self._db.embedded:  # SQLite tells nobody who waits
            threading.Event().wait(LONG_ENOUGH)
            return
        with self._db.engine.connect() as connection:
            watched = connection.execution_options(isolation_level="AUTOCOMMIT")
            wait_until(lambda: done() or watched.scalar(sa.text(WAITING)) > 0)


def come_to_an_end(work: Work) -> object:
    """What it gives, or the sentence with which it refuses; any other error is raised."""
    try:
        return work()
    except So24Error as error:
        return str(error)


@pytest.fixture
def threads(world: World, monkeypatch: pytest.MonkeyPatch) -> Threads:
    """Two threads of one installation."""
    monkeypatch.setattr(passwords, "ROUNDS", 4)
    return Threads(world.installation.db, monkeypatch)


def at_once(count: int, work: Callable[[int], object]) -> list[object]:
    """Run ``work`` in so many threads, none of which begins before all are there."""
    barrier = threading.Barrier(count)

    def begin(number: int) -> object:
        barrier.wait(30)
        return come_to_an_end(lambda: work(number))

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(begin, range(count)))


def add_person(installation: Installation, name: str, role: Role = Role.ADMIN) -> Actor:
    """A user who has a password."""
    users.add_user(Desk(installation, ADMIN), name, role, PASSWORD)
    return Actor(name, role)


def administrators(installation: Installation) -> list[str]:
    """The administrators who may still sign in."""
    found = users.list_users(Desk(installation, ADMIN))
    return [each.name for each in found if each.active and each.role is Role.ADMIN]


def new_key(name: str, *department_ids: int, **more: Any) -> NewKey:
    """A key of the sandbox's Oslo."""
    return NewKey(
        name=name,
        organization_id=10000001,
        username="oslo@sandbox.example",
        password="sandbox-oslo",
        department_ids=department_ids,
        **more,
    )


def live_documents(installation: Installation, ids: list[int]) -> list[int]:
    """Those of these documents that have a live transfer."""
    with installation.db.reading() as session:
        return sorted(transfers.live_transfers(session, ids))


def test_who_writes_waits_for_who_writes_and_a_lane_does_not(world: World) -> None:
    db = world.installation.db
    began = threading.Event()

    def write() -> None:
        with db.writing():
            began.set()

    with db.writing() as session:
        other = threading.Thread(target=write)
        other.start()
        if not db.embedded:
            wait_until(lambda: bool(session.scalar(sa.text(WAITING))))
            with db.lane_writing() as lane:
                audit.record(lane, "lane", "did not wait", origin=WORKER)
        assert not began.wait(LONG_ENOUGH)
    other.join(30)
    assert began.is_set()


@pytest.mark.parametrize("how", ["deactivated", "given another role"])
def test_two_administrators_who_lock_each_other_out_leave_one(
    world: World, threads: Threads, how: str
) -> None:
    at = world.installation
    first, second = (add_person(at, name) for name in ("adm1", "adm2"))

    def lock_out(actor: Actor, other: Actor) -> Work:
        if how == "deactivated":
            return lambda: users.deactivate(Desk(at, actor), other.name)
        return lambda: users.change_role(Desk(at, actor), other.name, Role.ANALYST)

    place = (people, "count_other_administrators")
    ends = threads.run_within(place, lock_out(first, second), lock_out(second, first))
    assert ends[0] is None
    assert "is the last active System Administrator" in str(ends[1])
    assert administrators(at) == ["adm1"]


def test_of_twelve_wrong_passwords_at_once_no_more_are_checked_than_the_delays_allow(
    world: World, threads: Threads, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = world.installation
    add_person(at, "kari", Role.FINANCE)
    fits, checked, moment = passwords.password_fits, [], now()
    monkeypatch.setattr(attempts, "now", lambda: moment)

    def count(*given: Any) -> bool:
        checked.append(given)
        return fits(*given)

    monkeypatch.setattr(logins, "password_fits", count)
    # as many processes have it: none waits for its turn beside another one
    monkeypatch.setattr(attempts, "_queue", _NoQueue())
    tried = at_once(12, lambda n: logins.sign_in(at, "kari", f"wrong-password-{n}"))
    assert tried == [logins.Entrance()] * 12
    assert len(checked) == BY_NAME.free + 1


class _NoQueue(attempts._Queue):
    """Lets everybody in at once."""

    @contextmanager
    def turn_of(self, place: str) -> Iterator[bool]:
        yield True

    @contextmanager
    def slot(self) -> Iterator[bool]:
        yield True


def test_a_user_is_added_once_by_whoever_is_first(world: World, threads: Threads) -> None:
    at = world.installation
    place = (people, "user_named")
    add = partial(users.add_user, Desk(at, ADMIN), "kari", Role.FINANCE, PASSWORD)
    first, second = threads.run_within(place, add, add)
    assert first == PASSWORD
    assert second == "There is a user named kari already; choose another name."


@pytest.mark.parametrize("decision", ["credited", "excluded", "dates"])
def test_a_decision_waits_for_a_press_that_is_planning(
    world: World, threads: Threads, decision: str
) -> None:
    at = world.installation
    department = world.add_department()
    world.add_key([department])
    [document] = world.add_invoices(department, 1)
    with at.db.writing() as session:
        row = session.get_one(Invoice, document)
        row.date_assumed = decision == "dates"
        if decision == "credited":
            row.kind = DocumentKind.CREDIT_NOTE
            row.credited_number = "1001"
    decisions: dict[str, Work] = {
        "credited": partial(declare_credited, Desk(at, ADMIN), document, 77),
        "excluded": partial(set_excluded, Desk(at, ADMIN), [document], "by hand"),
        "dates": partial(confirm_invoice_dates, Desk(at, ADMIN), None, None),
    }
    order: list[str] = []

    def press() -> None:
        world.start([document])
        order.append("pressed")

    def decide_it() -> None:
        come_to_an_end(decisions[decision])
        order.append("decided")

    threads.run_within((runs, "_plan_run"), press, decide_it)
    assert order == ["pressed", "decided"]


def test_a_document_pressed_twice_at_once_goes_once(world: World, threads: Threads) -> None:
    department = world.add_department()
    world.add_key([department])
    ids = world.add_invoices(department, 3)
    place = (runs, "_plan_run")
    first, second = threads.run_within(
        place, lambda: world.start(ids), lambda: world.start(ids[1:])
    )
    assert [line.state for line in world.receipt(str(first))] == [State.QUEUED] * 3
    assert [line.reason for line in world.receipt(str(second))] == ["in_other_run"] * 2
    assert live_documents(world.installation, ids) == ids


def test_a_press_sees_a_key_that_was_taken_away_before_it(world: World, threads: Threads) -> None:
    at = world.installation
    department = world.add_department()
    key = world.add_key([department])
    ids = world.add_invoices(department, 1)
    _, run = threads.run_within(
        (open_lanes, "count_open"),
        lambda: upkeep.delete_key(Desk(at, ADMIN), key),
        lambda: world.start(ids),
    )
    assert [line.reason for line in world.receipt(str(run))] == ["no_key"]


def test_a_key_is_not_given_other_rules_while_a_press_is_planning(
    world: World, threads: Threads
) -> None:
    at = world.installation
    department = world.add_department()
    key = world.add_key([department])
    ids = world.add_invoices(department, 1)
    _, said = threads.run_within(
        (runs, "_plan_run"),
        lambda: world.start(ids),
        lambda: change_key(Desk(at, ADMIN), key, MODE.to(KeyMode.APPROVAL)),
    )
    assert "is in use: 1 of its documents are in transfer" in str(said)


def test_no_run_begins_beside_a_deactivation(world: World, threads: Threads) -> None:
    at = world.installation
    department = world.add_department()
    world.add_key([department])
    ids = world.add_invoices(department, 1)
    _, said = threads.run_within(
        (activation, "activation_row"),
        lambda: activation.deactivate(Desk(at, ADMIN)),
        lambda: world.start(ids),
    )
    assert "The integration is not activated" in str(said)


def test_of_two_keys_of_one_name_one_is_saved(world: World, threads: Threads) -> None:
    at = world.installation
    first, second = world.add_department("10"), world.add_department("20")
    ends = threads.run_within(
        (key_queries, "insert_key"),
        lambda: credentials.add_key(Desk(at, ADMIN), new_key("Østfold", first)).id,
        lambda: credentials.add_key(Desk(at, ADMIN), new_key("Østfold", second)).id,
    )
    assert ends[1] == "There is a key named “Østfold” already; choose another name."
    assert [key.name for key in upkeep.list_keys(Desk(at, ADMIN))] == ["Østfold"]


def test_of_two_keys_for_one_department_one_is_saved(world: World, threads: Threads) -> None:
    at = world.installation
    department = world.add_department()
    _, said = threads.run_within(
        (key_queries, "insert_key"),
        lambda: credentials.add_key(Desk(at, ADMIN), new_key("One", department)).id,
        lambda: credentials.add_key(Desk(at, ADMIN), new_key("Two", department)).id,
    )
    assert "One" in str(said)
    assert [key.name for key in upkeep.list_keys(Desk(at, ADMIN))] == ["One"]


def test_a_department_is_added_once(world: World, threads: Threads) -> None:
    at = world.installation
    place = (key_queries, "insert_department")
    add = partial(departments.add_department, Desk(at, ADMIN), "Ø1")
    first, second = threads.run_within(place, add, add)
    assert isinstance(first, int)
    assert second == "Department Ø1 exists already."


def test_one_file_from_many_hands_lands_once(world: World) -> None:
    at = world.installation
    numbers = [str(1001 + each) for each in range(40)]
    report = as_report(
        *(line({"Customer no.": str(5000 + int(each) % 10)}, number=each) for each in numbers)
    )

    def take_in(_: int) -> str:
        [found] = import_files(Desk(at, ADMIN), [("report.xlsx", report)])
        return f"{found.added} added, {found.unchanged} unchanged"

    ends = at_once(6, take_in)
    assert sorted(map(str, ends)) == ["0 added, 40 unchanged"] * 5 + ["40 added, 0 unchanged"]


def test_only_lanes_heartbeats_and_bookkeeping_write_beside_others() -> None:
    users_of_it = {
        path.relative_to(ROOT / "so24").as_posix()
        for path in (ROOT / "so24").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and node.attr == "lane_writing"
    }
    assert users_of_it == {
        "store/database/engine.py",  # insisting, for lanes
        "transfer/jobs/worker.py",  # heartbeats
        "transfer/jobs/housekeeping.py",  # under the lock of who leads
        "alerts/watching.py",  # what is raised, under that lock and an index that parts doubles
        "ledger/payments/schedule.py",  # what is due, under that lock
        "ledger/payments/reading.py",  # what was read, the newer for the older, and how far it is
        "transfer/day_heads.py",  # the head of a day, under that lock
        "transfer/schedules/claiming.py",  # times that have come, under that lock and an index
        "transfer/schedules/working.py",  # begun and ended by compare-and-set
        "keys/access.py",  # logins of lanes, claimed by compare-and-set
        "sources/recman/client.py",  # one statement counts a call
        "people/logins.py",  # who is still there, by compare-and-set
        "people/desk.py",  # the audit trail of what was done elsewhere, or refused
        "people/lists/filters.py",  # what one user's lists remember: the last word counts
    }
