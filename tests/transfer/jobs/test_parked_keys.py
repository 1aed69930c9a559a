"""A key that only a person can mend parks its work: no call, no job, and a true word about it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa

from so24.keys.change import change_key
from so24.keys.credentials import try_key
from so24.keys.key_settings import PASSWORD
from so24.keys.upkeep import delete_key, disable_key, list_keys
from so24.people.desk import Desk
from so24.reasons import Reason
from so24.sandbox.books.identities import expire_sessions
from so24.sandbox.books.seed import BERGEN
from so24.sandbox.serve import SandboxServer
from so24.sandbox.wire.faults import Fault
from so24.store.history.events import events_of
from so24.store.history.verification import verify_history
from so24.store.tables.document_tables import DocumentKind, Invoice
from so24.store.tables.ground import now
from so24.store.tables.key_tables import Key
from so24.store.tables.transfer_tables import State, Transfer
from so24.store.transfers.transfers import transfers_of_run
from so24.transfer.export_many import count_waiting
from so24.transfer.jobs import housekeeping
from so24.transfer.jobs.engine import EngineClient, engine_client
from so24.transfer.jobs.housekeeping import keep_house
from so24.transfer.jobs.worker import JobWorker, job_enqueuer
from so24.transfer.receipt import read_receipt
from so24.transfer.runs import open_transfers, start_run
from tests.conftest import wait_until
from tests.transfer.world import ADMIN, World, booked_by_reference

pytestmark = pytest.mark.slow

ROUNDS = 25


@pytest.fixture
def worker(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[JobWorker]:
    """This process runs the jobs, and keeps house as often as if much were under way."""
    monkeypatch.setattr(housekeeping, "IDLE_HOUSEKEEPING_SECONDS", 0.2)
    worker = JobWorker(world.installation)
    assert worker.start()
    yield worker
    worker.stop()


@pytest.fixture
def key(world: World) -> int:
    """The key of department 10, whose account reaches two companies."""
    return world.add_key([world.add_department()], account="bergen", client=BERGEN)


@pytest.fixture
def ids(world: World, key: int) -> list[int]:
    """Two documents that go by the key."""
    with world.installation.db.reading() as session:
        department = session.execute(sa.text("SELECT id FROM department")).scalar_one()
    return world.add_invoices(department, 2)


def set_password(sandbox: SandboxServer, password: str) -> None:
    """Somebody changes the accounts' passwords in 24SevenOffice, which ends their sessions."""
    with sandbox.sandbox.books.transaction():
        sandbox.sandbox.books.change("update account set password = ?", password)
    expire_sessions(sandbox.sandbox.books)


def close_company(sandbox: SandboxServer, *, closed: bool) -> None:
    """Take the company from the accounts in 24SevenOffice, or give it back."""
    with sandbox.sandbox.books.transaction():
        sandbox.sandbox.books.change(
            "update identity set is_disabled = ? where client = ?", int(closed), BERGEN
        )
    expire_sessions(sandbox.sandbox.books)


def refuse(sandbox: SandboxServer, how: str) -> None:
    if how == "password":
        set_password(sandbox, "changed")
    else:
        close_company(sandbox, closed=True)


def mend(world: World, sandbox: SandboxServer, key: int, how: str) -> None:
    """A person mends the key: by a new password, or in 24SevenOffice and by a test."""
    if how == "password":
        change_key(Desk(world.installation, ADMIN), key, PASSWORD.to("changed"))
    else:
        close_company(sandbox, closed=False)
        try_key(Desk(world.installation, ADMIN), key)


def lose_a_draft(world: World, sandbox: SandboxServer, ids: list[int], how: str) -> str:
    """Start a run whose drafts lose their answer, and refuse the key before it is looked up."""
    sandbox.faults.arm(Fault("lost_after", "SaveInvoices", only="draft"))
    world.installation.settings.settle_seconds = 0.6
    run = start_run(Desk(world.installation, ADMIN), ids, job_enqueuer(world.installation))
    wait_until(lambda: {row.state for row in rows_of(world, run)} == {State.UNKNOWN})
    refuse(sandbox, how)
    world.control.reset_calls()
    wait_until(lambda: reasons_of(world, run) <= {"waits_for_password", "waits_for_company"})
    return run


def rows_of(world: World, run: str) -> list[Transfer]:
    with world.installation.db.reading() as session:
        return transfers_of_run(session, run)


def reasons_of(world: World, run: str) -> set[str]:
    return {row.reason for row in rows_of(world, run)}


def keep_house_often(world: World) -> EngineClient:
    """Housekeeping as of many rounds, whenever their attempts would be due."""
    client = engine_client(world.installation)
    for _ in range(ROUNDS):
        keep_house(world.installation, client)
    return client


