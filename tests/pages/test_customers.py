"""The page *Customers and products*: a Finance user answers which card or product it is."""

from __future__ import annotations

import pytest
from sqlmodel import select
from streamlit.testing.v1 import AppTest

from so24.invoices.decisions import set_excluded
from so24.people.desk import Desk
from so24.people.roles import Actor
from so24.reasons import Reason
from so24.sandbox.books.seed import BERGEN, OSLO
from so24.states import Since
from so24.store.tables.document_tables import Customer, Invoice
from so24.store.tables.people_tables import Role
from so24.store.tables.transfer_tables import State
from tests.pages.conftest import OpenApp, press_number
from tests.transfer.world import CLIENT, World

pytestmark = pytest.mark.slow  # seconds each

PAGE = "customers"


@pytest.fixture
def asked(economy: World, invoices: list[int]) -> World:
    """The customer of the first document comes near a card of another name."""
    with economy.installation.db.writing() as session:
        row = session.get_one(Customer, 1)
        row.name, row.organization_number = "Fjelltopp Bygg AS", "123456785"
    card = {"Name": "Eta Maler AS", "OrganizationNumber": "123456785", "Type": "Business"}
    economy.control.edit("edit_company", CLIENT, **card)
    [transfer] = economy.export([invoice_of_customer(economy)])
    assert transfer.reason is Reason.AMBIGUOUS_CUSTOMER
    return economy


def invoice_of_customer(world: World) -> int:
    """The first invoice of customer 7000."""
    with world.installation.db.reading() as session:
        rows = session.exec(select(Invoice).where(Invoice.customer_id == 1))
        return min(row.row_id for row in rows)


def open_match(app: OpenApp) -> AppTest:
    """The page with the cards of customer 7000."""
    at = app(Role.FINANCE, PAGE)
    at.text_input(key="customers_number").set_value("7000").run()
    press(at, "Show cards")
    return at


def press(at: AppTest, label: str) -> None:
    """Press a button by its words."""
    next(each for each in at.button if each.label == label).click().run()
    assert not at.exception


def test_who_waits_is_listed_and_the_cards_are_shown_on_a_press(asked: World, app: OpenApp) -> None:
    at = open_match(app)
    questions, cards, _ = (each.value for each in at.dataframe)
    assert questions["Customer"].tolist() == ["7000"]
    assert "Eta Maler AS" in questions["Question"][0]
    assert cards["Name"].tolist() == ["Eta Maler AS"]
    assert "shares no word" in cards["How it matches"][0]
    assert "The next export asks" in at.warning[0].value


def test_a_click_on_who_waits_shows_the_cards_and_an_answer_ends_the_question(
    asked: World, app: OpenApp
) -> None:
    at = app(Role.FINANCE, PAGE)
    selection = {"rows": [0], "columns": [], "cells": []}
    at.session_state[str(at.dataframe[0].key)] = {"selection": selection}
    at.run()
    assert at.text_input(key="customers_number").value == "7000"
    cards = at.dataframe[1].value
    assert cards["Name"].tolist() == ["Eta Maler AS"]
    assert "Address" not in cards, "what no card has takes no room"
    at.text_input(key="customers_why_7000").set_value("Rung up").run()
    press(at, "Use this card")
    assert at.success[0].value == "No document waits for a card."


def test_the_documents_that_wait_are_shown_and_opened_by_their_numbers(
    asked: World, app: OpenApp
) -> None:
    at = open_match(app)
    waiting = at.dataframe[2].value
    with asked.installation.db.reading() as session:
        number = session.get_one(Invoice, invoice_of_customer(asked)).number
    assert waiting["Number"].tolist() == [number]
    at = press_number(at, grid=2, row=0)
    assert any(f"**Invoice {number}, Fjelltopp Bygg AS**" in each.value for each in at.markdown)


def test_a_document_that_waits_and_is_left_out_by_now_says_so(
    asked: World, finance: Actor, app: OpenApp
) -> None:
    desk = Desk(asked.installation, finance)
    set_excluded(desk, [invoice_of_customer(asked)], "sent by hand")
    frames = [each.value for each in open_match(app).dataframe]
    [waiting] = [each for each in frames if "Status" in each]
    assert [list(each) for each in waiting["Status"]] == [[Since.LEFT_OUT.value]]


