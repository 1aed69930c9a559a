"""What was not sent for a passing cause is tried again by itself, once, and only as confirmed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
import sqlalchemy as sa
from sqlmodel import col, select

from so24.errors import NotAllowed, WrongUse
from so24.invoices.decisions import set_excluded
from so24.keys.activation import deactivate
from so24.keys.upkeep import disable_key
from so24.people.desk import Desk
from so24.people.roles import Actor
from so24.reasons import Reason
from so24.sandbox.serve import SandboxServer
from so24.sandbox.wire.faults import Fault
from so24.states import MOST_RETRIES, Since, State
from so24.store.history.events import events_of
from so24.store.history.verification import verify_history
from so24.store.people.audit import latest_events
from so24.store.people.origins import Origin
from so24.store.tables.document_tables import Customer, Import, Invoice, InvoiceLine
from so24.store.tables.ground import now
from so24.store.tables.key_tables import Key
from so24.store.tables.people_tables import Role
from so24.store.tables.transfer_tables import CustomerLink, Run, Transfer
from so24.store.transfers.courses import CourseFilter
from so24.store.transfers.transfers import transfers_of_run
from so24.store.upkeep.backup import settle_down
from so24.today.piles import PileName
from so24.today.today import read_today
from so24.transfer.figures import read_figures
from so24.transfer.receipt import read_receipt
from so24.transfer.retries import CHANGED, stop_retries, take_up_retries
from so24.transfer.runs import retryable, stop_run
from so24.transfer.tally import tally
from tests.transfer.credits import add_credit_note
from tests.transfer.jobs.test_parked_keys import set_password
from tests.transfer.lane.test_changed_after_press import edit
from tests.transfer.world import ADMIN, CLIENT, World, booked_by_reference, drafts_left

pytestmark = pytest.mark.slow

AWAY = Fault("html", "GetInvoices", times=0, status=503)
NEVER = lambda _: False  # noqa: E731 - no look is under way


@pytest.fixture
def key(world: World) -> int:
    return world.add_key([world.add_department()])


@pytest.fixture
def ids(world: World, key: int) -> list[int]:
    """Three documents that go by the key."""
    with world.installation.db.reading() as session:
        department = session.execute(sa.text("SELECT id FROM department")).scalar_one()
    return world.add_invoices(department, 3)


@pytest.fixture
def run(world: World, sandbox: SandboxServer, ids: list[int]) -> str:
    """A run that was not sent because 24SevenOffice stayed away; it is there again."""
    return leave_unsent(world, sandbox, ids, AWAY)


def leave_unsent(world: World, sandbox: SandboxServer, ids: list[int], *faults: Fault) -> str:
    world.installation.settings.patience_seconds = 0.2
    sandbox.faults.arm(*faults)
    run = world.start(ids)
    world.work(run)
    sandbox.faults.clear()
    return run


def rows_of(world: World, run: str) -> list[Transfer]:
    with world.installation.db.reading() as session:
        return transfers_of_run(session, run)


def make_due(world: World) -> None:
    """The time of every planned retry comes."""
    with world.installation.db.writing() as session:
        session.execute(
            sa.update(Transfer)
            .where(col(Transfer.retry_at).is_not(None))
            .values(retry_at=now() - dt.timedelta(seconds=1))
        )


def try_again(world: World) -> int:
    """The time comes, and what housekeeping does then."""
    make_due(world)
    return take_up_retries(world.installation, NEVER)


def desk_of(world: World, role: Role = Role.FINANCE) -> Desk:
    return Desk(world.installation, Actor("fia", role))


def test_it_is_told_when_it_is_tried_again_and_nobody_has_to_act(world: World, run: str) -> None:
    receipt = read_receipt(desk_of(world), run)
    assert (receipt.tally.tried_later, receipt.tally.errors) == (3, 0)
    for line in receipt.lines:
        assert line.status == "⟳ tried again later"
        assert "Will be tried again by itself at " in line.explanation
        assert f"(attempt 1 of {MOST_RETRIES})" in line.explanation
        assert "Finance" not in line.explanation
        assert not line.is_problem
        assert line.may_retry  # nobody has to wait for it
    today = read_today(desk_of(world))
    assert today.piles.of(PileName.LATER).count == 3
    assert today.piles.of(PileName.UNSENT).count == 3
    assert today.piles.of(PileName.WAIT).count == 0
    assert today.next_retry == min(row.retry_at for row in rows_of(world, run) if row.retry_at)


@pytest.mark.long
def test_nothing_is_tried_before_its_time(world: World, run: str) -> None:
    assert take_up_retries(world.installation, NEVER) == 0
    assert {row.state for row in rows_of(world, run)} == {State.NOT_SENT}


def first_try_causes(world: World) -> list[tuple[str, int, int]]:
    """What *Figures* says of the first tries: the title, how many, and how many still wait."""
    with world.installation.db.writing() as session:
        if session.exec(select(Import)).first() is None:
            session.add(Import(filename="a", content_hash="h", kind="lines", actor="fia"))
            session.flush()
            session.execute(sa.update(Invoice).values(import_id=1))
    found = read_figures(desk_of(world), CourseFilter()).causes
    return [(each.title, each.documents, each.still) for each in found]


def test_what_is_due_is_sent_once_in_its_own_run(world: World, run: str, ids: list[int]) -> None:
    assert try_again(world) == 3
    assert {(row.state, row.reason) for row in rows_of(world, run)} == {
        (State.QUEUED, Reason.TRIED_AGAIN)
    }
    assert try_again(world) == 0
    [under_way] = read_today(desk_of(world)).runs
    assert under_way.describe(now()) == "0 of 3 transferred, trying again what was not sent"
    assert {row.state for row in world.work(run)} == {State.TRANSFERRED}
    assert list(booked_by_reference(world).values()) == [1] * 3
    assert first_try_causes(world) == [("24SevenOffice takes no calls for now", 3, 0)]
    with world.installation.db.reading() as session:
        told = [(each.state, each.words) for each in events_of(session, ids[0])]
        assert ("queued", f"Attempt 1 of {MOST_RETRIES}.") in told
        assert verify_history(session).breaks == ()


@pytest.mark.long
def test_what_comes_due_long_ago_says_what_it_waits_for(world: World, run: str) -> None:
    make_due(world)
    for line in world.receipt(run):
        assert "Due to be tried again by itself since " in line.explanation
        assert "the process that runs the jobs" in line.explanation


def test_after_the_last_attempt_it_is_a_persons(
    world: World, sandbox: SandboxServer, ids: list[int]
) -> None:
    run = leave_unsent(world, sandbox, ids, AWAY)
    sandbox.faults.arm(AWAY)
    distances = []
    for _ in range(MOST_RETRIES):
        planned = min(row.retry_at for row in rows_of(world, run) if row.retry_at)
        distances.append(planned - now())
        assert try_again(world) == 3
        world.work(run)
    assert distances == sorted(distances)
    assert distances[-1] > dt.timedelta(hours=11)
    assert {row.retry_at for row in rows_of(world, run)} == {None}
    assert (try_again(world), tally(world.receipt(run)).errors) == (0, 3)
    assert read_today(desk_of(world)).piles.of(PileName.WAIT).count == 3


@pytest.mark.parametrize("refuse", ["a fault", "the login"])
def test_what_a_person_has_to_see_is_not_tried_again(
    world: World, sandbox: SandboxServer, ids: list[int], refuse: str
) -> None:
    if refuse == "a fault":
        sandbox.faults.arm(Fault("fault", "GetInvoices", times=0, text="Not for you"))
    else:
        set_password(sandbox, "changed")
    run = world.start(ids)
    world.work(run)
    rows = rows_of(world, run)
    assert not any(row.state.is_live for row in rows)
    assert {row.retry_at for row in rows} == {None}
    assert (try_again(world), tally(world.receipt(run)).errors) == (0, 3)


def test_a_draft_that_was_left_is_taken_up_and_booked_once(world: World, run: str) -> None:
    assert drafts_left(world) == 3
    assert all("stays in 24SevenOffice" in row.words for row in rows_of(world, run))
    assert try_again(world) == 3
    assert {row.state for row in world.work(run)} == {State.TRANSFERRED}
    assert drafts_left(world) == 0
    assert list(booked_by_reference(world).values()) == [1] * 3


def test_a_credit_note_follows_its_invoice_when_both_are_tried_again(
    world: World, sandbox: SandboxServer, ids: list[int]
) -> None:
    both = [ids[0], add_credit_note(world, ids[0])]
    run = leave_unsent(world, sandbox, both, Fault("html", times=0, status=503))
    assert try_again(world) == 2
    assert {row.state for row in world.work(run)} == {State.TRANSFERRED}
    assert booked_by_reference(world) == {"RM-10-1001": 1, "RC-10-9001": 1}


def say_a_card(world: World) -> None:
    with world.installation.db.writing() as session:
        for row in session.exec(sa.select(Customer)).scalars():  # type: ignore[call-overload] # as in the store
            session.merge(
                CustomerLink(
                    organization_id=CLIENT, customer_id=row.row_id, company_id=987_654,
                    said_by="fia", said_why="I know", said_at=now(),
                )
            )  # fmt: skip


@pytest.mark.parametrize(
    "change",
    [
        edit(Invoice, due_date=None),
        pytest.param(edit(InvoiceLine, text="Something else"), marks=pytest.mark.long),
        edit(Customer, address="Another street 2"),
        pytest.param(edit(Key, tolerance=Decimal(1)), marks=pytest.mark.long),
        pytest.param(edit(Key, category_id=2), marks=pytest.mark.long),
        say_a_card,
        edit(Transfer, company_id=987_654),
        pytest.param(edit(Transfer, confirmed_hash=""), marks=pytest.mark.long),
    ],
)
def test_what_has_changed_since_the_press_waits_for_a_person(
    world: World, run: str, change: Callable[[World], None]
) -> None:
    change(world)
    assert try_again(world) == 0
    for line in world.receipt(run):
        assert line.state is State.NOT_SENT
        assert CHANGED in line.words
        assert (line.tried_later, line.is_problem) == (False, True)
    world.work(run)
    assert booked_by_reference(world) == {}


@pytest.mark.parametrize(
    ("hinder", "told"),
    [
        (lambda world, _: disable_key(Desk(world.installation, ADMIN), 1), "is disabled"),
        pytest.param(
            lambda world, _: deactivate(Desk(world.installation, ADMIN)),
            "not activated",
            marks=pytest.mark.long,
        ),
        pytest.param(
            edit(Key, login_refused_at=now(), refusal="No."),
            "could not log in",
            marks=pytest.mark.long,
        ),
        (edit(Run, cancel_requested_at=now()), "its run was stopped"),
        (
            lambda world, ids: set_excluded(Desk(world.installation, ADMIN), ids, "By hand"),
            "Excluded from export",
        ),
    ],
)
def test_what_cannot_go_now_says_why_and_is_not_sent(
    world: World, ids: list[int], run: str, hinder: Callable[..., None], told: str
) -> None:
    if getattr(hinder, "__name__", "") == "change":
        hinder(world)
    else:
        hinder(world, ids)
    assert try_again(world) == 0
    assert all(told in row.words for row in rows_of(world, run))
    assert {row.retry_at for row in rows_of(world, run)} == {None}


@pytest.mark.long
def test_a_look_at_earlier_writes_comes_to_its_end_first(world: World, run: str) -> None:
    make_due(world)
    assert take_up_retries(world.installation, lambda _: True) == 0
    assert take_up_retries(world.installation, NEVER) == 3


def test_a_new_run_takes_the_document_and_the_plan_with_it(
    world: World, run: str, ids: list[int]
) -> None:
    later = world.start(ids)
    assert try_again(world) == 0
    assert {row.state for row in world.work(later)} == {State.TRANSFERRED}
    assert try_again(world) == 0
    assert {line.since for line in world.receipt(run)} == {Since.TRANSFERRED}
    assert list(booked_by_reference(world).values()) == [1] * 3


@pytest.mark.long
def test_an_earlier_receipt_says_that_another_run_tries_it_again(
    world: World, sandbox: SandboxServer, run: str, ids: list[int]
) -> None:
    leave_unsent(world, sandbox, ids, AWAY)
    for line in world.receipt(run):
        assert (line.since, line.is_problem, line.may_retry) == (Since.TRIED_LATER, False, False)


def test_who_may_export_can_stop_it_and_it_is_told_who_has(world: World, run: str) -> None:
    with pytest.raises(NotAllowed):
        stop_retries(desk_of(world, Role.ANALYST), run)
    first = rows_of(world, run)[0].row_id
    assert stop_retries(desk_of(world), run, [first]) == 1
    assert try_again(world) == 2
    assert stop_retries_refused(world, run)
    with world.installation.db.reading() as session:
        row = rows_of(world, run)[0]
        assert "fia has stopped that" in row.words
        [event] = [
            each for each in latest_events(session, limit=20) if each.action == "stop retries"
        ]
    assert (event.actor, event.subject, event.detail) == ("fia", run, "1 document")
    [line] = [each for each in world.receipt(run) if each.transfer_id == first]
    assert (line.is_problem, line.may_retry) == (True, True)
    assert retryable(desk_of(world), run) == [line.invoice_id]


def stop_retries_refused(world: World, run: str) -> bool:
    with pytest.raises(WrongUse, match="is to be tried again"):
        stop_retries(desk_of(world), run)
    return True


@pytest.mark.long
def test_stopping_a_run_stops_its_retries_too(world: World, run: str) -> None:
    stop_run(desk_of(world), run)
    assert try_again(world) == 0
    with pytest.raises(WrongUse, match="nothing left to stop"):
        stop_run(desk_of(world), run)


@pytest.mark.long
def test_what_an_earlier_release_has_pressed_is_not_tried_again(
    world: World, sandbox: SandboxServer, ids: list[int]
) -> None:
    run = world.start(ids)
    edit(Transfer, confirmed_hash="")(world)
    sandbox.faults.arm(AWAY)
    assert {row.retry_at for row in world.work(run)} == {None}


def test_an_installation_can_do_without(
    world: World, sandbox: SandboxServer, ids: list[int], run: str
) -> None:
    world.installation.settings.retry_by_itself = False
    assert try_again(world) == 0
    assert all("SO24_RETRY_BY_ITSELF" in row.words for row in rows_of(world, run))
    again = leave_unsent(world, sandbox, ids, AWAY)
    assert {row.retry_at for row in rows_of(world, again)} == {None}


def test_nothing_goes_on_by_itself_after_a_restore(world: World, run: str) -> None:
    with world.installation.db.writing() as session:
        settle_down(session, "root", "backup.db", Origin("a test"))
    assert try_again(world) == 0
    assert all("after a restore" in row.words for row in rows_of(world, run))


@pytest.mark.both
def test_of_several_processes_one_begins_what_is_due(
    world: World, run: str, ids: list[int]
) -> None:
    make_due(world)
    with ThreadPoolExecutor(4) as several:
        begun = list(several.map(lambda _: take_up_retries(world.installation, NEVER), range(4)))
    assert sorted(begun) == [0, 0, 0, 3]
    assert {row.retries for row in rows_of(world, run)} == {1}
    assert {row.state for row in world.work(run)} == {State.TRANSFERRED}
    assert list(booked_by_reference(world).values()) == [1] * 3


@pytest.mark.both
def test_a_press_and_a_retry_at_the_same_moment_send_a_document_once(
    world: World, run: str, ids: list[int]
) -> None:
    make_due(world)
    with ThreadPoolExecutor(2) as both:
        begun = both.submit(take_up_retries, world.installation, NEVER)
        pressed = both.submit(world.start, ids).result()
    states = {row.state for each in (run, pressed) for row in rows_of(world, each)}
    assert states == (
        {State.QUEUED, State.BLOCKED} if begun.result() else {State.QUEUED, State.NOT_SENT}
    )
    for each in (run, pressed):
        world.work(each)
    assert try_again(world) == 0
    assert list(booked_by_reference(world).values()) == [1] * 3


@pytest.mark.both
def test_a_stop_and_a_retry_at_the_same_moment_are_never_both_true(world: World, run: str) -> None:
    make_due(world)
    with ThreadPoolExecutor(2) as both:
        begun = both.submit(take_up_retries, world.installation, NEVER)
        stopped = both.submit(stop_retries, desk_of(world), run)
        refused = stopped.exception()
    assert (begun.result() == 0) is (refused is None)
    wanted = State.QUEUED if refused else State.NOT_SENT
    assert {(row.state, row.retry_at) for row in rows_of(world, run)} == {(wanted, None)}
