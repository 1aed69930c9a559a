"""The ledger, read from a real sandbox and put beside our documents."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from sqlmodel import select

from so24.amounts import GROUP
from so24.errors import WrongUse
from so24.invoices.decisions import set_excluded
from so24.invoices.declarations import declare_other, declare_same
from so24.keys.upkeep import disable_key
from so24.ledger.agreement import tell_ours
from so24.ledger.read import ledger_keys, reconcile_period
from so24.ledger.reconcile import Verdict
from so24.people.desk import Desk
from so24.reasons import Reason
from so24.store.ledger.booked import booked_documents
from so24.store.tables.document_tables import Invoice
from so24.store.tables.transfer_tables import Transfer
from tests.transfer.by_hand import enter_twin
from tests.transfer.world import ADMIN, CLIENT, DAY, World

FIRST, LAST = dt.date(2026, 11, 1), dt.date(2026, 11, 30)


@pytest.fixture
def department(world: World) -> int:
    """A department without key."""
    return world.add_department()


@pytest.fixture
def key(world: World, department: int) -> int:
    """Its key."""
    return world.add_key([department])


def verdicts(world: World, first: dt.date = FIRST, last: dt.date = LAST) -> dict[str, Verdict]:
    """Verdicts by our number, or by order id where there is no document of ours."""
    lines = reconcile_period(Desk(world.installation, ADMIN), first, last)
    return {line.number or str(line.order_id): line.verdict for line in lines}


@pytest.mark.both
def test_what_was_transferred_agrees(world: World, department: int, key: int) -> None:
    world.export(world.add_invoices(department, 3))
    assert verdicts(world) == dict.fromkeys(("1001", "1002", "1003"), Verdict.AGREES)


def test_each_line_names_the_card_that_the_document_was_sent_to(
    world: World, department: int, key: int
) -> None:
    world.export(world.add_invoices(department, 1))
    [line] = reconcile_period(Desk(world.installation, ADMIN), FIRST, LAST)
    [card] = world.control.books()[CLIENT]["companies"]
    assert line.customer_card == f"{card['Id']} {card['Name']}, created by so24"
    assert line.office_customer_id == card["Id"]


def test_an_order_by_hand_is_only_in_the_office(world: World, department: int, key: int) -> None:
    order_id = enter_twin(world, world.add_invoices(department, 4))
    found = verdicts(world)
    assert found.pop(str(order_id)) is Verdict.ONLY_OFFICE
    assert set(found.values()) == {Verdict.AGREES}


def test_an_order_that_is_probably_a_document_of_ours_names_it_and_counts_on_one_side_only(
    world: World, department: int, key: int
) -> None:
    ids = world.add_invoices(department, 4)
    order_id = enter_twin(world, ids)
    world.export(ids[3:])
    desk = Desk(world.installation, ADMIN)
    [line] = (each for each in reconcile_period(desk, FIRST, LAST) if each.order_id == order_id)
    assert (line.verdict, line.probably, line.number) == (Verdict.ONLY_OFFICE, "1004", "")
    assert (line.document_id, line.our_total) == (ids[3], None)
    assert line.customer.startswith("Kunde")
    assert line.means("1004")
    declare_other(desk, ids[3])
    [line] = (each for each in reconcile_period(desk, FIRST, LAST) if each.order_id == order_id)
    assert (line.probably, line.document_id) == ("", None)


@pytest.mark.both
def test_what_is_there_already_counts_beside_both_witnesses_and_is_told_apart(
    world: World, department: int, key: int
) -> None:
    ids = world.add_invoices(department, 4)
    enter_twin(world, ids, reference="RM-10-1004")
    [found] = world.export(ids[3:])
    assert found.reason == Reason.EXISTS_REFERENCE
    lines = reconcile_period(Desk(world.installation, ADMIN), FIRST, LAST)
    with world.installation.db.reading() as session:
        booked = booked_documents(session, CLIENT, FIRST, LAST)
    by_office = {line.number: line.transferred for line in lines}
    by_saft = {each.invoice.number: each.transferred for each in booked}
    assert by_office == by_saft == {"1001": True, "1002": True, "1003": True, "1004": False}
    said = tell_ours(lines, "NOK").replace(GROUP, " ")
    assert "19 681,89 transferred by so24 (documents: 3)" in said
    assert "6 560,63 that is there already and that so24 has not transferred (documents: 1)" in said


@pytest.mark.both
def test_an_order_that_was_declared_to_be_the_document_agrees_with_it(
    world: World, department: int, key: int
) -> None:
    ids = world.add_invoices(department, 4)
    order_id = enter_twin(world, ids)
    world.export(ids[3:])
    desk = Desk(world.installation, ADMIN)
    declare_same(desk, ids[3])
    assert verdicts(world) == dict.fromkeys(("1001", "1002", "1003", "1004"), Verdict.AGREES)
    [line] = (each for each in reconcile_period(desk, FIRST, LAST) if each.number == "1004")
    assert (line.order_id, line.difference) == (order_id, Decimal(0))
    set_excluded(desk, ids[3:], "It stays out for another reason")
    assert verdicts(world)["1004"] is Verdict.AGREES
    with world.installation.db.writing() as session:  # as if that order were not there any more
        session.get_one(Invoice, ids[3]).same_order = order_id + 1
        [found] = session.exec(select(Transfer).where(Transfer.invoice_id == ids[3]))
        found.order_id = order_id + 1
    assert verdicts(world)["1004"] is Verdict.ONLY_OURS
    set_excluded(desk, ids[3:], None)  # taken in again, it is asked anew
    assert "1004" not in verdicts(world)


@pytest.mark.both
def test_orders_of_other_periods_are_left_out(world: World, department: int, key: int) -> None:
    world.export(world.add_invoices(department, 1))
    day = dt.timedelta(days=1)
    assert verdicts(world, DAY, DAY) == {"1001": Verdict.AGREES}
    assert verdicts(world, DAY + day, LAST) == {}
    assert verdicts(world, FIRST - 30 * day, DAY - day) == {}


def test_a_draft_is_told_apart(world: World, department: int, key: int) -> None:
    invoices = world.add_invoices(department, 1)
    world.export(invoices)
    companies = world.control.books()[CLIENT]["companies"]
    rows = [{"product_number": "P2", "name": "Work", "quantity": "1", "price": "10"}]
    order = world.control.edit(
        "create_order",
        CLIENT,
        customer_id=companies[0]["Id"],
        rows=rows,
        invoice_date=DAY.isoformat(),
    )
    assert verdicts(world)[str(order["OrderId"])] is Verdict.DRAFT


def test_a_company_is_read_once_however_many_keys_reach_it(world: World, key: int) -> None:
    assert len(ledger_keys(Desk(world.installation, ADMIN))) == 1
    world.add_key([world.add_department("20")], account="bergen")
    assert len(ledger_keys(Desk(world.installation, ADMIN))) == 1


def test_without_a_usable_key_nothing_is_asked(world: World, key: int) -> None:
    disable_key(Desk(world.installation, ADMIN), key)
    with pytest.raises(WrongUse, match="no usable key"):
        verdicts(world)
    with pytest.raises(WrongUse, match="disabled"):
        reconcile_period(Desk(world.installation, ADMIN), FIRST, LAST, key)


@pytest.mark.parametrize(
    ("first", "last", "sentence"),
    [
        (LAST, FIRST, "ends before it begins"),
        (FIRST - dt.timedelta(days=400), LAST, "longer than a year"),
    ],
)
def test_an_impossible_period_is_refused(
    world: World, first: dt.date, last: dt.date, sentence: str
) -> None:
    with pytest.raises(WrongUse, match=sentence):
        verdicts(world, first, last)
