"""A look after a transfer's end knows the document's own order by its number, wherever it lies.

Its customer's card may be merged meanwhile; it may have been hidden so long that it was held for
deleted; and the office may have dropped the reference that it was sent with.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa

from so24.crashpoints import arm
from so24.office.gateway import Office
from so24.office.values import Order
from so24.people.desk import Desk
from so24.reasons import Reason
from so24.sandbox.serve import SandboxServer
from so24.sandbox.wire.faults import Fault
from so24.store.tables.transfer_tables import State, Transfer
from so24.transfer.runs import stop_run
from tests.transfer.lane.test_late_drafts import look_once_more, rows_of
from tests.transfer.world import ADMIN, CLIENT, World, booked_by_reference

READS = ("orders", "orders_of_customers")


@pytest.fixture
def ids(world: World) -> list[int]:
    """One invoice."""
    world.add_key([world.add_department()])
    return world.add_invoices(1, 1)


@contextmanager
def doing(place: str, act: Callable[[], object]) -> Iterator[None]:
    """Have this done whenever the lane comes to this place."""

    def come_to(reached: str, _key: int | None) -> None:
        if reached == place:
            act()

    arm(come_to)
    try:
        yield
    finally:
        arm(None)


def stop_while_invoicing(world: World, sandbox: SandboxServer, ids: list[int]) -> str:
    """Stop a run whose invoicing has left and not landed; returns the run."""
    sandbox.faults.arm(
        Fault("lost_before", "SaveInvoices", only="invoicing"),
        Fault("html", "GetInvoices", nth=2, times=0, status=503),
    )
    run = world.start(ids)
    world.work(run)
    sandbox.faults.clear()
    stop_run(Desk(world.installation, ADMIN), run)
    assert [row.reason for row in world.work(run)] == [Reason.CANCELLED_DRAFT]
    return run


def hide_after_invoicing(world: World, ids: list[int], patch: pytest.MonkeyPatch) -> str:
    """A run whose order is booked, and then not shown until it is held for deleted."""

    def show_nothing() -> None:
        for read in READS:
            patch.setattr(Office, read, lambda *_given, **_how: [])

    with doing("after invoicing answer", show_nothing):
        run = world.start(ids)
        for _ in range(3):
            [row] = world.work(run)
    assert (row.state, row.reason) == (State.BLOCKED, Reason.ORDER_GONE)
    patch.undo()
    return run


def drop_references(patch: pytest.MonkeyPatch) -> None:
    """From here on 24SevenOffice shows no order's reference."""
    change_reads(patch, lambda orders: [replace(order, reference=None) for order in orders])


def change_reads(patch: pytest.MonkeyPatch, change: Callable[[list[Order]], list[Order]]) -> None:
    """From here on so24 reads orders changed so."""
    for name in READS:
        read: Any = getattr(Office, name)
        patch.setattr(Office, name, lambda *given, read=read, **how: change(read(*given, **how)))


def order_of(world: World, run: str) -> int:
    [row] = rows_of(world, run)
    assert row.order_id is not None
    return row.order_id


def merge_the_card(world: World) -> None:
    [card] = [each["Id"] for each in world.control.books()[CLIENT]["companies"]]
    into = world.control.edit("edit_company", CLIENT, Name="Kunde 0 AS", Type="Business")
    world.control.edit("merge_companies", CLIENT, company_id=card, into=into["Id"])


def forget_the_card(world: World) -> None:
    with world.installation.db.writing() as session:
        session.execute(sa.text("delete from customer_link"))
        session.execute(sa.update(Transfer).values(company_id=None))


@pytest.mark.parametrize("change", [merge_the_card, forget_the_card])
def test_a_booking_is_told_though_the_order_lies_on_no_card_that_is_known(
    world: World, sandbox: SandboxServer, ids: list[int], change: Callable[[World], None]
) -> None:
    run = stop_while_invoicing(world, sandbox, ids)
    change(world)
    world.control.edit("invoice_order", CLIENT, order_id=order_of(world, run))
    look_once_more(world)
    look_once_more(world)
    [line] = world.receipt(run)
    assert line.words.count("is invoiced by now, as invoice 10001") == 1


def test_a_late_booking_is_told_by_the_newest_run_of_the_document_too(
    world: World, sandbox: SandboxServer, ids: list[int]
) -> None:
    first = stop_while_invoicing(world, sandbox, ids)
    order = order_of(world, first)
    world.control.edit("reprice_draft", CLIENT, order_id=order, price="1.00")
    [again] = world.export(ids)
    assert again.reason is Reason.DRAFT_DIFFERS
    world.control.edit("invoice_order", CLIENT, order_id=order)
    look_once_more(world)
    look_once_more(world)
    for run in (first, again.run_id):
        [line] = world.receipt(run)
        assert line.words.count("is invoiced by now, as invoice 10001") == 1


@pytest.mark.parametrize("dropped", [False, True])
def test_an_order_that_was_held_for_deleted_is_told_when_it_is_booked_and_then_confirmed(
    world: World, ids: list[int], monkeypatch: pytest.MonkeyPatch, dropped: bool
) -> None:
    run = hide_after_invoicing(world, ids, monkeypatch)
    if dropped:
        drop_references(monkeypatch)
    look_once_more(world)
    [line] = world.receipt(run)
    assert "is invoiced by now, as invoice 10001" in line.words
    [again] = world.export(ids)
    assert (again.state, again.order_id) == (State.TRANSFERRED, order_of(world, run))
    assert list(booked_by_reference(world).values()) == [1]


def test_a_booking_beside_the_one_of_a_retry_is_told_as_one_too_many(
    world: World, ids: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = hide_after_invoicing(world, ids, monkeypatch)
    hidden = order_of(world, first)
    change_reads(
        monkeypatch, lambda orders: [order for order in orders if order.order_id != hidden]
    )
    second = world.start(ids)
    assert [row.state for row in world.work(second)] == [State.TRANSFERRED]
    monkeypatch.undo()
    look_once_more(world)
    look_once_more(world)
    [line] = world.receipt(second)
    told = f"Order {hidden}, which was held for deleted, is booked as well, as invoice 10001"
    assert line.words.count(told) == 1
    assert line.state is State.TRANSFERRED


def test_an_order_of_another_document_is_not_taken_for_the_documents_own(
    world: World, ids: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    run = hide_after_invoicing(world, ids, monkeypatch)
    change_reads(
        monkeypatch, lambda orders: [replace(order, reference="RM-99-7") for order in orders]
    )
    look_once_more(world)
    [line] = world.receipt(run)
    assert "is invoiced by now" not in line.words
