"""All credit notes of one invoice credit at most its total, however each of them names it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlmodel import select

from so24.invoices.decisions import set_excluded
from so24.invoices.declarations import declare_credited
from so24.people.desk import Desk
from so24.reasons import Reason
from so24.sandbox.serve import SandboxServer
from so24.sandbox.wire.faults import Fault
from so24.store.tables.document_tables import Invoice
from so24.store.tables.key_tables import KeyMode
from so24.store.tables.transfer_tables import CustomerLink, State, Transfer
from so24.store.transfers.open_lanes import open_lanes
from so24.store.transfers.transfers import open_of_lane
from so24.transfer.lane.lane import work_lane
from so24.transfer.preview.preview import Preview, after_looks, look_up, preview_run
from so24.transfer.runs import plan_selection
from tests.transfer.credits import add_credit_note
from tests.transfer.world import ADMIN, CLIENT, World, booked_by_reference

pytestmark = pytest.mark.slow


@pytest.fixture
def department(world: World) -> int:
    """A department without a key yet."""
    return world.add_department()


@pytest.fixture
def ids(world: World, department: int) -> list[int]:
    """Invoices 1001 and 1002, transferred by the department's key."""
    world.add_key([department])
    ids = world.add_invoices(department, 2)
    assert {row.state for row in world.export(ids)} == {State.TRANSFERRED}
    return ids


def number_there(world: World, invoice_id: int) -> int:
    """The number that 24SevenOffice gave the invoice."""
    reference = f"RM-10-{1001 if invoice_id == 1 else 1002}"
    [order] = (
        each
        for each in world.control.books()[CLIENT]["orders"]
        if each.get("ReferenceNumber") == reference
    )
    return int(order["InvoiceId"])


def rows_of(order: dict[str, Any]) -> list[dict[str, Any]]:
    """The rows of an order in the sandbox's books, to enter another one with."""
    return [
        {
            "product_number": row["ProductNo"],
            "name": row["Name"],
            "quantity": row["Quantity"],
            "price": row["Price"],
        }
        for row in order["InvoiceRows"]["InvoiceRow"]
    ]


def ends(transfers: list[Transfer]) -> dict[int, tuple[State, str]]:
    return {row.invoice_id: (row.state, row.reason) for row in transfers}


def look_closely(world: World, ids: list[int]) -> Preview:
    """The preview after a look into every company."""
    preview = preview_run(Desk(world.installation, ADMIN), ids)
    looks = {lane.key_id: look_up(Desk(world.installation, ADMIN), lane) for lane in preview.lanes}
    assert not any(look.problem for look in looks.values())
    return after_looks(preview, looks)


def going(preview: Preview) -> set[int]:
    return {each for lane in preview.lanes for each in lane.invoice_ids}


SENT = (State.TRANSFERRED, "")
TOO_MUCH = (State.BLOCKED, "credit_mismatch")
Link = Callable[[World, list[int], str], int]


def by_number(world: World, ids: list[int], number: str) -> int:
    return add_credit_note(world, ids[0], number=number)


def by_entry(world: World, ids: list[int], number: str) -> int:
    note = add_credit_note(world, ids[0], number=number, credited_number="")
    declare_credited(Desk(world.installation, ADMIN), note, number_there(world, ids[0]))
    return note


LINKS = [
    (by_number, by_entry),
    (by_entry, by_number),
    pytest.param(by_number, by_number, marks=pytest.mark.long),
    pytest.param(by_entry, by_entry, marks=pytest.mark.long),
]


@pytest.mark.parametrize(("first", "second"), LINKS)
def test_an_invoice_is_credited_once_however_its_credit_notes_are_linked(
    world: World, ids: list[int], first: Link, second: Link
) -> None:
    one = first(world, ids, "9001")
    assert ends(world.export([one])) == {one: SENT}
    two = second(world, ids, "9002")
    [planned] = plan_selection(Desk(world.installation, ADMIN), [two])
    assert planned.reason == "credit_mismatch"
    transfers = world.export([two])
    assert ends(transfers) == {two: TOO_MUCH}
    assert "10-9001" in transfers[0].words
    assert "RC-10-9002" not in booked_by_reference(world)


@pytest.mark.parametrize(("first", "second"), LINKS)
def test_of_two_in_one_run_the_first_in_number_order_goes(
    world: World, ids: list[int], first: Link, second: Link
) -> None:
    two, one = second(world, ids, "9002"), first(world, ids, "9001")
    assert going(preview_run(Desk(world.installation, ADMIN), [two, one])) == {one}
    assert going(look_closely(world, [two, one])) == {one}
    assert ends(world.export([two, one])) == {one: SENT, two: TOO_MUCH}


def test_two_that_fit_together_both_go_with_their_invoice(world: World, department: int) -> None:
    world.add_key([department])
    [invoice] = world.add_invoices(department, 1)
    notes = [
        add_credit_note(world, invoice, number=number, share=share)
        for number, share in (("9001", "0.4"), ("9002", "0.6"), ("9003", "0.2"))
    ]
    assert going(look_closely(world, [invoice, *notes])) == {invoice, *notes[:2]}
    assert ends(world.export([invoice, *notes])) == {
        invoice: SENT,
        notes[0]: SENT,
        notes[1]: SENT,
        notes[2]: TOO_MUCH,
    }


def test_an_invoice_approved_later_is_known_by_its_order(world: World, department: int) -> None:
    world.add_key([department], mode=KeyMode.APPROVAL)
    ids = world.add_invoices(department, 1)
    world.export(ids)
    [order] = world.control.books()[CLIENT]["orders"]
    world.control.edit("invoice_order", CLIENT, order_id=order["OrderId"])
    one = by_number(world, ids, "9001")
    assert ends(world.export([one])) == {one: (State.TRANSFERRED, "waits_approval")}
    two = by_entry(world, ids, "9002")
    assert going(look_closely(world, [two])) == set()
    assert ends(world.export([two])) == {two: TOO_MUCH}


