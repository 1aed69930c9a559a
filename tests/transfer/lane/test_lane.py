"""The lane against a real sandbox over HTTP: every document ends in a state that is true."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

import pytest
from sqlmodel import col, select

from so24.crashpoints import arm
from so24.people.desk import Desk
from so24.reasons import Reason
from so24.sandbox.serve import SandboxServer
from so24.sandbox.wire.faults import Fault
from so24.store.history.events import events_of
from so24.store.history.verification import verify_history
from so24.store.keys.keys import living_keys
from so24.store.tables.document_tables import Invoice, InvoiceLine
from so24.store.tables.key_tables import KeyMode, KeyState
from so24.store.tables.transfer_tables import State, Transfer
from so24.store.transfers.runs import request_cancel
from so24.transfer.lane.late_drafts import sweep_late_drafts
from so24.transfer.runs import stop_run
from tests.transfer.world import ADMIN, CLIENT, World, booked_by_reference, drafts_left


def states(transfers: list[Transfer]) -> Counter[State]:
    return Counter(row.state for row in transfers)


def lose_the_draft_for_good(sandbox: SandboxServer) -> None:
    """The draft's answer is lost, and nobody can look for it until the faults are cleared."""
    sandbox.faults.arm(
        Fault("lost_after", "SaveInvoices", only="draft"),
        Fault("html", "GetInvoices", nth=1, times=0, status=503),
    )


@pytest.fixture
def ids(world: World) -> list[int]:
    """Seven documents of a department with a key."""
    department = world.add_department()
    world.add_key([department])
    return world.add_invoices(department, 7)


@pytest.mark.both
def test_every_document_is_transferred_once_and_confirmed(world: World, ids: list[int]) -> None:
    transfers = world.export(ids)
    assert states(transfers) == {State.TRANSFERRED: 7}
    assert all(row.office_invoice_id for row in transfers)
    assert booked_by_reference(world) == {f"RM-10-{1001 + n}": 1 for n in range(7)}
    assert drafts_left(world) == 0


def test_24sevenoffice_numbers_follow_the_order_of_recmans_numbers(
    world: World, ids: list[int]
) -> None:
    numbers = [row.office_invoice_id for row in world.export(ids[::-1])]
    assert numbers == sorted(numbers, key=lambda number: number or 0)


@pytest.mark.both
def test_a_second_export_sends_nothing_and_says_why(world: World, ids: list[int]) -> None:
    world.export(ids)
    world.control.reset_calls()
    again = world.export(ids)
    assert states(again) == {State.EXISTS: 7}
    assert {row.reason for row in again} == {"already_transferred"}
    assert world.control.calls()["operations"] == {}


def test_a_lost_answer_before_the_write_is_looked_up_and_sent_again(
    world: World, sandbox: SandboxServer, ids: list[int]
) -> None:
    sandbox.faults.arm(Fault("lost_before", "SaveInvoices", only="draft"))
    assert states(world.export(ids)) == {State.TRANSFERRED: 7}
    assert set(booked_by_reference(world).values()) == {1}


@pytest.mark.parametrize("write", ["draft", "invoicing"])
@pytest.mark.parametrize("kind", ["lost_before", "lost_after", "cut"])
def test_a_lost_answer_never_books_twice(
    world: World, sandbox: SandboxServer, ids: list[int], kind: str, write: str
) -> None:
    sandbox.faults.arm(Fault(kind, "SaveInvoices", only=write))
    assert states(world.export(ids)) == {State.TRANSFERRED: 7}
    assert list(booked_by_reference(world).values()) == [1] * 7
    assert drafts_left(world) == 0


@pytest.mark.parametrize("write", ["draft", "invoicing"])
def test_a_write_that_lands_after_the_lane_has_finished_leaves_one_booking(
    world: World, sandbox: SandboxServer, ids: list[int], write: str
) -> None:
    sandbox.faults.arm(Fault("late", "SaveInvoices", only=write, seconds=60))
    transfers = world.export(ids)
    assert states(transfers) == {State.TRANSFERRED: 7}
    sandbox.sandbox.land()
    waiting = [row.id for row in transfers if row.look_again_at and row.id]
    assert len(waiting) == 7
    sweep_late_drafts(world.installation, transfers[0].key_id or 0, waiting)
    assert list(booked_by_reference(world).values()) == [1] * 7
    assert drafts_left(world) == 0


