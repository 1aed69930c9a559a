"""What may be a document that is here is never a second one without a word."""

from __future__ import annotations

import io
from typing import Any

import pytest
from openpyxl import load_workbook

from so24.demo import demo_folder
from so24.installation import Installation
from so24.invoices.decisions import set_excluded
from so24.invoices.questions import answer_questions
from so24.language.reader import speaking
from so24.language.telling import tell
from so24.people.desk import Desk
from so24.people.roles import Actor
from so24.reasons import Reason
from so24.sources.intake import import_files
from so24.store.documents.documents import Document, load_documents
from so24.store.documents.overview import InvoiceFilter, list_invoices
from so24.store.tables.transfer_tables import State
from so24.transfer.checks import check_document
from so24.transfer.checks.finding import CheckContext
from tests.sources.acts import DATED, bring, counts, send, stored
from tests.sources.dresses import DRESSES
from tests.sources.report_files import NUMBER, line

CUSTOMER, DEPARTMENT = "Customer no.", "Department no."
BERGEN = {DEPARTMENT: "20", "Department": "Bergen"}


def all_documents(installation: Installation) -> list[Document]:
    with installation.db.reading() as session:
        ids = [row.id for row in list_invoices(session, InvoiceFilter())]
        return load_documents(session, ids)


@pytest.mark.parametrize("column", [NUMBER, CUSTOMER, DEPARTMENT])
@pytest.mark.parametrize("dress", DRESSES.values(), ids=DRESSES)
def test_an_exported_document_that_comes_in_another_dress_is_no_second_one(
    installation: Installation, finance: Actor, column: str, dress: Any
) -> None:
    plain = line(DATED)
    bring(installation, finance, plain)
    send(installation, stored(installation), State.TRANSFERRED)
    report = bring(installation, finance, {**plain, column: dress(plain[column])})
    documents = all_documents(installation)
    if len(documents) > 1:
        (held,) = (each for each in documents if each.invoice.resembles)
        assert [each.endswith(f": {held.invoice.resembles}") for each in report.warnings] == [True]
        assert Reason.HELD in reasons(held)
    else:
        assert report.refused or counts(report) in ((0, 0, 1, 0), (0, 0, 0, 1))


@pytest.mark.parametrize(
    "dressed", ["10-1001", "RM-10-01001", "Faktura 1001", "\u21161001", "Invoice #01001"]
)
def test_a_plain_number_is_held_where_the_dressed_one_came_first(
    installation: Installation, finance: Actor, dressed: str
) -> None:
    bring(installation, finance, line({**DATED, NUMBER: dressed}))
    report = bring(installation, finance, line({**DATED, "Quantity": 1, "Sum excl. VAT": 412.5}))
    question = stored(installation, "1001").invoice.resembles
    assert dressed in question
    assert report.warnings == (f"Invoice 10-1001: {question}",)
    assert stored(installation, dressed).invoice.resembles == ""


@pytest.mark.parametrize("number", ["F-1001", "20-1001", "1001/2026", "1001 (kopi)", "(1001) 2"])
def test_a_number_within_another_one_is_held_where_customer_date_and_total_are_the_same(
    installation: Installation, finance: Actor, number: str
) -> None:
    bring(installation, finance, line(DATED))
    bring(installation, finance, line({**DATED, NUMBER: number}))
    assert number in stored(installation, number).invoice.resembles
    amounts = {"Sum excl. VAT": 100, "Quantity": 1, "Price": 100}
    bring(installation, finance, line({**DATED, NUMBER: f"{number}-1", **amounts}))
    assert not stored(installation, f"{number}-1").invoice.resembles


def test_a_number_that_names_the_series_of_another_department_is_held_whatever_it_says(
    installation: Installation, finance: Actor
) -> None:
    bring(installation, finance, line(DATED))
    bring(installation, finance, line({**DATED, **BERGEN, NUMBER: "10-1001", CUSTOMER: "5002"}))
    assert "10-1001" in stored(installation, "10-1001").invoice.resembles


@pytest.mark.parametrize(
    "change",
    [
        {NUMBER: "1002"},
        {NUMBER: "1001A"},
        {
            DEPARTMENT: "20",
            "Department": "Bergen",
            "Sum excl. VAT": 100,
            "Quantity": 1,
            "Price": 100,
        },
        {DEPARTMENT: "20", "Department": "Bergen", CUSTOMER: "5002", "Company": "Sør AS"},
        {DEPARTMENT: "20", "Department": "Bergen", "Invoice date": "21.11.2026"},
    ],
)
def test_what_differs_in_what_people_see_is_a_document_of_its_own(
    installation: Installation, finance: Actor, change: dict[str, Any]
) -> None:
    report = bring(installation, finance, line(DATED), line({**DATED, **change}))
    assert (counts(report), report.warnings) == ((2, 0, 0, 0), ())


def test_a_document_with_customer_date_and_total_of_another_series_is_held(
    installation: Installation, finance: Actor
) -> None:
    other = line({**DATED, **BERGEN}, number="01001")
    report = bring(installation, finance, line(DATED), other)
    assert counts(report) == (2, 0, 0, 0)
    told = "Invoice 20-01001: Its number 20-01001 looks like that of invoice 10-1001 of 20.11.2026"
    assert report.warnings[0].startswith(told)


