"""Credit notes over the whole way against a real sandbox: the same protocol, the same guards."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from so24.errors import NotAllowed, WrongUse
from so24.invoices.declarations import declare_credited
from so24.keys.change import change_key
from so24.keys.key_settings import CREDIT_NOTES
from so24.ledger.read import reconcile_period
from so24.ledger.reconcile import Verdict, sum_lines
from so24.people.desk import Desk
from so24.people.roles import Actor
from so24.sandbox.serve import SandboxServer
from so24.sandbox.wire.faults import Fault
from so24.store.history.verification import verify_history
from so24.store.links.links import LinkedCard, link_customers
from so24.store.people.audit import latest_events
from so24.store.tables.document_tables import Customer, Invoice
from so24.store.tables.key_tables import KeyMode
from so24.store.tables.transfer_tables import FoundBy, State, Transfer
from so24.store.transfers.open_lanes import open_lanes
from so24.store.transfers.transfers import open_of_lane, transfers_of_run
from so24.transfer.lane.lane import work_lane
from so24.transfer.runs import plan_selection, retry_run
from tests.transfer.credits import add_credit_note
from tests.transfer.world import ADMIN, CLIENT, DAY, World, booked_by_reference, drafts_left


@pytest.fixture
def department(world: World) -> int:
    """A department without a key yet."""
    return world.add_department()


@pytest.fixture
def key(world: World, department: int) -> int:
    """Its key, which sends credit notes, as all new keys of a sandbox do."""
    return world.add_key([department])


@pytest.fixture
def ids(world: World, department: int, key: int) -> list[int]:
    """Invoices 1001 to 1004."""
    return world.add_invoices(department, 4)


def order_of(world: World, reference: str) -> dict[str, Any]:
    """The one order of this reference in the sandbox's books."""
    order: dict[str, Any]
    [order] = (
        each
        for each in world.control.books()[CLIENT]["orders"]
        if each.get("ReferenceNumber") == reference and each["OrderStatus"] != "Inactive"
    )
    return order


def by_id(transfers: list[Transfer]) -> dict[int, Transfer]:
    return {row.invoice_id: row for row in transfers}


def end_of(transfers: list[Transfer], invoice_id: int) -> tuple[State, str]:
    row = by_id(transfers)[invoice_id]
    return row.state, row.reason


@pytest.mark.parametrize("together", [True, False], ids=["in one run", "in a later run"])
def test_a_credit_note_is_booked_against_its_transferred_original(
    world: World, ids: list[int], together: bool
) -> None:
    note = add_credit_note(world, ids[0], share="0.4")
    if not together:
        world.export(ids)
    transfers = world.export([note, *ids] if together else [note])
    assert end_of(transfers, note) == (State.TRANSFERRED, "")
    original, credit = order_of(world, "RM-10-1001"), order_of(world, "RC-10-9001")
    assert credit["OrderStatus"] == "Invoiced"
    assert credit["ReferenceInvoiceId"] == original["InvoiceId"]
    assert credit["ReferenceOrderId"] == original["OrderId"]
    assert credit["InvoiceId"] > original["InvoiceId"]
    assert Decimal(credit["OrderTotalIncVat"]) < 0
    assert by_id(transfers)[note].office_total == Decimal(credit["OrderTotalIncVat"])
    rows = credit["InvoiceRows"]["InvoiceRow"]
    assert all(Decimal(row["Quantity"]) < 0 < Decimal(row["Price"]) for row in rows)


def test_sums_reconcile_with_their_signs(world: World, ids: list[int]) -> None:
    note = add_credit_note(world, ids[1], share="0.4")
    world.export([*ids, note])
    lines = reconcile_period(Desk(world.installation, ADMIN), DAY, DAY)
    assert {line.verdict for line in lines} == {Verdict.AGREES}
    assert {line.kind: (line.our_total or 0) > 0 for line in lines} == {
        "invoice": True,
        "credit_note": False,
    }
    [sums] = sum_lines(lines)
    assert sums.difference == 0
    assert sums.ours == sum((line.office_total or Decimal(0) for line in lines), Decimal(0))
    invoices = sum((line.our_total or 0 for line in lines if line.kind == "invoice"), Decimal(0))
    assert sums.ours < invoices


def test_a_second_export_sends_no_second_credit_note(world: World, ids: list[int]) -> None:
    note = add_credit_note(world, ids[0])
    world.export([*ids, note])
    assert end_of(world.export([note]), note) == (State.EXISTS, "already_transferred")
    assert booked_by_reference(world)["RC-10-9001"] == 1


