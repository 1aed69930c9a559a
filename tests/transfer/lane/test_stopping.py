"""What is said of a document whose run was stopped: by what 24SevenOffice has of it, ever."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sqlalchemy as sa

import so24.crashpoints as cp
from so24.keys.upkeep import disable_key
from so24.people.desk import Desk
from so24.reasons import Reason
from so24.sandbox.serve import SandboxServer
from so24.sandbox.wire.faults import Fault
from so24.store.tables.key_tables import KeyMode
from so24.store.tables.transfer_tables import State, Transfer
from so24.store.transfers.transfers import transfers_of_run
from so24.transfer.runs import stop_run
from tests.transfer.world import ADMIN, CLIENT, World, booked_by_reference, drafts_left

pytestmark = pytest.mark.slow

NOT_SENT_WORDS = "Stopped before it was sent"


@pytest.fixture
def key_id(world: World) -> int:
    """A key for department 10."""
    return world.add_key([world.add_department()])


@pytest.fixture
def ids(world: World, key_id: int) -> list[int]:
    """Two invoices that go by the key."""
    return world.add_invoices(1, 2)


@pytest.fixture(autouse=True)
def _unarmed() -> Iterator[None]:
    yield
    cp.arm(None)


def strike_at(point: str, strike: Callable[[], None]) -> None:
    """Let something happen once, as soon as a lane comes to this point."""
    struck: list[str] = []

    def reached(name: str, _key: int | None) -> None:
        if name == point and not struck:
            struck.append(name)
            strike()

    cp.arm(reached)


def reasons(transfers: list[Transfer]) -> set[str]:
    return {row.reason for row in transfers}


def leave_a_draft(world: World, sandbox: SandboxServer, ids: list[int], *, bound: bool) -> None:
    """A run that ends with drafts, because nobody can see them; bound ones, or others."""
    if not bound:
        sandbox.faults.arm(Fault("lost_after", "SaveInvoices", only="draft"))
    sandbox.faults.arm(Fault("html", "GetInvoices", nth=1, times=0, status=503))
    run = world.start(ids)
    world.work(run)
    sandbox.faults.clear()
    if not bound:  # nobody has looked: the run was ended by a restore
        with world.installation.db.writing() as session:
            session.execute(sa.update(Transfer).values(state=State.CANCELLED))
    assert drafts_left(world) == len(ids)


def close_the_account(sandbox: SandboxServer) -> None:
    books = sandbox.sandbox.books
    with books.transaction():
        books.change("update account set password = 'changed'")
        books.change("delete from session")


TROUBLES: dict[str, Callable[[World, SandboxServer, int], None]] = {
    "every connection breaks": lambda w, s, k: s.faults.arm(Fault("close", times=0)),
    "it answers with pages": lambda w, s, k: s.faults.arm(Fault("html", times=0, status=503)),
    "it takes no calls": lambda w, s, k: s.faults.arm(Fault("html", times=0, status=429)),
    "it refuses every call": lambda w, s, k: s.faults.arm(Fault("fault", times=0)),
    "the password was changed": lambda w, s, k: close_the_account(s),
    "the key was disabled": lambda w, s, k: disable_key(Desk(w.installation, ADMIN), k),
    "nothing else": lambda w, s, k: None,
}


POINTS = ["after draft result", "after compare", "before invoicing"]


def each_trouble_at_each_point() -> Iterator[Any]:
    """In the short list each trouble at one point, the points in turn."""
    for turn, trouble in enumerate(TROUBLES):
        for place, point in enumerate(POINTS):
            short = place == turn % len(POINTS)
            yield pytest.param(trouble, point, marks=[] if short else [pytest.mark.long])


@pytest.mark.parametrize(("trouble", "point"), list(each_trouble_at_each_point()))
def test_a_stopped_run_names_its_drafts_whatever_else_happens_while_it_stops(
    world: World, sandbox: SandboxServer, key_id: int, ids: list[int], trouble: str, point: str
) -> None:
    run = world.start(ids)

    def stop() -> None:
        stop_run(Desk(world.installation, ADMIN), run)
        TROUBLES[trouble](world, sandbox, key_id)

    strike_at(point, stop)
    rows = world.work(run)
    sandbox.faults.clear()
    assert drafts_left(world) == 2
    assert reasons(rows) == {"cancelled_draft"}
    for line in world.receipt(run):
        assert f"Draft order {line.order_id} stays in 24SevenOffice" in line.explanation
        assert NOT_SENT_WORDS not in line.explanation


@pytest.mark.parametrize("bound", [True, False])
@pytest.mark.parametrize(
    "point",
    [
        None,
        pytest.param("after guard", marks=pytest.mark.long),
        pytest.param("after products saved", marks=pytest.mark.long),
        "after compare",
    ],
)
def test_the_draft_of_an_earlier_run_is_named_too_by_a_run_that_is_stopped(
    world: World, sandbox: SandboxServer, ids: list[int], point: str | None, bound: bool
) -> None:
    leave_a_draft(world, sandbox, ids, bound=bound)
    run = world.start(ids)
    if point is None:
        stop_run(Desk(world.installation, ADMIN), run)
    else:
        strike_at(point, lambda: stop_run(Desk(world.installation, ADMIN), run))
    rows = world.work(run)
    assert drafts_left(world) == 2
    if bound or point:
        assert reasons(rows) == {"cancelled_draft"}
    else:  # so24 cannot know of a draft that nothing names, but then it was not this run's
        assert reasons(rows) == {"cancelled"}
    assert booked_by_reference(world) == {}


def test_of_an_order_that_was_to_be_invoiced_nobody_says_that_it_stays_as_it_is(
    world: World, sandbox: SandboxServer, ids: list[int]
) -> None:
    run = world.start(ids)
    sandbox.faults.arm(Fault("lost_before", "SaveInvoices", only="invoicing"))
    strike_at("during invoicing call", lambda: stop_run(Desk(world.installation, ADMIN), run))
    rows = world.work(run)
    assert reasons(rows) == {"cancelled_draft"}
    assert all("was to be invoiced" in row.words for row in rows)
    assert all("not invoiced" not in row.words for row in rows)


def test_a_draft_that_was_deleted_by_hand_does_not_stay(
    world: World, sandbox: SandboxServer, ids: list[int]
) -> None:
    run = world.start(ids)

    def stop() -> None:
        stop_run(Desk(world.installation, ADMIN), run)
        for order in world.control.books()[CLIENT]["orders"]:
            world.control.edit("delete_draft", CLIENT, order_id=order["OrderId"])

    strike_at("after compare", stop)
    assert reasons(world.work(run)) == {"cancelled_absent"}
    assert all("deleted or inactive" in line.explanation for line in world.receipt(run))
    assert all("stays in 24SevenOffice, not" not in each.words for each in world.receipt(run))


def test_what_was_sent_and_did_not_arrive_is_not_called_unsent(
    world: World, sandbox: SandboxServer, ids: list[int]
) -> None:
    run = world.start(ids)
    sandbox.faults.arm(Fault("lost_before", "SaveInvoices", only="draft"))
    strike_at("during draft call", lambda: stop_run(Desk(world.installation, ADMIN), run))
    assert reasons(world.work(run)) == {"cancelled_absent"}
    assert drafts_left(world) == 0


def test_a_run_stopped_in_the_midst_of_invoicing_tells_what_is_booked(
    world: World, sandbox: SandboxServer, ids: list[int]
) -> None:
    run = world.start(ids)
    sandbox.faults.arm(Fault("lost_after", "SaveInvoices", only="invoicing"))
    strike_at("during invoicing call", lambda: stop_run(Desk(world.installation, ADMIN), run))
    assert {row.state for row in world.work(run)} == {State.TRANSFERRED}
    assert list(booked_by_reference(world).values()) == [1, 1]


def test_an_adopted_draft_whose_invoicing_lost_its_answer_is_looked_up_when_the_run_is_stopped(
    world: World, sandbox: SandboxServer, ids: list[int]
) -> None:
    leave_a_draft(world, sandbox, ids, bound=False)
    run = world.start(ids)
    sandbox.faults.arm(Fault("lost_after", "SaveInvoices", only="invoicing"))
    strike_at("during invoicing call", lambda: stop_run(Desk(world.installation, ADMIN), run))
    assert {row.state for row in world.work(run)} == {State.TRANSFERRED}
    assert list(booked_by_reference(world).values()) == [1, 1]


def test_an_order_that_was_to_be_invoiced_is_no_draft_while_nobody_can_look(
    world: World, sandbox: SandboxServer, ids: list[int]
) -> None:
    sandbox.faults.arm(Fault("fault", "SaveInvoices", only="invoicing", times=0))
    assert reasons(world.export(ids)) == {"refused_invoicing"}
    sandbox.faults.clear()
    run = world.start(ids)
    stop_run(Desk(world.installation, ADMIN), run)
    sandbox.faults.arm(Fault("close", times=0))
    assert {row.state for row in world.work(run)} == {State.UNKNOWN}
    sandbox.faults.clear()
    assert reasons(world.work(run)) == {"cancelled_draft"}


def test_an_order_left_for_approval_is_transferred_though_its_run_was_stopped_and_its_key_changed(
    world: World, sandbox: SandboxServer
) -> None:
    department = world.add_department()
    key_id = world.add_key([department], mode=KeyMode.APPROVAL)
    run = world.start(world.add_invoices(department, 1))
    sandbox.faults.arm(Fault("lost_after", "SaveInvoices", only="invoicing"))

    def stop() -> None:
        stop_run(Desk(world.installation, ADMIN), run)
        with world.installation.db.writing() as session:
            table = sa.text("update office_key set mode = 'invoice' where id = :id")
            session.execute(table, {"id": key_id})

    strike_at("during invoicing call", stop)
    assert {(row.state, row.reason) for row in world.work(run)} == {
        (State.TRANSFERRED, "waits_approval")
    }


def test_the_end_of_a_lane_that_gives_up_names_the_drafts_that_it_leaves(
    world: World, sandbox: SandboxServer, ids: list[int]
) -> None:
    leave_a_draft(world, sandbox, ids, bound=True)
    with world.installation.db.reading() as session:
        runs = {row.run_id for row in session.execute(sa.select(Transfer)).scalars()}
        [rows] = [transfers_of_run(session, run) for run in runs]
    assert {(row.state, row.reason) for row in rows} == {(State.NOT_SENT, "throttled")}
    assert all(f"Draft order {row.order_id} stays" in row.words for row in rows)


def test_one_card_tells_that_a_draft_stays_and_another_that_nothing_does() -> None:
    assert "draft stays" in Reason.CANCELLED_DRAFT.card.title
    assert "nothing of it stays" in Reason.CANCELLED_ABSENT.card.title
    assert Reason.CANCELLED.card.title == NOT_SENT_WORDS