@pytest.mark.parametrize("answer", ["Use this card", "Create a new card"])
def test_an_answer_needs_a_reason_and_lets_the_document_go(
    asked: World, app: OpenApp, answer: str
) -> None:
    at = open_match(app)
    assert next(each for each in at.button if each.label == answer).disabled
    at.text_input(key="customers_why_7000").set_value("Rung up").run()
    press(at, answer)
    assert any("Rung up" in each.value for each in at.caption)
    [transfer] = asked.export([invoice_of_customer(asked)])
    assert transfer.state is State.TRANSFERRED
    [order] = asked.control.books()[CLIENT]["orders"]
    names = {card["Id"]: card["Name"] for card in asked.control.books()[CLIENT]["companies"]}
    used = answer == "Use this card"
    assert names[order["CustomerId"]] == ("Eta Maler AS" if used else "Fjelltopp Bygg AS")
    at.run()
    assert at.success[0].value == "No document waits for a card."


def test_the_page_opens_where_a_question_waits_and_tells_how_many(
    asked: World, app: OpenApp
) -> None:
    """Another company's key comes first by its name; nothing is asked there."""
    first = asked.add_key([asked.add_department("20")], client=BERGEN, account="bergen")
    at = app(Role.FINANCE, PAGE)
    company = at.selectbox(key="customers_key")
    assert len(company.options) == 2
    assert company.value != first
    assert at.dataframe[0].value["Customer"].tolist() == ["7000"]
    told = [each.value.replace("\\", "") for each in at.markdown]
    assert any(f"({OSLO}): 1" in each for each in told)
    company.select(first).run()
    assert at.success[0].value == "No document waits for a card."
    assert at.selectbox(key="customers_key").value == first


def test_a_link_is_taken_back_on_the_page(asked: World, app: OpenApp) -> None:
    at = open_match(app)
    at.text_input(key="customers_why_7000").set_value("Rung up").run()
    press(at, "Use this card")
    press(at, "Unlink")
    assert "The next export asks" in at.warning[0].value
    assert "Unlink" not in [each.label for each in at.button]


def test_an_analyst_does_not_decide(asked: World, app: OpenApp) -> None:
    with pytest.raises(ValueError, match="Could not find a navigation page"):
        app(Role.ANALYST, PAGE)


@pytest.fixture
def asked_of_product(economy: World) -> World:
    """The first document's product has a number that only looks like one there."""
    department = economy.add_department()
    economy.add_key([department])
    [invoice, *_] = economy.add_invoices(department, 2, lines=1, products=1)
    product = {"Name": "There", "No": "p-0", "CategoryId": 1}
    economy.control.edit("edit_product", CLIENT, **product)
    [transfer] = economy.export([invoice])
    assert transfer.reason is Reason.PRODUCT_ALIKE
    return economy


def open_products(app: OpenApp) -> AppTest:
    """The page with the products that come near P0."""
    at = app(Role.FINANCE, PAGE)
    at.segmented_control(key="customers_part").set_value("products").run()
    at.text_input(key="products_number").set_value("P0").run()
    press(at, "Show products")
    return at


@pytest.mark.parametrize("answer", ["Use this product", "Create a new product"])
def test_which_product_it_is_is_shown_and_answered_and_lets_the_document_go(
    asked_of_product: World, app: OpenApp, answer: str
) -> None:
    at = open_products(app)
    assert at.title[0].value == "Customers and products"
    questions, products, _ = (each.value for each in at.dataframe)
    assert questions["Product"].tolist() == ["P0"]
    assert products["How it matches"].tolist() == ["its number differs by case and signs only"]
    assert "The next export asks" in at.warning[0].value
    assert next(each for each in at.button if each.label == answer).disabled
    at.text_input(key="products_why_P0").set_value("Rung up").run()
    press(at, answer)
    assert "Rung up" in at.caption[-1].value
    [transfer] = asked_of_product.export([1])
    assert transfer.state is State.TRANSFERRED
    numbers = sorted(each["No"] for each in asked_of_product.control.books()[CLIENT]["products"])
    assert numbers == (["p-0"] if answer == "Use this product" else ["P0", "p-0"])
    at.run()
    assert at.success[0].value == "No document waits for a product."
    press(at, "Unlink")
    assert "Unlink" not in [each.label for each in at.button]


def test_finance_sees_how_customers_differ_without_any_leave_to_write(
    economy: World, invoices: list[int], app: OpenApp
) -> None:
    economy.export(invoices)
    (company, *_) = economy.control.books()[CLIENT]["companies"]
    economy.control.edit("edit_company", CLIENT, Id=company["Id"], Name="Old name AS")
    at = app(Role.FINANCE, PAGE)
    press(at, "Compare customers")
    (table,) = (each.value for each in at.dataframe if "In RecMan" in each.value.columns)
    assert table["In 24SevenOffice"].tolist() == ["Old name AS"]
    assert not [each for each in at.button if each.label.startswith("Update")]
    assert economy.control.calls()["operations"].get("SaveCompanies", 0) == 1  # the export's own
