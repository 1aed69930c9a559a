"""The settings of a key on the Credentials page: one *Save*, and calls by a button only."""

from __future__ import annotations

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from so24.keys.change import change_key
from so24.keys.key_fields import KeyField
from so24.keys.key_settings import (
    FIELDS,
    MODE,
    NAME,
    OFFICE_DEPARTMENTS,
    TAX_CODES,
    TOLERANCE,
    UPDATE_CUSTOMERS,
    read_settings,
)
from so24.keys.number_settings import NEXT_NUMBER, NUMBERS
from so24.keys.product_settings import CATEGORIES_BY_VAT, DEFAULT_PRODUCT
from so24.keys.upkeep import MappedDepartment, read_department_map
from so24.office.values import Category
from so24.people.desk import Desk
from so24.store.people.audit import latest_events
from so24.store.tables.key_tables import KeyMode, Numbers
from so24.store.tables.people_tables import AuditEvent, Role
from tests.pages.conftest import OpenApp
from tests.pages.test_credentials import press, setting, texts, tick
from tests.transfer.world import ADMIN, CLIENT, World

pytestmark = pytest.mark.slow  # seconds each


@pytest.fixture
def key(economy: World) -> int:
    """A key for department 10 whose three customers are in 24SevenOffice."""
    department = economy.add_department()
    key = economy.add_key([department])
    economy.export(economy.add_invoices(department, 3))
    return key


@pytest.fixture
def page(app: OpenApp, key: int, economy: World) -> AppTest:
    """The Credentials page with the key ticked; no call has been made since."""
    economy.control.reset_calls()
    at = tick(app(Role.ADMIN, "credentials"))
    assert not at.exception
    return at


def chosen(world: World, key: int) -> dict[str, Any]:
    """What the store keeps of the key's settings."""
    return read_settings(Desk(world.installation, ADMIN), key)


def mapped(world: World, key: int) -> tuple[MappedDepartment, ...]:
    """The key's departments, with 24SevenOffice's for each."""
    return read_department_map(Desk(world.installation, ADMIN), key)


def test_fields_are_ticked_and_saved(page: AppTest, economy: World, key: int) -> None:
    assert setting(page.checkbox, "carry_kid", key).value
    setting(page.checkbox, "carry_kid", key).uncheck().run()
    setting(page.checkbox, "carry_project", key).check().run()
    press(page, "Save")
    assert not page.exception
    assert FIELDS.of(chosen(economy, key)) == (KeyField.YOUR_REFERENCE, KeyField.PROJECT)
    setting(page.checkbox, "carry_project", key).uncheck().run()
    setting(page.checkbox, "carry_project_must_exist", key).check().run()
    press(page, "Save")
    assert "carries the project" in texts(page.error)


def test_the_next_number_is_asked_for_only_with_recmans_numbers(
    page: AppTest, economy: World, key: int
) -> None:
    def has_next_number() -> bool:
        return any("Next number in 24SevenOffice" in each.label for each in page.text_input)

    assert not has_next_number()
    setting(page.selectbox, "numbers", key).set_value(Numbers.SAME).run()
    assert has_next_number()
    press(page, "Save")
    assert "Same numbers need the next number" in texts(page.error)
    setting(page.text_input, "next_number", key).set_value("10004").run()
    press(page, "Save")
    assert not page.exception
    values = chosen(economy, key)
    assert (NUMBERS.of(values), NEXT_NUMBER.of(values)) == (Numbers.SAME, "10004")
    assert setting(page.text_input, "next_number", key).value == "10004"


def test_keys_of_one_company_that_disturb_each_other_are_told_of(
    app: OpenApp, economy: World, key: int
) -> None:
    economy.add_key([economy.add_department("20")], name="other")
    changes = NUMBERS.to(Numbers.SAME), NEXT_NUMBER.to("10004")
    change_key(Desk(economy.installation, ADMIN), key, *changes)
    page = tick(app(Role.ADMIN, "credentials"))
    assert "“other” invoices in the same company by own numbers" in texts(page.warning)


def test_departments_are_read_by_a_button_and_chosen(
    page: AppTest, economy: World, key: int
) -> None:
    page.run()
    assert economy.control.calls()["operations"] == {}
    press(page, "Read departments from 24SevenOffice")
    assert "GetDepartmentList" in economy.control.calls()["operations"]
    economy.control.reset_calls()
    page.run()
    assert economy.control.calls()["operations"] == {}
    (picker,) = (each for each in page.selectbox if each.label == "10 Department 10")
    picker.select(3).run()
    press(page, "Save")
    assert not page.exception
    (theirs,) = mapped(economy, key)
    assert (theirs.office_id, theirs.office_name) == (3, "Bergen")


def test_a_department_that_is_gone_stays_chosen_and_saving_it_again_is_refused(
    page: AppTest, economy: World, key: int
) -> None:
    (ours,) = mapped(economy, key)
    change_key(Desk(economy.installation, ADMIN), key, OFFICE_DEPARTMENTS.to({ours.id: 3}))
    economy.control.edit("drop_listed", CLIENT, kind="department", number=3)
    press(page, "Read departments from 24SevenOffice")
    (picker,) = (each for each in page.selectbox if each.label == "10 Department 10")
    assert "Bergen (3), not there any more" in picker.options
    assert picker.value == 3
    press(page, "Save")
    assert "no department 3" in texts(page.error)