def finished(world: World, run: str) -> Callable[[], bool]:
    """Whether the run is at its end, asked again at each call."""
    return lambda: read_receipt(Desk(world.installation, ADMIN), run).tally.finished


def transferred(world: World, run: str) -> Callable[[], bool]:
    return lambda: {row.state for row in rows_of(world, run)} == {State.TRANSFERRED}


@pytest.mark.parametrize(
    ("how", "reason"),
    [
        ("password", "waits_for_password"),
        pytest.param("company", "waits_for_company", marks=pytest.mark.long),
    ],
)
def test_an_uncertain_document_of_a_refused_key_waits_for_a_person_and_then_goes_on_by_itself(
    world: World,
    sandbox: SandboxServer,
    worker: JobWorker,
    key: int,
    ids: list[int],
    how: str,
    reason: str,
) -> None:
    run = lose_a_draft(world, sandbox, ids, how)
    requests = world.control.calls()["requests"]
    client = keep_house_often(world)
    assert len(client.jobs(f"{run}:")) == 1
    assert world.control.calls()["operations"].get("Login", 0) == 1
    assert world.control.calls()["requests"] == requests, "a parked key calls nothing"
    assert {(row.state, row.reason) for row in rows_of(world, run)} == {(State.UNKNOWN, reason)}
    mend(world, sandbox, key, how)
    wait_until(transferred(world, run))
    assert list(booked_by_reference(world, BERGEN).values()) == [1, 1]
    with world.installation.db.reading() as session:
        told = [str(event.reason) for event in events_of(session, ids[0])]
        assert verify_history(session).breaks == ()
    assert told.index(reason) < told.index("looking_up", told.index(reason))


def test_the_receipt_says_what_is_waited_for_who_mends_it_and_how(
    world: World, sandbox: SandboxServer, worker: JobWorker, key: int, ids: list[int]
) -> None:
    run = lose_a_draft(world, sandbox, ids, "password")
    receipt = read_receipt(Desk(world.installation, ADMIN), run)
    assert (receipt.tally.open, receipt.tally.waiting, receipt.tally.finished) == (2, 2, False)
    for line in receipt.lines:
        assert line.waits
        assert not line.may_retry
        assert line.state.public_name == "in_transfer"
        assert "Replace the key's password under Credentials" in line.explanation
        assert "(System Administrator)" in line.explanation
        assert "could not log in" in line.explanation
    [view] = list_keys(Desk(world.installation, ADMIN))
    assert "could not log in" in view.parked
    assert open_transfers(world.installation, ids) == count_waiting(world.installation, ids) == 2
    mend(world, sandbox, key, "password")
    assert count_waiting(world.installation, ids) == 0, "it goes on any moment"
    assert list_keys(Desk(world.installation, ADMIN))[0].parked == ""


@pytest.mark.made_up
@pytest.mark.parametrize("reason", ["waits_for_password", "restored_looking_up"])
def test_a_document_that_cannot_be_looked_up_yet_does_not_say_that_it_waits_for_a_mended_key(
    world: World, ids: list[int], reason: str
) -> None:
    run = world.start(ids)
    with world.installation.db.writing() as session:
        for row in transfers_of_run(session, run):
            row.state, row.reason, row.payload_hash = State.UNKNOWN, Reason.stored(reason), "sent"
    world.installation.settings.office_url = "http://127.0.0.1:9"
    world.work(run)
    told = "looking_up" if reason == "waits_for_password" else reason
    assert {(row.state, row.reason) for row in rows_of(world, run)} == {(State.UNKNOWN, told)}


def test_what_was_not_sent_yet_ends_without_a_call_while_its_key_is_parked(
    world: World, sandbox: SandboxServer, worker: JobWorker, key: int, ids: list[int]
) -> None:
    set_password(sandbox, "changed")
    enqueue = job_enqueuer(world.installation)
    for _ in range(3):
        run = start_run(Desk(world.installation, ADMIN), ids, enqueue)
        wait_until(finished(world, run))
        assert {(row.state, row.reason) for row in rows_of(world, run)} == {
            (State.LOGIN, "login_refused")
        }
    assert world.control.calls()["operations"]["Login"] == 2, "of the key's own test, and of a lane"


def test_a_disabled_key_brings_its_work_to_the_end(
    world: World, sandbox: SandboxServer, worker: JobWorker, key: int, ids: list[int]
) -> None:
    run = lose_a_draft(world, sandbox, ids, "password")
    disable_key(Desk(world.installation, ADMIN), key)
    keep_house_often(world)
    assert world.control.calls()["operations"].get("Login", 0) == 1
    mend(world, sandbox, key, "password")
    wait_until(transferred(world, run))


