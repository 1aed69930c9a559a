"""Fetching: what RecMan has lands once, to the øre; what cannot be read costs only itself."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from so24.errors import BudgetSpent, NotAllowed, RecManError, WrongUse
from so24.installation import Installation
from so24.people.desk import Desk
from so24.people.roles import Actor
from so24.sources.import_reports import ImportReport
from so24.sources.originals.finding import list_bringings, list_import_files, read_original
from so24.sources.recman.client import MOST_CALLS, read_budget
from so24.sources.recman.connection import (
    confirm_map,
    connect,
    leave_out_before,
    map_fields,
)
from so24.sources.recman.fetch import fetch_documents, offer_fetch
from so24.store.documents.intake import customers_by_number, invoices_by_number, latest_imports
from so24.store.keys.keys import take_call
from so24.store.tables.document_tables import Customer, DocumentKind, Import
from tests.keys.traces import audited
from tests.sources.acts import counts, stored
from tests.sources.recman.papers import invoice, line
from tests.sources.recman.standin import KEY, StandIn

pytestmark = pytest.mark.slow


def refusals(report: ImportReport) -> list[str]:
    """The reasons of a report."""
    return [row.reason for row in report.refused]


def put(recman: StandIn, *invoices: dict[str, Any]) -> None:
    """Make these the invoices of RecMan."""
    recman.scopes["invoice"] = {str(4000 + place): each for place, each in enumerate(invoices)}


def test_invoices_land_with_their_customers_as_recman_states_them(
    ready: Installation, finance: Actor
) -> None:
    report = fetch_documents(Desk(ready, finance))
    assert (report.added, report.refused) == (4, ())  # three invoices and their customer
    document = stored(ready, "1001")
    kept = document.invoice
    assert (kept.net, kept.vat, kept.total) == (Decimal(1000), Decimal(250), Decimal(1250))
    assert (kept.stated_vat, kept.stated_total) == (Decimal(250), Decimal(1250))
    assert (kept.invoice_date, kept.due_date) == (dt.date(2026, 11, 18), dt.date(2026, 12, 2))
    assert (kept.due_stated, kept.date_assumed) == (True, False)
    assert (kept.kid, kept.your_reference) == ("0012345678903", "Bestilling 12")
    assert (kept.our_reference, kept.project_number) == ("Ola Eksempel", "P-7")
    assert (document.department.number, document.department.name) == ("10", "Oslo")
    assert (document.customer.number, document.customer.organization_number) == (
        "5001",
        "100000008",
    )
    assert (document.customer.credit_days, document.customer.postal_code) == (14, "0152")
    assert document.customer.completed
    [one] = document.lines
    assert (one.product_number, one.text, one.vat_rate) == ("1003", "Vakter uke 47", Decimal(25))


def test_what_recman_answered_is_kept_as_it_came(ready: Installation, finance: Actor) -> None:
    desk = Desk(ready, finance)
    report = fetch_documents(desk)
    files = list_import_files(desk, [report.import_id])[report.import_id]
    assert "invoice, page 1.json" in [each.name for each in files]
    for each in files:
        content = b"".join(read_original(desk, each.id))
        assert content.startswith(b"{")
        assert KEY.encode() not in content
    [bringing] = list_bringings(desk, stored(ready).invoice_id)
    assert bringing.files == files


def test_an_import_stands_in_the_store_and_in_the_audit_trail(
    ready: Installation, finance: Actor
) -> None:
    fetch_documents(Desk(ready, finance))
    with ready.db.reading() as session:
        [kept] = latest_imports(session)
    assert isinstance(kept, Import)
    assert (kept.filename, kept.kind, kept.actor, kept.added) == (
        "RecMan", "invoices by API", "fia", 4,
    )  # fmt: skip
    actions = [action for actor, action, _ in audited(ready) if actor == "fia"]
    assert actions == ["import", "RecMan fetched"]


def test_the_same_again_changes_nothing_and_a_change_updates(
    ready: Installation, recman: StandIn, finance: Actor
) -> None:
    fetch_documents(Desk(ready, finance))
    assert counts(fetch_documents(Desk(ready, finance))) == (0, 0, 4, 0)
    recman.scopes["invoice"]["4000"]["yourReference"] = "Bestilling 13"
    assert counts(fetch_documents(Desk(ready, finance))) == (0, 1, 3, 0)
    assert stored(ready, "1001").invoice.your_reference == "Bestilling 13"


def test_a_bad_invoice_costs_only_itself(
    ready: Installation, recman: StandIn, finance: Actor
) -> None:
    put(
        recman,
        invoice("1001"),
        invoice("1002", net="999.99"),
        invoice("1003", vat="250.5", total="1250.50"),
        invoice("1004", invoiceDate="2026-02-30"),
        invoice("1005", currency="kroner"),
        invoice("1006", lines=[]),
        invoice("1007", line(net="10.00"), total="1e3"),
        invoice("", kid=""),
        invoice("1009", yourReference="a\u0000b"),
    )
    report = fetch_documents(Desk(ready, finance))
    assert report.added == 2
    told = "\n".join(f"{row.row} {row.column}: {row.reason}" for row in report.refused)
    assert "4001 : the nets of its lines add up to 1\u00a0000,00, but its net is 999,99" in told
    assert "4002 : its lines' VAT rates give a VAT of 250,00, but its VAT is 250,50" in told
    assert "4003 invoiceDate: is no day of the calendar" in told
    assert "4004 currency: must be a currency of three letters" in told
    assert "4005 lines: has no lines (document 1006)" in told
    assert "4006 total: must be a number such as 1234.50, not “1e3”" in told
    assert "4007 invoiceNumber: is empty" in told
    assert "4008 yourReference: holds characters that are no text" in told


def test_invoices_before_the_first_date_are_left_out_and_undated_ones_said(
    ready: Installation, recman: StandIn, admin: Actor, finance: Actor
) -> None:
    old = {"invoiceDate": "2026-10-31 23:59:59", "total": "1.00"}  # broken, and nobody's worry
    put(
        recman,
        invoice("1001", **old),
        invoice("1002", invoiceDate="2026-11-01"),
        invoice("1003", invoiceDate=""),
    )
    leave_out_before(Desk(ready, admin), dt.date(2026, 11, 1))
    offer = offer_fetch(Desk(ready, finance))
    assert offer is not None
    assert offer.since == dt.date(2026, 11, 1)
    report = fetch_documents(Desk(ready, finance))
    assert refusals(report) == ["is empty (document 1003)"]
    assert report.added == 2  # an invoice and its customer
    leave_out_before(Desk(ready, admin), None)
    assert len(fetch_documents(Desk(ready, finance)).refused) == 2


def test_a_negative_total_is_held_until_somebody_decides(
    ready: Installation, recman: StandIn, finance: Actor
) -> None:
    put(recman, invoice("1001"), invoice("9001", line(net="-400.00")))
    fetch_documents(Desk(ready, finance))
    kept = stored(ready, "9001").invoice
    assert kept.kind is DocumentKind.CREDIT_NOTE
    assert "invoice or credit note?" in kept.held
    assert kept.total == Decimal(-500)


@pytest.mark.parametrize(
    ("flag", "net", "kind", "held"),
    [
        ("1", "-400.00", DocumentKind.CREDIT_NOTE, False),
        (True, "400.00", DocumentKind.CREDIT_NOTE, False),
        ("credit note", "-400.00", DocumentKind.CREDIT_NOTE, False),
        ("0", "400.00", DocumentKind.INVOICE, False),
        (False, "-400.00", DocumentKind.CREDIT_NOTE, True),
        (None, "-400.00", DocumentKind.CREDIT_NOTE, True),
    ],
)
def test_a_flag_says_what_a_document_is(
    near: Installation, recman: StandIn, admin: Actor,
    flag: object, net: str, kind: DocumentKind, held: bool,
) -> None:  # fmt: skip
    put(
        recman,
        invoice("1001", isCreditNote=flag),
        invoice("9001", line(net=net), isCreditNote=flag),
    )
    confirm_by_guesses(near, admin)
    fetch_documents(Desk(near, admin))
    kept = stored(near, "9001").invoice
    assert (kept.kind, bool(kept.held)) == (kind, held)


def test_what_is_no_number_of_anything_costs_what_it_names_and_a_project_only_itself(
    ready: Installation, recman: StandIn, finance: Actor
) -> None:
    put(
        recman,
        invoice("null"),
        invoice("1002", line(productNumber="#N/A")),
        invoice("1003", projectId="56"),
        invoice("1004"),
    )
    recman.scopes["department"]["4"]["number"] = "FALSE"
    recman.scopes["project"]["56"] = {"number": "P-8", "departmentId": "4"}
    recman.scopes["project"]["55"]["number"] = "NULL"
    told = refusals(fetch_documents(Desk(ready, finance)))
    assert stored(ready, "1004").invoice.project_number == ""
    for words in ("\u201cnull\u201d", "\u201c#N/A\u201d", "\u201cFALSE\u201d"):
        assert [words in each for each in told].count(True) == 1, words
    assert "left out of the document (document 1004)" in told[-1]


def test_a_department_comes_from_the_invoice_else_from_its_project(
    near: Installation, recman: StandIn, admin: Actor
) -> None:
    put(
        recman,
        invoice("1001", departmentId="4"),
        invoice("1002", departmentId=0),
        invoice("1003", departmentId=None, projectId="77"),
        invoice("1004", departmentId="99"),
    )
    confirm_by_guesses(near, admin)
    report = fetch_documents(Desk(near, admin))
    assert stored(near, "1001").department.number == "20"
    assert stored(near, "1002").department.number == "10"
    assert refusals(report) == [
        "names no department, and RecMan gives no project that has one "
        "(an archived project may be missing) (document 1003)",
        "its department 99 is not in RecMan's register of departments (document 1004)",
    ]


def test_departments_with_one_number_are_not_mixed(
    ready: Installation, recman: StandIn, finance: Actor
) -> None:
    recman.scopes["department"]["4"] = {"name": "Bergen", "number": "10", "corporationId": "1"}
    [first, *_] = refusals(fetch_documents(Desk(ready, finance)))
    assert "more than one department has the number 10" in first
    assert "Bergen of Nordlys Bemanning AS" in first


def test_a_customer_that_recman_does_not_give_costs_its_documents(
    ready: Installation, recman: StandIn, finance: Actor
) -> None:
    put(recman, invoice("1001"), invoice("1002", companyId="73"), invoice("1003", companyId="0"))
    assert refusals(fetch_documents(Desk(ready, finance))) == [
        "its customer 73 is not in RecMan's register of companies (document 1002)",
        "names no customer (document 1003)",
    ]


def test_a_customer_comes_in_without_what_is_no_organization_number(
    ready: Installation, recman: StandIn, finance: Actor
) -> None:
    put(recman, invoice("1001"), invoice("1002", companyId=72))
    [row] = fetch_documents(Desk(ready, finance)).refused
    assert (row.sheet, row.row, row.column) == ("company", 72, "vatNumber")
    assert row.reason.endswith("the customer came in without it")
    with ready.db.reading() as session:
        kept = customers_by_number(session, "recman", ["5002"])["5002"]
    assert isinstance(kept, Customer)
    assert (kept.name, kept.organization_number, kept.credit_days) == ("Fjordbygg AS", "", 30)
    words = kept.read_doubts()["organization_number"]
    assert words.startswith("Row 72 of RecMan: vatNumber is no Norwegian organization number")


def test_one_number_twice_in_a_department_is_refused_both_times(
    ready: Installation, recman: StandIn, finance: Actor
) -> None:
    put(recman, invoice("1001"), invoice("1002"), invoice("1002", line(net="7.00")))
    report = fetch_documents(Desk(ready, finance))
    assert refusals(report) == ["1002 stands more than once in RecMan's answer (document 1002)"] * 2
    with ready.db.reading() as session:
        assert not any(invoices_by_number(session, "recman", ["1002"]).values())


def test_a_member_that_vanishes_stops_the_fetch(
    ready: Installation, recman: StandIn, finance: Actor
) -> None:
    fetch_documents(Desk(ready, finance))
    for row in recman.scopes["invoice"].values():
        row["invoiceNo"] = row.pop("invoiceNumber")
    with pytest.raises(RecManError, match="does not have the member “invoiceNumber” any more"):
        fetch_documents(Desk(ready, finance))
    with ready.db.reading() as session:
        assert len(latest_imports(session)) == 1


def test_nothing_is_fetched_before_the_map_is_confirmed(
    near: Installation, recman: StandIn, admin: Actor, finance: Actor
) -> None:
    assert offer_fetch(Desk(near, finance)) is None
    with pytest.raises(WrongUse, match="not connected"):
        fetch_documents(Desk(near, finance))
    connect(Desk(near, admin), KEY)
    before = len(recman.asked)
    with pytest.raises(WrongUse, match="not confirmed"):
        fetch_documents(Desk(near, finance))
    offer = offer_fetch(Desk(near, finance))
    assert offer is not None
    assert "not confirmed" in offer.reason
    assert len(recman.asked) == before


def test_a_changed_map_must_be_confirmed_anew(
    ready: Installation, admin: Actor, finance: Actor
) -> None:
    map_fields(Desk(ready, admin), {"kid": ""})
    with pytest.raises(WrongUse, match="not confirmed"):
        fetch_documents(Desk(ready, finance))


def test_an_analyst_may_not_fetch(ready: Installation, analyst: Actor) -> None:
    with pytest.raises(NotAllowed):
        fetch_documents(Desk(ready, analyst))
    with pytest.raises(NotAllowed):
        offer_fetch(Desk(ready, analyst))


def test_a_fetch_that_the_budget_does_not_cover_makes_no_call(
    ready: Installation, recman: StandIn, finance: Actor
) -> None:
    fetch_documents(Desk(ready, finance))
    used = read_budget(ready)
    assert used.used == len(recman.asked)
    with ready.db.writing() as session:
        while take_call(session, used.day, most=MOST_CALLS - 5):
            pass
    made = len(recman.asked)
    with pytest.raises(BudgetSpent, match="needs about 12 calls to RecMan, and 5 of today's 180"):
        fetch_documents(Desk(ready, finance))
    assert len(recman.asked) == made


def confirm_by_guesses(installation: Installation, admin: Actor) -> None:
    """Connect, and confirm what was guessed."""
    connect(Desk(installation, admin), KEY)
    confirm_map(Desk(installation, admin))
