"""The invoice overview: filters, the basket, the bar, the question before an export."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from sqlmodel import col, select
from streamlit.testing.v1 import AppTest

from so24.amounts import GROUP
from so24.installation import Installation
from so24.invoices.decisions import set_excluded
from so24.keys.activation import deactivate
from so24.people.desk import Desk
from so24.people.roles import Actor
from so24.sources.intake import import_files
from so24.store.documents.intake import invoices_by_number
from so24.store.people.audit import record
from so24.store.people.origins import COMMAND_LINE
from so24.store.tables.document_tables import Customer, Invoice
from so24.store.tables.key_tables import Department
from so24.store.tables.people_tables import Role
from so24.store.tables.transfer_tables import State
from so24.transfer.history import recent_runs
from so24.transfer.receipt import read_receipt
from so24.ui.invoices import invoice_list
from tests.pages.conftest import OpenApp, press_number
from tests.sources.acts import DATED
from tests.sources.ehf.bills import Sample, pack
from tests.sources.report_files import as_report, line
from tests.transfer.credits import add_credit_note
from tests.transfer.world import World

pytestmark = pytest.mark.slow

PAGE = "invoices"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def numbers(at: AppTest) -> list[str]:
    """The numbers in the grid."""
    return list(at.dataframe[0].value["Number"])


def tick(at: AppTest, *rows: int) -> AppTest:
    """Tick exactly these rows of the grid."""
    selection = {"rows": list(rows), "columns": [], "cells": []}
    at.session_state[str(at.dataframe[0].key)] = {"selection": selection}
    return at.run()


def press(at: AppTest, label: str) -> AppTest:
    """Press the one button whose label begins so."""
    (button,) = (each for each in at.button if each.label.startswith(label))
    assert not button.disabled
    return button.click().run()


def open_more(at: AppTest) -> AppTest:
    """Open what else can be done with what is ticked."""
    return press(at, "More")


def texts(at: AppTest) -> str:
    """All running text on the page."""
    found = [*at.markdown, *at.caption, *at.info, *at.warning, *at.error]
    return "\n".join(each.value for each in found).replace(GROUP, " ")


def test_an_empty_overview_says_what_comes_first(economy: World, app: OpenApp) -> None:
    at = app(Role.FINANCE, PAGE)
    assert "There are no invoices yet" in at.info[0].value
    assert at.expander[0].label == "Import from RecMan"
    assert not at.dataframe


def test_an_analyst_cannot_open_it(invoices: list[int], app: OpenApp) -> None:
    at = app(Role.ANALYST)
    with pytest.raises(ValueError, match="invoices"):
        at.switch_page("../../../pages/invoices.py")


def test_the_newest_come_first_with_their_amounts(invoices: list[int], app: OpenApp) -> None:
    at = app(Role.FINANCE, PAGE)
    assert numbers(at) == ["1005", "1004", "1003", "1002", "1001"]
    assert "Status" not in at.dataframe[0].value  # the filter says it
    at.segmented_control(key="invoices_status").set_value("All").run()
    assert list(at.dataframe[0].value["Status"][0]) == ["not transferred"]


def test_the_bar_sums_what_is_ticked(invoices: list[int], app: OpenApp) -> None:
    at = tick(app(Role.FINANCE, PAGE), 0, 2)
    # two lines of 7.5 x 349.90 (2 624,25 each) and 25 % on their sum, twice
    assert "**2 of 5 selected** · 13 121,26 NOK" in texts(at)


def test_all_shown_are_selected_and_cleared_by_one_press(invoices: list[int], app: OpenApp) -> None:
    at = press(app(Role.FINANCE, PAGE), "Select all 5")
    assert "**5 of 5 selected**" in texts(at)
    assert "**0 of 5 selected**" in texts(press(at, "Clear"))


def test_a_tick_stays_with_its_invoice_when_the_filter_changes(
    invoices: list[int], app: OpenApp
) -> None:
    at = tick(app(Role.FINANCE, PAGE), 3)
    at.text_input(key="invoices_search").input("@no=1002").run()
    assert numbers(at) == ["1002"]
    assert "**1 of 1 selected**" in texts(at)


@pytest.mark.slow
def test_ticks_that_a_filter_hides_are_told_kept_and_dropped_by_a_word(
    invoices: list[int], app: OpenApp
) -> None:
    at = tick(app(Role.FINANCE, PAGE), 0, 3)
    at.text_input(key="invoices_search").input("@no=1002").run()
    assert "**1 of 1 selected** · :orange[1 more hidden by the filters]" in texts(at)
    assert "13 121,26 NOK in all" in texts(at)
    at.text_input(key="invoices_search").input("no such customer").run()
    assert "**0 of 0 selected** · :orange[2 more hidden by the filters]" in texts(at)
    at.text_input(key="invoices_search").input("").run()
    assert "**2 of 5 selected** · 13 121,26 NOK" in texts(at)
    at.text_input(key="invoices_search").input("@no=1002").run()
    at = press(at, "Drop hidden")
    at.text_input(key="invoices_search").input("").run()
    assert "**1 of 5 selected**" in texts(at)


def test_hidden_ticks_are_named_before_they_are_sent(invoices: list[int], app: OpenApp) -> None:
    at = tick(app(Role.FINANCE, PAGE), 0, 3)
    at.text_input(key="invoices_search").input("@no=1002").run()
    at = press(at, "24SevenOffice")
    (going,) = (each for each in at.dataframe if "What will happen" in each.value)
    assert sorted(going.value["Number"]) == ["1002", "1005"]


def test_all_of_a_filter_are_selected_over_its_pages_and_keep_their_ticks(
    economy: World, app: OpenApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(invoice_list, "PAGE_ROWS", 2)
    department = economy.add_department()
    economy.add_invoices(department, 5)
    at = app(Role.FINANCE, PAGE)
    assert numbers(at) == ["1005", "1004"]
    assert "**5 documents** · 32 803,15 NOK" in texts(at)
    at = press(tick(at, 1), "Select all 5")
    assert "**5 of 5 selected** · 32 803,15 NOK" in texts(at)
    at = press(tick(at, 1), "24SevenOffice")  # 1005 is not ticked any more
    assert "**4** will not go" in texts(at)  # no key
    at.session_state["invoices_page"] = 3
    at.run()
    assert numbers(at) == ["1001"]
    assert "**4 of 5 selected**" in texts(at)


def test_a_code_matches_exactly_and_free_text_anywhere(invoices: list[int], app: OpenApp) -> None:
    at = app(Role.FINANCE, PAGE)
    at.text_input(key="invoices_search").input("kunde 1").run()
    assert set(at.dataframe[0].value["Customer"]) == {"Kunde 1 AS"}
    at.text_input(key="invoices_search").input("@name=kunde 1").run()
    assert not at.dataframe
    assert "No document matches these filters" in at.info[0].value


def test_an_empty_list_says_what_another_status_would_show(
    economy: World, invoices: list[int], app: OpenApp
) -> None:
    at = app(Role.FINANCE, PAGE)
    at.text_input(key="invoices_search").input("nobody").run()
    assert at.info[0].value.endswith("filters. None does under another status either.")
    at.segmented_control(key="invoices_status").set_value("All").run()
    assert at.info[0].value == "No document matches these filters."
    at.text_input(key="invoices_search").input("100").run()
    at.segmented_control(key="invoices_status").set_value("Transferred").run()
    assert at.info[0].value.endswith("filters. 5 documents do under the status *All*.")


def test_a_wrong_code_gets_a_sentence(invoices: list[int], app: OpenApp) -> None:
    at = app(Role.FINANCE, PAGE)
    at.text_input(key="invoices_search").input("@nr=1").run()
    assert "There is no search code" in at.error[0].value
    assert not at.exception


def test_without_activation_the_button_is_off_and_says_why(
    installation: Installation, admin: Actor, invoices: list[int], app: OpenApp
) -> None:
    deactivate(Desk(installation, admin))
    at = press(app(Role.FINANCE, PAGE), "Select all")
    assert at.button(key="invoices_send").disabled
    assert "A System Administrator activates it in the Marketplace" in texts(at)


def test_the_question_counts_what_goes_and_names_what_does_not(
    installation: Installation, finance: Actor, invoices: list[int], app: OpenApp
) -> None:
    set_excluded(Desk(installation, finance), invoices[:1], "sent by hand")
    at = app(Role.FINANCE, PAGE)
    at.segmented_control(key="invoices_status").set_value("All").run()
    at = press(press(at, "Select all"), "24SevenOffice")
    assert "**4** go to 24SevenOffice" in texts(at)
    assert at.table[0].value["Documents"].tolist() == ["4"]
    (blocked,) = (each for each in at.dataframe if "Why" in each.value)
    assert blocked.value["Number"].tolist() == ["1001"]
    assert "Goes: **26 242,52 NOK**  \nDoes not go: **6 560,63 NOK**" in texts(at)
    assert "sent by hand" in blocked.value["Why"][0]
    assert [each.label for each in at.button if each.key == "export_yes"] == ["Send 4"]


def test_sending_leads_straight_to_the_receipt(
    installation: Installation, finance: Actor, invoices: list[int], app: OpenApp
) -> None:
    at = press(tick(app(Role.FINANCE, PAGE), 0, 1), "24SevenOffice")
    at.button(key="export_yes").click().run()
    assert not at.exception
    assert at.title[0].value == "Receipts"
    (run,) = recent_runs(Desk(installation, finance))
    assert at.query_params["run"] == run.run_id
    lines = read_receipt(Desk(installation, finance), run.run_id).lines
    assert [(line.number, line.state) for line in lines] == [
        ("1004", State.QUEUED),
        ("1005", State.QUEUED),
    ]
    assert "Transfer of 2 documents started" in at.toast[0].value.replace("\\", "")


def test_the_toast_names_as_many_documents_as_the_button_did(
    installation: Installation, finance: Actor, invoices: list[int], app: OpenApp
) -> None:
    at = tick(app(Role.FINANCE, PAGE), *range(5))
    set_excluded(Desk(installation, finance), invoices[:1], "sent by hand")
    at = press(at, "24SevenOffice")
    assert at.button(key="export_yes").label == "Send 4"
    at.button(key="export_yes").click().run()
    assert "Transfer of 4 documents started" in at.toast[0].value.replace("\\", "")


def test_cancelling_sends_nothing(
    installation: Installation, finance: Actor, invoices: list[int], app: OpenApp
) -> None:
    at = press(tick(app(Role.FINANCE, PAGE), 0), "24SevenOffice")
    at.button(key="export_no").click().run()
    assert recent_runs(Desk(installation, finance)) == []
    assert at.title[0].value == "Invoice overview"


def test_where_nothing_can_go_no_receipt_is_promised(economy: World, app: OpenApp) -> None:
    economy.add_invoices(economy.add_department("30"), 1)  # no key serves it
    at = press(tick(app(Role.FINANCE, PAGE), 0), "24SevenOffice")
    assert "**1** will not go." in [each.value for each in at.markdown]
    assert at.button(key="export_yes").disabled


def test_one_ticked_document_can_be_opened_by_a_button_too(
    invoices: list[int], app: OpenApp
) -> None:
    at = press(tick(app(Role.FINANCE, PAGE), 4), "Open 1001")
    (lines,) = (each.value for each in at.dataframe if "Quantity" in each.value)
    assert lines["Quantity"].tolist() == ["7,5", "7,5"]
    assert at.table


@pytest.mark.parametrize("asked", ["held", "resembles", "whose"])
def test_a_held_document_says_where_it_is_answered_and_it_is_answered_there(
    economy: World, invoices: list[int], app: OpenApp, asked: str
) -> None:
    change(economy, invoices[0], **{asked: "Which of both?"})
    at = app(Role.FINANCE, PAGE)
    at.segmented_control(key="invoices_status").set_value("Waits for an answer").run()
    at = open_more(tick(at, 0))
    words = {"held": "They are", "resembles": "Same document", "whose": "Same firm"}
    assert any(each.label.startswith(words[asked]) for each in at.button)


def test_excluding_needs_a_reason_and_including_takes_it_back(
    installation: Installation, invoices: list[int], app: OpenApp
) -> None:
    at = app(Role.FINANCE, PAGE)
    at.segmented_control(key="invoices_status").set_value("All").run()
    at = press(open_more(tick(at, 4)), "Exclude from export")
    assert "Give a reason" in at.error[0].value
    open_more(at)
    at.text_input(key="invoices_exclude_reason").input("a test invoice")
    at = press(at, "Exclude from export")
    assert _invoice(installation, invoices[0]).excluded_reason == "a test invoice"
    assert at.dataframe[0].value["Remarks"][4] == ["excluded"]
    press(open_more(at), "Include again")
    assert not _invoice(installation, invoices[0]).excluded


def test_proposed_dates_of_an_import_are_seen_and_confirmed(
    installation: Installation, economy: World, app: OpenApp
) -> None:
    at = app(Role.FINANCE, PAGE)
    at.file_uploader[0].set_value([("lines.xlsx", _report(), XLSX)])
    at = press(at, "Import")
    assert not at.exception
    assert "2 documents added" in texts(at)
    assert at.table[0].value["Column"].tolist() == ["Quantity"]
    assert not [each for each in at.button if each.label.startswith("Confirm")]
    at = open_proposed(at)
    shown = next(each.value for each in at.dataframe if "Proposed" in each.value)
    assert shown["Number"].tolist() == ["1001", "1002"]
    at = press(at, "Confirm 2 dates")
    assert not [each for each in at.button if each.label.startswith("Confirm")]
    assert not [each for each in at.dataframe[0].value["Remarks"] if "date to confirm" in each]


def open_proposed(at: AppTest) -> AppTest:
    """Open the dates that the first import has proposed."""
    at.session_state["proposed_1"] = True
    return at.run()


def test_another_date_than_the_proposed_ones_is_given_to_all_of_them(
    installation: Installation, economy: World, app: OpenApp
) -> None:
    at = app(Role.FINANCE, PAGE)
    at.file_uploader[0].set_value([("lines.xlsx", _report(), XLSX)])
    at = open_proposed(press(at, "Import"))
    field = next(each for each in at.date_input if each.label.startswith("Another date"))
    field.set_value(dt.date(2026, 10, 31)).run()
    press(at, "Confirm 31.10.2026 for all 2")
    with installation.db.reading() as session:
        dates = {row.invoice_date for row in session.exec(select(Invoice))}
    assert dates == {dt.date(2026, 10, 31)}


def test_ehf_files_come_in_with_the_chosen_department(
    installation: Installation, invoices: list[int], app: OpenApp
) -> None:
    at = app(Role.FINANCE, PAGE)
    content = pack(("a.xml", Sample(number="2001").content), ("b.xml", b"<oops"))
    at.file_uploader[0].set_value([("ehf.zip", content, "application/zip")])
    chosen = next(each for each in at.selectbox if each.label == "Department of EHF files")
    chosen.select(chosen.options[0])
    at = press(at, "Import")
    assert not at.exception
    assert "(EHF): 1 document added, 1 customer added, 1 row refused" in texts(at)
    assert at.table[0].value["Sheet"].tolist() == ["b\\.xml"]  # Markdown
    with installation.db.reading() as session:
        (row,) = invoices_by_number(session, "recman", ["2001"]).popitem()[1]
        department = session.get_one(Department, row.department_id)
    assert chosen.options[0].startswith(department.number)


def _invoice(installation: Installation, invoice_id: int) -> Invoice:
    with installation.db.reading() as session:
        return session.get_one(Invoice, invoice_id)


def _report() -> bytes:
    good = [line(number=number) for number in ("1001", "1002")]
    bad = line({"Quantity": "seven"}, number="1003")
    return as_report(*good, bad)


def test_the_invoice_that_a_credit_note_credits_is_entered_and_taken_back(
    economy: World, invoices: list[int], app: OpenApp, installation: Installation
) -> None:
    note = add_credit_note(economy, invoices[0])

    def entered() -> int | None:
        with installation.db.reading() as session:
            return session.get_one(Invoice, note).credited_office_id

    at = app(Role.FINANCE, PAGE)
    at = press_number(at, 0, numbers(at).index("9001"))
    field = f"credited_office_id_{note}"
    assert not at.text_input(key=field).value
    at.text_input(key=field).input("30012")
    press(at, "Save number")
    assert not at.exception
    assert entered() == 30012
    assert "it credits invoice 30012 in 24SevenOffice" in texts(at)
    press(at, "Take back")
    assert entered() is None


def test_an_invoice_has_no_field_for_what_it_credits(invoices: list[int], app: OpenApp) -> None:
    at = press_number(app(Role.FINANCE, PAGE), 0, 0)
    assert "Save number" not in [each.label for each in at.button]


def make_sound(economy: World) -> None:
    """Give customers an organization number and documents a date of their own: no doubts left."""
    with economy.installation.db.writing() as session:
        for customer in session.exec(select(Customer)):
            customer.organization_number = "123456785"
        for place, row in enumerate(session.exec(select(Invoice).order_by(col(Invoice.id)))):
            row.invoice_date = dt.date(2025, 11, 1) + dt.timedelta(days=place)


def change(economy: World, invoice_id: int, **values: Any) -> None:
    """Put other values into a document's row."""
    with economy.installation.db.writing() as session:
        row = session.get(Invoice, invoice_id)
        assert row is not None
        for name, value in values.items():
            setattr(row, name, value)


