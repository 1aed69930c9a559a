"""What the press of the button has bound is what the lane sends, or it sends nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlmodel import select

from so24.keys.key_fields import KeyField, write_key_fields
from so24.people.desk import Desk
from so24.store.keys.keys import replace_department_map
from so24.store.tables.document_tables import Customer, Invoice, InvoiceLine
from so24.store.tables.key_tables import Key, KeyMode
from so24.store.tables.transfer_tables import State
from so24.store.transfers.transfers import transfers_of_run
from so24.transfer.preview.confirmation import Confirmation
from so24.transfer.preview.preview import preview_run
from so24.transfer.runs import retryable, start_run
from tests.transfer.world import ADMIN, CLIENT, World, booked_by_reference

Change = Callable[[World], None]


def edit(table: type[Any], **values: object) -> Change:
    """Another value in every row of a table, whatever keeps people from that."""

    def change(world: World) -> None:
        with world.installation.db.writing() as session:
            for row in session.exec(select(table)).all():
                for name, value in values.items():
                    setattr(row, name, value)

    return change


def key_of(world: World) -> int:
    with world.installation.db.reading() as session:
        return session.exec(select(Key)).one().id or 0


def choose_a_department(world: World) -> None:
    with world.installation.db.writing() as session:
        department = session.exec(select(Invoice.department_id)).first() or 0
        replace_department_map(session, key_of(world), {department: (2, "Oslo")})


def rename_customers(world: World) -> None:
    with world.installation.db.writing() as session:
        for row in session.exec(select(Customer)).all():
            row.name = f"Another name {row.id} AS"


@pytest.fixture
def ids(world: World) -> list[int]:
    """Two documents with a text of their own, of a department with a key."""
    department = world.add_department()
    world.add_key([department])
    found = world.add_invoices(department, 2)
    edit(Invoice, note="Thank you", our_reference="Kari Nordmann")(world)
    return found


@pytest.mark.parametrize(
    "change",
    [
        edit(InvoiceLine, text="Something else"),
        edit(InvoiceLine, product_number="P9"),
        rename_customers,
        edit(Invoice, due_date=None),
        edit(Key, carried=write_key_fields([KeyField.INVOICE_TEXT])),
        choose_a_department,
        edit(Key, mode=KeyMode.APPROVAL),
    ],
)
def test_a_change_between_the_press_and_the_lane_sends_nothing(
    world: World, ids: list[int], change: Change
) -> None:
    run = world.start(ids)
    change(world)
    ends = {(row.state, row.reason.value, row.order_id) for row in world.work(run)}
    assert ends == {(State.BLOCKED, "changed_after_press", None)}
    assert world.control.books()[CLIENT]["orders"] == []
    assert retryable(Desk(world.installation, ADMIN), run) == ids


def test_after_a_second_press_it_goes_as_it_is_then(world: World, ids: list[int]) -> None:
    run = world.start(ids)
    edit(InvoiceLine, text="Something else")(world)
    world.work(run)
    assert {row.state for row in world.export(ids)} == {State.TRANSFERRED}
    orders = world.control.books()[CLIENT]["orders"]
    rows = [row for order in orders for row in order["InvoiceRows"]["InvoiceRow"]]
    assert {row["Name"] for row in rows} == {"Something else"}


@pytest.mark.parametrize(
    "change", [edit(Invoice, our_reference="Per Olsen", stated_vat=None), lambda world: None]
)
def test_what_does_not_travel_may_change_after_the_press(
    world: World, ids: list[int], change: Change
) -> None:
    run = world.start(ids)
    change(world)
    assert {row.state for row in world.work(run)} == {State.TRANSFERRED}
    assert len(booked_by_reference(world)) == 2


def test_links_made_by_another_lane_meanwhile_are_no_change(world: World, ids: list[int]) -> None:
    first, second = world.start(ids[:1]), world.start(ids[1:])
    assert {row.state for row in world.work(first)} == {State.TRANSFERRED}
    assert {row.state for row in world.work(second)} == {State.TRANSFERRED}


def test_the_fingerprint_that_was_confirmed_goes_with_the_transfer(
    world: World, ids: list[int]
) -> None:
    shown = preview_run(Desk(world.installation, ADMIN), ids).shown
    run = start_run(
        Desk(world.installation, ADMIN),
        ids,
        lambda session, lane: None,
        expected=Confirmation.of(shown),
    )
    with world.installation.db.reading() as session:
        travelling = {row.invoice_id: row.made_hash for row in transfers_of_run(session, run)}
    assert travelling == {each.invoice_id: each.made_hash for each in shown.documents}
    assert all(travelling.values())
    assert {row.state for row in world.work(run)} == {State.TRANSFERRED}