def test_tax_codes_are_offered_by_their_rate(page: AppTest, economy: World, key: int) -> None:
    press(page, "Read tax codes from 24SevenOffice")
    (picker,) = (each for each in page.selectbox if each.label == "25 %")
    assert picker.options == ["no tax code", "3 Output VAT, high rate"]
    picker.select(3).run()
    (free,) = (each for each in page.selectbox if each.label == "0 %, reverse charge (AE)")
    assert free.options == ["no tax code", "5 No output VAT, zero rate"]
    free.select(5).run()
    press(page, "Save")
    assert not page.exception
    assert TAX_CODES.of(chosen(economy, key)) == {"25": 3, "AE": 5}


def test_a_category_is_chosen_for_each_kind_of_vat(page: AppTest, economy: World, key: int) -> None:
    press(page, "Read tax codes from 24SevenOffice")
    (picker,) = (each for each in page.selectbox if each.label == "New products of 15 %")
    assert picker.options == [
        "as other new products", "Services 25 %", "Food 15 %", "Exempt 0 %",
    ]  # fmt: skip
    picker.select(2).run()
    press(page, "Save")
    assert not page.exception
    kept = CATEGORIES_BY_VAT.of(chosen(economy, key))
    assert kept == {"15": Category(2, None, "Food 15 %")}
    economy.control.reset_calls()
    page.session_state["keys_choices"] = (None, None)
    page.run()
    assert "New products of 15 % → Food 15 %" in texts(page.markdown)
    assert economy.control.calls()["operations"] == {}


def test_the_product_for_bare_lines_is_typed_and_checked(
    page: AppTest, economy: World, key: int
) -> None:
    setting(page.text_input, "default_product", key).set_value("P9").run()
    press(page, "Save")
    assert "has no product P9" in texts(page.error)
    setting(page.text_input, "default_product", key).set_value("P1").run()
    press(page, "Save")
    assert not page.exception
    assert DEFAULT_PRODUCT.of(chosen(economy, key)) == "P1"


@pytest.mark.slow
def test_customers_are_compared_shown_and_updated_after_a_confirmation(
    page: AppTest, economy: World, key: int
) -> None:
    assert not [each for each in page.button if each.label == "Compare customers"]
    setting(page.checkbox, "update_customers", key).check().run()
    press(page, "Save")
    assert UPDATE_CUSTOMERS.of(chosen(economy, key))
    press(page, "Compare customers")
    assert "as it is in RecMan" in texts(page.info)
    (company, *_) = economy.control.books()[CLIENT]["companies"]
    economy.control.edit("edit_company", CLIENT, Id=company["Id"], Name="Old name AS")
    press(page, "Compare customers")
    (table,) = (each.value for each in page.dataframe if "In RecMan" in each.value.columns)
    assert table["In 24SevenOffice"].tolist() == ["Old name AS"]
    assert economy.control.calls()["operations"].get("SaveCompanies") is None
    assert next(each for each in page.button if each.label == "Update").disabled
    (grid,) = (each for each in page.dataframe if "In RecMan" in each.value.columns)
    selection = {"rows": [0], "columns": [], "cells": []}
    page.session_state[str(grid.key)] = {"selection": selection}
    page.run()
    press(page, "Update 1 customer")
    press(page, "Yes, update")
    assert not page.exception
    names = {each["Name"] for each in economy.control.books()[CLIENT]["companies"]}
    assert "Old name AS" not in names


def test_several_settings_are_saved_by_one_press_or_none_of_them(
    page: AppTest, economy: World, key: int
) -> None:
    before = chosen(economy, key), key_events(economy)
    setting(page.text_input, "name", key).input("Main").run()
    setting(page.selectbox, "mode", key).select(KeyMode.APPROVAL).run()
    setting(page.checkbox, "carry_project", key).check().run()
    setting(page.text_input, "tolerance", key).input("much").run()
    press(page, "Save")
    assert "“much” is no amount" in texts(page.error)
    assert (chosen(economy, key), key_events(economy)) == before
    assert setting(page.text_input, "name", key).value == "Main"  # what was typed is kept
    setting(page.text_input, "tolerance", key).input("0,10").run()
    press(page, "Save")
    assert not page.exception
    assert not page.error
    (event, *earlier) = key_events(economy)
    assert earlier == before[1]
    assert event.action == "key changed"
    assert event.detail == (
        "Name: now Main; Orders become: approval; Accepted difference of totals: 0.10; "
        "Fields: KID, Your reference, Project"
    )
    assert "Main" in page.dataframe[0].value["Key"].tolist()
    press(page, "Save")
    assert key_events(economy) == [event, *earlier]
    assert "Nothing was changed" in page.toast[0].value


def test_a_browser_is_told_what_is_stored_as_the_default_of_each_widget(
    page: AppTest, key: int
) -> None:
    assert setting(page.text_input, "name", key).proto.default == "key oslo"
    assert setting(page.checkbox, "carry_kid", key).proto.default is True
    assert setting(page.checkbox, "carry_project", key).proto.default is False


@pytest.mark.slow
def test_what_somebody_else_has_saved_meanwhile_is_shown_and_not_saved_over(
    page: AppTest, economy: World, key: int
) -> None:
    change_key(
        Desk(economy.installation, ADMIN), key, MODE.to(KeyMode.APPROVAL), TOLERANCE.to("0,20")
    )
    setting(page.text_input, "name", key).input("Main").run()
    assert setting(page.text_input, "tolerance", key).value == "0,20"
    press(page, "Save")
    kept = chosen(economy, key)
    assert (NAME.of(kept), MODE.of(kept), str(TOLERANCE.of(kept))) == (
        "Main",
        KeyMode.APPROVAL,
        "0.20",
    )


def key_events(world: World) -> list[AuditEvent]:
    """What was audited of changes to keys, newest first."""
    with world.installation.db.reading() as session:
        return [each for each in latest_events(session) if each.action.startswith("key ")]
