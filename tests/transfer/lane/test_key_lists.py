"""Lanes whose key carries more, against the sandbox: it arrives, or it is told why not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from decimal import Decimal
from typing import Any

import pytest

from so24.errors import WrongUse
from so24.keys.change import change_key
from so24.keys.key_fields import KeyField, write_tax_codes
from so24.keys.key_settings import FIELDS, OFFICE_DEPARTMENTS, TAX_CODES
from so24.people.desk import Desk
from so24.sandbox.serve import SandboxServer
from so24.sandbox.wire.faults import Fault
from so24.store.tables.document_tables import Customer, Invoice
from so24.store.tables.key_tables import Key
from so24.store.tables.transfer_tables import State, Transfer
from tests.transfer.world import ADMIN, CLIENT, World

LISTS = {"GetDepartmentList", "GetCurrencyList", "GetUsers", "GetTaxCodeList", "GetProjectList"}
FULL: dict[str, Any] = {
    "kid": "2345676",
    "your_reference": "Per Olsen",
    "our_reference": "Kari Nordmann",
    "note": "Thank you",
    "delivery_date": dt.date(2026, 10, 31),
    "project_number": "P-101",
    "project_name": "Bemanning havn",
}


class Papers:
    """One document of a department whose key carries what the test says."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.department = world.add_department()
        self.key = world.add_key([self.department])
        (self.id,) = world.add_invoices(self.department, 1)

    def carry(self, *fields: KeyField) -> None:
        """Let the key carry exactly these."""
        change_key(Desk(self.world.installation, ADMIN), self.key, FIELDS.to(fields))

    def state(self, **changes: object) -> None:
        """Let the document state these values."""
        with self.world.installation.db.writing() as session:
            invoice = session.get(Invoice, self.id)
            assert invoice is not None
            for name, value in changes.items():
                setattr(invoice, name, value)
            customer = session.get(Customer, invoice.customer_id)
            assert customer is not None
            customer.invoice_email = "faktura@kunde.example"

    def export(self) -> Transfer:
        """Press the button; the transfer at its end."""
        (transfer,) = self.world.export([self.id])
        return transfer

    def orders(self) -> list[dict[str, Any]]:
        """The orders in the sandbox's own books."""
        return list(self.world.control.books()[CLIENT]["orders"])

    def lists_read(self) -> set[str]:
        """Which of the company's lists were asked for."""
        return set(self.world.control.calls()["operations"]) & LISTS


@pytest.fixture
def papers(world: World) -> Papers:
    return Papers(world)


def test_everything_that_the_key_carries_is_in_the_books_and_each_list_is_read_once(
    papers: Papers,
) -> None:
    papers.carry(*KeyField)
    change_key(
        Desk(papers.world.installation, ADMIN),
        papers.key,
        OFFICE_DEPARTMENTS.to({papers.department: 2}),
    )
    change_key(Desk(papers.world.installation, ADMIN), papers.key, TAX_CODES.to({"25": 3}))
    papers.state(**FULL)
    papers.world.control.reset_calls()
    assert papers.export().state is State.TRANSFERRED
    (order,) = papers.orders()
    assert {
        "OCR": "2345676", "YourReference": "Per Olsen", "OurReference": 11,
        "InvoiceText": "Thank you", "InvoiceEmailAddress": "faktura@kunde.example",
        "ProjectId": 101, "DepartmentId": 2,
    }.items() <= order.items()  # fmt: skip
    assert order["DeliveryDate"].startswith("2026-10-30T23:00")
    assert [row["TaxSettings"] for row in order["InvoiceRows"]["InvoiceRow"]] == [
        {"TaxCode": 3}
    ] * 2
    calls = papers.world.control.calls()["operations"]
    assert papers.lists_read() == {"GetUsers", "GetProjectList"}
    assert calls["GetUsers"] == calls["GetProjectList"] == 1


def test_a_key_that_carries_nothing_asks_for_no_list_and_sends_no_field(papers: Papers) -> None:
    papers.carry()
    papers.state(**FULL)
    papers.world.control.reset_calls()
    assert papers.export().state is State.TRANSFERRED
    (order,) = papers.orders()
    carried = {"OCR", "YourReference", "OurReference", "InvoiceText", "InvoiceEmailAddress",
               "ProjectId", "DepartmentId", "DeliveryDate", "Currency"}  # fmt: skip
    assert not carried & set(order)
    assert papers.lists_read() == set()


def test_documents_that_need_no_list_have_none_read(papers: Papers) -> None:
    papers.carry(*KeyField)
    papers.world.control.reset_calls()
    assert papers.export().state is State.TRANSFERRED
    assert papers.lists_read() == set()