@pytest.mark.parametrize("write", ["draft", "invoicing"])
@pytest.mark.parametrize("kind", ["lost_before", "lost_after"])
def test_a_lost_answer_never_credits_twice(
    world: World, sandbox: SandboxServer, ids: list[int], kind: str, write: str
) -> None:
    world.export(ids)
    note = add_credit_note(world, ids[0])
    sandbox.faults.arm(Fault(kind, "SaveInvoices", only=write))
    assert end_of(world.export([note]), note) == (State.TRANSFERRED, "")
    assert booked_by_reference(world)["RC-10-9001"] == 1
    assert drafts_left(world) == 0
    with world.installation.db.reading() as session:
        assert verify_history(session).breaks == ()


def test_a_credit_note_entered_by_hand_probably_exists(world: World, ids: list[int]) -> None:
    world.export(ids)
    note = add_credit_note(world, ids[0])
    original = order_of(world, "RM-10-1001")
    rows = [
        {
            "product_number": row["ProductNo"],
            "name": row["Name"],
            "quantity": f"-{row['Quantity']}",
            "price": row["Price"],
        }
        for row in original["InvoiceRows"]["InvoiceRow"]
    ]
    world.control.edit(
        "create_order",
        CLIENT,
        customer_id=original["CustomerId"],
        rows=rows,
        status="Invoiced",
        invoice_date=DAY.isoformat(),
    )
    assert end_of(world.export([note]), note) == (State.EXISTS, "exists_probably")


def test_without_its_original_it_waits_and_a_retry_sends_both(
    world: World, sandbox: SandboxServer, ids: list[int]
) -> None:
    note = add_credit_note(world, ids[0])
    books = world.control
    world.export(ids[3:])  # the customer of 1004 and 1001 is there now
    companies = books.books()[CLIENT]["companies"]
    [customer] = (each["Id"] for each in companies if each.get("ExternalId") == "RM-7002")
    books.edit("edit_company", CLIENT, Id=customer, BlockInvoice=True)
    run = world.start([ids[0], note])
    transfers = world.work(run)
    assert end_of(transfers, ids[0])[0] is State.REFUSED
    assert end_of(transfers, note) == (State.BLOCKED, "credit_original")
    books.edit("edit_company", CLIENT, Id=customer, BlockInvoice=False)
    again = world.work(retry_run(Desk(world.installation, ADMIN), run, lambda session, lane: None))
    assert {row.state for row in again} == {State.TRANSFERRED}
    assert len(again) == 2


def test_an_original_that_is_not_ours_is_entered_by_its_number(
    world: World, ids: list[int]
) -> None:
    world.export(ids)
    number = order_of(world, "RM-10-1001")["InvoiceId"]
    note = add_credit_note(world, ids[0], share="0.4", credited_number="0987")
    blocked = world.export([note])
    assert end_of(blocked, note) == (State.BLOCKED, "credit_original")
    declare_credited(Desk(world.installation, ADMIN), note, int(number))
    assert end_of(world.export([note]), note) == (State.TRANSFERRED, "")
    assert order_of(world, "RC-10-9001")["ReferenceInvoiceId"] == number


def test_an_entered_number_is_verified_before_anything_is_sent(
    world: World, ids: list[int]
) -> None:
    world.export(ids)
    note = add_credit_note(world, ids[0], credited_office_id=99999)
    assert end_of(world.export([note]), note) == (State.BLOCKED, "credit_not_found")
    of_another = order_of(world, "RM-10-1002")["InvoiceId"]
    declare_credited(Desk(world.installation, ADMIN), note, int(of_another))
    transfers = world.export([note])
    assert end_of(transfers, note) == (State.BLOCKED, "credit_mismatch")
    assert "belongs to another customer" in by_id(transfers)[note].words
    assert drafts_left(world) == 0
    assert "RC-10-9001" not in booked_by_reference(world)


@pytest.mark.both
def test_two_credit_notes_of_one_invoice_credit_no_more_than_it_has(
    world: World, ids: list[int]
) -> None:
    world.export(ids)
    half = add_credit_note(world, ids[0], share="0.4")
    assert end_of(world.export([half]), half) == (State.TRANSFERRED, "")
    fits = add_credit_note(world, ids[0], number="9002", share="0.6")
    more = add_credit_note(world, ids[0], number="9003", share="0.8")
    run = world.export([more])
    assert end_of(run, more) == (State.BLOCKED, "credit_mismatch")
    assert "10-9001" in by_id(run)[more].words
    assert end_of(world.export([fits]), fits) == (State.TRANSFERRED, "")