def test_new_orders_that_show_late_are_waited_for(
    world: World, sandbox: SandboxServer, ids: list[int]
) -> None:
    sandbox.faults.arm(Fault("hidden", "SaveInvoices", only="draft", reads=2))
    transfers = world.export(ids)
    assert states(transfers) == {State.TRANSFERRED: 7}
    assert list(booked_by_reference(world).values()) == [1] * 7


def test_a_session_that_ends_in_the_middle_is_renewed(
    world: World, sandbox: SandboxServer, ids: list[int]
) -> None:
    sandbox.faults.arm(Fault("expire", "SaveInvoices", only="invoicing"))
    assert states(world.export(ids)) == {State.TRANSFERRED: 7}
    assert list(booked_by_reference(world).values()) == [1] * 7


def test_a_session_that_ends_under_the_only_document_does_not_end_the_document(
    world: World, sandbox: SandboxServer, ids: list[int]
) -> None:
    sandbox.faults.arm(Fault("expire", "SaveInvoices", only="draft"))
    assert states(world.export(ids[:1])) == {State.TRANSFERRED: 1}


@pytest.mark.slow
def test_patience_is_not_used_up_by_calls_that_took_long_but_went_well(
    world: World, sandbox: SandboxServer, ids: list[int]
) -> None:
    sandbox.faults.latency_ms = world.installation.settings.patience * 250
    sandbox.faults.arm(Fault("lost_before", "SaveInvoices", only="invoicing"))
    assert states(world.export(ids)) == {State.TRANSFERRED: 7}


def test_throttling_is_waited_out(world: World, sandbox: SandboxServer, ids: list[int]) -> None:
    sandbox.faults.arm(Fault("throttle", "SaveInvoices", seconds=1))
    assert states(world.export(ids)) == {State.TRANSFERRED: 7}


def test_an_office_that_stays_away_leaves_documents_not_sent_and_a_retry_sends_them(
    world: World, sandbox: SandboxServer, ids: list[int]
) -> None:
    sandbox.faults.arm(Fault("html", "GetInvoices", times=0, status=503))
    assert states(world.export(ids)) == {State.NOT_SENT: 7}
    sandbox.faults.clear()
    assert states(world.export(ids)) == {State.TRANSFERRED: 7}
    assert list(booked_by_reference(world).values()) == [1] * 7


def test_an_answer_lost_for_good_stays_unknown_and_is_taken_up_later(
    world: World, sandbox: SandboxServer, ids: list[int]
) -> None:
    run = world.start(ids)
    lose_the_draft_for_good(sandbox)
    assert states(world.work(run)) == {State.UNKNOWN: 7}
    sandbox.faults.clear()
    assert states(world.work(run)) == {State.TRANSFERRED: 7}
    assert list(booked_by_reference(world).values()) == [1] * 7


def test_one_refused_document_does_not_hold_up_the_others(world: World, ids: list[int]) -> None:
    world.export(ids[:3])
    company = world.control.books()[CLIENT]["companies"][0]["Id"]
    world.control.edit("edit_company", CLIENT, Id=company, BlockInvoice=True)
    transfers = world.export(ids[3:])
    refused = [row for row in transfers if row.state is State.REFUSED]
    assert refused
    assert all(row.words for row in refused)
    assert states(transfers)[State.TRANSFERRED] == 4 - len(refused)


def test_a_refused_batch_is_tried_one_by_one(
    world: World, sandbox: SandboxServer, ids: list[int]
) -> None:
    sandbox.faults.arm(Fault("fault", "SaveInvoices", only="draft", text="Bad batch"))
    assert states(world.export(ids)) == {State.TRANSFERRED: 7}
    assert list(booked_by_reference(world).values()) == [1] * 7


@pytest.mark.parametrize("operation", ["SaveCompanies", "SaveProducts"])
def test_of_a_refused_batch_of_customers_or_products_only_the_refused_one_ends_its_documents(
    world: World, sandbox: SandboxServer, operation: str
) -> None:
    department = world.add_department()
    world.add_key([department])
    ids = world.add_invoices(department, 7, customers=3, products=7, lines=1)
    sandbox.faults.arm(Fault("fault", operation, text="Bad batch", times=2))
    transfers = world.export(ids)
    refused = [row for row in transfers if row.state is State.REFUSED]
    assert len(refused) == (1 if operation == "SaveProducts" else 3)
    assert all("Bad batch" in row.words for row in refused)
    assert states(transfers)[State.TRANSFERRED] == 7 - len(refused)
    assert world.control.calls()["operations"]["SaveInvoices"] == 2
    assert states(world.export([row.invoice_id for row in refused])) == {
        State.TRANSFERRED: len(refused)
    }