def test_a_foreign_document_travels_with_the_companys_rate_and_is_compared_in_its_currency(
    papers: Papers,
) -> None:
    papers.carry(KeyField.CURRENCY)
    papers.state(currency="EUR")
    assert papers.export().state is State.TRANSFERRED
    (order,) = papers.orders()
    assert order["Currency"] == {"Symbol": "EUR", "Rate": "11.75", "Unit": 1}


@pytest.mark.parametrize(
    ("carried", "changes", "reason", "words"),
    [
        ((), {"currency": "EUR"}, "foreign_currency", "EUR"),
        ((KeyField.CURRENCY,), {"currency": "CHF"}, "unknown_currency", "CHF"),
        ((KeyField.INVOICE_TEXT,), {"note": "x" * 800}, "carried_too_long", "800"),
        (
            (KeyField.PROJECT, KeyField.PROJECT_MUST_EXIST),
            {"project_number": "P-900"},
            "missing_project",
            "P-900",
        ),
    ],
)
def test_what_cannot_go_as_the_key_wants_it_is_blocked_and_nothing_of_it_is_sent(
    papers: Papers,
    carried: Collection[KeyField],
    changes: dict[str, object],
    reason: str,
    words: str,
) -> None:
    papers.carry(*carried)
    papers.state(**changes)
    transfer = papers.export()
    assert (transfer.state, transfer.reason) == (State.BLOCKED, reason)
    assert words in transfer.words
    assert "left out" not in transfer.words
    assert papers.orders() == []


def test_a_missing_project_is_left_out_and_stands_on_the_receipt(papers: Papers) -> None:
    papers.carry(KeyField.PROJECT)
    papers.state(project_number="P-900", project_name="Hospital")
    transfer = papers.export()
    assert transfer.state is State.TRANSFERRED
    assert transfer.words == "Project P-900 Hospital is not in 24SevenOffice and was left out."
    assert "ProjectId" not in papers.orders()[0]


def test_a_list_that_is_refused_concerns_the_documents_that_need_it_alone(
    papers: Papers, sandbox: SandboxServer
) -> None:
    world = papers.world
    papers.carry(KeyField.PROJECT)
    papers.state(project_number="P-101")
    ids = [papers.id, *world.add_invoices(papers.department, 1, first=1002)]
    sandbox.faults.arm(Fault("fault", "GetProjectList", times=0))
    concerned, other = world.export(ids)
    assert (concerned.state, concerned.reason) == (State.BLOCKED, "list_refused")
    assert concerned.words.startswith("Project: ")
    assert other.state is State.TRANSFERRED


def test_a_mapped_department_that_is_gone_is_refused_and_named(papers: Papers) -> None:
    world = papers.world
    change_key(
        Desk(world.installation, ADMIN), papers.key, OFFICE_DEPARTMENTS.to({papers.department: 2})
    )
    world.control.edit("drop_listed", CLIENT, kind="department", number=2)
    transfer = papers.export()
    assert (transfer.state, transfer.reason) == (State.REFUSED, "refused_order")
    assert transfer.words == "“Department 2 does not exist (sent with department 2)”."


def test_vat_follows_the_tax_code_and_a_wrong_one_is_never_booked(papers: Papers) -> None:
    world = papers.world
    change_key(Desk(world.installation, ADMIN), papers.key, TAX_CODES.to({"25": 3}))
    entry = {"TaxId": 1, "TaxNo": "3", "TaxName": "Changed meanwhile", "TaxRate": "24"}
    world.control.edit("put_listed", CLIENT, kind="tax code", number=1, **entry)
    transfer = papers.export()
    assert (transfer.state, transfer.reason) == (State.DIFFERS, "draft_differs")
    assert [order["OrderStatus"] for order in papers.orders()] == ["Draft"]


def test_a_choice_that_changes_after_the_draft_was_sent_does_not_hold_back_what_is_there(
    papers: Papers, sandbox: SandboxServer
) -> None:
    world = papers.world
    sandbox.faults.arm(
        Fault("lost_after", "SaveInvoices", only="draft"),
        Fault("html", "GetInvoices", nth=1, times=0, status=503),
    )
    run = world.start([papers.id])
    (transfer,) = world.work(run)
    assert transfer.state is State.UNKNOWN
    sandbox.faults.clear()
    with pytest.raises(WrongUse, match="in use"):
        change_key(Desk(world.installation, ADMIN), papers.key, TAX_CODES.to({"15": 31}))
    with world.installation.db.writing() as session:  # as another version may have left it
        session.get_one(Key, papers.key).tax_codes = write_tax_codes({Decimal(15): 31})
    (transfer,) = world.work(run)
    assert transfer.state is State.TRANSFERRED
