"""What is paid is read back in bulk, as of a moment, and never as what so24 has done."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa
from sqlmodel import select

from so24.errors import NotAllowed, WrongUse
from so24.keys.upkeep import disable_key
from so24.ledger.payments import reading as reading_module
from so24.ledger.payments.reading import read_portion
from so24.ledger.payments.schedule import list_readings, queue_due, read_payments_now
from so24.people.desk import Desk
from so24.people.roles import Actor
from so24.sandbox.serve import SandboxServer
from so24.store.documents.overview import InvoiceFilter
from so24.store.payments.stated import sum_payments
from so24.store.tables.document_tables import Invoice
from so24.store.tables.ground import now
from so24.store.tables.key_tables import Key, KeyMode
from so24.store.tables.payment_tables import Payment, PaymentState
from so24.store.tables.transfer_tables import Transfer
from tests.ledger.payments.reading_world import (
    Queue,
    calls_made,
    forget_how_few_there_are,
    let_hours_pass,
    order_of,
    pay,
    read_due,
    read_now,
    reading,
    rows_of,
    states_of,
)
from tests.transfer.world import ADMIN, CLIENT, World

PAID, NOT_PAID, OVERDUE, UNREAD, NONE = (
    PaymentState.PAID,
    PaymentState.NOT_PAID,
    PaymentState.OVERDUE,
    PaymentState.UNREAD,
    PaymentState.NONE,
)


@pytest.fixture
def key(world: World) -> int:
    """A key for department 10."""
    return world.add_key([world.add_department()])


@pytest.fixture
def ids(world: World, key: int) -> list[int]:
    """Three invoices that are booked, 1001 to 1003; the second is due far away."""
    found = world.add_invoices(1, 3)
    with world.installation.db.writing() as session:
        session.get_one(Invoice, found[1]).due_date = now().date() + dt.timedelta(days=300)
    world.export(found)
    return found


@pytest.mark.both
def test_what_was_never_read_is_unknown_and_what_was_not_sent_has_no_state(
    world: World, ids: list[int]
) -> None:
    world.add_invoices(1, 1, first=1004)
    assert states_of(world) == {"1001": UNREAD, "1002": UNREAD, "1003": UNREAD, "1004": NONE}


@pytest.mark.both
def test_paid_not_paid_and_overdue_are_told_as_of_the_reading(world: World, ids: list[int]) -> None:
    pay(world, ids[0], on="2026-11-12")
    before = now()
    assert read_due(world) == 3
    assert states_of(world) == {"1001": PAID, "1002": NOT_PAID, "1003": OVERDUE}
    row = rows_of(world)["1001"]
    assert row.paid_on == dt.date(2026, 11, 12)
    assert row.payment_read_at is not None
    assert before <= row.payment_read_at <= now()


@pytest.mark.both
def test_the_list_is_filtered_by_each_state(world: World, ids: list[int]) -> None:
    pay(world, ids[0])
    read_due(world)
    world.export(world.add_invoices(1, 1, first=1004))
    found = {
        state: list(rows_of(world, InvoiceFilter(payments=frozenset({state}))))
        for state in (PAID, NOT_PAID, OVERDUE, UNREAD)
    }
    assert found == {PAID: ["1001"], NOT_PAID: ["1002"], OVERDUE: ["1003"], UNREAD: ["1004"]}
    both = InvoiceFilter(payments=frozenset({PAID, UNREAD}), limit=10)
    assert set(rows_of(world, both)) == {"1001", "1004"}


def test_a_part_that_was_paid_shows_nowhere_until_the_rest_is(world: World, ids: list[int]) -> None:
    total = rows_of(world)["1002"].total
    pay(world, ids[1], amount=str(total - 1))
    read_due(world)
    assert states_of(world)["1002"] is NOT_PAID
    pay(world, ids[1], amount="1")
    read_now(world)
    assert states_of(world)["1002"] is PAID


def test_a_payment_that_was_taken_back_is_none_any_more(world: World, ids: list[int]) -> None:
    pay(world, ids[1])
    read_due(world)
    world.control.edit("take_back_payment", CLIENT, order_id=order_of(world, ids[1]))
    read_now(world)
    assert states_of(world)["1002"] is NOT_PAID
    assert rows_of(world)["1002"].paid_on is None


@pytest.mark.both
def test_sums_are_of_what_is_not_known_to_be_paid(world: World, ids: list[int]) -> None:
    pay(world, ids[0])
    read_due(world)
    world.export(world.add_invoices(1, 1, first=1004))
    totals = {number: row.total for number, row in rows_of(world).items()}
    with world.installation.db.reading() as session:
        found = {(each.state, each.currency): each for each in sum_payments(session)}
    assert {state: (each.count, each.amount) for (state, _), each in found.items()} == {
        NOT_PAID: (1, totals["1002"]),
        OVERDUE: (1, totals["1003"]),
        UNREAD: (1, totals["1004"]),
    }
    assert {currency for _, currency in found} == {"NOK"}


def test_an_order_that_is_not_found_any_more_is_unknown_again(
    world: World, ids: list[int], sandbox: SandboxServer
) -> None:
    read_due(world)
    with sandbox.sandbox.books.transaction():
        sandbox.sandbox.books.change("delete from orders where id = ?", order_of(world, ids[0]))
    read_now(world)
    assert states_of(world)["1001"] is UNREAD


def test_an_order_that_waits_for_approval_is_not_asked_about(world: World) -> None:
    world.add_key([world.add_department()], mode=KeyMode.APPROVAL)
    world.export(world.add_invoices(1, 1))
    assert read_due(world) == 0
    assert states_of(world) == {"1001": NONE}


# -- how often, and in how many requests ---------------------------------------------------------


def test_nothing_is_asked_where_nothing_is_booked(world: World, key: int) -> None:
    world.add_invoices(1, 2)
    calls_made(world)
    assert read_due(world) == 0
    assert calls_made(world) == {}
    assert reading(world).read_at is not None


@pytest.mark.slow
@pytest.mark.made_up
def test_a_thousand_invoices_take_three_requests_at_most(
    world: World, key: int, sandbox: SandboxServer
) -> None:
    make_many(world, sandbox, 1000)
    calls_made(world)
    assert read_due(world) == 1000
    assert calls_made(world) == {"GetIdentity": 1, "GetInvoices": 1}
    with world.installation.db.writing() as session:
        session.get_one(Key, key).companies = 2  # of an account that reaches two companies
    read_now(world)
    assert calls_made(world) == {"GetIdentity": 2, "GetInvoices": 1}


@pytest.mark.made_up
def test_of_many_only_what_has_changed_is_read_and_now_and_then_all(
    world: World, key: int, sandbox: SandboxServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading_module, "FEW", 10)
    ids = make_many(world, sandbox, 30)
    read_due(world)
    assert read_due(world) == 0  # it is not due
    with sandbox.sandbox.books.transaction():
        sandbox.sandbox.books.change("update orders set changed = 0")  # a long time ago
    pay(world, ids[0])
    pay(world, ids[1], marked=False)  # that a payment marks an order is not documented
    let_hours_pass(world, 5)
    forget_how_few_there_are(world)
    calls_made(world)
    assert read_due(world) == 1
    assert calls_made(world) == {"GetIdentity": 1, "GetOrderSyncList": 1, "GetInvoices": 1}
    found = rows_of(world)
    assert (found["1001"].payment, found["1002"].payment) == (PAID, OVERDUE)
    let_hours_pass(world, 25)
    assert read_due(world) == 30
    assert states_of(world)["1002"] is PAID


@pytest.mark.made_up
def test_what_was_booked_since_is_read_though_nothing_says_that_it_changed(
    world: World, key: int, sandbox: SandboxServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading_module, "FEW", 0)
    make_many(world, sandbox, 3)
    read_due(world)
    world.export(world.add_invoices(1, 1, first=1900))
    with sandbox.sandbox.books.transaction():
        sandbox.sandbox.books.change("update orders set changed = 0")
    let_hours_pass(world, 5)
    forget_how_few_there_are(world)
    assert read_due(world) == 1
    assert states_of(world)["1900"] is OVERDUE


@pytest.mark.both
@pytest.mark.made_up
def test_a_long_reading_is_cut_into_portions_and_goes_on_after_a_kill(
    world: World, key: int, sandbox: SandboxServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading_module, "PORTION", 4)
    monkeypatch.setattr(reading_module, "MOST_IDS", 2)
    make_many(world, sandbox, 10)
    queue = Queue()
    queue_due(world.installation, queue)
    assert read_portion(world.installation, queue.pop(), lambda: None, queue) == 4
    assert queue == [key]  # the next portion, behind whatever else is queued for the company
    calls = iter((None, None))  # proof and one chunk, then the process is killed

    def die() -> None:
        if next(calls, "dead") == "dead":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        queue.work(world, die)
    assert list(states_of(world).values()).count(UNREAD) == 4
    assert reading(world).read_at is None
    let_hours_pass(world, 1)  # the job is lost with its process; housekeeping takes it up
    assert read_due(world) == 4
    assert UNREAD not in states_of(world).values()
    assert reading(world).begun_at is None


@pytest.mark.both
def test_two_processes_that_look_queue_one_reading_and_a_second_job_reads_nothing(
    world: World, ids: list[int]
) -> None:
    queue = Queue()
    for _ in range(2):
        queue_due(world.installation, queue)
    assert len(queue) == 1
    queue.append(queue[0])
    calls_made(world)
    assert queue.work(world) == 3
    assert calls_made(world)["GetInvoices"] == 1


# -- what keeps it from being read ---------------------------------------------------------------


def test_a_refused_login_parks_the_key_and_is_not_tried_again(
    world: World, key: int, ids: list[int]
) -> None:
    with world.installation.db.writing() as session:
        row = session.get_one(Key, key)
        row.password_sealed = world.installation.vault.seal("another one")
        row.session_sealed = ""
    calls_made(world)
    assert read_due(world) == 0
    assert calls_made(world) == {"Login": 1}
    assert "could not log in" in reading(world).failure
    let_hours_pass(world, 48)
    assert read_due(world) == 0
    with pytest.raises(WrongUse, match="could not log in"):
        read_now(world)
    assert calls_made(world) == {}
    assert set(states_of(world).values()) == {UNREAD}


def test_a_company_whose_key_is_stopped_is_left_alone(world: World, key: int) -> None:
    world.export(world.add_invoices(1, 1))
    disable_key(Desk(world.installation, ADMIN), key)
    calls_made(world)
    assert read_due(world) == 0
    with pytest.raises(WrongUse, match="no usable key"):
        read_now(world)
    assert calls_made(world) == {}


def test_without_a_schedule_only_a_press_reads(
    world: World, ids: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(world.installation.settings, "payments_hours", 0)
    assert read_due(world) == 0
    assert read_now(world) == 3


def test_what_could_not_be_read_says_why_and_is_tried_again_soon(
    world: World, ids: list[int]
) -> None:
    read_due(world)
    world.control.edit("set_maintenance", CLIENT, on=True)
    assert read_now(world) == 0
    failed = reading(world)
    assert failed.failure
    assert now() < failed.next_at < now() + dt.timedelta(hours=1)
    assert states_of(world)["1002"] is NOT_PAID  # as of the reading before
    world.control.edit("set_maintenance", CLIENT, on=False)
    let_hours_pass(world, 1)
    assert read_due(world) == 3
    assert reading(world).failure == ""


def test_an_analyst_may_read_and_who_has_no_role_may_not(
    world: World, ids: list[int], analyst: Actor
) -> None:
    desk = Desk(world.installation, analyst)
    queue = Queue()
    assert read_payments_now(desk, queue) == 1
    assert queue.work(world) == 3
    [row] = list_readings(desk)
    assert row.company.endswith(f"({CLIENT})")
    nobody = Desk(world.installation, Actor("x", "nobody"))  # type: ignore[arg-type]
    with pytest.raises(NotAllowed):
        read_payments_now(nobody, queue)


def make_many(world: World, sandbox: SandboxServer, count: int) -> list[int]:
    """Booked invoices from 1001 on: one that was sent, and copies of it on both sides."""
    [first, *others] = world.add_invoices(1, count, lines=1)
    world.export([first])
    number = order_of(world, first)
    with world.installation.db.writing() as session:
        sent = session.exec(select(Transfer)).one().model_dump(exclude={"id", "invoice_id"})
        rows = [
            {**sent, "invoice_id": each, "order_id": number + place}
            for place, each in enumerate(others, 1)
        ]
        session.execute(sa.insert(Transfer), rows)
    books = sandbox.sandbox.books
    with books.transaction():
        books.change(
            "with recursive copies(n) as (select 1 union all select n + 1 from copies where n < ?) "
            "insert into orders select client, id + n, customer, status, invoice + n, changed, "
            "registered, hidden, json_set(record, '$.OrderId', id + n) from orders, copies",
            count - 1,
        )
    return [first, *others]


def test_the_table_of_payments_holds_one_row_a_document(world: World, ids: list[int]) -> None:
    read_due(world)
    read_now(world)
    with world.installation.db.reading() as session:
        assert sorted(session.exec(select(Payment.invoice_id))) == ids
