"""Two statements about whose a customer's number is, that disagree, are asked about."""

from __future__ import annotations

from typing import Any

import pytest
from sqlmodel import select

from so24.errors import WrongUse
from so24.installation import Installation
from so24.invoices.overview import read_overview
from so24.invoices.questions import (
    answer_customer_question,
    answer_questions,
    answer_whose,
    list_asked,
    open_customer_questions,
    take_back_whose,
)
from so24.language.reader import speaking
from so24.language.telling import tell
from so24.people.desk import Desk
from so24.people.roles import Actor
from so24.reasons import Reason
from so24.sources.import_reports import ImportReport
from so24.sources.intake import import_files
from so24.store.documents.overview import InvoiceFilter
from so24.store.tables.document_tables import Asks, Customer
from so24.store.tables.transfer_tables import State
from so24.transfer.checks import check_document
from so24.transfer.checks.finding import CheckContext
from so24.transfer.review import read_findings
from tests.sources.acts import DATED, bring, send, stored
from tests.sources.ehf.bills import Sample
from tests.sources.report_files import as_report, customer, line

OTHER = {"Company": "Delta Rør AS", "Organization number": "123456785"}
NOBODYS = {"Company": "Delta Rør AS", "Organization number": ""}


def bring_list(installation: Installation, actor: Actor, *rows: dict[str, Any]) -> ImportReport:
    files = [("customers.xlsx", as_report(*rows, sheet="Customers"))]
    (report,) = import_files(Desk(installation, actor), files)
    return report


def the_customer(installation: Installation) -> Customer:
    with installation.db.reading() as session:
        return session.exec(select(Customer).where(Customer.number == "5001")).one()


def is_held(installation: Installation) -> bool:
    found = check_document(stored(installation), CheckContext())
    return Reason.HELD in [each.reason for each in found]


@pytest.mark.parametrize("other", [OTHER, NOBODYS])
def test_a_list_that_gives_the_number_to_another_firm_changes_nothing_and_asks(
    installation: Installation, finance: Actor, other: dict[str, Any]
) -> None:
    bring_list(installation, finance, customer())
    bring(installation, finance, line())
    for _ in range(2):
        report = bring_list(installation, finance, customer({**other, "City": "Voss"}))
        assert (report.updated, len(report.warnings)) == (0, 1)
    row = the_customer(installation)
    assert (row.name, row.city) == ("Nordvik Logistikk AS", "Oslo")
    assert "5001 is “Nordvik Logistikk AS”" in row.question
    assert is_held(installation), "until somebody has said who it is"


def test_a_list_that_comes_after_the_documents_and_contradicts_them_asks(
    installation: Installation, finance: Actor
) -> None:
    bring(installation, finance, line())
    bring_list(installation, finance, customer(OTHER))
    assert the_customer(installation).name == "Nordvik Logistikk AS"
    assert is_held(installation)


@pytest.mark.parametrize(
    "same",
    [
        {"Company": "Equinor ASA"},  # renamed: the organization number is the same
        {"Company": "Logistikk Nordvik"},
        {"Company": "NORDVIK", "Organization number": ""},
        {"Organization number": "NO 100 000 008 MVA"},
    ],
)
def test_a_renamed_customer_is_the_same_one(
    installation: Installation, finance: Actor, same: dict[str, Any]
) -> None:
    bring_list(installation, finance, customer())
    report = bring_list(installation, finance, customer(same))
    assert report.warnings == ()
    assert not the_customer(installation).question


def test_a_list_that_is_right_is_believed_from_the_next_import_on(
    installation: Installation, finance: Actor
) -> None:
    bring_list(installation, finance, customer())
    bring_list(installation, finance, customer(OTHER))
    desk = Desk(installation, finance)
    assert [each.number for each in open_customer_questions(desk)] == ["5001"]
    answer_customer_question(desk, "5001", right=True)
    report = bring_list(installation, finance, customer({**OTHER, "City": "Voss"}))
    assert (report.updated, report.warnings) == (1, ())
    row = the_customer(installation)
    assert (row.name, row.organization_number, row.city) == ("Delta Rør AS", "123456785", "Voss")


def test_a_list_that_is_wrong_is_told_again_and_holds_nothing_up(
    installation: Installation, finance: Actor
) -> None:
    bring_list(installation, finance, customer())
    bring(installation, finance, line())
    bring_list(installation, finance, customer(OTHER))
    desk = Desk(installation, finance)
    answer_customer_question(desk, "5001", right=False)
    report = bring_list(installation, finance, customer(OTHER))
    assert len(report.warnings) == 1
    assert not is_held(installation)
    assert open_customer_questions(desk) == []
    with pytest.raises(WrongUse, match="Nothing is asked about customer 5001"):
        answer_customer_question(desk, "5001", right=True)


