"""Drafts that land after everybody has gone on are retired, whoever had sent them."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

from so24.office.gateway import Office
from so24.people.desk import Desk
from so24.sandbox.serve import SandboxServer
from so24.sandbox.wire.faults import Fault
from so24.store.tables.ground import now
from so24.store.tables.transfer_tables import State, Transfer
from so24.store.transfers.lost_writes import due_for_another_look
from so24.store.transfers.transfers import transfers_of_run
from so24.transfer.lane.late_drafts import sweep_late_drafts
from so24.transfer.runs import stop_run
from tests.transfer.world import ADMIN, World, booked_by_reference, drafts_left

pytestmark = pytest.mark.slow


def look_once_more(world: World) -> None:
    """Do the looks that are planned, whenever they are due."""
    with world.installation.db.reading() as session:
        due = due_for_another_look(session, now() + dt.timedelta(days=1))
    for key_id, ids in due.items():
        sweep_late_drafts(world.installation, key_id, ids)


def lose_a_draft(world: World, sandbox: SandboxServer, ids: list[int]) -> str:
    """Stop a run whose drafts have left and land much later; returns the run."""
    sandbox.faults.arm(
        Fault("late", "SaveInvoices", only="draft", seconds=600),
        Fault("html", "GetInvoices", nth=1, times=0, status=503),
    )
    run = world.start(ids)
    world.work(run)
    sandbox.faults.clear()
    stop_run(Desk(world.installation, ADMIN), run)
    world.work(run)
    return run


def add_documents(world: World, count: int) -> list[int]:
    """So many documents of a department with a key."""
    department = world.add_department()
    world.add_key([department])
    return world.add_invoices(department, count)


def rows_of(world: World, run: str) -> list[Transfer]:
    with world.installation.db.reading() as session:
        return transfers_of_run(session, run)


def test_a_draft_of_a_stopped_run_is_retired_though_another_run_has_transferred_its_document(
    world: World, sandbox: SandboxServer
) -> None:
    ids = add_documents(world, 2)
    stopped = lose_a_draft(world, sandbox, ids)
    assert {row.state for row in rows_of(world, stopped)} == {State.CANCELLED}
    again = world.start(ids)
    assert {row.state for row in world.work(again)} == {State.TRANSFERRED}
    sandbox.sandbox.land()
    look_once_more(world)
    assert drafts_left(world) == 0
    assert list(booked_by_reference(world).values()) == [1] * 2
    assert all("was set inactive" in row.words for row in rows_of(world, again))


def test_the_look_for_late_drafts_is_planned_anew_while_the_document_is_in_transfer_again(
    world: World, sandbox: SandboxServer
) -> None:
    ids = add_documents(world, 1)
    stopped = lose_a_draft(world, sandbox, ids)
    again = world.start(ids)
    look_once_more(world)
    assert [row.look_again_at is not None for row in rows_of(world, stopped)] == [True]
    world.work(again)
    sandbox.sandbox.land()
    look_once_more(world)
    assert drafts_left(world) == 0


@pytest.mark.slow
@pytest.mark.both
@pytest.mark.parametrize(("hours_gone", "hours_to_the_next"), [(1, 4), (10, 14), (25, None)])
def test_looks_for_a_late_draft_come_at_longer_distances_until_a_day_has_gone_by(
    world: World, sandbox: SandboxServer, hours_gone: int, hours_to_the_next: int | None
) -> None:
    stopped = lose_a_draft(world, sandbox, add_documents(world, 1))
    moment = now()
    with world.installation.db.writing() as session:
        session.execute(sa.update(Transfer).values(sent_at=moment - dt.timedelta(hours=hours_gone)))
    look_once_more(world)
    [row] = rows_of(world, stopped)
    if hours_to_the_next is None:
        assert row.look_again_at is None
    else:
        assert row.look_again_at is not None
        distance = row.look_again_at - moment
        assert round(distance / dt.timedelta(hours=1), 1) == hours_to_the_next


@pytest.mark.parametrize("office_url", ["", "http://127.0.0.1:9"])
def test_a_look_that_cannot_be_taken_comes_back_after_a_while(
    world: World, sandbox: SandboxServer, office_url: str
) -> None:
    stopped = lose_a_draft(world, sandbox, add_documents(world, 1))
    world.installation.settings.office_url = office_url  # its own sandbox, which does not run
    look_once_more(world)
    [row] = rows_of(world, stopped)
    assert row.look_again_at is not None
    assert row.look_again_at > now() + dt.timedelta(minutes=4)


def test_an_order_whose_invoicing_lands_after_its_run_was_stopped_is_told_and_then_confirmed(
    world: World, sandbox: SandboxServer
) -> None:
    ids = add_documents(world, 1)
    sandbox.faults.arm(
        Fault("late", "SaveInvoices", only="invoicing", seconds=600),
        Fault("html", "GetInvoices", nth=2, times=0, status=503),
    )
    run = world.start(ids)
    world.work(run)
    sandbox.faults.clear()
    stop_run(Desk(world.installation, ADMIN), run)
    assert [row.reason for row in world.work(run)] == ["cancelled_draft"]
    sandbox.sandbox.land()
    look_once_more(world)
    look_once_more(world)
    [row] = rows_of(world, run)
    assert row.words.count("is invoiced by now, as invoice 10001") == 1
    assert [row.state for row in world.export(ids)] == [State.TRANSFERRED]
    assert list(booked_by_reference(world).values()) == [1]


@pytest.mark.slow
@pytest.mark.parametrize(("hidden", "end"), [(1, State.TRANSFERRED), (0, State.NOT_SENT)])
def test_a_bound_draft_that_nobody_could_find_is_retired_when_it_shows_at_last(
    world: World, sandbox: SandboxServer, hidden: int, end: State
) -> None:
    ids = add_documents(world, 1)
    sandbox.faults.arm(Fault("hidden", "SaveInvoices", only="draft", times=hidden))
    # calls that take longer than a write's settling, and a lane that tries again once
    sandbox.faults.latency_ms = 60
    world.installation.settings.patience_seconds = 0.3
    run = world.start(ids)
    assert {row.state for row in world.work(run)} == {end}
    sandbox.faults.clear()
    assert world.export(ids)
    world.control.set(reveal=True)
    look_once_more(world)
    assert drafts_left(world) == 0
    assert list(booked_by_reference(world).values()) == [1]


def test_a_look_finds_what_another_document_of_the_customer_has_left_and_its_own_was_not_shown(
    world: World, sandbox: SandboxServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = add_documents(world, 4)[::3]  # of one customer
    refused = Fault("fault", "SaveInvoices", only="draft", performed=True)
    sandbox.faults.arm(refused)
    [left] = world.export([first])
    with monkeypatch.context() as hidden:
        hidden.setattr(Office, "orders_of_customers", lambda *_given, **_how: [])
        look_once_more(world)
    with world.installation.db.writing() as session:
        session.execute(sa.update(Transfer).values(look_again_at=None))
    sandbox.faults.arm(refused)
    assert world.export([second])
    assert drafts_left(world) == 2
    look_once_more(world)
    assert drafts_left(world) == 0
    [row] = rows_of(world, left.run_id)
    assert "was set inactive" in row.words
