"""The drawer of a document: for each role what it may see, and what can be done about it."""

from __future__ import annotations

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from so24.amounts import GROUP
from so24.invoices.decisions import set_excluded
from so24.invoices.overview import read_document
from so24.people.desk import Desk
from so24.people.roles import Actor
from so24.store.tables.document_tables import Invoice
from so24.store.tables.people_tables import Role
from so24.transfer.runs import start_run
from tests.pages.conftest import OpenApp, press_number
from tests.transfer.by_hand import enter_twin
from tests.transfer.world import DAY, World

pytestmark = pytest.mark.slow


@pytest.fixture
def keyless(economy: World, finance: Actor) -> list[int]:
    """An invoice that was refused for want of a key."""
    ids = economy.add_invoices(economy.add_department("30"), 1, first=2001)
    start_run(Desk(economy.installation, finance), ids, lambda session, lane: None)
    return ids


def open_first(app: OpenApp, role: Role) -> AppTest:
    """Press the number of the first transfer of the history."""
    return press_number(app(role, "history"), grid=1, row=0)


def texts(at: AppTest) -> str:
    """What stands on page and drawer, as text."""
    return "\n".join(each.value for each in (*at.markdown, *at.caption))


def test_finance_sees_its_way_its_lines_and_whom_to_tell(keyless: list[int], app: OpenApp) -> None:
    at = open_first(app, Role.FINANCE)
    assert not at.exception
    assert "**Invoice 2001, " in texts(at)
    assert [tab.label for tab in at.tabs] == ["Way", "Document", "What goes out", "Files"]
    steps = [each.label for each in at.expander]
    assert any("login" in label for label in steps)
    assert at.code[0].value.startswith("so24 could not send 1 document")
    assert any("Product no." in each.value.columns for each in at.dataframe)


@pytest.mark.parametrize("role", [Role.FINANCE, Role.ANALYST])
def test_its_way_tells_who_left_it_out_and_took_it_in_again_and_why(
    economy: World, finance: Actor, keyless: list[int], app: OpenApp, role: Role
) -> None:
    desk = Desk(economy.installation, finance)
    set_excluded(desk, keyless, "entered by hand")
    set_excluded(desk, keyless, None)
    at = open_first(app, role)
    steps = [each.label.partition(" · ")[2] for each in at.expander if " · " in each.label]
    assert steps[:3] == ["taken in again", "left out of exports", "✖ login"]
    assert f"entered by hand · by {finance.name}" in texts(at)


def test_a_document_that_was_never_sent_has_its_way_too(
    economy: World, finance: Actor, invoices: list[int], app: OpenApp
) -> None:
    set_excluded(Desk(economy.installation, finance), invoices[4:5], "entered by hand")
    page = app(Role.FINANCE, "invoices")
    page.segmented_control(key="invoices_status").set_value("Left out").run()
    [listed] = [each.value for each in page.dataframe if "Why" in each.value]
    assert listed["Why"].tolist() == ["entered by hand"]
    assert listed["Status"].tolist() == [["◌ left out"]]
    at = press_number(page, grid=0, row=0)
    assert any(each.label.endswith(" · left out of exports") for each in at.expander)
    assert "It was never sent." in texts(at)


def test_an_analyst_sees_the_way_and_no_lines(keyless: list[int], app: OpenApp) -> None:
    at = open_first(app, Role.ANALYST)
    assert not at.exception
    assert not at.tabs
    assert any("login" in each.label for each in at.expander)
    assert not any("Product no." in each.value.columns for each in at.dataframe)


@pytest.mark.parametrize(
    ("page", "grid", "column"),
    [
        ("invoices", 0, "Number"),
        ("receipt", 0, "Number"),
        ("ledger", 0, "Our number"),
        pytest.param("history", 1, "Number", marks=pytest.mark.long),
        pytest.param("start", 0, "Number", marks=pytest.mark.long),
    ],
)  # fmt: skip
def test_it_is_the_same_from_every_list(
    economy: World, finance: Actor, invoices: list[int], app: OpenApp, page: str, grid: int,
    column: str,
) -> None:  # fmt: skip
    economy.export(invoices[:1])
    at = app(Role.FINANCE, page)
    if page == "invoices":
        at.segmented_control(key="invoices_status").set_value("All").run()
    if page == "start":
        change(economy, invoices[0], changed_after_export=True)
        at.query_params["list"] = "changed"
        at.run()
    if page == "ledger":
        at.date_input(key="ledger_period").set_value((DAY, DAY))
        at = next(each for each in at.button if each.label == "Read").click().run()
    row = list(at.dataframe[grid].value[column]).index("1001")
    at = press_number(at, grid, row, column)
    assert not at.exception
    assert "**Invoice 1001, " in texts(at)
    booked = "In 24SevenOffice: order 20001, invoice 10001, total "
    assert f"{booked}6{GROUP}560,63{GROUP}NOK" in texts(at)
    assert "Customer card: " in texts(at)
    assert [tab.label for tab in at.tabs] == ["Way", "Document", "What went out", "Files"]
    assert any("transferred" in each.label for each in at.expander)
    assert any("RM-10-1001" in each.value for each in at.code)
    assert [each.label for each in at.button if each.label == "Exclude from export"] == []