@pytest.mark.parametrize("operation", ["SaveCompanies", "SaveProducts"])
def test_what_was_created_in_spite_of_a_refusal_is_found_and_not_created_again(
    world: World, sandbox: SandboxServer, ids: list[int], operation: str
) -> None:
    sandbox.faults.arm(Fault("fault", operation, performed=True))
    assert states(world.export(ids)) == {State.TRANSFERRED: 7}
    books = world.control.books()[CLIENT]
    assert (len(books["companies"]), len(books["products"])) == (3, 4)


def test_a_product_deleted_in_24sevenoffice_is_made_anew_by_a_retry(
    world: World, ids: list[int]
) -> None:
    world.export(ids[:4])
    product = world.control.books()[CLIENT]["products"][0]
    world.control.edit("delete_product", CLIENT, product_id=product["Id"])
    transfers = world.export(ids[4:])
    refused = [row.invoice_id for row in transfers if row.state is State.REFUSED]
    assert refused
    assert states(transfers)[State.TRANSFERRED] == 3 - len(refused)
    assert states(world.export(refused)) == {State.TRANSFERRED: len(refused)}
    numbers = [each["No"] for each in world.control.books()[CLIENT]["products"]]
    assert numbers.count(product["No"]) == 1


def test_a_draft_that_differs_is_not_booked(world: World, ids: list[int]) -> None:
    control = world.control
    world.export(ids[:1])
    product = control.books()[CLIENT]["products"][0]
    control.edit("edit_product", CLIENT, Id=product["Id"], CategoryId=3)
    transfers = world.export(ids[1:])
    differs = [row for row in transfers if row.state is State.DIFFERS]
    assert differs
    assert all("VAT is" in row.words for row in differs)
    assert drafts_left(world) == len(differs)


def test_rows_whose_vat_rates_are_swapped_there_are_not_booked(
    world: World, ids: list[int]
) -> None:
    world.export(ids[:1])
    with world.installation.db.writing() as session:
        invoice = session.get_one(Invoice, ids[4])  # of the same products
        invoice.vat = Decimal("656.06")  # of one of its two equal lines
        invoice.total = invoice.net + invoice.vat
        of_it = select(InvoiceLine).where(InvoiceLine.invoice_id == ids[4])
        first, second = session.exec(of_it.order_by(col(InvoiceLine.position)))
        second.vat_rate = Decimal(0)
        exempt = first.product_number
    product = next(
        each for each in world.control.books()[CLIENT]["products"] if each["No"] == exempt
    )
    world.control.edit("edit_product", CLIENT, Id=product["Id"], CategoryId=3)
    [transfer] = world.export(ids[4:5])
    assert (transfer.state, transfer.reason) == (State.DIFFERS, "draft_differs")
    assert "Row 1 has 25 % VAT in RecMan and 0 % in 24SevenOffice." in transfer.words
    assert drafts_left(world) == 1


def test_an_order_with_our_reference_that_somebody_booked_exists_already(
    world: World, sandbox: SandboxServer, ids: list[int]
) -> None:
    control = world.control
    run = world.start(ids[:1])
    lose_the_draft_for_good(sandbox)
    world.work(run)
    sandbox.faults.clear()
    order = control.books()[CLIENT]["orders"][0]
    control.edit("invoice_order", CLIENT, order_id=order["OrderId"])
    [transfer] = world.work(run)
    assert transfer.state is State.EXISTS
    assert transfer.reason == "exists_reference"
    assert list(booked_by_reference(world).values()) == [1]


def test_a_key_for_approval_leaves_orders_for_the_accountant(world: World) -> None:
    department = world.add_department()
    world.add_key([department], mode=KeyMode.APPROVAL)
    transfers = world.export(world.add_invoices(department, 2))
    assert states(transfers) == {State.TRANSFERRED: 2}
    assert all(row.reason is Reason.WAITS_APPROVAL for row in transfers)
    assert booked_by_reference(world) == {}


def test_without_a_category_only_documents_with_a_missing_product_are_blocked(
    world: World,
) -> None:
    department = world.add_department()
    world.add_key([department], category=None)
    transfers = world.export(world.add_invoices(department, 2))
    assert {row.reason for row in transfers} == {"no_category"}
    assert drafts_left(world) == 0


def test_a_run_stopped_before_it_began_sends_nothing(world: World, ids: list[int]) -> None:
    run = world.start(ids)
    stop_run(Desk(world.installation, ADMIN), run)
    assert states(world.work(run)) == {State.CANCELLED: 7}
    assert booked_by_reference(world) == {}


