"""The second factor on the pages: the second step of the login, setting it up, removing it."""

from __future__ import annotations

import datetime as dt

import pyotp
import pytest
from streamlit.testing.v1 import AppTest

from so24.installation import Installation
from so24.people import half_logins, logins, own_second_factor, users
from so24.people.desk import Desk
from so24.people.roles import Actor
from so24.store.people.people import known_user
from so24.store.tables.ground import now
from so24.store.tables.people_tables import Role
from so24.ui.frame import session
from so24.ui.frame.flash import in_red
from tests.pages.conftest import PASSWORD, OpenApp
from tests.pages.test_account import grow_old, open_account
from tests.pages.test_login import fill_in, is_login_page
from tests.pages.test_users import choose, press
from tests.people.conftest import events, stored


@pytest.fixture
def seed(installation: Installation) -> str:
    """The seed of Fia's second factor, of which no code has been used in this half minute."""
    secret = logins.open_session(installation, "fia")
    begun = own_second_factor.begin_enrolment(installation, secret)
    code = pyotp.TOTP(begun.seed).now()
    own_second_factor.confirm_enrolment(installation, secret, begun, code)
    logins.close_session(installation, secret)
    with installation.db.writing() as database:
        known_user(database, "fia").second_factor_step -= 10
    return begun.seed


def give(at: AppTest, code: str) -> AppTest:
    at.text_input[0].input(code)
    return at.button[0].click().run()


def is_second_step(at: AppTest) -> bool:
    return [box.label for box in at.text_input] == [
        "Code of your authenticator app, or a recovery code"
    ]


def test_after_the_password_a_code_is_asked_for_and_lets_in(app: OpenApp, seed: str) -> None:
    at = fill_in(app(None), "fia", PASSWORD)
    assert not at.exception
    assert not at.error
    assert is_second_step(at)
    assert session.SECRET not in at.session_state
    at = give(at, pyotp.TOTP(seed).now())
    assert at.title[0].value == "Today"


def test_a_wrong_code_is_refused_once_and_the_right_one_follows(
    app: OpenApp, installation: Installation, seed: str
) -> None:
    at = give(fill_in(app(None), "fia", PASSWORD), "000000")
    for _ in range(2):
        assert is_second_step(at)
        assert "code is not right" in at.error[0].value
        at.run()
    refused = [action for _, action, _ in events(installation) if action == "login refused"]
    assert len(refused) == 1
    assert give(at, pyotp.TOTP(seed).now()).title[0].value == "Today"


def test_a_wrong_password_never_comes_to_the_second_step(app: OpenApp, seed: str) -> None:
    at = fill_in(app(None), "fia", "wrong-password")
    assert is_login_page(at)
    assert "do not fit" in at.error[0].value


def test_half_a_login_opens_no_page(app: OpenApp, seed: str) -> None:
    at = fill_in(app(None), "fia", PASSWORD)
    at.switch_page("../../../pages/invoices.py").run()
    assert is_second_step(at)
    assert not at.dataframe


def test_who_signs_in_as_somebody_else_begins_anew(app: OpenApp, seed: str) -> None:
    at = fill_in(app(None), "fia", PASSWORD)
    at.button(key="so24_code_cancel").click().run()
    assert is_login_page(at)
    assert fill_in(at, "ann", PASSWORD).title[0].value == "Today"


def test_half_a_login_that_took_too_long_leads_back_to_the_password(
    app: OpenApp, seed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = fill_in(app(None), "fia", PASSWORD)
    later = now() + dt.timedelta(minutes=5)
    monkeypatch.setattr(half_logins, "now", lambda: later)
    at.run()
    assert is_login_page(at)
    assert "too long" in at.warning[0].value


def test_it_is_set_up_by_picture_or_key_and_the_recovery_codes_are_shown_once(
    app: OpenApp, installation: Installation
) -> None:
    at = open_account(app)
    press(at, "Set up a second factor")
    readable = at.code[0].value
    at.text_input(key="so24_enrolment_code").input("000000")
    press_form(at, "Confirm")
    assert "does not fit" in at.error[0].value
    assert at.code[0].value == readable, "the key stays the same"
    code = pyotp.TOTP(readable.replace(" ", "")).now()
    at.text_input(key="so24_enrolment_code").input(code)
    press_form(at, "Confirm")
    codes = at.code[0].value.splitlines()
    assert len(codes) == 10
    press(at, "I have kept them")
    assert not at.code
    entrance = logins.sign_in(installation, "fia", PASSWORD)
    assert not entrance
    assert logins.give_code(installation, entrance.half, codes[0])


def press_form(at: AppTest, label: str) -> None:
    next(each for each in at.button if each.label == label).click().run()
    assert not at.exception


def test_where_the_password_is_too_old_it_is_asked_for_first(
    app: OpenApp, installation: Installation
) -> None:
    at = open_account(app)
    grow_old(installation, "fia")
    press(at, "Set up a second factor")
    assert "Confirm it on this page" in at.error[0].value
    assert not at.code
    at.text_input(key="so24_proof_word").input(PASSWORD)
    press_form(at, "Confirm")
    press(at, "Set up a second factor")
    assert at.code


def test_it_is_removed_by_password_and_code(
    app: OpenApp, installation: Installation, seed: str
) -> None:
    at = open_account(app)
    at.text_input(key="so24_remove_password").input(PASSWORD)
    at.text_input(key="so24_remove_code").input(pyotp.TOTP(seed).now())
    press(at, "Remove")
    assert not at.error
    assert logins.sign_in(installation, "fia", PASSWORD)


def test_a_role_that_needs_one_sees_nothing_else_before_it_is_set_up(
    app: OpenApp, installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(installation.settings, "second_factor", "admin")
    at = app(Role.ADMIN)
    assert [title.value for title in at.title] == ["Second factor"]
    at.switch_page("../../../pages/users.py").run()
    assert [title.value for title in at.title] == ["Second factor"]
    press(at, "Set up a second factor")
    code = pyotp.TOTP(at.code[0].value.replace(" ", "")).now()
    at.text_input(key="so24_enrolment_code").input(code)
    press_form(at, "Confirm")
    assert len(at.code[0].value.splitlines()) == 10
    press(at, "I have kept them")
    assert at.title[0].value == "Users"
    assert app(Role.FINANCE).title[0].value == "Today"


def test_an_administrator_sees_who_has_one_and_takes_it_away_after_the_question(
    app: OpenApp, installation: Installation, seed: str, admin: Actor
) -> None:
    at = choose(app(Role.ADMIN, "users"), "fia")
    assert list(at.dataframe[0].value["Second factor"]) == ["", "", "yes"]
    press(at, "Remove second factor")
    assert stored(installation, "fia").second_factor_sealed
    press(at, in_red("Yes, remove"))
    assert not stored(installation, "fia").second_factor_sealed
    assert not users.list_users(Desk(installation, admin))[2].second_factor


def test_codes_that_one_login_has_made_are_not_shown_to_the_next(
    app: OpenApp, installation: Installation
) -> None:
    at = open_account(app)
    press(at, "Set up a second factor")
    code = pyotp.TOTP(at.code[0].value.replace(" ", "")).now()
    at.text_input(key="so24_enrolment_code").input(code)
    press_form(at, "Confirm")
    at.session_state[session.SECRET] = logins.open_session(installation, "ann")
    at.run()
    assert not at.code