def test_a_customer_does_not_become_another_firm_while_a_document_is_in_transfer(
    installation: Installation, finance: Actor
) -> None:
    bring_list(installation, finance, customer())
    bring(installation, finance, line())
    send(installation, stored(installation), State.QUEUED)
    bring_list(installation, finance, customer(OTHER))
    with pytest.raises(WrongUse, match="1 document of customer 5001 in transfer"):
        answer_customer_question(Desk(installation, finance), "5001", right=True)


def test_a_report_that_names_another_firm_than_the_list_holds_the_document(
    installation: Installation, finance: Actor
) -> None:
    bring_list(installation, finance, customer())
    report = bring(installation, finance, line({"Company": "Zeta Transport AS"}))
    assert "made out to “Zeta Transport AS”" in report.warnings[0]
    assert is_held(installation)
    desk, document = Desk(installation, finance), stored(installation)
    assert answer_questions(desk, [document.invoice_id], same=True) == 0, "another question"
    assert is_held(installation)
    assert answer_whose(desk, [document.invoice_id], same=True) == 1
    assert not is_held(installation)
    again = bring(installation, finance, line({"Company": "Zeta Transport AS"}))
    assert (again.unchanged, again.warnings) == (1, ())


def warned(installation: Installation, finance: Actor) -> list[str]:
    """What the checks say of the document because of a person's word about its firm."""
    document = stored(installation)
    found = read_findings(Desk(installation, finance), [document.invoice_id])
    told = found.get(document.invoice_id, ())
    return [each.sentence for each in told if each.reason is Reason.SAID_SAME_FIRM]


@pytest.mark.parametrize("name", ["Zeta Transport AS", ""])
def test_a_persons_word_that_both_are_one_firm_is_told_and_can_be_taken_back(
    installation: Installation, finance: Actor, name: str
) -> None:
    bring_list(installation, finance, customer())
    bring(installation, finance, line({"Company": name}))
    if not name:  # it came in under the number of a firm that has lost it
        bring_list(installation, finance, customer(OTHER))
        answer_customer_question(Desk(installation, finance), "5001", right=True)
    desk, document = Desk(installation, finance), stored(installation)
    question, ids = document.invoice.whose, [document.invoice_id]
    [asked] = list_asked(desk, ids, Asks.FIRM)
    assert warned(installation, finance) == []
    answer_whose(desk, ids, same=True)
    [told] = warned(installation, finance)
    assert f"made out to “{asked.made_out_to}”, and goes to the card of customer 5001" in told
    assert f"“{asked.customer}”, because fia said that both are one firm" in told
    assert take_back_whose(desk, ids) == 1
    assert asked.customer in stored(installation).invoice.whose
    assert not name or stored(installation).invoice.whose == question
    assert warned(installation, finance) == []
    assert is_held(installation)
    assert take_back_whose(desk, ids) == 0, "nothing is left to take back"


@pytest.mark.parametrize("state", [State.TRANSFERRED, State.QUEUED])
def test_what_is_sent_or_on_its_way_is_not_taken_back(
    installation: Installation, finance: Actor, state: State
) -> None:
    bring_list(installation, finance, customer())
    bring(installation, finance, line({"Company": "Zeta Transport AS"}))
    desk, ids = Desk(installation, finance), [stored(installation).invoice_id]
    answer_whose(desk, ids, same=True)
    send(installation, stored(installation), state)
    assert take_back_whose(desk, ids) == 0
    assert not stored(installation).invoice.whose


def test_a_document_that_bears_its_customers_name_is_nobodys_word(
    installation: Installation, finance: Actor
) -> None:
    bring_list(installation, finance, customer())
    bring(installation, finance, line())
    assert warned(installation, finance) == []
    assert take_back_whose(Desk(installation, finance), [stored(installation).invoice_id]) == 0


def test_a_document_of_another_firm_is_left_out(installation: Installation, finance: Actor) -> None:
    bring_list(installation, finance, customer())
    bring(installation, finance, line({"Company": "Zeta Transport AS"}))
    desk = Desk(installation, finance)
    answer_whose(desk, [stored(installation).invoice_id], same=False)
    invoice = stored(installation).invoice
    assert invoice.excluded
    assert "It is another firm's." in invoice.excluded_reason
    assert "Is it the same firm?" not in invoice.excluded_reason
    with speaking("nb"):
        told = tell(invoice.excluded_reason)
    assert told.startswith("Det er et annet firmas. ")
    assert "It is made out to" not in told