@pytest.mark.slow
@pytest.mark.parametrize("number", [pytest.param("11", marks=pytest.mark.long), "Oslo sentrum"])
@pytest.mark.parametrize("sent", [pytest.param(False, marks=pytest.mark.long), True])
@pytest.mark.parametrize("name", ["invoice-lines.xlsx", "without-dates.xlsx"])
def test_the_demo_that_comes_again_with_another_number_for_a_department_waits_as_a_whole(
    installation: Installation, finance: Actor, name: str, sent: bool, number: str
) -> None:
    desk, content = Desk(installation, finance), (demo_folder() / name).read_bytes()
    import_files(desk, [(name, content)])
    before = [each for each in all_documents(installation) if each.department.number == "10"]
    if sent:
        for each in before:
            send(installation, each, State.TRANSFERRED)
    (report,) = import_files(desk, [(name, renumber_department(content, "10", number))])
    after = [each for each in all_documents(installation) if each.department.number == number]
    assert len(after) == len(before) == len(report.warnings) > 2
    assert all(each.invoice.resembles for each in after)
    assert not any(each.invoice.resembles for each in before)


def renumber_department(content: bytes, old: str, new: str) -> bytes:
    """The workbook with another number for a department in each of its rows."""
    book = load_workbook(io.BytesIO(content))
    for sheet in book:
        column = [cell.value for cell in sheet[1]].index(DEPARTMENT) + 1
        for cells in sheet.iter_rows(min_row=2, min_col=column, max_col=column):
            if str(cells[0].value) == old:
                cells[0].value = new
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def test_the_same_document_is_left_out_and_another_one_may_go(
    installation: Installation, finance: Actor
) -> None:
    alike = [line(DATED, number=number) for number in ("#1001", "01001")]
    bring(installation, finance, line(DATED), *alike)
    desk = Desk(installation, finance)
    first, second = stored(installation, "#1001"), stored(installation, "01001")
    assert answer_questions(desk, [first.invoice_id], same=True) == 1
    assert answer_questions(desk, [second.invoice_id], same=False) == 1
    first, second = stored(installation, "#1001"), stored(installation, "01001")
    assert first.invoice.excluded
    assert "It is the same document." in first.invoice.excluded_reason
    with speaking("nb"):
        told = tell(first.invoice.excluded_reason)
    assert told.startswith("Nummeret 10-#1001 ligner på nummeret til ")
    assert told.endswith("Det er samme bilag.")
    assert Reason.HELD not in reasons(second)
    again = bring(installation, finance, *alike)
    assert (counts(again), again.warnings) == ((0, 0, 2, 0), ()), "asked once"
    assert answer_questions(desk, [first.invoice_id, second.invoice_id], same=True) == 0


LATER = {"Invoice date": "20.11.2027"}


@pytest.mark.parametrize("sent", [False, True])
def test_a_number_that_comes_again_with_another_date_stays_out_until_somebody_has_decided(
    installation: Installation, finance: Actor, sent: bool
) -> None:
    bring(installation, finance, line(DATED))
    if sent:
        send(installation, stored(installation), State.TRANSFERRED)
    for _ in range(2):
        report = bring(installation, finance, line(LATER), line(LATER))
        (told,) = report.warnings
        assert told.startswith("10-1001 is held until you answer, and what came stays out: 1001 of")
        assert "RecMan never changes an invoice's date" in told
        assert (report.refused, report.asked, counts(report)) == ((), 1, (0, 0, 0, 0))
    held = stored(installation)
    assert held.invoice.invoice_date.year == 2026
    assert told.endswith(held.invoice.redated)
    assert Reason.HELD in reasons(held)


@pytest.mark.parametrize("sent", [False, True])
def test_the_date_of_the_same_document_comes_with_the_next_import(
    installation: Installation, finance: Actor, sent: bool
) -> None:
    bring(installation, finance, line(DATED))
    if sent:
        send(installation, stored(installation), State.TRANSFERRED)
    bring(installation, finance, line(LATER))
    desk = Desk(installation, finance)
    assert answer_questions(desk, [stored(installation).invoice_id], same=True) == 1
    report = bring(installation, finance, line(LATER))
    assert report.refused == ()
    assert counts(report) == ((0, 0, 1, 0) if sent else (0, 1, 0, 0))
    invoice = stored(installation).invoice
    assert invoice.changed_after_export is sent
    assert invoice.invoice_date.year == (2026 if sent else 2027)
    assert not invoice.redated


def test_another_document_with_a_number_that_is_taken_stays_out(
    installation: Installation, finance: Actor
) -> None:
    bring(installation, finance, line(DATED))
    bring(installation, finance, line(LATER))
    desk = Desk(installation, finance)
    answer_questions(desk, [stored(installation).invoice_id], same=False)
    assert Reason.HELD not in reasons(stored(installation)), "the one that is here may go"
    bring(installation, finance, line(DATED))
    (refused,) = bring(installation, finance, line(LATER)).refused
    assert "was said to be another document" in refused.reason
    third = {"Invoice date": "20.11.2028"}
    (asked,) = bring(installation, finance, line(third)).warnings
    assert "is it the same document" in asked


def test_an_excluded_document_makes_way_for_one_of_another_date(
    installation: Installation, finance: Actor
) -> None:
    bring(installation, finance, line(DATED))
    bring(installation, finance, line(LATER))
    set_excluded(Desk(installation, finance), [stored(installation).invoice_id], "wrong")
    assert counts(bring(installation, finance, line(LATER))) == (0, 1, 0, 0)
    invoice = stored(installation).invoice
    assert (invoice.invoice_date.year, invoice.redated, invoice.excluded) == (2027, "", False)


def reasons(document: Document) -> list[Reason]:
    return [found.reason for found in check_document(document, CheckContext())]
