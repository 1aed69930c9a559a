"""RecMan's report *Credit notes*: the link lands, whichever comes first; signs are one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from so24.installation import Installation
from so24.invoices.decisions import confirm_invoice_dates, release_held
from so24.people.desk import Desk
from so24.people.roles import Actor
from so24.sources.documents.documents import SourceDocument, SourceLine
from so24.sources.documents.totals import add_up, sign_amounts
from so24.sources.import_reports import ImportReport
from so24.sources.intake import import_files
from so24.sources.reports.credit_notes import split_numbers
from so24.store.documents.credits import read_credited
from so24.store.documents.documents import Document
from so24.store.tables.document_tables import DocumentKind
from so24.store.tables.transfer_tables import State
from so24.transfer.checks.finding import Finding
from so24.transfer.plan.credit_notes import find_target
from tests.sources.acts import counts, send, stored
from tests.sources.report_files import (
    NUMBER,
    as_csv,
    as_grid,
    as_report,
    as_workbook,
    customer,
    line,
    read_file,
)

CREDIT: Mapping[str, Any] = {
    "Credit note no.": "9001",
    "Credit note date": "20.11.2026",
    "Invoice no.": "1001",
    "Invoice date": "18.11.2026",
    "Customer no.": "5001",
    "Company": "Nordvik Logistikk AS",
    "Project no.": "P1",
    "Project": "Oppdrag 1",
    "Sum credit note": Decimal("3867.19"),
    "Sum invoice": Decimal("3867.19"),
    "Currency": "NOK",
    "Credit note reason": "Feil antall timer",
    "Comment": "",
}
POSITIVE = {NUMBER: "9001"}
NEGATIVE = {**POSITIVE, "Quantity": Decimal("-7.5"), "Sum excl. VAT": Decimal("-3093.75")}


def credit(changes: Mapping[str, Any] | None = None, /) -> dict[str, Any]:
    """A good row of the report, with some columns changed."""
    return {**CREDIT, **(changes or {})}


def bring_credits(
    installation: Installation, actor: Actor, *rows: Mapping[str, Any]
) -> ImportReport:
    (report,) = import_files(
        Desk(installation, actor), [("c.xlsx", as_report(*rows, sheet="Sheet1"))]
    )
    return report


def bring_note(
    installation: Installation, actor: Actor, changes: Mapping[str, Any] = NEGATIVE
) -> ImportReport:
    content = as_report(line(changes), sheet="Credit notes")
    (report,) = import_files(Desk(installation, actor), [("n.xlsx", content)])
    return report


def note(installation: Installation) -> Document:
    return stored(installation, "9001")


@pytest.mark.parametrize("first", ["report", "credit note"])
def test_link_and_date_land_whichever_comes_first(
    installation: Installation, finance: Actor, first: str
) -> None:
    import_files(Desk(installation, finance), [("c", as_report(customer()))])
    if first == "report":
        assert counts(bring_credits(installation, finance, credit())) == (1, 0, 0, 0)
        bring_note(installation, finance)
    else:
        bring_note(installation, finance)
        assert note(installation).invoice.date_assumed
        assert counts(bring_credits(installation, finance, credit())) == (1, 0, 0, 0)
    row = note(installation).invoice
    assert row.credited_number == "1001"
    assert (row.invoice_date, row.date_assumed) == (dt.date(2026, 11, 20), False)
    assert row.due_date == dt.date(2026, 12, 4)


def test_the_same_report_twice_changes_nothing_and_a_correction_is_taken(
    installation: Installation, finance: Actor
) -> None:
    bring_note(installation, finance)
    bring_credits(installation, finance, credit())
    assert counts(bring_credits(installation, finance, credit())) == (0, 0, 1, 0)
    corrected = credit({"Invoice no.": "1002"})
    assert counts(bring_credits(installation, finance, corrected)) == (0, 1, 0, 0)
    assert note(installation).invoice.credited_number == "1002"


def test_the_link_survives_another_import_of_the_lines(
    installation: Installation, finance: Actor
) -> None:
    bring_note(installation, finance)
    bring_credits(installation, finance, credit())
    assert counts(bring_note(installation, finance)) == (0, 0, 1, 0)
    assert counts(bring_note(installation, finance, {**NEGATIVE, "Article": "Uke 48"})) == (
        0,
        1,
        0,
        0,
    )
    row = note(installation).invoice
    assert (row.credited_number, row.invoice_date) == ("1001", dt.date(2026, 11, 20))


def test_a_date_that_a_person_has_confirmed_stays(
    installation: Installation, finance: Actor
) -> None:
    bring_note(installation, finance)
    confirm_invoice_dates(Desk(installation, finance), None, dt.date(2026, 11, 30))
    bring_credits(installation, finance, credit())
    row = note(installation).invoice
    assert (row.credited_number, row.invoice_date) == ("1001", dt.date(2026, 11, 30))


def test_the_same_number_of_another_customer_is_another_credit_note(
    installation: Installation, finance: Actor
) -> None:
    bring_note(installation, finance)
    bring_credits(installation, finance, credit({"Customer no.": "5002"}))
    assert note(installation).invoice.credited_number == ""


def test_a_number_in_two_series_is_left_to_a_person(
    installation: Installation, finance: Actor
) -> None:
    other = {**NEGATIVE, "Department no.": "20", "Department": "Bergen"}
    content = as_report(line(NEGATIVE), line(other), sheet="Credit notes")
    import_files(Desk(installation, finance), [("n.xlsx", content)])
    [refused] = bring_credits(installation, finance, credit()).refused
    assert "several credit notes 9001 (10-9001, 20-9001)" in refused.reason


def test_what_an_exported_credit_note_credits_stays(
    installation: Installation, finance: Actor
) -> None:
    bring_note(installation, finance)
    bring_credits(installation, finance, credit())
    send(installation, note(installation), State.TRANSFERRED)
    [refused] = bring_credits(installation, finance, credit({"Invoice no.": "1002"})).refused
    assert "was exported as a credit note of 1001 already" in refused.reason
    assert note(installation).invoice.credited_number == "1001"


def test_another_currency_is_refused_in_either_order(
    installation: Installation, finance: Actor
) -> None:
    euro = credit({"Currency": "EUR"})
    bring_credits(installation, finance, euro)
    bring_note(installation, finance)
    assert note(installation).invoice.credited_number == ""
    [refused] = bring_credits(installation, finance, euro).refused
    assert "is in NOK, here it is in EUR" in refused.reason


@pytest.mark.parametrize("sign", [1, -1])
def test_the_sum_is_kept_for_the_checks_whatever_its_sign(
    installation: Installation, finance: Actor, sign: int
) -> None:
    bring_note(installation, finance)
    bring_credits(installation, finance, credit({"Sum credit note": sign * Decimal("12.50")}))
    row = note(installation).invoice
    with installation.db.reading() as session:
        [facts] = read_credited(session, [row]).values()
    assert facts.stated_total == Decimal("-12.50")


@pytest.mark.parametrize(
    ("changes", "column", "reason"),
    [
        ({"Credit note no.": ""}, "Credit note no.", "is empty"),
        ({"Invoice no.": ""}, "Invoice no.", "is empty"),
        ({"Customer no.": ""}, "Customer no.", "is empty"),
        ({"Credit note date": "2026"}, "Credit note date", "must be a date"),
        ({"Sum credit note": "1.234"}, "Sum credit note", "two different numbers"),
        ({"Currency": "KRONER"}, "Currency", "longer than 3"),
    ],
)
def test_a_row_that_cannot_be_read_is_refused_by_its_column(
    changes: dict[str, Any], column: str, reason: str
) -> None:
    source = read_file("c.xlsx", as_report(credit(), credit(changes)))
    [refused] = source.refused
    assert (refused.row, refused.column) == (3, column)
    assert reason in refused.reason
    assert len(source.credits) == 1


def test_a_credit_note_that_stands_twice_with_different_invoices_is_refused() -> None:
    source = read_file("c.xlsx", as_report(credit(), credit(), credit({"Invoice no.": "7"})))
    assert [each.row for each in source.refused] == [2, 3, 4]
    assert all("twice with different contents" in each.reason for each in source.refused)
    [undecided] = source.credits
    assert (undecided.credited_number, undecided.disputed) == ("", ("1001", "7"))


def test_norwegian_headings_and_amounts_are_known() -> None:
    row = {
        "Kreditnotanummer": "9001",
        "Kreditnotadato": "20.11.2026",
        "Fakturanummer": "1001",
        "Kundenr.": "5001",
        "Sum kreditnota": "3\u00a0867,19",
        "Valuta": "NOK",
    }
    source = read_file("kreditnotaer.csv", as_csv(as_grid([row]), ";", "cp1252"))
    [read] = source.credits
    assert source.kind == "credit notes"
    assert (read.number, read.credited_number, read.total) == ("9001", "1001", Decimal("-3867.19"))


def test_one_workbook_may_hold_lines_customers_and_credit_notes(
    installation: Installation, finance: Actor
) -> None:
    sheets = {
        "Credit notes": as_grid([credit()]),
        "Credit note lines": as_grid([line(NEGATIVE)]),
        "Customers": as_grid([customer()]),
    }
    (report,) = import_files(Desk(installation, finance), [("all.xlsx", as_workbook(sheets))])
    assert report.kind == "credit notes and customers and invoice lines"
    assert (report.added, report.refused) == (3, ())
    assert note(installation).invoice.credited_number == "1001"


@pytest.mark.parametrize("changes", [POSITIVE, NEGATIVE], ids=["positive", "negative"])
def test_a_credit_note_is_kept_with_negative_amounts_whatever_its_report_says(
    installation: Installation, finance: Actor, changes: Mapping[str, Any]
) -> None:
    bring_note(installation, finance, changes)
    document = note(installation)
    assert document.invoice.kind is DocumentKind.CREDIT_NOTE
    assert (document.invoice.net, document.invoice.total) == (
        Decimal("-3093.75"),
        Decimal("-3867.19"),
    )
    [kept] = document.lines
    assert (kept.quantity, kept.unit_price, kept.net) == (
        Decimal("-7.5"),
        Decimal("412.50"),
        Decimal("-3093.75"),
    )
    assert counts(bring_note(installation, finance, changes)) == (0, 0, 1, 0)


def test_a_held_document_gets_its_sign_and_its_link_when_it_is_decided(
    installation: Installation, finance: Actor
) -> None:
    unclear = as_report(line(POSITIVE), line({**NEGATIVE, NUMBER: "9001"}), sheet="Both")
    half = as_report(
        line(POSITIVE), line({**NEGATIVE, "Quantity": Decimal("-2.5"),
                              "Sum excl. VAT": Decimal("-1031.25")}), sheet="Both",
    )  # fmt: skip
    assert read_file("x", unclear).documents[0].held
    import_files(Desk(installation, finance), [("x", half)])
    bring_credits(installation, finance, credit())
    held = note(installation)
    assert held.invoice.held
    assert (held.invoice.net, held.invoice.credited_number) == (Decimal("2062.50"), "")
    release_held(Desk(installation, finance), [held.invoice_id], DocumentKind.CREDIT_NOTE)
    decided = note(installation)
    assert (decided.invoice.net, decided.invoice.credited_number) == (Decimal("-2062.50"), "1001")
    assert [each.quantity for each in decided.lines] == [Decimal("-7.5"), Decimal("2.5")]
    assert sum(each.net for each in decided.lines) == decided.invoice.net


@cache
def a_credit_note() -> SourceDocument:
    """One as its report states it, read once for all examples."""
    [document] = read_file("n", as_report(line(POSITIVE), sheet="Credit notes")).documents
    return document


@given(
    st.lists(
        st.tuples(
            st.decimals(-5000, 5000, places=2),
            st.decimals(0, 20_000, places=2),
            st.sampled_from(["25", "15", "12", "0"]),
        ),
        min_size=1,
        max_size=6,
    )
)
def test_a_credit_note_turns_by_its_total_and_to_the_ore(
    parts: list[tuple[Decimal, Decimal, str]],
) -> None:
    document = a_credit_note()
    lines = tuple(
        SourceLine(2, "1", "x", "x", quantity, Decimal(1), net.copy_sign(quantity), Decimal(rate))
        for quantity, net, rate in parts
    )
    before = add_up(lines)
    turned = sign_amounts(replace(document, lines=lines))
    after = add_up(turned.lines)
    assert (after.net, after.vat, after.total) == (
        (-before.net, -before.vat, -before.total)
        if before.total > 0
        else (before.net, before.vat, before.total)
    )
    assert after.total <= 0


def test_a_report_that_names_two_invoices_takes_an_earlier_ones_word_back(
    installation: Installation, finance: Actor
) -> None:
    bring_note(installation, finance)
    bring_credits(installation, finance, credit())
    assert note(installation).invoice.credited_number == "1001"
    report = bring_credits(installation, finance, credit(), credit({"Invoice no.": "1002"}))
    assert [each.column for each in report.refused] == ["Credit note no."] * 2
    row = note(installation).invoice
    assert row.credited_number == ""
    with installation.db.reading() as session:
        found = find_target(row, read_credited(session, [row])[row.row_id], 1)
    assert isinstance(found, Finding)
    assert found.words == "The Credit notes report names several invoices: 1001, 1002."
    assert "by hand" in found.card.remedy
    assert "Exclude it here" in found.card.remedy
    bring_credits(installation, finance, credit())
    assert note(installation).invoice.credited_number == "1001"


def test_two_rows_of_one_invoice_that_differ_otherwise_leave_an_earlier_report_as_it_is(
    installation: Installation, finance: Actor
) -> None:
    bring_note(installation, finance)
    bring_credits(installation, finance, credit())
    report = bring_credits(installation, finance, credit(), credit({"Sum credit note": Decimal(1)}))
    assert len(report.refused) == 2
    assert note(installation).invoice.credited_number == "1001"


@pytest.mark.parametrize("cell", ["1001, 1002", "1001;1002", "1001 og 1002", "1001 1002"])
def test_a_cell_that_names_several_invoices_credits_none_of_them(
    installation: Installation, finance: Actor, cell: str
) -> None:
    bring_note(installation, finance)
    assert not bring_credits(installation, finance, credit({"Invoice no.": cell})).refused
    row = note(installation).invoice
    with installation.db.reading() as session:
        found = find_target(row, read_credited(session, [row])[row.row_id], 1)
    assert isinstance(found, Finding)
    assert found.words == "The Credit notes report names several invoices: 1001, 1002."


@pytest.mark.parametrize("text", ["1001", "10-1001", "10 1001", "A 1001", "1,002", "2026/11", ""])
def test_a_number_with_signs_or_blanks_is_one_number(text: str) -> None:
    assert split_numbers(text) == (text,)


@pytest.mark.parametrize("text", ["1001, 1001", "1001;", "1001 og 1001", "1001 1001"])
def test_one_invoice_that_is_named_twice_is_one(text: str) -> None:
    assert split_numbers(text) == ("1001",)