@pytest.fixture
def entered(world: World, ids: list[int]) -> dict[str, Any]:
    """What links a credit note to an invoice that somebody has entered there by hand."""
    booked = world.control.books()[CLIENT]["orders"][0]
    foreign = world.control.edit(
        "create_order",
        CLIENT,
        customer_id=booked["CustomerId"],
        rows=rows_of(booked),
        status="Invoiced",
        invoice_date="2026-10-01",
    )
    return {"credited_number": "", "credited_office_id": int(foreign["InvoiceId"])}


def test_of_an_invoice_that_is_not_ours_the_first_goes_across_two_keys(
    world: World, ids: list[int], entered: dict[str, Any]
) -> None:
    other = world.add_department("20")
    world.add_key([other], account="bergen")
    one = add_credit_note(world, ids[0], number="9001", **entered)
    elsewhere: dict[str, Any] = {"series": "20", "department_id": other}
    two = add_credit_note(world, ids[0], number="9002", **entered, **elsewhere)
    assert going(look_closely(world, [two, one])) == {one}
    assert ends(world.export([two, one])) == {one: SENT, two: TOO_MUCH}


def test_the_first_goes_whichever_part_of_the_run_is_worked_first(
    world: World, ids: list[int], entered: dict[str, Any]
) -> None:
    one = add_credit_note(world, ids[0], number="9001", **entered)
    two = add_credit_note(world, ids[0], number="9002", **entered)
    run = world.start([one, two])
    with world.installation.db.reading() as session:
        [lane] = open_lanes(session)
        rows = {row.invoice_id: row.id or 0 for row in open_of_lane(session, lane)}
    work_lane(world.installation, lane, [rows[two]])
    assert ends(world.work(run)) == {one: SENT, two: TOO_MUCH}


def test_one_whose_order_may_be_invoiced_yet_counts_until_it_is_excluded(
    world: World, sandbox: SandboxServer, ids: list[int]
) -> None:
    one = by_number(world, ids, "9001")
    sandbox.faults.arm(Fault("fault", "SaveInvoices", only="invoicing", times=0, text="Not today"))
    assert ends(world.export([one])) == {one: (State.REFUSED, "refused_invoicing")}
    sandbox.faults.clear()
    two = by_number(world, ids, "9002")
    assert ends(world.export([two])) == {two: TOO_MUCH}
    set_excluded(Desk(world.installation, ADMIN), [one], "9002 takes its place")
    assert ends(world.export([two])) == {two: SENT}


def test_a_credit_note_that_was_found_there_counts(world: World, ids: list[int]) -> None:
    one = by_number(world, ids, "9001")
    world.export([one])
    with world.installation.db.writing() as session:
        for row in session.exec(select(Transfer).where(Transfer.invoice_id == one)):
            row.state, row.reason = State.EXISTS, Reason.EXISTS_REFERENCE
    two = by_number(world, ids, "9002")
    assert ends(world.export([two])) == {two: TOO_MUCH}


def test_a_customer_that_stands_twice_in_recman_does_not_credit_twice(
    world: World, ids: list[int]
) -> None:
    one = by_number(world, ids, "9001")
    world.export([one])
    two = by_entry(world, ids, "9002")
    with world.installation.db.writing() as session:
        note = session.get_one(Invoice, two)
        company = session.get_one(CustomerLink, (CLIENT, note.customer_id)).company_id
        note.customer_id = session.get_one(Invoice, ids[1]).customer_id
        session.get_one(CustomerLink, (CLIENT, note.customer_id)).company_id = company
    assert ends(world.export([two])) == {two: TOO_MUCH}


def test_the_same_number_in_another_company_is_another_invoice(
    world: World, ids: list[int]
) -> None:
    one = by_entry(world, ids, "9001")
    world.export([one])
    with world.installation.db.writing() as session:
        for row in session.exec(select(Transfer).where(Transfer.invoice_id == one)):
            row.organization_id = CLIENT + 1
    two = by_entry(world, ids, "9002")
    [planned] = plan_selection(Desk(world.installation, ADMIN), [two])
    assert planned.state is State.QUEUED


def test_with_order_for_approval_the_preview_promises_no_credit_note_of_its_own_run(
    world: World, department: int
) -> None:
    world.add_key([department], mode=KeyMode.APPROVAL)
    ids = world.add_invoices(department, 1)
    note = add_credit_note(world, ids[0])
    assert going(preview_run(Desk(world.installation, ADMIN), [*ids, note])) == set(ids)
    assert ends(world.export([*ids, note])) == {
        ids[0]: (State.TRANSFERRED, "waits_approval"),
        note: (State.BLOCKED, "credit_original_open"),
    }


def test_a_look_promises_no_credit_note_of_an_invoice_that_will_not_go(
    world: World, ids: list[int], department: int
) -> None:
    [blocked] = world.add_invoices(department, 1, first=1004)
    booked = world.control.books()[CLIENT]["orders"][0]
    world.control.edit(
        "create_order",
        CLIENT,
        customer_id=booked["CustomerId"],
        rows=rows_of(booked)[:1],
        reference="RM-10-1004",
        status="Invoiced",
        invoice_date="2026-11-02",
    )
    note = add_credit_note(world, blocked)
    assert going(look_closely(world, [blocked, note])) == set()
    assert ends(world.export([blocked, note])) == {
        blocked: (State.EXISTS, Reason.EXISTS_REFERENCE),
        note: (State.BLOCKED, "credit_original"),
    }