def test_where_nothing_is_found_there_are_no_chips(
    economy: World, invoices: list[int], app: OpenApp
) -> None:
    make_sound(economy)
    assert "Remarks" not in app(Role.FINANCE, PAGE).dataframe[0].value


def test_errors_and_warnings_are_chips_in_words(
    economy: World, invoices: list[int], app: OpenApp
) -> None:
    make_sound(economy)
    change(economy, invoices[0], kid="602244", currency="EUR")
    remarks = app(Role.FINANCE, PAGE).dataframe[0].value["Remarks"]
    assert [list(each) for each in remarks] == [
        [], [], [], [], ["✖ foreign currency", "⚠ KID wrong"],
    ]  # fmt: skip


def test_what_is_found_is_found_anew_after_a_decision(
    economy: World, finance: Actor, invoices: list[int], app: OpenApp
) -> None:
    make_sound(economy)
    change(economy, invoices[0], kid="602244")
    at = app(Role.FINANCE, PAGE)
    at.segmented_control(key="invoices_status").set_value("All").run()
    set_excluded(Desk(economy.installation, finance), invoices[:1], "Sent by hand.")
    assert list(at.run().dataframe[0].value["Remarks"][4]) == ["excluded"]


def test_what_is_kept_is_not_found_anew_by_a_tick(
    economy: World, invoices: list[int], app: OpenApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = app(Role.FINANCE, PAGE)
    before = list(at.dataframe[0].value["Remarks"][0])
    make_sound(economy)  # behind everybody's back: no import, no decision
    assert list(tick(at, 0, 1).dataframe[0].value["Remarks"][0]) == before != []


def test_the_detail_says_what_is_wrong_in_which_field_and_who_mends_it(
    economy: World, invoices: list[int], app: OpenApp
) -> None:
    make_sound(economy)
    change(economy, invoices[0], kid="602244", due_date=dt.date(2025, 1, 1))
    said = texts(press_number(app(Role.FINANCE, PAGE), 0, 4)).replace("\\", "")
    assert ":red-badge[✖ error] **Due date:** The due date is before the invoice date." in said
    assert ":orange-badge[⚠ warning] **KID:** The KID passes neither" in said
    assert "KID: 602244." in said
    assert "(Finance)" in said


def test_missing_numbers_of_a_series_are_one_line(
    economy: World, invoices: list[int], app: OpenApp
) -> None:
    assert "missing" not in texts(app(Role.FINANCE, PAGE))
    change(economy, invoices[4], number="1007")
    with economy.installation.db.writing() as session:
        record(session, "ada", "import", "one more report", origin=COMMAND_LINE)
    said = texts(app(Role.FINANCE, PAGE)).replace("\\", "")
    assert "Series 10, invoices: 2 numbers are missing: 1005–1006" in said


def test_the_two_questions_have_buttons_of_their_own(
    economy: World, invoices: list[int], app: OpenApp
) -> None:
    alike, strange, listed = invoices[:3]
    change(economy, alike, resembles="Is it the same document, or another one?")
    change(economy, strange, whose="Is it the same firm?", buyer_name="Zeta Transport AS")
    with economy.installation.db.writing() as session:
        session.get_one(Customer, session.get_one(Invoice, listed).customer_id).question = "So?"
    at = app(Role.FINANCE, PAGE)
    at.segmented_control(key="invoices_status").set_value("Waits for an answer").run()
    at = open_more(press(at, f"Select all {len(at.dataframe[0].value)}"))
    assert "document that is here already?** Asked of 1 document:" in texts(at)
    assert "Is its buyer the same firm as the customer?** Asked of 1 document:" in texts(at)
    assert "Answer it above the list of invoices" in texts(at)
    listed_there = [each.value for each in at.dataframe if "Made out to" in each.value]
    assert listed_there[0]["Made out to"].tolist() == ["Zeta Transport AS"]
    assert listed_there[0]["Is the number of"].tolist() != ["Zeta Transport AS"]
    at = press(at, "Same document – leave it out: answer 1 document")
    assert "10-1001 is left out of exports" in at.toast[0].value.replace("\\", "")
    with economy.installation.db.reading() as session:
        assert session.get_one(Invoice, alike).excluded
        assert session.get_one(Invoice, strange).whose, "nobody has answered that"
    at = press(open_more(at), "Another firm's – leave it out: answer 1 document")
    with economy.installation.db.reading() as session:
        assert session.get_one(Invoice, strange).excluded_reason.startswith("It is another firm's.")


@pytest.mark.slow
def test_hundreds_that_came_again_under_another_department_are_answered_by_one_press(
    economy: World, app: OpenApp
) -> None:
    finance = Actor("fia", Role.FINANCE)
    rows = [line(DATED, number=str(number)) for number in range(1001, 1301)]
    renumbered = [{**row, "Department no.": "11"} for row in rows]
    for each in (rows, renumbered):
        content = as_report(*each)
        import_files(Desk(economy.installation, finance), [("x.xlsx", content)])
    at = app(Role.FINANCE, PAGE)
    at.segmented_control(key="invoices_status").set_value("Waits for an answer").run()
    assert {each[0] for each in at.dataframe[0].value["Remarks"]} == {"held"}
    at = open_more(press(at, "Select all 300"))
    assert "document that is here already?** Asked of 300 documents" in texts(at)
    at = press(at, "Same document – leave it out: answer 300 documents")
    assert "No document matches these filters" in texts(at)
    with economy.installation.db.reading() as session:
        found = session.exec(select(Invoice.series, Invoice.excluded).distinct()).all()
    assert sorted(found) == [("10", False), ("11", True)]


def test_filters_stand_in_the_address_and_a_link_opens_as_it_was_sent(
    invoices: list[int], app: OpenApp
) -> None:
    at = app(Role.FINANCE, PAGE)
    assert address_of(at) == {"status": ["not-transferred"]}
    at.text_input(key="invoices_search").input("kunde 1").run()
    at.segmented_control(key="invoices_status").set_value("All").run()
    assert address_of(at) == {"search": ["kunde 1"], "status": ["all"]}
    at = open_by_link(app, status="transferred", date="2026-11-01..2026-11-03", kind="credit_note")
    assert at.segmented_control(key="invoices_status").value == "Transferred"
    assert at.date_input(key="invoices_period").value == (
        dt.date(2026, 11, 1),
        dt.date(2026, 11, 3),
    )
    assert at.text_input(key="invoices_search").value == ""
    assert not at.exception


def address_of(at: AppTest) -> dict[str, list[str]]:
    """What stands in the address behind the page's name."""
    found = {name: at.query_params[name] for name in at.query_params}
    return {name: [each] if isinstance(each, str) else list(each) for name, each in found.items()}


def open_by_link(app: OpenApp, **query: str) -> AppTest:
    """Open the list by an address with these filters."""
    return app(Role.FINANCE, address=PAGE, **query)


@pytest.mark.parametrize(
    "query",
    [{"status": "no-such"}, {"date": "yesterday"}, {"date": "2026-11-01..2026-11-02..x"},
     {"department": "999"}, {"kind": ""}, {"status": ""}, {"search": ""}],
)  # fmt: skip
def test_an_address_that_says_nothing_known_shows_the_usual_list(
    invoices: list[int], app: OpenApp, query: dict[str, str]
) -> None:
    at = open_by_link(app, **query)
    assert not at.exception
    assert len(numbers(at)) == 5


def test_filters_are_remembered_for_their_user_but_for_the_search_and_cleared_by_one_press(
    invoices: list[int], app: OpenApp
) -> None:
    at = app(Role.FINANCE, PAGE)
    at.segmented_control(key="invoices_status").set_value("All").run()
    at.text_input(key="invoices_search").input("1001").run()
    later = app(Role.FINANCE, PAGE)
    assert later.segmented_control(key="invoices_status").value == "All"
    assert later.text_input(key="invoices_search").value == ""
    assert app(Role.ADMIN, PAGE).segmented_control(key="invoices_status").value == "Not transferred"
    press(later, "Clear filters")
    assert later.segmented_control(key="invoices_status").value == "Not transferred"
    assert not [each for each in later.button if each.label == "Clear filters"]


def test_filters_last_while_their_user_is_on_another_page(
    invoices: list[int], app: OpenApp
) -> None:
    at = app(Role.FINANCE, PAGE)
    at.text_input(key="invoices_search").input("@no=1002").run()
    at.switch_page("../../../pages/history.py").run()
    at.switch_page("../../../pages/invoices.py").run()
    assert numbers(at) == ["1002"]


def test_an_address_from_before_a_change_of_a_filter_takes_nothing_back(
    invoices: list[int], app: OpenApp
) -> None:
    at = app(Role.FINANCE, PAGE)
    at.text_input(key="invoices_search").input("@no=1002").run()
    at.query_params["search"] = "@no=1001"  # as it was when the browser sent the change
    at.text_input(key="invoices_search").input("").run()
    assert len(numbers(at)) == 5
    at.query_params["search"] = "@no=1001"  # a link, or the way back
    assert numbers(at.run()) == ["1001"]


def test_an_address_of_an_import_that_there_is_not_says_so_with_a_way_on(
    invoices: list[int], app: OpenApp
) -> None:
    at = app(Role.FINANCE, address=PAGE, **{"import": "9999"})
    assert "There is no import 9999 here" in at.info[0].value
    at = press(at, "Clear filters")
    assert len(numbers(at)) == len(invoices)
