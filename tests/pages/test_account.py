"""The account page, and the form that asks for the password before a dangerous change."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from so24.installation import Installation
from so24.people import logins, users
from so24.people.desk import Desk
from so24.people.roles import PROOF_LASTS, Actor
from so24.people.visitors import Visitor
from so24.store.people.people import known_user, logins_of
from so24.store.tables.ground import now
from so24.store.tables.people_tables import Role
from so24.ui.frame import session
from tests.pages.conftest import NAMES, PASSWORD, OpenApp, open_by_address
from tests.pages.test_users import button, press

pytestmark = pytest.mark.slow  # seconds each


def open_account(app: OpenApp, role: Role = Role.FINANCE) -> AppTest:
    at = app(role)
    open_by_address(at, "account")
    return at.run()


def grow_old(installation: Installation, name: str) -> None:
    """Let the password have been given five minutes ago."""
    with installation.db.writing() as database:
        for login in logins_of(database, known_user(database, name)):
            login.proved_at = now() - PROOF_LASTS


@pytest.mark.parametrize("role", Role)
def test_everybody_sees_where_they_are_signed_in_and_this_login_is_marked(
    app: OpenApp, installation: Installation, role: Role
) -> None:
    visitor = Visitor("203.0.113.7", "Firefox on Windows")
    logins.open_session(installation, NAMES[role], visitor)
    at = open_account(app, role)
    assert not at.exception
    shown = [text.value for text in at.main.markdown if "last seen" in text.value]
    assert ["this one" in text for text in shown] == [True, False]
    assert "**Firefox on Windows**" in shown[1]
    assert "from 203\\.0\\.113\\.7, since" in shown[1]


def test_another_login_is_ended_by_its_button_and_this_one_goes_on(
    app: OpenApp, installation: Installation
) -> None:
    elsewhere = [logins.open_session(installation, "fia") for _ in range(3)]
    at = open_account(app)
    press_one(at, "End")
    assert [logins.verify(installation, each) is None for each in elsewhere] == [False, False, True]
    press(at, "End all others")
    assert [logins.verify(installation, each) is None for each in elsewhere] == [True] * 3
    assert logins.verify(installation, at.session_state[session.SECRET]) is not None
    assert "End all others" not in [each.label for each in at.button]


def press_one(at: AppTest, label: str) -> None:
    next(each for each in at.button if each.label == label).click().run()
    assert not at.exception


def test_a_password_that_is_easily_guessed_is_refused_with_the_reason(
    app: OpenApp, installation: Installation
) -> None:
    at = open_account(app)
    boxes = [each for each in at.text_input if "assword" in each.label]
    for box, text in zip(boxes, (PASSWORD, "Passord2026!", "Passord2026!"), strict=True):
        box.input(text)
    press(at, "Change password")
    assert "easily guessed" in at.error[0].value
    assert logins.sign_in(installation, "fia", PASSWORD)


@pytest.mark.parametrize("page", ["users", "credentials", "recman", "kept"])
def test_after_five_minutes_a_dangerous_page_asks_for_the_password(
    app: OpenApp, installation: Installation, page: str
) -> None:
    at = app(Role.ADMIN, page)
    assert not asks(at)
    grow_old(installation, "ada")
    at.run()
    assert asks(at)
    at.text_input(key="so24_proof_word").input("wrong-password")
    press(at, "Confirm")
    assert "not right" in at.error[0].value
    assert asks(at)
    at.text_input(key="so24_proof_word").input(PASSWORD)
    press(at, "Confirm")
    assert not asks(at)


def asks(at: AppTest) -> bool:
    return any("give your password again" in text.value for text in at.main.markdown)


@pytest.mark.parametrize(
    ("role", "page"),
    [(Role.ADMIN, "invoices"), (Role.FINANCE, "invoices"), (Role.ADMIN, "audit")],
)
def test_other_pages_and_other_roles_are_not_asked(
    app: OpenApp, installation: Installation, role: Role, page: str
) -> None:
    at = app(role, page)
    grow_old(installation, NAMES[role])
    at.run()
    assert not asks(at)
    assert not at.exception


def test_a_press_after_five_minutes_changes_nothing_and_says_what_to_do(
    app: OpenApp, installation: Installation, admin: Actor
) -> None:
    at = app(Role.ADMIN, "users")
    at.text_input(key="users_name").input("kari")
    grow_old(installation, "ada")
    press(at, "Add user")
    assert "Confirm it at the top of the page" in at.error[0].value
    assert asks(at)
    assert len(users.list_users(Desk(installation, admin))) == 3
    at.text_input(key="so24_proof_word").input(PASSWORD)
    press(at, "Confirm")
    assert at.text_input(key="users_name").value == "kari", "what was typed stays"
    press(at, "Add user")
    assert len(users.list_users(Desk(installation, admin))) == 4
    assert button(at, "Done")
