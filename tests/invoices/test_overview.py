"""The invoice overview's filters by standing, on real rows."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest
from sqlmodel import select

from so24.errors import NotAllowed
from so24.invoices.overview import (
    list_documents,
    newest_change,
    open_list,
    read_overview,
    sum_documents,
)
from so24.people.desk import Desk
from so24.people.roles import Actor
from so24.store.documents.overview import CurrencySum, InvoiceFilter, ListOrder
from so24.store.tables.document_tables import Customer, Invoice
from so24.store.tables.key_tables import Department
from so24.store.tables.transfer_tables import OPEN, State, Transfer
from tests.transfer.world import ADMIN, World

pytestmark = pytest.mark.both


@pytest.fixture
def standing(world: World) -> World:
    """1001 transferred at the second try, 1002 queued, 1003 without a key, 1004 untouched."""
    department, keyless = world.add_department(), world.add_department("30")
    first, second, _ = world.add_invoices(department, 3, first=1001)
    third = world.add_invoices(keyless, 1, first=2003)
    world.export([first, *third])  # no key yet: both end as login
    world.add_key([department])
    world.export([first])
    world.start([second])
    return world


def numbers(world: World, wanted: InvoiceFilter) -> set[str]:
    page = read_overview(Desk(world.installation, ADMIN), wanted)
    assert page.found == len(page.rows)
    return {row.number for row in page.rows}


def test_unsent_means_nothing_live(standing: World) -> None:
    assert numbers(standing, InvoiceFilter(unsent=True)) == {"1003", "2003"}


def test_a_document_stands_as_its_live_transfer_does(standing: World) -> None:
    transferred = InvoiceFilter(states=frozenset({State.TRANSFERRED}))
    assert numbers(standing, transferred) == {"1001"}
    assert numbers(standing, InvoiceFilter(states=frozenset(OPEN))) == {"1002"}


def test_an_error_that_was_overcome_is_no_problem_any_more(standing: World) -> None:
    assert numbers(standing, InvoiceFilter(states=frozenset({State.LOGIN}))) == {"2003"}


def test_a_page_knows_how_many_there_are_in_all(standing: World) -> None:
    page = read_overview(Desk(standing.installation, ADMIN), InvoiceFilter(limit=2, offset=2))
    assert (len(page.rows), page.found) == (2, 4)


def test_an_analyst_sees_no_invoices(standing: World, analyst: Actor) -> None:
    with pytest.raises(NotAllowed, match="see invoices"):
        read_overview(Desk(standing.installation, analyst), InvoiceFilter())


@pytest.fixture
def named(world: World) -> World:
    """Documents AB-1, of Østlandet Bemanning AS, and 2, of Café Ås."""
    first, second = world.add_invoices(world.add_department(), 2, customers=2)
    names = {first: ("AB-1", "Østlandet Bemanning AS"), second: ("2", "Café Ås")}
    with world.installation.db.writing() as session:
        for invoice_id, (number, name) in names.items():
            invoice = session.get_one(Invoice, invoice_id)
            invoice.number = number
            session.get_one(Customer, invoice.customer_id).name = name
    return world


def test_a_search_finds_names_and_numbers_whatever_the_case_of_their_letters(named: World) -> None:
    wanted: dict[str, set[str]] = {
        "Østlandet": {"AB-1"},
        "østlandet": {"AB-1"},
        "ØSTLANDET  BEMANNING": {"AB-1"},
        "BEMANNING": {"AB-1"},
        "café ås": {"2"},
        "CAFÉ": {"2"},
        "CAFE\u0301 A\u030aS": {"2"},
        "ostlandet": set(),
        "cafe": {"2"},
        "CAFE ås": {"2"},
        "cafe as": set(),
        "ab-": {"AB-1"},
        "Ab-1": {"AB-1"},
        "%": set(),
        "_": set(),
    }
    found = {text: numbers(named, InvoiceFilter(text=text)) for text in wanted}
    assert found == wanted


def test_a_search_code_finds_the_whole_whatever_the_case_of_its_letters(named: World) -> None:
    assert numbers(named, InvoiceFilter(name="ØSTLANDET bemanning as")) == {"AB-1"}
    assert numbers(named, InvoiceFilter(name="Østlandet")) == set()
    assert numbers(named, InvoiceFilter(number="ab-1")) == {"AB-1"}
    assert numbers(named, InvoiceFilter(number="AB")) == set()


@pytest.mark.parametrize("text", ["20", "Bodo Crew", "BODÖ", "crew", "20 bodo crew", "2a"])
def test_a_department_is_found_by_its_number_and_its_name(named: World, text: str) -> None:
    number = "2A" if text == "2a" else "20"
    [found] = named.add_invoices(named.add_department(number), 1, first=7, customers=1)
    with named.installation.db.writing() as session:
        session.get_one(
            Department, session.get_one(Invoice, found).department_id
        ).name = "Bodö Crew"
    assert numbers(named, InvoiceFilter(text=text)) == {"7"}


def test_a_department_is_not_found_by_a_part_of_its_number(named: World) -> None:
    department = named.add_department("345")
    named.add_invoices(department, 1, first=7, customers=1)
    with named.installation.db.writing() as session:
        session.get_one(Department, department).name = "Oslo"
    assert numbers(named, InvoiceFilter(text="345")) == {"7"}
    assert numbers(named, InvoiceFilter(text="34")) == set()


def test_a_search_code_finds_a_name_without_its_accents(named: World) -> None:
    assert numbers(named, InvoiceFilter(name="cafe ås")) == {"2"}


def test_a_customer_of_another_name_is_found_by_it_alone(named: World) -> None:
    with named.installation.db.writing() as session:
        [customer] = session.exec(select(Customer).where(Customer.name == "Café Ås"))
        customer.name = "Ærlig Øl"
    assert numbers(named, InvoiceFilter(text="ærlig")) == {"2"}
    assert numbers(named, InvoiceFilter(text="café")) == set()


@pytest.fixture
def told_apart(world: World) -> World:
    """1001 of 1 234,50 with a KID, 1002 a negative amount, 1003 sent and numbered there."""
    department = world.add_department()
    world.add_key([department])
    ids = world.add_invoices(department, 3, customers=3)
    world.export(ids[2:])
    with world.installation.db.writing() as session:
        for invoice_id, total in zip(ids, ("1234.50", "-99.00", "70"), strict=True):
            session.get_one(Invoice, invoice_id).total = Decimal(total)
        session.get_one(Invoice, ids[0]).kid = "00123457"
        (sent,) = session.exec(select(Transfer)).all()
        sent.office_invoice_id, sent.order_id = 880012, 44001
    return world


def test_a_search_finds_amount_kid_customer_and_what_24sevenoffice_calls_it(
    told_apart: World,
) -> None:
    wanted: dict[str, set[str]] = {
        "1234,50": {"1001"},
        "1 234,50": {"1001"},
        "1.234,50": {"1001"},
        "1234.5": {"1001"},
        "1234": {"1001"},
        "1234,51": set(),
        "99": {"1002"},
        "-99,00": {"1002"},
        "2345": {"1001"},  # within the KID
        "0012 3457": {"1001"},
        "880012": {"1003"},
        "88001": set(),
        "44001": {"1003"},
        "7001": {"1003"},  # the customer's number
        "99999999999999999999": set(),
        "10-1002": {"1002"},  # as lists show it
        "RM-10-1002": {"1002"},
        "rm-(10)-1002": {"1002"},
        "RC-10-1002": set(),  # that would be a credit note's
        "11-1002": set(),
        "1-" * 2_000: set(),
    }
    found = {text: numbers(told_apart, InvoiceFilter(text=text)) for text in wanted}
    assert found == wanted


def test_several_words_find_what_each_of_them_means(told_apart: World) -> None:
    wanted: dict[str, set[str]] = {
        "as 1234,50": {"1001"},
        "1001 1234,50": {"1001"},
        "1001 1234,51": set(),
        "1002 1234,50": set(),
        "7001 880012": {"1003"},
        "department 7001": {"1003"},
        "1 234,50": {"1001"},  # one amount, and not 234,50 of a number with a 1
        "as as as as as": set(),  # more words are a sentence
    }
    found = {text: numbers(told_apart, InvoiceFilter(text=text)) for text in wanted}
    assert found == wanted


def test_sums_are_of_the_whole_filter_by_currency(told_apart: World) -> None:
    with told_apart.installation.db.writing() as session:
        for row in session.exec(select(Invoice).where(Invoice.number == "1002")):
            row.currency = "EUR"
    desk = Desk(told_apart.installation, ADMIN)
    assert sum_documents(desk, InvoiceFilter(limit=1)) == (
        CurrencySum("EUR", 1, Decimal("-99.00")),
        CurrencySum("NOK", 2, Decimal("1304.50")),
    )
    assert sum_documents(desk, InvoiceFilter(unsent=True, text="1234")) == (
        CurrencySum("NOK", 1, Decimal("1234.50")),
    )


@pytest.mark.parametrize("text", ["", "1234", "kunde", "no such"])
def test_a_list_is_opened_with_the_sums_and_the_page_that_are_read_apart(
    told_apart: World, text: str
) -> None:
    desk = Desk(told_apart.installation, ADMIN)
    for wanted in (InvoiceFilter(text=text, limit=2), InvoiceFilter(text=text, limit=1, offset=1)):
        opened = open_list(desk, wanted)
        assert opened.sums == sum_documents(desk, wanted)
        assert list(opened.rows) == list_documents(desk, wanted)


def test_whatever_changes_a_list_changes_a_figure(world: World) -> None:
    desk = Desk(world.installation, ADMIN)
    department = world.add_department()
    world.add_key([department])
    seen = [newest_change(desk)]
    ids = world.add_invoices(department, 1)
    seen.append(newest_change(desk))
    run = world.start(ids)
    seen.append(newest_change(desk))
    world.work(run)
    seen.append(newest_change(desk))
    assert len(set(seen)) == 4
    assert newest_change(desk) == seen[-1]


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        (ListOrder.NEWEST, ["12", "9", "10", "11"]),
        (ListOrder.OLDEST, ["11", "10", "9", "12"]),
        (ListOrder.LARGEST, ["10", "12", "9", "11"]),
        (ListOrder.CUSTOMER, ["11", "12", "9", "10"]),
        (ListOrder.NUMBER, ["9", "10", "11", "12"]),
    ],
)
def test_a_list_comes_in_the_order_that_is_chosen_page_by_page(
    world: World, order: ListOrder, expected: list[str]
) -> None:
    told = {
        "9": (3, "300.00", "Ørland Bygg AS"),
        "10": (2, "9000.00", "Åsen Rør AS"),
        "11": (1, "-50.00", "aker Drift AS"),
        "12": (4, "2000.00", "Zinken AS"),
    }
    ids = world.add_invoices(world.add_department(), 4)
    with world.installation.db.writing() as session:
        for invoice_id, number in zip(ids, told, strict=True):
            day, total, name = told[number]
            row = session.get_one(Invoice, invoice_id)
            row.number, row.invoice_date = number, dt.date(2026, 10, day)
            row.total, row.buyer_name = Decimal(total), name
            session.get_one(Customer, row.customer_id).name = name
    desk = Desk(world.installation, ADMIN)
    for text in ("", "AS"):
        wanted = InvoiceFilter(order=order, text=text)
        assert [row.number for row in list_documents(desk, wanted)] == expected
        pages = [open_list(desk, replace(wanted, limit=3, offset=at)) for at in (0, 3)]
        assert [row.number for page in pages for row in page.rows] == expected
        assert {page.sums for page in pages} == {sum_documents(desk, wanted)}
