"""What needs a person is done on its card, or told to whoever can do it."""

from __future__ import annotations

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from so24.invoices.overview import read_document
from so24.people.desk import Desk
from so24.people.roles import Actor
from so24.reasons import Reason
from so24.store.tables.people_tables import Role
from so24.ui.receipts.card_actions import ask_administrator
from tests.pages.conftest import OpenApp, open_by_address, press_number
from tests.pages.test_receipt import button, open_receipt, press, start
from tests.transfer.by_hand import enter_twin
from tests.transfer.credits import add_credit_note
from tests.transfer.world import World

pytestmark = pytest.mark.slow  # seconds each


def links(at: AppTest) -> dict[str, str]:
    """Where the links of the page lead, by their words."""
    found: dict[str, Any] = {each.proto.label: each.proto for each in at.get("page_link")}
    return {label: f"{proto.page}?{proto.query_string}" for label, proto in found.items()}


@pytest.fixture
def keyless(economy: World) -> list[int]:
    """Two invoices of department 30, which no key serves."""
    return economy.add_invoices(economy.add_department("30"), 2, first=2001)


def test_an_administrator_comes_from_the_card_to_a_form_for_the_department(
    economy: World, admin: Actor, keyless: list[int], app: OpenApp
) -> None:
    run_id = start(economy.installation, admin, keyless)
    at = open_receipt(app, run_id, Role.ADMIN)
    assert links(at)["Add a key for Department 30"] == "credentials?department=Department+30"
    at.query_params["department"] = "Department 30"
    open_by_address(at, "credentials")
    at.run()
    assert at.multiselect(key="add_key_departments").value == ["30"]
    assert at.radio(key="add_key_scope").value == "Specific Departments"


def test_others_get_words_for_an_administrator(
    economy: World, finance: Actor, keyless: list[int], app: OpenApp
) -> None:
    at = open_receipt(app, start(economy.installation, finance, keyless))
    [text] = [each.value for each in at.code]
    assert text.startswith("so24 could not send 2 documents to 24SevenOffice: 2001, 2002 (")
    assert "of Department 30." in text
    assert Reason.NO_KEY.card.remedy in text
    assert not [label for label in links(at) if "key" in label]


def test_a_reference_that_is_taken_offers_what_can_be_done_and_no_retry() -> None:
    card = Reason.EXISTS_REFERENCE.card
    assert not card.retry
    assert "leave this document out" in card.remedy
    assert "retry" not in card.remedy.lower()


@pytest.mark.parametrize("reason", list(Reason))
def test_no_card_names_a_command(reason: Reason) -> None:
    assert "`" not in f"{reason.card.title} {reason.card.remedy} {ask_administrator(reason, [])}"


def test_a_number_is_entered_on_the_card_of_a_credit_note(
    economy: World, finance: Actor, invoices: list[int], app: OpenApp
) -> None:
    note = add_credit_note(economy, invoices[0], credited_number="0987")
    run_id = start(economy.installation, finance, [note])
    economy.work(run_id)
    at = press(open_receipt(app, run_id), "Save number")
    assert "Enter the number" in at.error[0].value
    at.text_input(key=f"card_credits_{note}").input("RM-4711")
    assert "is no invoice number" in press(at, "Save number").error[0].value
    at.text_input(key=f"card_credits_{note}").input(" 4711 ")
    press(at, "Save number")
    kept = read_document(Desk(economy.installation, finance), note).invoice
    assert kept.credited_office_id == 4711
    assert "it looks it up before anything is sent" in at.toast[0].value
    economy.export(invoices[:1])
    small = add_credit_note(economy, invoices[0], number="9002", credited_number="0987", share="2")
    economy.export([small])
    at = press_number(app(Role.FINANCE, "history"), grid=1, row=0)
    at.text_input(key=f"credited_office_id_{small}").input("10001")
    at = press(at, "Save number")
    assert "It cannot be sent by it yet" in at.toast[0].value


def test_the_same_document_is_asked_about_and_can_be_taken_back(
    economy: World, finance: Actor, invoices: list[int], app: OpenApp
) -> None:
    enter_twin(economy, invoices)
    run_id = start(economy.installation, finance, invoices[3:4])
    economy.work(run_id)
    desk = Desk(economy.installation, finance)
    at = press(open_receipt(app, run_id), "Same document")
    assert not read_document(desk, invoices[3]).invoice.excluded
    at = press(at, "Yes, same document")
    assert read_document(desk, invoices[3]).invoice.excluded
    assert not button(at, "Same document")
    at = press(at, "Include again")
    assert not read_document(desk, invoices[3]).invoice.excluded
    assert button(at, "Same document")


def test_an_address_that_asks_a_key_for_a_department_that_there_is_not_says_so(
    economy: World, app: OpenApp
) -> None:
    at = app(Role.ADMIN, address="credentials", department="Nowhere_")
    assert any("There is no department “Nowhere\\_” here" in each.value for each in at.info)
