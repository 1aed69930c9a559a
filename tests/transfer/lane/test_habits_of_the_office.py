"""An office that changes what is written, refuses what it has done, or shows what was."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from so24.crashpoints import arm
from so24.office.gateway import Office
from so24.office.values import Order
from so24.people.desk import Desk
from so24.reasons import Reason
from so24.sandbox.serve import SandboxServer
from so24.sandbox.wire.faults import Fault
from so24.store.tables.transfer_tables import State, Transfer
from so24.transfer.runs import stop_run
from tests.transfer.lane.test_late_drafts import look_once_more
from tests.transfer.world import ADMIN, CLIENT, DAY, World, booked_by_reference, drafts_left

DAYS = 24 * 3600.0
DRAFTS: dict[str, Any] = {"operation": "SaveInvoices", "only": "draft"}
INVOICING: dict[str, Any] = {"operation": "SaveInvoices", "only": "invoicing"}


@pytest.fixture
def ids(world: World) -> list[int]:
    department = world.add_department()
    world.add_key([department])
    return world.add_invoices(department, 2, customers=2)


def export_to_the_end(world: World, ids: Sequence[int]) -> list[Transfer]:
    """Export, and take the run up again as the engine does while some of it is open."""
    run = world.start(ids)
    rows = world.work(run)
    for _ in range(10):
        if any(row.state.is_open for row in rows):
            rows = world.work(run)
    return rows


def order_ids(world: World) -> list[int]:
    return [order["OrderId"] for order in world.control.books()[CLIENT]["orders"]]


@pytest.mark.parametrize("lost", [False, True])
def test_where_references_are_changed_a_person_decides_after_the_second_draft(
    world: World, sandbox: SandboxServer, ids: list[int], lost: bool
) -> None:
    if lost:
        sandbox.faults.arm(Fault("lost_before", **DRAFTS))
    sandbox.faults.arm(Fault("renamed", times=0, **DRAFTS))
    rows = export_to_the_end(world, ids)
    assert {(row.state, row.reason) for row in rows} == {(State.BLOCKED, Reason.NEVER_SHOWN)}
    assert len(order_ids(world)) == 2 * len(ids)
    told = " ".join(row.words for row in rows)
    assert all(f"order {number}," in told for number in order_ids(world))
    assert booked_by_reference(world) == {}


def test_a_stop_does_not_say_that_nothing_was_sent_where_an_answer_named_an_order(
    world: World, sandbox: SandboxServer, ids: list[int]
) -> None:
    sandbox.faults.arm(Fault("renamed", times=0, **DRAFTS))
    run = world.start(ids[:1])

    def stop(point: str, _key: int | None) -> None:
        if point == "after customers saved" and order_ids(world):
            stop_run(Desk(world.installation, ADMIN), run)

    arm(stop)
    [row] = world.work(run)
    arm(None)
    assert (row.state, row.reason) == (State.CANCELLED, Reason.CANCELLED_UNSEEN)
    assert all(f"order {number}," in row.words for number in order_ids(world))


@pytest.mark.slow
def test_what_is_never_shown_is_not_sent_for_ever(
    world: World, sandbox: SandboxServer, ids: list[int]
) -> None:
    sandbox.faults.arm(Fault("lost_before", times=0, **DRAFTS))
    [row] = export_to_the_end(world, ids[:1])
    assert (row.state, row.reason) == (State.BLOCKED, Reason.NEVER_SHOWN)
    assert "A draft was sent 8 times." in row.words


@pytest.mark.parametrize("days", [-1, 12])
def test_another_date_in_24sevenoffice_is_told_on_the_receipt(
    world: World, sandbox: SandboxServer, ids: list[int], days: int
) -> None:
    sandbox.faults.arm(Fault("redated", times=0, seconds=days * DAYS, **DRAFTS))
    sandbox.faults.arm(Fault("redated", times=0, seconds=days * DAYS, **INVOICING))
    rows = world.export(ids)
    assert {row.state for row in rows} == {State.TRANSFERRED}
    theirs, due = DAY + dt.timedelta(days), DAY + dt.timedelta(days + 14)
    for row in rows:
        assert f"Dated {theirs:%d.%m.%Y} in 24SevenOffice, {DAY:%d.%m.%Y} in RecMan." in row.words
        assert f"Due {due:%d.%m.%Y} in 24SevenOffice" in row.words


def test_rows_that_are_read_in_another_order_are_the_same_rows(
    world: World, sandbox: SandboxServer, ids: list[int]
) -> None:
    sandbox.faults.arm(Fault("shuffled", "GetInvoices", times=0))
    assert {row.state for row in world.export(ids)} == {State.TRANSFERRED}


@pytest.mark.parametrize("text", ["Failure sending mail.", "Object reference not set"])
def test_an_invoicing_that_is_refused_though_it_was_done_is_transferred(
    world: World, sandbox: SandboxServer, ids: list[int], text: str
) -> None:
    sandbox.faults.arm(Fault("fault", performed=True, text=text, **INVOICING))
    [row] = world.export(ids[:1])
    assert row.state is State.TRANSFERRED
    assert row.office_invoice_id is not None


def test_a_refusal_is_not_believed_before_a_read_that_may_be_older_than_the_write(
    world: World, sandbox: SandboxServer, ids: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    sandbox.faults.arm(Fault("fault", performed=True, text="already invoiced", **INVOICING))
    read = Office.orders
    behind = iter([True])  # one read shows what was before the write

    def read_behind(office: Office, ids: Sequence[int], **how: Any) -> list[Order]:
        orders = read(office, ids, **how)
        if orders and not how.get("rows", True) and next(behind, False):
            return [replace(each, status="Draft", invoice_id=None) for each in orders]
        return orders

    monkeypatch.setattr(Office, "orders", read_behind)
    [row] = world.export(ids[:1])
    assert row.state is State.TRANSFERRED
    assert world.control.calls()["operations"]["SaveInvoices"] == 2


def test_a_true_refusal_is_told_after_a_second_look_and_not_asked_for_again(
    world: World, sandbox: SandboxServer, ids: list[int]
) -> None:
    sandbox.faults.arm(Fault("fault", text="The period is closed.", times=0, **INVOICING))
    [row] = world.export(ids[:1])
    assert (row.state, row.reason) == (State.REFUSED, Reason.REFUSED_INVOICING)
    assert "The period is closed." in row.words
    assert world.control.calls()["operations"]["SaveInvoices"] == 2


def test_a_draft_that_was_made_by_a_refused_call_is_found_by_the_later_look(
    world: World, sandbox: SandboxServer, ids: list[int]
) -> None:
    sandbox.faults.arm(Fault("fault", performed=True, text="Object reference", **DRAFTS))
    [row] = world.export(ids[:1])
    assert row.state is State.REFUSED
    assert drafts_left(world) == 1
    look_once_more(world)
    assert drafts_left(world) == 0


def test_an_order_that_was_booked_while_nothing_was_shown_is_told_of_by_the_later_look(
    world: World, ids: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    def show_nothing(point: str, _key: int | None) -> None:
        if point == "after invoicing answer":
            for read in ("orders", "orders_of_customers"):
                monkeypatch.setattr(Office, read, lambda *_given, **_how: [])

    arm(show_nothing)
    try:
        run = world.start(ids[:1])
        for _ in range(3):
            [row] = world.work(run)
    finally:
        arm(None)
    assert (row.state, row.reason) == (State.BLOCKED, Reason.ORDER_GONE)
    monkeypatch.undo()
    look_once_more(world)
    [line] = world.receipt(run)
    assert "is invoiced by now, as invoice" in line.words