def test_of_two_that_are_too_much_together_the_second_waits_for_a_person(
    world: World, ids: list[int]
) -> None:
    world.export(ids)
    notes = [
        add_credit_note(world, ids[0], number=number, share="0.8") for number in ("9001", "9002")
    ]
    transfers = world.export(notes)
    assert end_of(transfers, notes[0]) == (State.TRANSFERRED, "")
    assert end_of(transfers, notes[1]) == (State.BLOCKED, "credit_mismatch")


def test_with_order_for_approval_the_original_must_be_approved_first(
    world: World, department: int
) -> None:
    world.add_key([department], mode=KeyMode.APPROVAL)
    ids = world.add_invoices(department, 1)
    note = add_credit_note(world, ids[0])
    transfers = world.export([*ids, note])
    assert end_of(transfers, ids[0]) == (State.TRANSFERRED, "waits_approval")
    assert end_of(transfers, note) == (State.BLOCKED, "credit_original_open")
    order = order_of(world, "RM-10-1001")
    world.control.edit("invoice_order", CLIENT, order_id=order["OrderId"])
    assert end_of(world.export([note]), note) == (State.TRANSFERRED, "waits_approval")
    credit = order_of(world, "RC-10-9001")
    assert credit["OrderStatus"] == "ForInvoicing"
    assert credit["ReferenceInvoiceId"] == order_of(world, "RM-10-1001")["InvoiceId"]


def test_switched_off_while_queued_nothing_is_sent(
    world: World, ids: list[int], key: int, admin: Actor
) -> None:
    world.export(ids)
    note = add_credit_note(world, ids[0])
    run = world.start([note])
    change_key(Desk(world.installation, admin), key, CREDIT_NOTES.to(False))
    assert end_of(world.work(run), note) == (State.BLOCKED, "credit_notes_off")
    [planned] = plan_selection(Desk(world.installation, ADMIN), [note])
    assert planned.reason == "credit_notes_off"
    assert "RC-10-9001" not in booked_by_reference(world)


def test_a_draft_that_credits_another_invoice_is_not_booked(world: World, ids: list[int]) -> None:
    world.export(ids)
    original, other = order_of(world, "RM-10-1001"), order_of(world, "RM-10-1004")
    assert original["CustomerId"] == other["CustomerId"]
    note = add_credit_note(world, ids[0], credited_office_id=int(other["InvoiceId"]))
    world.control.arm(Fault("lost_before", "SaveInvoices", only="invoicing", times=0))
    run = world.start([note])
    world.work(run)
    world.control.set(clear=True)
    assert drafts_left(world) == 1
    with world.installation.db.writing() as session:
        session.get_one(Invoice, note).credited_office_id = None
    transfers = world.work(run)
    assert end_of(transfers, note) == (State.DIFFERS, "draft_outdated")
    assert f"credits invoice {other['InvoiceId']}, not" in by_id(transfers)[note].words


def test_what_was_entered_can_be_taken_back_and_is_audited(world: World, ids: list[int]) -> None:
    note = add_credit_note(world, ids[0])
    declare_credited(Desk(world.installation, ADMIN), note, 4711)
    declare_credited(Desk(world.installation, ADMIN), note, None)
    with world.installation.db.reading() as session:
        told = [
            (each.subject, each.detail)
            for each in latest_events(session, limit=10)
            if each.action == "credited invoice entered"
        ]
    assert told == [
        ("credit note 10-9001", "no longer invoice 4711"),
        ("credit note 10-9001", "invoice 4711"),
    ]


def test_only_a_credit_note_that_is_not_on_its_way_takes_a_number(
    world: World, ids: list[int], analyst: Actor
) -> None:
    note = add_credit_note(world, ids[0])
    with pytest.raises(WrongUse, match="1001 is no credit note"):
        declare_credited(Desk(world.installation, ADMIN), ids[0], 1)
    for number in (0, -1, 2**31):
        with pytest.raises(WrongUse, match="a whole number above 0"):
            declare_credited(Desk(world.installation, ADMIN), note, number)
    with pytest.raises(WrongUse, match="does not exist any more"):
        declare_credited(Desk(world.installation, ADMIN), 12345, 1)
    with pytest.raises(NotAllowed):
        declare_credited(Desk(world.installation, analyst), note, 1)
    world.export([*ids, note])
    with pytest.raises(WrongUse, match="transferred already"):
        declare_credited(Desk(world.installation, ADMIN), note, 1)


