"""Invoice dates and due dates: stated, asked for or proposed; due dates follow credit days."""

from __future__ import annotations

import datetime as dt

from so24.installation import Installation
from so24.people.desk import Desk
from so24.people.roles import Actor
from so24.sources.intake import import_files
from so24.store.tables.transfer_tables import State
from tests.sources.acts import DATED, bring, counts, send, stored
from tests.sources.report_files import (
    as_grid,
    as_report,
    as_workbook,
    customer,
    line,
)


def test_the_invoice_date_is_the_columns_else_the_one_asked_for_else_a_proposal(
    installation: Installation, finance: Actor
) -> None:
    rows = as_report(line(DATED), line({"Date": "17.11.2026"}, number="1002"))
    import_files(Desk(installation, finance), [("x.xlsx", rows)])
    dated, assumed = stored(installation).invoice, stored(installation, "1002").invoice
    assert (dated.invoice_date, dated.date_assumed) == (dt.date(2026, 11, 20), False)
    assert (assumed.invoice_date, assumed.date_assumed) == (dt.date(2026, 11, 17), True)
    asked = dt.date(2026, 11, 30)
    (report,) = import_files(Desk(installation, finance), [("x.xlsx", rows)], invoice_date=asked)
    assert counts(report) == (0, 1, 1, 0)
    assert stored(installation).invoice.invoice_date == dt.date(2026, 11, 20)
    assumed = stored(installation, "1002").invoice
    assert (assumed.invoice_date, assumed.date_assumed) == (asked, False)


def test_a_document_without_any_date_is_refused(installation: Installation, finance: Actor) -> None:
    report = bring(installation, finance, line({"Date": ""}), line(number="1002"))
    assert report.added == 1
    (refused,) = report.refused
    assert (refused.row, refused.reason) == (
        2,
        "1001 has no invoice date, and no line has a date to propose",
    )


def test_the_due_date_follows_the_credit_days_whenever_the_customer_comes(
    installation: Installation, finance: Actor
) -> None:
    lines = ("lines.xlsx", as_report(line(DATED)))
    customers = ("customers.xlsx", as_report(customer()))
    import_files(Desk(installation, finance), [lines])
    assert stored(installation).invoice.due_date is None
    import_files(Desk(installation, finance), [customers])
    document = stored(installation)
    assert document.invoice.due_date == dt.date(2026, 12, 4)
    assert (document.customer.completed, document.customer.postal_code) == (True, "0152")


def test_files_may_come_in_any_order(installation: Installation, finance: Actor) -> None:
    lines = ("lines.xlsx", as_report(line(DATED)))
    customers = ("customers.xlsx", as_report(customer({"Credit days": 30})))
    reports = import_files(Desk(installation, finance), [lines, customers])
    assert [report.kind for report in reports] == ["invoice lines", "customers"]
    assert stored(installation).invoice.due_date == dt.date(2026, 12, 20)


def test_the_due_date_of_an_exported_document_stays(
    installation: Installation, finance: Actor
) -> None:
    import_files(
        Desk(installation, finance), [("c", as_report(customer())), ("l", as_report(line(DATED)))]
    )
    send(installation, stored(installation), State.TRANSFERRED)
    (report,) = import_files(
        Desk(installation, finance), [("c", as_report(customer({"Credit days": 30})))]
    )
    assert counts(report) == (0, 1, 0, 0)
    assert stored(installation).invoice.due_date == dt.date(2026, 12, 4)


def test_a_list_without_a_column_leaves_that_detail_as_it_is(
    installation: Installation, finance: Actor
) -> None:
    import_files(
        Desk(installation, finance), [("c", as_report(customer())), ("l", as_report(line()))]
    )
    short = as_workbook({"S": as_grid([customer({"City": "Moss"})], without=["Credit days"])})
    import_files(Desk(installation, finance), [("c", short)])
    known = stored(installation).customer
    assert (known.city, known.credit_days) == ("Moss", 14)
    (report,) = import_files(Desk(installation, finance), [("c", short)])
    assert counts(report) == (0, 0, 1, 0)
