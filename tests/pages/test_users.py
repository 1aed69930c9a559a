"""The Users page: add, change role, deactivate, reset; what signs somebody out asks first."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from so24.installation import Installation
from so24.people import logins, users
from so24.people.desk import Desk
from so24.people.roles import Actor
from so24.people.users import UserRow
from so24.store.tables.people_tables import Role
from so24.ui.frame.flash import in_red
from tests.pages.conftest import PASSWORD, OpenApp


def test_the_grid_shows_everybody_with_role_and_state(
    app: OpenApp, installation: Installation, admin: Actor
) -> None:
    users.deactivate(Desk(installation, admin), "ann")
    shown = app(Role.ADMIN, "users").dataframe[0].value
    assert list(shown["User name"]) == ["ada", "ann", "fia"]
    assert list(shown["Role"]) == ["System Administrator", "Analyst", "Finance"]
    assert [state for (state,) in shown["State"]] == ["active", "deactivated", "active"]


def test_a_new_user_gets_a_one_time_password_that_is_shown_until_done(
    app: OpenApp, installation: Installation
) -> None:
    at = app(Role.ADMIN, "users")
    at.text_input(key="users_name").input("kari")
    at.selectbox(key="users_role").select(Role.FINANCE)
    press(at, "Add user")
    once = at.code[0].value
    assert logins.sign_in(installation, "kari", once)
    assert row_of(installation, "kari").role is Role.FINANCE
    press(at, "Done")
    assert not at.code


def test_a_refused_name_is_explained_and_stays_in_the_form(app: OpenApp) -> None:
    at = app(Role.ADMIN, "users")
    at.text_input(key="users_name").input("fia")
    press(at, "Add user")
    assert "already" in at.error[0].value
    assert at.text_input(key="users_name").value == "fia"
    assert not at.code


def test_deactivation_asks_first(app: OpenApp, installation: Installation) -> None:
    secret = logins.open_session(installation, "fia")
    at = choose(app(Role.ADMIN, "users"), "fia")
    press(at, "Deactivate")
    assert row_of(installation, "fia").active
    press(at, in_red("Yes, deactivate"))
    assert not row_of(installation, "fia").active
    assert logins.verify(installation, secret) is None
    press(choose(at, "fia"), "Reactivate")
    assert row_of(installation, "fia").active


def test_a_role_changes_after_the_question(app: OpenApp, installation: Installation) -> None:
    at = choose(app(Role.ADMIN, "users"), "fia")
    assert button(at, "Change role").disabled
    at.selectbox[0].select(Role.ANALYST).run()
    press(at, "Change role")
    assert row_of(installation, "fia").role is Role.FINANCE
    press(at, "Yes, change")
    assert row_of(installation, "fia").role is Role.ANALYST


def test_a_reset_shows_the_new_one_time_password(app: OpenApp, installation: Installation) -> None:
    at = choose(app(Role.ADMIN, "users"), "fia")
    press(at, "New one-time password")
    assert logins.sign_in(installation, "fia", PASSWORD)
    press(at, "Yes, make one")
    assert logins.sign_in(installation, "fia", at.code[0].value)
    assert not logins.sign_in(installation, "fia", PASSWORD)


def test_the_last_administrator_stays_and_the_page_says_why(
    app: OpenApp, installation: Installation
) -> None:
    at = choose(app(Role.ADMIN, "users"), "ada")
    press(at, "Deactivate")
    press(at, in_red("Yes, deactivate"))
    assert "last active System Administrator" in at.error[0].value
    assert row_of(installation, "ada").active


def test_a_press_by_somebody_who_is_no_administrator_any_more_does_nothing(
    app: OpenApp, installation: Installation, admin: Actor
) -> None:
    users.add_user(Desk(installation, admin), "kari", Role.ADMIN)
    at = choose(app(Role.ADMIN, "users"), "fia")
    press(at, "Deactivate")
    users.change_role(Desk(installation, admin), "ada", Role.ANALYST)
    press(at, in_red("Yes, deactivate"))
    assert row_of(installation, "fia").active
    assert not at.dataframe


def choose(at: AppTest, name: str) -> AppTest:
    """Tick the user's row."""
    grid = at.dataframe[0]
    row = list(grid.value["User name"]).index(name)
    assert grid.key is not None
    at.session_state[grid.key] = {"selection": {"rows": [row], "columns": [], "cells": []}}
    return at.run()


def button(at: AppTest, label: str):  # type: ignore[no-untyped-def]  # AppTest's own kind
    """The one button with this label."""
    (found,) = [each for each in at.button if each.label == label]
    return found


def press(at: AppTest, label: str) -> None:
    """Press the button with this label."""
    button(at, label).click().run()
    assert not at.exception


def row_of(installation: Installation, name: str) -> UserRow:
    """The user as the store has it now."""
    rows = users.list_users(Desk(installation, Actor("test", Role.ADMIN)))
    return next(row for row in rows if row.name == name)


def test_what_is_wrong_with_a_name_is_said_below_its_form_with_the_name(app: OpenApp) -> None:
    at = app(Role.ADMIN, "users")
    at.text_input(key="users_name").input("Kari Nordmann")
    press(at, "Add user")
    (error,) = at.error
    assert "“Kari Nordmann” cannot be a user name" in error.value
    assert "no blanks" in error.value
    drawn = list(at.main)
    kinds = [each.type for each in drawn]
    assert kinds.index("error") > kinds.index("text_input")
