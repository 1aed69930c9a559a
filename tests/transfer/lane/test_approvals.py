"""Orders that wait for approval are looked at until the accountant has decided, and then told."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

import pytest
import sqlalchemy as sa

from so24.office.gateway import Office
from so24.reasons import Reason
from so24.sandbox.serve import SandboxServer
from so24.sandbox.wire.faults import Fault
from so24.store.history.events import events_of
from so24.store.history.verification import verify_history
from so24.store.tables.ground import now
from so24.store.tables.key_tables import KeyMode
from so24.store.tables.transfer_tables import State, Transfer
from so24.store.transfers.lost_writes import due_for_another_look
from so24.store.transfers.tallies import recent_runs
from so24.store.transfers.transfers import transfers_of_run
from so24.transfer.lane.late_drafts import sweep_late_drafts
from so24.transfer.receipt import as_record
from so24.transfer.tally import tally
from tests.transfer.world import CLIENT, World, booked_by_reference

A_YEAR = dt.timedelta(days=366)


@pytest.fixture
def department(world: World) -> int:
    """A department whose documents are left for approval."""
    department = world.add_department()
    world.add_key([department], mode=KeyMode.APPROVAL)
    return department


def hand_over(world: World, department: int, count: int, first: int = 1001) -> str:
    """A run whose orders wait for approval."""
    run = world.start(world.add_invoices(department, count, first=first))
    assert {(row.state, row.reason) for row in world.work(run)} == {
        (State.TRANSFERRED, "waits_approval")
    }
    return run


def rows_of(world: World, run: str) -> list[Transfer]:
    with world.installation.db.reading() as session:
        return transfers_of_run(session, run)


def order_of(row: Transfer) -> int:
    assert row.order_id is not None
    return row.order_id


def look_again(world: World, moment: dt.datetime | None = None) -> int:
    """Do the looks that are due at the moment, else all that are planned; returns how many."""
    with world.installation.db.reading() as session:
        due = due_for_another_look(session, moment or now() + A_YEAR)
    for key_id, ids in due.items():
        sweep_late_drafts(world.installation, key_id, ids)
    return len(due)


def test_an_order_that_the_accountant_has_invoiced_is_transferred_with_its_number(
    world: World, department: int
) -> None:
    run = hand_over(world, department, 2)
    first, second = rows_of(world, run)
    booked = world.control.edit("invoice_order", CLIENT, order_id=order_of(first))
    look_again(world)
    done, waits = world.receipt(run)
    assert (done.state, done.reason) == (State.TRANSFERRED, Reason.NONE)
    assert (done.status, done.office_invoice_id) == ("✔ transferred", booked["InvoiceId"])
    assert done.explanation == ""
    assert as_record(done)["invoice_id"] == booked["InvoiceId"]
    assert waits.status == "✔ transferred, waits for approval"
    assert (tally([done, waits]).transferred, tally([done, waits]).for_approval) == (2, 1)
    with world.installation.db.reading() as session:
        events = events_of(session, first.invoice_id)
        assert verify_history(session).breaks == ()
        [listed] = recent_runs(session, limit=9)
    assert [(each.state, each.reason) for each in events[-2:]] == [
        ("transferred", "waits_approval"), ("transferred", "")
    ]  # fmt: skip
    assert events[-1].office_invoice_id == booked["InvoiceId"]
    assert (listed.transferred, listed.open) == (2, 0)
    assert rows_of(world, run)[1].order_id == second.order_id


def test_what_is_invoiced_by_now_is_not_looked_at_for_ever(world: World, department: int) -> None:
    run = hand_over(world, department, 1)
    [row] = rows_of(world, run)
    world.control.edit("invoice_order", CLIENT, order_id=order_of(row))
    look_again(world)
    with world.installation.db.writing() as session:
        session.execute(sa.update(Transfer).values(sent_at=now() - dt.timedelta(days=2)))
    look_again(world)
    assert [row.look_again_at for row in rows_of(world, run)] == [None]
    assert look_again(world) == 0


def test_an_order_that_is_deleted_there_waits_no_more_and_may_be_sent_again(
    world: World, department: int
) -> None:
    run = hand_over(world, department, 1)
    [row] = rows_of(world, run)
    world.control.edit("delete_draft", CLIENT, order_id=order_of(row))
    look_again(world)
    [line] = world.receipt(run)
    assert (line.state, line.reason) == (State.BLOCKED, "order_gone")
    assert line.may_retry
    assert f"Order {row.order_id} is deleted" in line.explanation
    [again] = world.export([row.invoice_id])
    assert again.reason == "waits_approval"
    assert again.order_id != row.order_id


@pytest.mark.parametrize("days", [0, 40])
def test_an_order_that_was_only_hidden_is_told_when_it_is_booked_however_long_it_has_waited(
    world: World, department: int, monkeypatch: pytest.MonkeyPatch, days: int
) -> None:
    run = hand_over(world, department, 1)
    [row] = rows_of(world, run)
    with world.installation.db.writing() as session:
        session.execute(sa.update(Transfer).values(sent_at=now() - dt.timedelta(days=days)))
    booked = world.control.edit("invoice_order", CLIENT, order_id=order_of(row))
    with monkeypatch.context() as hidden:
        for read in ("orders", "orders_of_customers"):
            hidden.setattr(Office, read, lambda *_given, **_how: [])
        look_again(world)
    [line] = world.receipt(run)
    assert (line.state, line.reason) == (State.BLOCKED, "order_gone")
    assert look_again(world) == 1
    [line] = world.receipt(run)
    assert f"is invoiced by now, as invoice {booked['InvoiceId']}" in line.words


def test_an_order_that_is_taken_back_is_told_and_handed_over_again_by_a_retry(
    world: World, department: int
) -> None:
    run = hand_over(world, department, 1)
    [row] = rows_of(world, run)
    world.control.edit("take_back_order", CLIENT, order_id=order_of(row))
    look_again(world)
    [line] = world.receipt(run)
    assert (line.state, line.reason) == (State.REFUSED, "approval_withdrawn")
    assert f"Order {row.order_id} is “Draft” now." in line.explanation
    [again] = world.export([row.invoice_id])
    assert (again.reason, again.order_id) == ("waits_approval", row.order_id)


def test_an_invoice_that_the_accountant_has_changed_differs(world: World, department: int) -> None:
    run = hand_over(world, department, 1)
    [row] = rows_of(world, run)
    world.control.edit("reprice_draft", CLIENT, order_id=order_of(row), price="1.00")
    world.control.edit("invoice_order", CLIENT, order_id=order_of(row))
    look_again(world)
    [line] = world.receipt(run)
    assert (line.state, line.reason) == (State.DIFFERS, "booked_differs")
    assert line.office_invoice_id is not None


def test_an_order_changed_before_it_was_seen_waiting_is_not_called_booked(
    world: World, sandbox: SandboxServer, department: int
) -> None:
    run = world.start(world.add_invoices(department, 1))
    sandbox.faults.arm(
        Fault("lost_after", "SaveInvoices", only="invoicing"),
        Fault("html", "GetInvoices", nth=2, times=0, status=503),
    )
    [row] = world.work(run)
    sandbox.faults.clear()
    world.control.edit("reprice_draft", CLIENT, order_id=order_of(row), price="1.00")
    [row] = world.work(run)
    assert (row.state, row.reason) in {
        (State.DIFFERS, "draft_differs"), (State.DIFFERS, "approval_differs")
    }  # fmt: skip
    assert "It is booked" not in row.reason.card.remedy
    assert booked_by_reference(world) == {}


def test_looks_come_at_growing_distances_for_as_long_as_the_order_waits(
    world: World, department: int
) -> None:
    run = hand_over(world, department, 1)
    distances = []
    for gone in (dt.timedelta(minutes=2), dt.timedelta(hours=1), dt.timedelta(days=90)):
        with world.installation.db.writing() as session:
            session.execute(sa.update(Transfer).values(sent_at=now() - gone))
        assert look_again(world) == 1
        [row] = rows_of(world, run)
        assert row.look_again_at is not None
        distances.append(row.look_again_at - now())
    assert all(earlier < later for earlier, later in pairwise(distances))
    assert dt.timedelta(hours=23) < distances[-1] <= dt.timedelta(days=1)


def test_all_that_wait_by_a_key_are_looked_at_together_with_the_one_that_is_due(
    world: World, department: int
) -> None:
    old = hand_over(world, department, 3)
    with world.installation.db.writing() as session:
        session.execute(
            sa.update(Transfer).values(
                sent_at=now() - dt.timedelta(days=9), look_again_at=now() + dt.timedelta(hours=20)
            )
        )
    new = hand_over(world, department, 2, first=1101)
    for row in (*rows_of(world, old), *rows_of(world, new)):
        world.control.edit("invoice_order", CLIENT, order_id=order_of(row))
    world.control.reset_calls()
    assert look_again(world, now() + dt.timedelta(hours=1)) == 1
    lines = (*world.receipt(old), *world.receipt(new))
    assert all(line.office_invoice_id for line in lines)
    assert world.control.calls()["operations"]["GetInvoices"] <= 2


@pytest.mark.parametrize(
    "trouble", [Fault("close", times=0), Fault("html", "GetInvoices", times=0, status=503)]
)
def test_a_look_that_fails_changes_nothing_and_stays_planned(
    world: World, sandbox: SandboxServer, department: int, trouble: Fault
) -> None:
    run = hand_over(world, department, 1)
    [row] = rows_of(world, run)
    world.control.edit("invoice_order", CLIENT, order_id=order_of(row))
    sandbox.faults.arm(trouble)
    look_again(world)
    sandbox.faults.clear()
    [row] = rows_of(world, run)
    assert (row.reason, row.look_again_at is not None) == ("waits_approval", True)
    look_again(world)
    assert [row.reason for row in rows_of(world, run)] == [""]


def test_an_order_that_waits_is_said_to_wait_by_whoever_would_export_it_again(
    world: World, department: int
) -> None:
    run = hand_over(world, department, 1)
    [row] = rows_of(world, run)
    [again] = world.export([row.invoice_id])
    assert again.reason == "already_transferred"
    assert again.words == f"Order {row.order_id}, which waits for approval."


def test_the_accountants_invoice_is_seen_whatever_look_came_between(
    world: World, department: int
) -> None:
    run = hand_over(world, department, 1)
    [row] = rows_of(world, run)
    look_again(world)
    assert [each.reason for each in rows_of(world, run)] == ["waits_approval"]
    world.control.edit("invoice_order", CLIENT, order_id=order_of(row))
    look_again(world)
    assert [each.reason for each in rows_of(world, run)] == [""]