def test_of_two_questions_about_a_document_the_one_that_is_shown_is_answered(
    installation: Installation, finance: Actor
) -> None:
    zeta = {"Company": "Zeta Transport AS"}
    bring_list(installation, finance, customer())
    bring(installation, finance, line({**DATED, **zeta}))
    bring(installation, finance, line({**DATED, **zeta, "Invoice date": "20.11.2027"}))
    desk, document = Desk(installation, finance), stored(installation)
    first, second = document.invoice.questions
    assert "has come again" in first
    answer_questions(desk, [document.invoice_id], same=False)
    invoice = stored(installation).invoice
    assert (invoice.questions, invoice.excluded) == ((second,), False)


def test_of_documents_that_name_two_firms_for_one_number_none_is_believed(
    installation: Installation, finance: Actor
) -> None:
    second = line({"Company": "Zeta Transport AS"}, number="1002")
    report = bring(installation, finance, line(), second, line({"Company": ""}, number="1003"))
    assert len(report.warnings) == 2
    held = [bool(stored(installation, number).invoice.whose) for number in ("1001", "1002", "1003")]
    assert held == [True, True, False]


def test_both_rows_of_a_number_that_stands_twice_are_refused(
    installation: Installation, finance: Actor
) -> None:
    report = bring_list(installation, finance, customer(), customer(OTHER))
    assert report.added == 0
    assert [each.row for each in report.refused] == [2, 3]
    assert {each.reason for each in report.refused} == {
        "stands twice with different contents: 5001"
    }


def test_a_list_without_a_number_or_with_a_placeholder_leaves_the_one_that_is_known(
    installation: Installation, finance: Actor
) -> None:
    bring_list(installation, finance, customer())
    for number in ("", "999999999", "100000009"):
        bring_list(installation, finance, customer({"Organization number": number}))
        assert the_customer(installation).organization_number == "100000008"


def test_a_placeholder_does_not_make_two_firms_one(
    installation: Installation, finance: Actor
) -> None:
    placeholder = {"Organization number": "999999999"}
    bring_list(installation, finance, customer(placeholder))
    report = bring_list(installation, finance, customer({**OTHER, **placeholder}))
    assert len(report.warnings) == 1


def test_a_firm_that_is_renamed_under_its_number_keeps_its_documents(
    installation: Installation, finance: Actor
) -> None:
    bring_list(installation, finance, customer())
    bring(installation, finance, line())
    report = bring_list(installation, finance, customer({"Company": "Equinor ASA"}))
    assert (report.updated, report.warnings) == (1, ())
    assert not is_held(installation)
    again = bring(installation, finance, line({"Company": "Equinor ASA"}))
    assert (again.unchanged, again.warnings) == (1, ())


def test_a_persons_word_about_a_document_does_not_hold_for_a_third_firm(
    installation: Installation, finance: Actor
) -> None:
    bring_list(installation, finance, customer())
    bring(installation, finance, line({"Company": "Zeta Transport AS"}))
    desk = Desk(installation, finance)
    answer_whose(desk, [stored(installation).invoice_id], same=True)
    bring_list(installation, finance, customer(OTHER))
    assert answer_customer_question(desk, "5001", right=True) == 1
    assert "that of “Delta Rør AS”" in stored(installation).invoice.whose
    bring(installation, finance, line({"Company": "Delta Rør AS"}))
    assert not is_held(installation), "it is decided anew"


def test_what_one_source_has_said_is_not_taken_back_by_another(
    installation: Installation, finance: Actor
) -> None:
    bring_list(installation, finance, customer())
    bring(installation, finance, line({**DATED, "Company": "Zeta Transport AS"}))
    files = [("a.xml", Sample().content)]
    import_files(Desk(installation, finance), files, department="10")
    assert "“Zeta Transport AS”" in stored(installation).invoice.whose
    bring(installation, finance, line(DATED))
    assert not is_held(installation)


@pytest.mark.parametrize("state", [State.TRANSFERRED, State.QUEUED])
def test_what_is_sent_or_on_its_way_is_not_asked_about(
    installation: Installation, finance: Actor, state: State
) -> None:
    bring_list(installation, finance, customer())
    bring(installation, finance, line(), line(number="1002"))
    send(installation, stored(installation), state)
    bring_list(installation, finance, customer(OTHER))
    rows = read_overview(Desk(installation, finance), InvoiceFilter(asked=True)).rows
    assert [(row.number, row.asks) for row in rows] == [("1002", Asks.LIST)]