def test_a_run_stopped_after_its_drafts_names_them_and_books_nothing(
    world: World, sandbox: SandboxServer, ids: list[int]
) -> None:
    run = world.start(ids)
    lose_the_draft_for_good(sandbox)
    world.work(run)
    sandbox.faults.clear()
    with world.installation.db.writing() as session:
        request_cancel(session, run, "fia")
    transfers = world.work(run)
    assert {row.reason for row in transfers} == {"cancelled_draft"}
    assert all(row.order_id for row in transfers)
    assert booked_by_reference(world) == {}
    assert states(world.export(ids)) == {State.TRANSFERRED: 7}
    assert list(booked_by_reference(world).values()) == [1] * 7


def test_a_draft_deleted_by_hand_is_made_anew(
    world: World, sandbox: SandboxServer, ids: list[int]
) -> None:
    control = world.control
    run = world.start(ids[:1])
    lose_the_draft_for_good(sandbox)
    world.work(run)
    sandbox.faults.clear()
    control.edit("delete_draft", CLIENT, order_id=control.books()[CLIENT]["orders"][0]["OrderId"])
    assert states(world.work(run)) == {State.TRANSFERRED: 1}


def test_a_wrong_password_ends_the_lane_with_login_and_is_not_tried_again(
    world: World, sandbox: SandboxServer, ids: list[int]
) -> None:
    books = sandbox.sandbox.books
    with books.transaction():
        books.change("update account set password = 'changed'")
        books.change("delete from session")
    world.control.reset_calls()
    transfers = world.export(ids)
    assert {(row.state, row.reason) for row in transfers} == {(State.LOGIN, "login_refused")}
    assert world.control.calls()["operations"]["Login"] == 1


@pytest.mark.both
def test_the_history_of_every_document_is_whole(world: World, ids: list[int]) -> None:
    world.export(ids)
    with world.installation.db.reading() as session:
        verdict = verify_history(session)
        told = [event.state for event in events_of(session, ids[0])]
    assert verdict.breaks == ()
    assert verdict.chains == 7
    assert told[0] == "queued"
    assert told[-1] == "transferred"


def test_a_key_that_was_deleted_meanwhile_ends_its_lane_with_login(
    world: World, ids: list[int]
) -> None:
    run = world.start(ids)
    with world.installation.db.writing() as session:
        for key in living_keys(session):
            key.state = KeyState.DELETED
            session.add(key)
    assert {(row.state, row.reason) for row in world.work(run)} == {(State.LOGIN, "key_unusable")}


def test_a_password_that_cannot_be_unsealed_ends_the_lane_with_login(
    world: World, ids: list[int]
) -> None:
    run = world.start(ids)
    with world.installation.db.writing() as session:
        for key in living_keys(session):
            key.password_sealed = "not sealed by us"
            key.session_sealed = ""
            session.add(key)
    assert {(row.state, row.reason) for row in world.work(run)} == {(State.LOGIN, "key_unusable")}


def test_a_refusal_to_invoice_is_believed_only_after_a_look(
    world: World, sandbox: SandboxServer, ids: list[int]
) -> None:
    fault = Fault("fault", "SaveInvoices", only="invoicing", times=0, performed=True)
    sandbox.faults.arm(fault)
    assert states(world.export(ids[:1])) == {State.TRANSFERRED: 1}
    assert list(booked_by_reference(world).values()) == [1]


def test_a_draft_that_was_deleted_before_it_was_to_be_invoiced_is_told_once_and_as_it_was(
    world: World, ids: list[int]
) -> None:
    run = world.start(ids[:1])

    def delete(point: str, _key: int | None) -> None:
        if point == "after draft result":
            [order] = world.control.books()[CLIENT]["orders"]
            world.control.edit("delete_draft", CLIENT, order_id=order["OrderId"])
            arm(None)

    arm(delete)
    assert states(world.work(run)) == {State.TRANSFERRED: 1}
    with world.installation.db.reading() as session:
        told = [(str(event.state), str(event.reason)) for event in events_of(session, ids[0])]
    assert told[told.index(("drafted", "")) :] == [
        ("drafted", ""), ("queued", "draft_gone"), ("preparing", "sending_draft"),
        ("drafted", ""), ("compared", ""), ("invoicing", ""), ("transferred", ""),
    ]  # fmt: skip
    assert "invoicing" not in Reason.DRAFT_GONE.card.title