def test_a_credit_note_waits_while_its_invoice_is_open_in_another_part_of_the_run(
    world: World, ids: list[int]
) -> None:
    note = add_credit_note(world, ids[0])
    run = world.start([ids[0], note])
    with world.installation.db.reading() as session:
        [lane] = open_lanes(session)
        rows = {row.invoice_id: row.id or 0 for row in open_of_lane(session, lane)}
    work_lane(world.installation, lane, [rows[note]])
    with world.installation.db.reading() as session:
        assert {row.state for row in transfers_of_run(session, run)} == {State.QUEUED}
    work_lane(world.installation, lane, list(rows.values()))
    with world.installation.db.reading() as session:
        assert {row.state for row in transfers_of_run(session, run)} == {State.TRANSFERRED}


def renumber(world: World, note: int, **changes: Any) -> int:
    """Let the credit note be under another RecMan number of its firm; returns that customer."""
    with world.installation.db.writing() as session:
        row = session.get_one(Invoice, note)
        old = session.get_one(Customer, row.customer_id)
        old.organization_number = "123456785"
        values = old.model_dump(exclude={"id", "name_folded"}) | {"number": "16806"} | changes
        new = Customer(**values)
        session.add(new)
        session.flush()
        row.customer_id = new.row_id
        return new.row_id


@pytest.mark.parametrize("entered", [False, True], ids=["by number", "by the number there"])
@pytest.mark.parametrize("has_own_card", [False, True], ids=["no card", "a second card"])
def test_a_credit_note_of_a_renumbered_firm_goes_to_the_card_of_its_invoice(
    world: World, ids: list[int], entered: bool, has_own_card: bool
) -> None:
    world.export(ids)
    original = order_of(world, "RM-10-1001")
    changes: dict[str, Any] = {}
    if entered:
        changes = {"credited_number": "", "credited_office_id": original["InvoiceId"]}
    note = add_credit_note(world, ids[0], **changes)
    customer = renumber(world, note, name="Omdøpt Kunde 1 AS")
    if has_own_card:
        with world.installation.db.writing() as session:
            card = LinkedCard(original["CustomerId"] + 1, FoundBy.CREATED, "Another card")
            link_customers(session, CLIENT, {customer: card})
    cards = len(world.control.books()[CLIENT]["companies"])
    transfers = world.export([note])
    assert end_of(transfers, note) == (State.TRANSFERRED, ""), transfers[0].words
    credit = order_of(world, "RC-10-9001")
    assert credit["CustomerId"] == original["CustomerId"] == transfers[0].company_id
    assert credit["ReferenceInvoiceId"] == original["InvoiceId"]
    assert len(world.control.books()[CLIENT]["companies"]) == cards
    second = add_credit_note(world, ids[0], number="9002", share="0.5")
    [planned] = plan_selection(Desk(world.installation, ADMIN), [second])
    assert planned.reason == "credit_mismatch", "what the other number has credited counts"


def test_a_credit_note_goes_with_the_invoice_of_its_firms_old_number(
    world: World, ids: list[int]
) -> None:
    note = add_credit_note(world, ids[0])
    renumber(world, note)
    transfers = world.export([note, *ids])
    assert end_of(transfers, note) == (State.TRANSFERRED, "")
    assert (
        order_of(world, "RC-10-9001")["CustomerId"] == order_of(world, "RM-10-1001")["CustomerId"]
    )


@pytest.mark.parametrize(
    "other",
    [{"organization_number": "999999999"}, {"organization_number": ""}, {"name": "Delta Rør"},
     {"organization_number": "100500027"}, {"country": "SE"}],
)  # fmt: skip
def test_a_credit_note_of_another_firm_does_not_go_to_the_card_of_the_invoice(
    world: World, ids: list[int], other: dict[str, str]
) -> None:
    world.export(ids)
    note = add_credit_note(world, ids[0])
    renumber(world, note, **other)
    transfers = world.export([note])
    assert end_of(transfers, note) == (State.BLOCKED, "credit_mismatch")
    assert "belongs to another customer, " in transfers[0].words
    assert "link them to one card" in transfers[0].words


def test_two_customers_whom_a_person_has_linked_to_one_card_are_one_firm(
    world: World, ids: list[int]
) -> None:
    world.export(ids)
    note = add_credit_note(world, ids[0])
    customer = renumber(world, note, organization_number="", name="Omdøpt")
    company = order_of(world, "RM-10-1001")["CustomerId"]
    with world.installation.db.writing() as session:
        link_customers(session, CLIENT, {customer: LinkedCard(company, FoundBy.PERSON)})
    transfers = world.export([note])
    assert end_of(transfers, note) == (State.TRANSFERRED, ""), transfers[0].words
    assert order_of(world, "RC-10-9001")["CustomerId"] == company
