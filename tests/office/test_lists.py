"""What the company has set up: read from the sandbox over HTTP, and sent back in an order."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

import pytest

from so24.office.gateway import Office
from so24.office.interface.spec import service_interface, vendor_address
from so24.office.limits import Pace
from so24.office.outcomes import write_drafts
from so24.office.transport import service_address
from so24.office.values import (
    CurrencyRate,
    Employee,
    NewCompany,
    NewOrder,
    NewOrderRow,
    NewProduct,
    OwnDepartment,
    Project,
    TaxCode,
)
from so24.sandbox.books.seed import ACCOUNTS, OSLO
from so24.sandbox.runner import Control
from so24.sandbox.serve import SandboxServer
from so24.settings import OFFICE_LIVE, SANDBOX_APPLICATION
from tests.office.peers import office_at, peer, soap

ACCOUNT = ACCOUNTS[0]


@pytest.fixture
def server() -> Iterator[SandboxServer]:
    with SandboxServer() as running:
        yield running


@pytest.fixture
def office(server: SandboxServer) -> Iterator[Office]:
    pace = Pace(1000, 1000)
    with Office(
        server.address, SANDBOX_APPLICATION, ACCOUNT.username, ACCOUNT.password, pace=pace
    ) as opened:
        opened.account.login()
        yield opened


@pytest.fixture
def order(office: Office) -> NewOrder:
    """Two hours at 100 with 25 % VAT by the product's category."""
    (company,) = office.create_companies([NewCompany("RM-1", "Nordly AS")])
    (product,) = office.create_products([NewProduct("hours", "Hours", 1)])
    rows = (NewOrderRow(product.id, "Work", Decimal(2), Decimal(100)),)
    date = dt.date(2026, 10, 31)
    return NewOrder(company.id or 0, "RM-10-1", date, 14, rows, "Nordly AS", "RecMan 1")


def saved(server: SandboxServer) -> dict[str, object]:
    """The only order in the sandbox's own books."""
    (found,) = Control(server.address).books()[OSLO]["orders"]
    return dict(found)


def test_every_list_of_the_company_is_read(office: Office) -> None:
    assert OwnDepartment(2, "Oslo") in office.lists.departments()
    assert CurrencyRate("SEK", Decimal("102.40"), 100) in office.lists.currencies()
    assert Employee(11, "Kari Nordmann") in office.lists.employees()
    assert TaxCode(3, "Output VAT, high rate", Decimal(25)) in office.lists.tax_codes()
    assert Project(101, "P-101 Bemanning havn") in office.lists.projects()


def test_a_closed_project_is_not_listed(office: Office, server: SandboxServer) -> None:
    Control(server.address).edit("put_listed", OSLO, kind="project", number=101, Enabled=False)
    assert [each.id for each in office.lists.projects()] == [102]


def test_an_order_carries_what_the_lists_name(
    office: Office, server: SandboxServer, order: NewOrder
) -> None:
    full = replace(
        order,
        department_id=2,
        project_id=101,
        employee_id=11,
        currency=CurrencyRate("EUR", Decimal("11.75"), 1),
        payment_id="1234567",
        your_reference="Per",
        text="As agreed",
        invoice_email="post@nordly.example",
        delivery_date=dt.date(2026, 10, 30),
    )
    (outcome,) = office.save_orders(write_drafts([full]))
    assert outcome.problem is None
    book = saved(server)
    names = ("DepartmentId", "ProjectId", "OurReference", "OCR", "YourReference", "InvoiceText")
    assert [book[name] for name in names] == [2, 101, 11, "1234567", "Per", "As agreed"]
    assert book["InvoiceEmailAddress"] == "post@nordly.example"
    assert book["Currency"] == {"Symbol": "EUR", "Rate": "11.75", "Unit": 1}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"department_id": 9}, "Department 9 does not exist"),
        ({"project_id": 9}, "Project 9 does not exist"),
        ({"employee_id": 9}, "OurReference 9 does not exist"),
        ({"currency": CurrencyRate("XYZ", Decimal(1), 1)}, "Currency XYZ does not exist"),
    ],
)
def test_what_the_company_does_not_have_is_refused_for_that_order_alone(
    office: Office, order: NewOrder, change: dict[str, object], words: str
) -> None:
    changed = replace(order, reference="RM-10-2", **change)  # type: ignore[arg-type] # a table
    sound, refused = office.save_orders(write_drafts([order, changed]))
    assert sound.problem is None
    assert refused.problem is not None
    assert refused.problem.message == words


@pytest.mark.parametrize(("code", "vat"), [(None, 50), (3, 50), (31, 30), (5, 0)])
def test_a_rows_tax_code_decides_about_its_vat(
    office: Office, order: NewOrder, code: int | None, vat: int
) -> None:
    (row,) = order.rows
    (outcome,) = office.save_orders(
        write_drafts([replace(order, rows=(row._replace(tax_code=code),))])
    )
    assert outcome.id is not None
    (held,) = office.orders([outcome.id])
    assert held.vat == vat


def test_an_unknown_tax_code_is_refused(office: Office, order: NewOrder) -> None:
    (row,) = order.rows
    changed = replace(order, rows=(row._replace(tax_code=99),))
    (outcome,) = office.save_orders(write_drafts([changed]))
    assert outcome.problem is not None
    assert outcome.problem.message == "TaxCode 99 does not exist"


def test_an_entry_that_no_order_could_name_is_left_out() -> None:
    entries = (
        "<TaxCodeElement><TaxId>1</TaxId><TaxNo>3</TaxNo><TaxRate>25</TaxRate></TaxCodeElement>"
        "<TaxCodeElement><TaxId>2</TaxId><TaxNo>A1</TaxNo><TaxRate>25</TaxRate></TaxCodeElement>"
        "<TaxCodeElement><TaxId>3</TaxId><TaxRate>15</TaxRate></TaxCodeElement>"
    )
    with peer(soap("GetTaxCodeList", entries)) as other, office_at(other.address) as office:
        assert [each.code for each in office.lists.tax_codes()] == [3]


def test_projects_live_on_another_host_of_the_vendor_and_nowhere_else() -> None:
    host = service_interface("ProjectService").host
    assert service_address(OFFICE_LIVE, host) == "https://webservices.24sevenoffice.com"
    assert service_address("http://127.0.0.1:4711", host) == "http://127.0.0.1:4711"
    assert service_address("https://so24.example", host) == "https://so24.example"
    assert service_address(OFFICE_LIVE, "elsewhere") == OFFICE_LIVE
    assert vendor_address(service_interface("InvoiceService").host) == OFFICE_LIVE