def plan_a_look(world: World, run: str) -> None:
    """As if the write of a finished run had lost its answer a minute ago."""
    with world.installation.db.writing() as session:
        moment = now() - dt.timedelta(minutes=1)
        session.execute(sa.update(Transfer).values(sent_at=moment, look_again_at=moment))


def looks_left(world: World, run: str) -> list[dt.datetime]:
    return [row.look_again_at for row in rows_of(world, run) if row.look_again_at]


@pytest.mark.parametrize("how", [pytest.param("password", marks=pytest.mark.long), "company"])
def test_a_planned_look_of_a_refused_key_is_tried_once_and_taken_when_the_key_is_mended(
    world: World, sandbox: SandboxServer, worker: JobWorker, key: int, ids: list[int], how: str
) -> None:
    run = start_run(Desk(world.installation, ADMIN), ids, job_enqueuer(world.installation))
    wait_until(transferred(world, run))
    refuse(sandbox, how)
    world.control.reset_calls()
    plan_a_look(world, run)
    wait_until(lambda: list_keys(Desk(world.installation, ADMIN))[0].parked != "")
    client = engine_client(world.installation)
    wait_until(lambda: not client.jobs(active=True))
    requests = world.control.calls()["requests"]
    keep_house_often(world)
    assert len(client.jobs("sweep:")) == 1
    assert world.control.calls()["operations"].get("Login", 0) == 1
    assert world.control.calls()["requests"] == requests
    assert len(looks_left(world, run)) == 2, "the looks stay planned"
    mend(world, sandbox, key, how)
    wait_until(lambda: len(client.jobs("sweep:")) == 2 and not client.jobs(active=True))
    wait_until(lambda: all(each > now() for each in looks_left(world, run)))


def test_a_planned_look_of_a_deleted_key_ends_with_an_event_that_says_why(
    world: World, worker: JobWorker, key: int, ids: list[int]
) -> None:
    run = start_run(Desk(world.installation, ADMIN), ids, job_enqueuer(world.installation))
    wait_until(transferred(world, run))
    delete_key(Desk(world.installation, ADMIN), key)
    world.control.reset_calls()
    plan_a_look(world, run)
    wait_until(lambda: not looks_left(world, run))
    client = keep_house_often(world)
    assert client.jobs("sweep:") == []
    assert world.control.calls()["requests"] == 0
    with world.installation.db.reading() as session:
        for invoice_id in ids:
            last = events_of(session, invoice_id)[-1]
            assert (last.state, last.actor) == ("transferred", f"sweep of key {key}")
            assert "was deleted" in last.words
            assert "no longer looks" in last.words
        assert verify_history(session).breaks == ()


def test_a_password_that_cannot_be_read_any_more_makes_no_attempts(
    world: World, sandbox: SandboxServer, worker: JobWorker, key: int, ids: list[int]
) -> None:
    run = lose_a_draft(world, sandbox, ids, "password")
    with world.installation.db.writing() as session:
        row = session.get_one(Key, key)
        row.login_refused_at, row.password_sealed = None, "sealed by another key"
    wait_until(lambda: reasons_of(world, run) == {"waits_for_key"})
    client = engine_client(world.installation)
    wait_until(lambda: not client.jobs(active=True))
    jobs = len(client.jobs(f"{run}:"))
    keep_house_often(world)
    assert len(client.jobs(f"{run}:")) == jobs
    mend(world, sandbox, key, "password")
    wait_until(transferred(world, run))


def test_a_credit_note_waits_with_its_invoice_in_the_other_lane(
    world: World, key: int, ids: list[int]
) -> None:
    other = world.add_department("20")
    world.add_key([other], account="oslo")
    [note] = world.add_invoices(other, 1, first=2001)
    run = world.start([ids[0], note])
    with world.installation.db.writing() as session:
        session.get_one(Invoice, note).kind = DocumentKind.CREDIT_NOTE
        session.get_one(Key, key).login_refused_at = now()
        session.execute(
            sa.update(Transfer)
            .where(sa.column("invoice_id") == ids[0])
            .values(state=State.UNKNOWN, reason=Reason.WAITS_FOR_PASSWORD, payload_hash="sent")
        )
    client = keep_house_often(world)
    assert client.jobs(f"{run}:") == []
    with world.installation.db.writing() as session:
        session.get_one(Key, key).login_refused_at = None
    keep_house(world.installation, client)
    assert len(client.jobs(f"{run}:")) == 2
