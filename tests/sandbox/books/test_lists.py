"""What a client has set up: listed for whoever is logged in, and binding for its orders."""

from __future__ import annotations

from pathlib import Path

import pytest

from so24.sandbox.books.books import Books
from so24.sandbox.books.seed import OSLO, seed_demo
from so24.sandbox.runner import Control
from tests.sandbox.caller import Caller
from tests.sandbox.conftest import Goods, ordered


def test_the_lists_need_a_session(stranger: Caller) -> None:
    reply = stranger.call("ClientService", "GetDepartmentList", {})
    assert reply.fault is not None
    assert "Session is not authenticated" in reply.fault


def test_departments_users_currencies_and_tax_codes_are_listed(caller: Caller) -> None:
    def listed(service: str, operation: str, record: str, field: str) -> list[str]:
        return [each[field] for each in caller.call(service, operation, {}).records(record)]

    assert "Bergen" in listed("ClientService", "GetDepartmentList", "Department", "Name")
    assert "11" in listed("ClientService", "GetUsers", "User", "EmployeeId")
    assert "SEK" in listed("ClientService", "GetCurrencyList", "Currency", "Symbol")
    assert "31" in listed("AccountService", "GetTaxCodeList", "TaxCodeElement", "TaxNo")


@pytest.mark.parametrize(
    ("search", "ids"),
    [
        ({}, ["101", "102"]),
        ({"AllOpenProjects": "true"}, ["102"]),
        ({"ProjectIds": {"int": [101]}}, ["101"]),
    ],
)
def test_projects_are_listed_by_id_and_by_whether_they_are_open(
    caller: Caller, control: Control, search: dict[str, object], ids: list[str]
) -> None:
    control.edit("put_listed", OSLO, kind="project", number=101, Name="Old", Enabled=False)
    reply = caller.call("ProjectService", "GetProjectList", {"Ps": search})
    assert [each["Id"] for each in reply.records("Project")] == ids


@pytest.mark.parametrize(
    ("tax", "vat"),
    [
        ({"TaxCode": 31}, "30.00"),
        ({"TaxCode": 31, "TaxRate": 12}, "24.00"),
        ({"TaxRate": 0}, "0.00"),
    ],
)
def test_a_rows_own_tax_settings_override_the_products_rate(
    caller: Caller, goods: Goods, tax: dict[str, object], vat: str
) -> None:
    rows = {"InvoiceRow": [goods.row(TaxSettings=tax)]}
    assert caller.save_order(goods.order(InvoiceRows=rows))["OrderTotalVat"] == vat


def test_an_order_keeps_what_it_named_when_that_is_gone_later(
    caller: Caller, control: Control, goods: Goods
) -> None:
    named = goods.order(DepartmentId=2, ProjectId=101, OurReference=11)
    order = caller.save_order(ordered(named))
    control.edit("drop_listed", OSLO, kind="department", number=2)
    change = {"OrderId": order["OrderId"], "OrderStatus": "Invoiced", "IncludeVAT": "false"}
    assert "APIException" not in caller.save_order(change)
    refused = caller.save_order(ordered(goods.order(DepartmentId=2)))
    assert refused["APIException"]["Message"] == "Department 2 does not exist"


def test_books_from_before_there_were_lists_get_them_and_keep_what_was_changed(
    tmp_path: Path,
) -> None:
    books = Books(tmp_path / "books.db")
    seed_demo(books, None)
    with books.transaction():
        books.change("delete from listed where client = ?", OSLO)
        books.change("delete from listed where client <> ? and kind = 'project'", OSLO)
    seed_demo(books, None)
    with books.transaction():
        counts = dict(books.rows("select client, count(*) from listed group by client"))
        projects = books.rows("select distinct client from listed where kind = 'project'")
    books.close()
    assert counts[OSLO] > 0
    assert projects == [(OSLO,)]
