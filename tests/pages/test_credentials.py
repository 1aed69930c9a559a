"""The Credentials page: test first, then save; and what can be done with a key."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from so24.demo import sandbox_accounts
from so24.installation import Installation
from so24.keys import credentials, departments, upkeep
from so24.keys.credentials import NewKey
from so24.keys.product_settings import WITHOUT_CATEGORY
from so24.office.address import sandbox_folder
from so24.people.desk import Desk
from so24.people.roles import Actor
from so24.sandbox.books.seed import BERGEN, OSLO, STRAY
from so24.sandbox.runner import SandboxServer
from so24.store.keys.keys import known_key
from so24.store.tables.ground import now
from so24.store.tables.key_tables import KeyState
from so24.store.tables.people_tables import Role
from tests.pages.conftest import OpenApp

pytestmark = pytest.mark.slow

PASSWORD = "sandbox-oslo"


@pytest.fixture
def office(installation: Installation) -> Iterator[SandboxServer]:
    """The sandbox that this installation finds running."""
    folder = sandbox_folder(installation.settings)
    folder.mkdir(parents=True)
    with SandboxServer() as server:
        (folder / "address").write_text(server.address)
        yield server


@pytest.fixture
def oslo_id(installation: Installation, office: SandboxServer, admin: Actor) -> int:
    """A key for all departments."""
    new = NewKey("Oslo", OSLO, "oslo@sandbox.example", PASSWORD, all_departments=True)
    return credentials.add_key(Desk(installation, admin), new).id


def press(at: AppTest, label: str) -> AppTest:
    """Press the one enabled button with this label."""
    (button,) = (each for each in at.button if each.label == label and not each.disabled)
    return button.click().run()


def setting(widgets: Iterable[Any], part: str, key_id: int) -> Any:
    """The widget of a setting of a key, or of this part of it."""
    (found,) = (each for each in widgets if (each.key or "").startswith(f"keys_{part}_{key_id}_"))
    return found


def fill_in(at: AppTest, name: str, organization_id: str, account: str, password: str) -> AppTest:
    """Type a key into the form, for all departments where none is chosen, and press *Test*."""
    if not at.session_state["add_key_departments"]:
        at.radio(key="add_key_scope").set_value("All Departments (global access)")
    at.text_input(key="add_key_name").input(name)
    at.text_input(key="add_key_organization").input(organization_id)
    at.text_input(key="add_key_account").input(account)
    at.text_input(key="add_key_password").input(password)
    at.button(key="add_key_test").click().run()
    assert not at.exception
    return at


def tick(at: AppTest, grid: int = 0) -> AppTest:
    """Tick the first row of a grid."""
    selection = {"rows": [0], "columns": [], "cells": []}
    key = at.dataframe[grid].key
    assert key
    at.session_state[key] = {"selection": selection}
    return at.run()


def add_key_form(at: AppTest) -> Any:
    """The expander in which a key is added."""
    (found,) = (each for each in at.expander if each.label == "Add key")
    return found


def texts(elements: Iterable[Any]) -> str:
    """The texts of these elements as they were written, without the marks that keep them plain."""
    return " ".join(each.value for each in elements).replace("\\", "")


def test_a_key_is_tested_shown_and_saved(
    app: OpenApp, installation: Installation, office: SandboxServer, admin: Actor
) -> None:
    at = app(Role.ADMIN, "credentials")
    assert "Administration > Settings > Retrieval" in texts(at.markdown)
    fill_in(at, "Oslo", f"{OSLO}@voucher.24sevenoffice.com", "oslo@sandbox.example", PASSWORD)
    assert f"Nordlys Bemanning AS ({OSLO})" in texts(at.success)
    assert upkeep.list_keys(Desk(installation, admin)) == []
    assert at.selectbox(key="add_key_category").options == [
        "none",
        "Services 25 %",
        "Food 15 %",
        "Exempt 0 %",
    ]
    assert WITHOUT_CATEGORY in texts(at.warning)
    at.selectbox(key="add_key_category").select(1).run()
    assert WITHOUT_CATEGORY not in texts(at.warning)
    press(at, "Save key")
    assert not at.exception
    (key,) = upkeep.list_keys(Desk(installation, admin))
    assert (key.name, key.client_id, key.category_name) == ("Oslo", OSLO, "Services 25 %")
    assert office.sandbox.calls.report()["operations"]["Login"] == 1
    assert at.dataframe[0].value["Company reached"].tolist() == [f"Nordlys Bemanning AS ({OSLO})"]


def test_the_password_stays_neither_on_the_page_nor_in_its_state(
    app: OpenApp, office: SandboxServer
) -> None:
    at = app(Role.ADMIN, "credentials")
    fill_in(at, "Oslo", str(OSLO), "oslo@sandbox.example", PASSWORD)
    assert PASSWORD not in repr(at.session_state)
    assert PASSWORD not in repr(list(at.main))
    press(at, "Back")
    assert at.text_input(key="add_key_name").value == "Oslo"
    assert at.text_input(key="add_key_password").value == ""


def test_a_switch_to_another_company_is_told(app: OpenApp, office: SandboxServer) -> None:
    at = app(Role.ADMIN, "credentials")
    fill_in(at, "Bergen", str(BERGEN), "bergen@sandbox.example", "sandbox-bergen")
    assert "standard company is Nordlys Bemanning AS" in texts(at.info)


def test_a_refused_login_is_told_and_nothing_is_saved(
    app: OpenApp, installation: Installation, office: SandboxServer, admin: Actor
) -> None:
    at = app(Role.ADMIN, "credentials")
    fill_in(at, "Oslo", str(OSLO), "oslo@sandbox.example", "wrong-password")
    assert "did not accept the user name" in texts(at.error)
    assert "wrong-password" not in texts(at.error)
    assert upkeep.list_keys(Desk(installation, admin)) == []


def test_a_message_stands_in_the_open_form_also_where_there_are_keys_already(
    app: OpenApp, oslo_id: int
) -> None:
    at = app(Role.ADMIN, "credentials")
    assert not add_key_form(at).proto.expanded
    at.radio(key="add_key_scope").set_value("Specific Departments")
    at.session_state["add_key_departments"] = ["40"]
    fill_in(at, "Bergen", str(BERGEN), "bergen@sandbox.example", "wrong-password")
    assert add_key_form(at).proto.expanded
    assert "did not accept the user name" in texts(add_key_form(at).error)
    fill_in(at, "Stray", "10000042", "stray@sandbox.example", "sandbox-stray")
    assert add_key_form(at).proto.expanded
    assert "does not reach Organization ID 10000042" in texts(add_key_form(at).error)
    at.checkbox[0].check().run()
    press(at, "Use this company")
    assert add_key_form(at).proto.expanded
    press(at, "Back")
    assert add_key_form(at).proto.expanded


@pytest.mark.parametrize(
    ("name", "organization_id", "account", "sentence"),
    [
        ("", "1", "a@example.com", "A key needs a name"),
        ("Oslo", "Nordlys AS", "a@example.com", "has digits only"),
        ("Oslo", "1", "", "e-mail address"),
    ],
)
def test_bad_input_gets_a_sentence_and_no_call(
    app: OpenApp,
    office: SandboxServer,
    name: str,
    organization_id: str,
    account: str,
    sentence: str,
) -> None:
    at = app(Role.ADMIN, "credentials")
    fill_in(at, name, organization_id, account, PASSWORD)
    assert sentence in texts(at.error)
    assert office.sandbox.calls.report()["requests"] == 0


def test_another_company_is_used_only_after_an_express_confirmation(
    app: OpenApp, installation: Installation, office: SandboxServer, admin: Actor
) -> None:
    at = app(Role.ADMIN, "credentials")
    fill_in(at, "Stray", "10000042", "stray@sandbox.example", "sandbox-stray")
    assert "does not reach Organization ID 10000042" in texts(at.error)
    assert "Save key" not in [button.label for button in at.button]
    confirmation = next(button for button in at.button if button.label == "Use this company")
    assert confirmation.disabled
    at.checkbox[0].check().run()
    press(at, "Use this company")
    assert f"({STRAY})" in texts(at.success)
    press(at, "Save key")
    (key,) = upkeep.list_keys(Desk(installation, admin))
    assert (key.organization_id, key.client_id, key.pinned_by) == (10000042, STRAY, "ada")
    assert office.sandbox.calls.report()["operations"]["Login"] == 1


def test_what_a_key_will_serve_and_what_is_doubtful_is_said_before_it_is_saved(
    app: OpenApp, office: SandboxServer, oslo_id: int
) -> None:
    at = app(Role.ADMIN, "credentials")
    at.radio(key="add_key_scope").set_value("Specific Departments")
    at.session_state["add_key_departments"] = ["40"]
    fill_in(at, "Second", str(OSLO), "oslo@sandbox.example", PASSWORD)
    assert "Save key" in [button.label for button in at.button]
    assert "already reached by key “Oslo”" in texts(at.warning)
    assert "It serves **40**." in texts(at.markdown)
    press(at, "Save key")
    assert [each.value for each in at.toast] == [
        "Key Second is saved; it reaches Nordlys Bemanning AS\\."
    ]


def test_a_key_for_specific_departments_may_name_a_new_one(
    app: OpenApp, installation: Installation, office: SandboxServer, admin: Actor
) -> None:
    departments.add_department(Desk(installation, admin), "10", "Oslo")
    at = app(Role.ADMIN, "credentials")
    at.radio(key="add_key_scope").set_value("Specific Departments")
    at.session_state["add_key_departments"] = ["10", "40"]
    fill_in(at, "Oslo", str(OSLO), "oslo@sandbox.example", PASSWORD)
    press(at, "Save key")
    (key,) = upkeep.list_keys(Desk(installation, admin))
    assert key.scope == "10 Oslo, 40"


def test_no_key_is_for_all_departments_unless_somebody_says_so(
    app: OpenApp, office: SandboxServer
) -> None:
    at = app(Role.ADMIN, "credentials")
    assert at.radio(key="add_key_scope").value == "Specific Departments"
    at.text_input(key="add_key_name").input("Oslo")
    at.text_input(key="add_key_organization").input(str(OSLO))
    at.text_input(key="add_key_account").input("oslo@sandbox.example")
    at.text_input(key="add_key_password").input(PASSWORD)
    at.button(key="add_key_test").click().run()
    assert "Choose all departments, or at least one" in texts(add_key_form(at).error)
    assert office.sandbox.calls.report()["requests"] == 0


def test_departments_chosen_beside_all_departments_are_refused_and_stay(
    app: OpenApp, installation: Installation, office: SandboxServer, admin: Actor
) -> None:
    departments.add_department(Desk(installation, admin), "30", "Tromsø")
    at = app(Role.ADMIN, "credentials")
    at.radio(key="add_key_scope").set_value("All Departments (global access)")
    at.session_state["add_key_departments"] = ["30"]
    fill_in(at, "Tromsø", str(OSLO), "oslo@sandbox.example", PASSWORD)
    assert "not both" in texts(add_key_form(at).error)
    assert office.sandbox.calls.report()["requests"] == 0
    at.radio(key="add_key_scope").set_value("Specific Departments")
    at.button(key="add_key_test").click().run()
    press(at, "Save key")
    (key,) = upkeep.list_keys(Desk(installation, admin))
    assert key.scope == "30 Tromsø"


def test_departments_without_a_key_are_warned_of(
    app: OpenApp, installation: Installation, admin: Actor
) -> None:
    departments.add_department(Desk(installation, admin), "40", "Ski")
    at = app(Role.ADMIN, "credentials")
    assert "Without a key: 40 Ski" in texts(at.warning)


def test_a_key_is_tested_renamed_disabled_and_deleted(
    app: OpenApp, installation: Installation, admin: Actor, oslo_id: int
) -> None:
    at = tick(app(Role.ADMIN, "credentials"))
    at.button(key="keys_test").click().run()
    assert "reaches Nordlys Bemanning AS" in at.toast[0].value
    setting(at.text_input, "name", oslo_id).input("Nordlys").run()
    press(at, "Save")
    press(at, "Disable")
    (key,) = upkeep.list_keys(Desk(installation, admin))
    assert (key.name, key.state) == ("Nordlys", KeyState.DISABLED)
    press(at, "Delete")
    assert len(upkeep.list_keys(Desk(installation, admin))) == 1
    at.button(key="so24_confirm_yes").click().run()
    assert not at.exception
    assert upkeep.list_keys(Desk(installation, admin)) == []


def test_category_booking_departments_and_password_are_changed(
    app: OpenApp, installation: Installation, admin: Actor, oslo_id: int
) -> None:
    ten = departments.add_department(Desk(installation, admin), "10", "Oslo")
    at = tick(app(Role.ADMIN, "credentials"))
    press(at, "Read categories from 24SevenOffice")
    setting(at.selectbox, "category", oslo_id).select(None).run()
    assert WITHOUT_CATEGORY in texts(at.warning)
    setting(at.selectbox, "category", oslo_id).select(2).run()
    assert WITHOUT_CATEGORY not in texts(at.warning)
    press(at, "Save")
    setting(at.text_input, "tolerance", oslo_id).input("0,05").run()
    press(at, "Save")
    setting(at.checkbox, "all", oslo_id).uncheck().run()
    setting(at.multiselect, "departments", oslo_id).select(ten).run()
    press(at, "Save")
    at.text_input(key=f"keys_password_{oslo_id}").input("wrong-password").run()
    press(at, "Test and save")
    assert "did not accept the user name" in texts(at.error)
    (key,) = upkeep.list_keys(Desk(installation, admin))
    assert (key.category_name, str(key.tolerance), key.scope) == ("Food 15 %", "0.05", "10 Oslo")
    setting(at.text_input, "tolerance", oslo_id).input("much").run()
    press(at, "Save")
    assert "is no amount" in texts(at.error)


def test_departments_are_added_renamed_and_given_a_series(
    app: OpenApp, installation: Installation, admin: Actor
) -> None:
    at = app(Role.ADMIN, "credentials")
    at.text_input(key="departments_number").input("10")
    at.text_input(key="departments_name").input("Oslo")
    press(at, "Add department")
    (view,) = departments.list_departments(Desk(installation, admin))
    tick(at)
    at.text_input(key=f"departments_series_{view.id}").input("OSL").run()
    press(at, "Save series")
    press(at, "Deactivate department")
    assert not at.exception
    (view,) = departments.list_departments(Desk(installation, admin))
    assert (view.label, view.series, view.active) == ("10 Oslo", "OSL", False)


@pytest.mark.parametrize("role", [Role.FINANCE, Role.ANALYST])
def test_nobody_else_opens_the_page(app: OpenApp, role: Role) -> None:
    at = app(role)
    try:
        at.switch_page("../../../pages/credentials.py").run()
    except ValueError:  # the page is not even in the navigation
        return
    assert not at.text_input
    assert not at.dataframe


def test_a_key_is_added_with_or_without_credit_notes(
    app: OpenApp, installation: Installation, office: SandboxServer, admin: Actor
) -> None:
    at = app(Role.ADMIN, "credentials")
    assert at.checkbox(key="add_key_credit_notes").value is True  # a sandbox's own default
    # the browser is told so itself: where it misses a run's answer it must not think of it as off
    assert at.checkbox(key="add_key_credit_notes").proto.default is True
    assert "not proven" in at.checkbox(key="add_key_credit_notes").help
    at.checkbox(key="add_key_credit_notes").uncheck()
    fill_in(at, "Oslo", str(OSLO), "oslo@sandbox.example", PASSWORD)
    press(at, "Back")
    assert at.checkbox(key="add_key_credit_notes").value is False
    at.text_input(key="add_key_password").input(PASSWORD)
    at.button(key="add_key_test").click().run()
    press(at, "Save key")
    (key,) = upkeep.list_keys(Desk(installation, admin))
    assert key.credit_notes is False


def test_credit_notes_of_a_key_are_switched_with_the_warning_beside_it(
    app: OpenApp, installation: Installation, oslo_id: int, admin: Actor
) -> None:
    at = tick(app(Role.ADMIN, "credentials"))
    assert "have the accountant check the first one" in texts(at.caption)
    setting(at.checkbox, "credit_notes", oslo_id).uncheck()
    press(at, "Save")
    assert not at.exception
    assert upkeep.list_keys(Desk(installation, admin))[0].credit_notes is False
    assert at.dataframe[0].value["Credit notes"].tolist() == ["not sent"]


def test_a_parked_key_says_what_happened_and_is_free_again_after_a_test_that_succeeds(
    installation: Installation, office: SandboxServer, oslo_id: int, app: OpenApp
) -> None:
    with installation.db.writing() as session:
        key = known_key(session, oslo_id)
        key.login_refused_at, key.last_login_at = now(), None
        key.refusal = "24SevenOffice did not accept the password."
    at = app(Role.ADMIN, "credentials")
    assert list(at.dataframe[0].value["State"][0]) == ["Usable", "Parked"]
    [told] = [each.value for each in at.error]
    assert "could not log in on" in told
    assert "did not accept the password" in told
    assert "System Administrator replaces its password" in told
    credentials.try_key(Desk(installation, Actor("ada", Role.ADMIN)), oslo_id)
    at.run()
    assert list(at.dataframe[0].value["State"][0]) == ["Usable"]
    assert not at.error


@pytest.mark.parametrize("live", [False, True])
def test_accounts_to_try_are_shown_in_the_sandbox_only(
    app: OpenApp, installation: Installation, live: bool
) -> None:
    mode = installation.settings.model_copy(update={"mode": "live" if live else "sandbox"})
    assert [each.username for each in sandbox_accounts(mode)][:1] == (
        [] if live else ["oslo@sandbox.example"]
    )
    if not live:
        tables = [each.value for each in app(Role.ADMIN, "credentials").table]
        assert any("sandbox-oslo" in each["Password"].tolist() for each in tables)
