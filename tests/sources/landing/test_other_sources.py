"""A document from RecMan's report and from its EHF file is one, whichever comes first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from so24.installation import Installation
from so24.invoices.decisions import release_held, set_excluded
from so24.people.desk import Desk
from so24.people.roles import Actor
from so24.sources.import_reports import ImportReport
from so24.sources.intake import import_files
from so24.store.documents.documents import Document
from so24.store.documents.intake import customers_by_number, invoices_by_number
from so24.store.tables.document_tables import DocumentKind, Invoice
from so24.store.tables.transfer_tables import State
from tests.sources.acts import Counts, counts, send, stored
from tests.sources.ehf.bills import BUYER, Item, Sample
from tests.sources.report_files import NUMBER, as_grid, as_report, as_workbook, customer, line

VAT = '<cbc:TaxAmount currencyID="NOK">{}</cbc:TaxAmount>'
UNCHANGED, UPDATED, FLAGGED = (0, 0, 1, 0), (0, 1, 0, 0), (0, 0, 0, 1)
Bring = Callable[..., ImportReport]


@pytest.fixture
def bring_report(installation: Installation, finance: Actor) -> Bring:
    def bring(*rows: dict[str, Any], sheet: str = "Invoice lines") -> ImportReport:
        content = as_report(*(rows or [line()]), sheet=sheet)
        (report,) = import_files(Desk(installation, finance), [("lines.xlsx", content)])
        return report

    return bring


@pytest.fixture
def bring_ehf(installation: Installation, finance: Actor) -> Bring:
    def bring(sample: Sample | None = None, department: str = "10") -> ImportReport:
        files = [("a.xml", (sample or Sample()).content)]
        (report,) = import_files(
            Desk(installation, finance), files, department=department, new_department=True
        )
        return report

    return bring


def of_documents(report: ImportReport) -> Counts:
    """The counts but for the customer that comes with the one document of an EHF file."""
    added, updated, unchanged, flagged = counts(report)
    known = report.kind == "EHF"
    return added, updated, unchanged - known, flagged


def all_with_number(installation: Installation, number: str = "1001") -> list[Invoice]:
    with installation.db.reading() as session:
        found = invoices_by_number(session, "recman", [number])
    return [row for rows in found.values() for row in rows]


def questions(installation: Installation) -> dict[str, str]:
    return {row.series: row.resembles for row in all_with_number(installation)}


def assert_whole(document: Document) -> None:
    """It has what each of both sources stated alone."""
    assert (document.invoice.kid, document.invoice.order_reference) == ("602243", "PO-77")
    assert document.invoice.due_date == dt.date(2026, 12, 4)
    assert document.invoice.invoice_date == dt.date(2026, 11, 20)
    assert not document.invoice.date_assumed
    assert [each.product_number for each in document.lines] == ["1003"]


def test_a_file_lands_with_all_it_states_and_the_same_file_twice_changes_nothing(
    installation: Installation, bring_ehf: Bring
) -> None:
    assert counts(bring_ehf()) == (2, 0, 0, 0)  # the customer and the invoice
    document = stored(installation)
    assert_whole(document)
    assert (document.department.number, document.invoice.series) == ("10", "10")
    assert (document.customer.number, document.customer.organization_number) == ("5001", BUYER)
    assert (document.customer.address, document.customer.city) == ("Tollbugata 4", "Oslo")
    assert document.invoice.stated_total == document.invoice.total == Decimal("3867.19")
    assert counts(bring_ehf()) == (0, 0, 2, 0)


def test_the_file_adds_to_the_report_what_that_does_not_state(
    installation: Installation, bring_report: Bring, bring_ehf: Bring
) -> None:
    bring_report()
    assert of_documents(bring_ehf()) == (0, 2, -1, 0)  # the document, and the customer's address
    assert_whole(stored(installation))
    assert stored(installation).lines[0].line_date == dt.date(2026, 11, 18)  # the report's
    assert of_documents(bring_ehf()) == UNCHANGED
    assert of_documents(bring_report()) == UNCHANGED
    assert_whole(stored(installation))


def test_the_report_takes_nothing_away_from_what_the_file_stated(
    installation: Installation, bring_report: Bring, bring_ehf: Bring
) -> None:
    bring_ehf()
    assert of_documents(bring_report()) == UNCHANGED
    assert_whole(stored(installation))


@pytest.mark.parametrize("file_first", [True, False])
def test_a_total_that_only_the_file_states_otherwise_is_known_whichever_comes_first(
    installation: Installation, bring_report: Bring, bring_ehf: Bring, file_first: bool
) -> None:
    apart = Sample(
        changes={
            "</cbc:TaxableAmount>" + VAT.format("773.44"): "</cbc:TaxableAmount>"
            + VAT.format("773.45"),
            "<cac:TaxTotal>\n" + VAT.format("773.44"): "<cac:TaxTotal>\n" + VAT.format("773.45"),
            "3867.19</cbc:TaxInclusiveAmount>": "3867.20</cbc:TaxInclusiveAmount>",
            "3867.19</cbc:PayableAmount>": "3867.20</cbc:PayableAmount>",
        }
    )
    for _ in ("at first", "and again"):
        if file_first:
            bring_ehf(apart)
        bring_report()
        bring_ehf(apart)
    row = stored(installation).invoice
    assert (row.total, row.stated_total) == (Decimal("3867.19"), Decimal("3867.20"))
    assert row.stated_vat == Decimal("773.45")
    assert bool(row.held) is file_first  # the report does not answer what the file asks


def test_a_correction_comes_by_the_source_that_was_first_and_then_by_the_other(
    installation: Installation, bring_report: Bring, bring_ehf: Bring
) -> None:
    bring_ehf()
    corrected = line({"Quantity": 8, "Sum excl. VAT": 3300})
    assert "stated otherwise" in bring_report(corrected).refused[0].reason
    assert of_documents(bring_ehf(Sample(items=[Item(quantity="8")]))) == UPDATED
    assert of_documents(bring_report(corrected)) == UNCHANGED
    document = stored(installation)
    assert document.invoice.net == document.lines[0].net == Decimal(3300)
    assert (document.invoice.kid, document.invoice.due_stated) == ("602243", True)
    assert document.invoice.stated_total == Decimal(4125)


@pytest.mark.parametrize("file_first", [True, False])
def test_an_exported_document_is_not_called_changed_because_another_source_tells_it(
    installation: Installation, bring_report: Bring, bring_ehf: Bring, file_first: bool
) -> None:
    first, second = (bring_ehf, bring_report) if file_first else (bring_report, bring_ehf)
    first()
    send(installation, stored(installation), State.TRANSFERRED)
    before = stored(installation).invoice
    second()
    assert stored(installation).invoice == before
    assert not before.changed_after_export


def test_other_amounts_or_another_date_of_an_exported_document_are_refused_from_another_source(
    installation: Installation, bring_report: Bring, bring_ehf: Bring
) -> None:
    bring_report(line({"Invoice date": "20.11.2026"}))
    send(installation, stored(installation), State.TRANSFERRED)
    before = stored(installation).invoice
    amounts = bring_ehf(Sample(items=[Item(quantity="8")]))
    date = bring_ehf(Sample(changes={"<cbc:IssueDate>2026-11-20": "<cbc:IssueDate>2026-11-21"}))
    for report, told in ((amounts, "NOK 4 125,00"), (date, "21.11.2026")):
        reason = report.refused[0].reason.replace("\u202f", " ").replace("\xa0", " ")
        assert told in reason
        assert "NOK 3 867,19" in reason
        assert "is in 24SevenOffice already and stays as it is" in reason
    assert stored(installation).invoice == before


def test_why_a_line_has_no_vat_comes_from_the_source_that_knows(
    installation: Installation, bring_report: Bring, bring_ehf: Bring
) -> None:
    free = line({"VAT %": 0})
    bring_report(free)
    abroad = Sample(items=[Item(tax=("G", "0"))])
    assert of_documents(bring_ehf(abroad))[1] == 2  # the document, and the customer's address
    for report in (bring_report(free), bring_ehf(abroad)):
        assert of_documents(report) == UNCHANGED
        (kept,) = stored(installation).lines
        assert (kept.vat_category, kept.line_date) == ("G", dt.date(2026, 11, 18))


def test_product_numbers_that_one_source_lacks_come_from_the_other(
    installation: Installation, bring_report: Bring, bring_ehf: Bring
) -> None:
    bring_ehf(Sample(items=[Item(product="")]))
    assert stored(installation).lines[0].product_number == ""
    assert of_documents(bring_report()) == UPDATED
    assert_whole(stored(installation))
    assert of_documents(bring_report()) == UNCHANGED


def test_a_customer_made_of_its_organization_number_gives_way_to_the_reports(
    installation: Installation, bring_report: Bring, bring_ehf: Bring
) -> None:
    bring_ehf(Sample(customer=""))
    assert stored(installation).customer.number == BUYER
    assert of_documents(bring_report()) == UPDATED
    assert stored(installation).customer.number == "5001"
    assert of_documents(bring_ehf(Sample(customer=""))) == UNCHANGED
    assert stored(installation).customer.number == "5001"


def test_a_customer_of_the_list_is_found_by_its_organization_number_and_stays_as_it_is(
    installation: Installation, finance: Actor, bring_ehf: Bring
) -> None:
    own = customer({"Address": "Havnegata 1", "Organization number": BUYER})
    import_files(Desk(installation, finance), [("c.xlsx", as_report(own))])
    bring_ehf(Sample(customer=""))
    found = stored(installation).customer
    assert (found.number, found.address, found.credit_days) == ("5001", "Havnegata 1", 14)


@pytest.mark.parametrize("sign", ["-", ""])
def test_a_kind_that_the_report_does_not_tell_is_told_by_the_file(
    installation: Installation, finance: Actor, bring_ehf: Bring, sign: str
) -> None:
    rows = as_grid([line({"Quantity": f"{sign}7.5", "Sum excl. VAT": f"{sign}3093.75"})])
    sheets = {"Invoices": rows} if sign else {"One": rows, "Two": as_grid([line(number="9")])}
    import_files(Desk(installation, finance), [("x.xlsx", as_workbook(sheets))])
    assert stored(installation).invoice.held
    bring_ehf(Sample(credit_note=True, credited=["1000"]))
    (row,) = all_with_number(installation)
    assert (row.kind, row.held) == (DocumentKind.CREDIT_NOTE, "")
    assert (row.credited_number, row.total) == ("1000", Decimal("-3867.19"))


def test_credit_notes_are_negative_however_the_report_signs_them(
    installation: Installation, finance: Actor, bring_ehf: Bring
) -> None:
    grid = as_grid([{**line(), "VAT": "773.44"}])
    content = as_workbook({"Credit notes": grid})
    import_files(Desk(installation, finance), [("x.xlsx", content)])
    document = stored(installation)
    assert document.invoice.kind is DocumentKind.CREDIT_NOTE
    assert (document.invoice.net, document.invoice.stated_vat) == (
        Decimal("-3093.75"), Decimal("-773.44"),
    )  # fmt: skip
    assert document.lines[0].quantity == Decimal("-7.5")
    assert counts(import_files(Desk(installation, finance), [("x.xlsx", content)])[0]) == UNCHANGED


def test_a_held_document_released_as_a_credit_note_becomes_negative(
    installation: Installation, finance: Actor
) -> None:
    sheets = {"One": as_grid([line()]), "Two": as_grid([line(number="9")])}
    content = as_workbook(sheets)
    import_files(Desk(installation, finance), [("x.xlsx", content)])
    held = stored(installation)
    assert (held.invoice.net, bool(held.invoice.held)) == (Decimal("3093.75"), True)
    release_held(Desk(installation, finance), [held.invoice_id], DocumentKind.CREDIT_NOTE)
    released = stored(installation)
    assert (released.invoice.net, released.invoice.total) == (
        Decimal("-3093.75"), Decimal("-3867.19"),
    )  # fmt: skip
    (line_,) = released.lines
    assert (line_.quantity, line_.unit_price, line_.net) == (
        Decimal("-7.5"), Decimal("412.5"), Decimal("-3093.75"),
    )  # fmt: skip
    (again,) = import_files(Desk(installation, finance), [("x.xlsx", content)])
    assert counts(again) == (0, 0, 2, 0)


@pytest.mark.parametrize("named_first", [False, True])
def test_a_sheet_that_names_credit_notes_settles_a_held_one_and_its_sign(
    installation: Installation, finance: Actor, named_first: bool
) -> None:
    unclear = as_workbook({"One": as_grid([line()]), "Two": as_grid([line(number="9")])})
    named = as_workbook({"Credit notes": as_grid([line()])})
    for content in (named, unclear) if named_first else (unclear, named):
        import_files(Desk(installation, finance), [("x.xlsx", content)])
    (row,) = all_with_number(installation)
    assert (row.kind, row.held, row.net) == (DocumentKind.CREDIT_NOTE, "", Decimal("-3093.75"))


def test_a_wrong_choice_of_department_does_not_bring_a_document_twice(
    installation: Installation, bring_report: Bring, bring_ehf: Bring
) -> None:
    bring_report()
    (refused,) = bring_ehf(department="20").refused
    assert "10-1001, in another department" in refused.reason
    assert len(all_with_number(installation)) == 1


@pytest.mark.parametrize("exported", [False, True])
def test_the_reports_department_wins_over_a_chosen_one_that_was_not_exported(
    installation: Installation, bring_report: Bring, bring_ehf: Bring, exported: bool
) -> None:
    bring_ehf(department="20")
    if exported:
        send(installation, stored(installation), State.TRANSFERRED)
    report = bring_report()
    assert len(report.refused) == exported
    rows = {row.series: row.excluded for row in all_with_number(installation)}
    assert rows == ({"20": False} if exported else {"20": True, "10": False})


def test_the_same_number_customer_and_day_is_one_document_whatever_the_amount(
    installation: Installation, bring_ehf: Bring
) -> None:
    bring_ehf(department="20")
    almost = Sample(items=[Item(quantity="7.5", price="412.51")])
    (refused,) = bring_ehf(almost, department="10").refused
    assert "1001 is here already as 20-1001, in another department" in refused.reason
    assert "or exclude that one first" in refused.reason


@pytest.mark.parametrize("quantity", ["7.5", "8"])
def test_a_wrong_choice_that_was_excluded_is_held_where_it_is_taken_in_beside_the_right_one(
    installation: Installation, finance: Actor, bring_ehf: Bring, quantity: str
) -> None:
    bring_ehf(department="20")
    desk, wrong = Desk(installation, finance), stored(installation).invoice_id
    set_excluded(desk, [wrong], "wrong department")
    corrected = Sample(items=[Item(quantity=quantity)])
    assert bring_ehf(corrected, department="10").refused == ()
    assert set_excluded(desk, [wrong], None).changed == 1
    assert "10-1001 of 20.11.2026" in questions(installation)["20"]
    (right,) = [row for row in all_with_number(installation) if row.series == "10"]
    set_excluded(desk, [wrong, right.id or 0], "after all")
    set_excluded(desk, [wrong, right.id or 0], None)
    assert list(map(bool, questions(installation).values())).count(True) == 1, "one of both waits"


def test_what_is_taken_in_again_is_not_asked_about_where_nothing_is_like_it(
    installation: Installation, finance: Actor, bring_ehf: Bring
) -> None:
    bring_ehf(department="20")
    desk, wrong = Desk(installation, finance), stored(installation).invoice_id
    set_excluded(desk, [wrong], "wrong department")
    bring_ehf(department="10")
    (right,) = [row for row in all_with_number(installation) if row.series == "10"]
    set_excluded(desk, [right.id or 0], "after all")
    set_excluded(desk, [wrong], None)
    assert questions(installation) == {"20": "", "10": ""}


def test_two_departments_may_still_own_one_number(
    installation: Installation, bring_report: Bring, bring_ehf: Bring
) -> None:
    bring_report()
    bring_ehf(Sample(items=[Item(quantity="1")]), department="20")
    assert {row.series for row in all_with_number(installation)} == {"10", "20"}
    assert not any(row.excluded for row in all_with_number(installation))


def test_files_of_both_kinds_together_are_one_document(
    installation: Installation, finance: Actor
) -> None:
    files = [("a.xml", Sample().content), ("lines.xlsx", as_report(line()))]
    ehf, report = import_files(Desk(installation, finance), files, department="10")
    assert (ehf.kind, report.kind) == ("EHF", "invoice lines")
    assert_whole(stored(installation))
    assert len(all_with_number(installation)) == 1
    with installation.db.reading() as session:
        found = customers_by_number(session, "recman", ["5001"])["5001"]
    assert found.organization_number == BUYER


def test_a_report_that_changes_by_itself_is_still_seen_to_change(
    installation: Installation, bring_report: Bring
) -> None:
    bring_report(line(), line({NUMBER: "1002"}))
    other = {"Product no.": "1004"}
    assert counts(bring_report(line(other), line({NUMBER: "1002"}))) == (0, 1, 1, 0)
    assert stored(installation).lines[0].product_number == "1004"
    send(installation, stored(installation), State.TRANSFERRED)
    assert counts(bring_report(line())) == FLAGGED
