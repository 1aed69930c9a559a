"""What a key carries, on the Credentials page: asked of 24SevenOffice by a button, never else."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from so24.keys import options
from so24.keys.carrying import Carried
from so24.store.tables.people_tables import Role
from tests.pages.conftest import OpenApp
from tests.pages.test_credentials import press, texts, tick
from tests.transfer.world import ADMIN, CLIENT, World


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


def chosen(world: World, key: int) -> options.KeyOptions:
    """What the store keeps of the key's options."""
    return options.read_options(world.installation, ADMIN, key)


def test_fields_are_ticked_and_saved(page: AppTest, economy: World, key: int) -> None:
    assert page.checkbox(key=f"keys_carry_kid_{key}").value
    page.checkbox(key=f"keys_carry_kid_{key}").uncheck().run()
    page.checkbox(key=f"keys_carry_project_{key}").check().run()
    press(page, "Save fields")
    assert not page.exception
    assert chosen(economy, key).carried == (Carried.YOUR_REFERENCE, Carried.PROJECT)
    page.checkbox(key=f"keys_carry_project_{key}").uncheck().run()
    page.checkbox(key=f"keys_carry_project_must_exist_{key}").check().run()
    press(page, "Save fields")
    assert "carries the project" in texts(page.error)


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
    press(page, "Save departments in 24SevenOffice")
    assert not page.exception
    (mapped,) = chosen(economy, key).departments
    assert (mapped.office_id, mapped.office_name) == (3, "Bergen")


def test_a_department_that_is_gone_stays_chosen_and_saving_it_again_is_refused(
    page: AppTest, economy: World, key: int
) -> None:
    (ours,) = chosen(economy, key).departments
    options.set_departments(economy.installation, ADMIN, key, {ours.id: 3})
    economy.control.edit("drop_listed", CLIENT, kind="department", number=3)
    press(page, "Read departments from 24SevenOffice")
    (picker,) = (each for each in page.selectbox if each.label == "10 Department 10")
    assert "Bergen (3), not there any more" in picker.options
    assert picker.value == 3
    press(page, "Save departments in 24SevenOffice")
    assert "no department 3" in texts(page.error)


def test_tax_codes_are_offered_by_their_rate(page: AppTest, economy: World, key: int) -> None:
    press(page, "Read tax codes from 24SevenOffice")
    (picker,) = (each for each in page.selectbox if each.label == "25 %")
    assert picker.options == ["no tax code", "3 Output VAT, high rate"]
    picker.select(3).run()
    (free,) = (each for each in page.selectbox if each.label == "0 %, reverse charge (AE)")
    assert free.options == ["no tax code", "5 No output VAT, zero rate"]
    free.select(5).run()
    press(page, "Save tax codes")
    assert not page.exception
    assert chosen(economy, key).tax_codes == {"25": 3, "AE": 5}


def test_customers_are_compared_shown_and_updated_after_a_confirmation(
    page: AppTest, economy: World, key: int
) -> None:
    assert not [each for each in page.button if each.label == "Compare customers"]
    page.toggle(key=f"keys_update_customers_{key}").set_value(True).run()
    assert chosen(economy, key).update_customers
    press(page, "Compare customers")
    assert "as it is in RecMan" in texts(page.info)
    (company, *_) = economy.control.books()[CLIENT]["companies"]
    economy.control.edit("edit_company", CLIENT, Id=company["Id"], Name="Old name AS")
    press(page, "Compare customers")
    (table,) = (each.value for each in page.dataframe if "In RecMan" in each.value.columns)
    assert table["In 24SevenOffice"].tolist() == ["Old name AS"]
    assert economy.control.calls()["operations"].get("SaveCompanies") is None
    press(page, "Update 1 customer")
    press(page, "Yes, update")
    assert not page.exception
    names = {each["Name"] for each in economy.control.books()[CLIENT]["companies"]}
    assert "Old name AS" not in names