def test_a_card_of_the_receipt_opens_its_document(keyless: list[int], app: OpenApp) -> None:
    at = app(Role.FINANCE, "receipt")
    at = next(each for each in at.button if each.label == "2001").click().run()
    assert "**Invoice 2001, " in texts(at)


def test_what_is_said_in_the_drawer_is_told_and_shown_there(
    economy: World, finance: Actor, invoices: list[int], app: OpenApp
) -> None:
    enter_twin(economy, invoices)
    economy.export(invoices[3:4])
    at = press_number(app(Role.FINANCE, "history"), grid=1, row=0)
    at.button(key="drawer_same").click().run()
    assert not at.exception
    desk = Desk(economy.installation, finance)
    assert read_document(desk, invoices[3]).invoice.excluded
    assert "excluded from export" in at.toast[0].value
    at.button(key="drawer_include").click().run()
    assert not read_document(desk, invoices[3]).invoice.excluded
    at.text_input(key="drawer_reason").input("entered by hand")
    at.button(key="drawer_exclude").click().run()
    assert read_document(desk, invoices[3]).invoice.excluded_reason == "entered by hand"


def test_an_unsent_document_is_opened_and_answered(
    economy: World, finance: Actor, invoices: list[int], app: OpenApp
) -> None:
    change(economy, invoices[4], held="What is it?")
    at = press_number(app(Role.FINANCE, "invoices"), grid=0, row=0)
    assert "**Invoice 1005, " in texts(at)
    assert "It was never sent." in texts(at)
    at.button(key="drawer_invoice").click().run()
    assert not read_document(Desk(economy.installation, finance), invoices[4]).invoice.held


def test_an_answer_about_its_firm_is_taken_back_in_the_drawer(
    economy: World, finance: Actor, invoices: list[int], app: OpenApp
) -> None:
    change(economy, invoices[4], buyer_name="Zeta Transport AS", owner_name="Kunde 1 AS")
    at = press_number(app(Role.FINANCE, "invoices"), grid=0, row=0)
    assert "It is made out to “Zeta Transport AS”, and was said to be" in texts(at)
    at.button(key="drawer_take_back").click().run()
    assert not at.exception
    desk = Desk(economy.installation, finance)
    assert "“Zeta Transport AS”" in read_document(desk, invoices[4]).invoice.whose
    assert "The answer is taken back" in at.toast[0].value
    assert "drawer_take_back" not in [each.key for each in at.button]
    assert "Same firm – release it" in [each.label for each in at.button]


def change(economy: World, invoice_id: int, **values: Any) -> None:
    """Have the document say something else."""
    with economy.installation.db.writing() as session:
        invoice = session.get_one(Invoice, invoice_id)
        for name, value in values.items():
            setattr(invoice, name, value)


@pytest.mark.parametrize(
    ("asked", "answer", "told", "excluded"),
    [
        ("resembles", "Same document – leave it out", "is left out of exports", True),
        ("resembles", "Another document – release it", "is another document", False),
        (
            "redated",
            "Same document – release it with the date that is here",
            "released with",
            False,
        ),
        ("whose", "Another firm's – leave it out", "it is another firm's", True),
    ],
)
def test_an_answer_says_on_its_button_what_it_does_and_then_what_it_has_done(
    economy: World, finance: Actor, invoices: list[int], app: OpenApp,
    asked: str, answer: str, told: str, excluded: bool,
) -> None:  # fmt: skip
    change(economy, invoices[4], **{asked: "Which of both?"})
    at = press_number(app(Role.FINANCE, "invoices"), grid=0, row=0)
    next(each for each in at.button if each.label == answer).click().run()
    assert not at.exception
    said = at.toast[0].value.replace("\\", "")
    assert said.startswith("10-1005 is ")
    assert told in said
    invoice = read_document(Desk(economy.installation, finance), invoices[4]).invoice
    assert invoice.excluded is excluded
    assert ("drawer_include" in [each.key for each in at.button]) is excluded, "the way back"
