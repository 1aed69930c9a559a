"""The frame: nobody sees anything before the login, everybody only what the role allows."""

from __future__ import annotations

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from so24.errors import NotAllowed
from so24.installation import Installation
from so24.people import logins, users
from so24.people.desk import Desk
from so24.people.roles import Actor
from so24.store.tables.people_tables import Role
from so24.ui.frame import session
from so24.ui.frame.shell import ENTRIES
from tests.pages.conftest import NAMES, PATIENCE, OpenApp, open_by_address
from tests.people.conftest import events

OPEN_TO = {
    Role.ADMIN: {entry.name for entry in ENTRIES},
    Role.FINANCE: {
        "start",
        "help",
        "invoices",
        "imports",
        "receipt",
        "history",
        "figures",
        "customers",
        "ledger",
        "activation",
    },
    Role.ANALYST: {
        "start",
        "help",
        "imports",
        "receipt",
        "history",
        "figures",
        "ledger",
        "activation",
    },
}


@pytest.mark.parametrize("role", list(Role))
def test_each_role_begins_with_today(app: OpenApp, role: Role) -> None:
    at = app(role)
    assert not at.exception
    assert at.title[0].value == "Today"
    assert any(NAMES[role] in text.value for text in at.sidebar.markdown)


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("name", [entry.name for entry in ENTRIES])
def test_a_page_opens_for_the_roles_that_may_see_it_and_its_file_for_no_other(
    app: OpenApp, role: Role, name: str
) -> None:
    if name in OPEN_TO[role]:
        at = app(role, name)
        assert not at.exception
        assert at.title
        assert [error.value for error in at.error] == []
    else:
        with pytest.raises(ValueError, match="Could not find a navigation page"):
            app(role, name)


@pytest.mark.parametrize("name", ["credentials", "users", "audit"])
def test_a_deep_link_to_a_forbidden_page_is_refused_with_a_sentence_and_recorded(
    app: OpenApp, installation: Installation, name: str
) -> None:
    at = app(Role.ANALYST)
    open_by_address(at, name)
    for _ in range(2):  # a second run of the same page adds no second event
        at.run()
        assert [error.value for error in at.error] == ["You do not have access to this page."]
        assert not at.title
        assert not at.dataframe
    refused = [event for event in events(installation) if event[1] == "access refused"]
    assert [actor for actor, _, _ in refused] == ["ann"]


@pytest.mark.parametrize("end", ["deactivate", "sign out"])
def test_what_is_downloaded_later_asks_again_who_is_there(
    installation: Installation, admin: Actor, monkeypatch: pytest.MonkeyPatch, end: str
) -> None:
    secret = logins.open_session(installation, "fia")
    monkeypatch.setattr(st, "session_state", {session.SECRET: secret})
    ask = session.desk_later()
    assert ask().actor == Actor("fia", Role.FINANCE)
    if end == "deactivate":
        users.deactivate(Desk(installation, admin), "fia")
    else:
        logins.close_session(installation, secret)
    with pytest.raises(NotAllowed, match="login has ended"):
        ask()


@pytest.mark.parametrize("name", ["", "account", *(entry.name for entry in ENTRIES)])
def test_without_login_every_address_shows_the_login_page(app: OpenApp, name: str) -> None:
    at = app(None)
    open_by_address(at, name)
    at.run()
    assert not at.exception
    assert [box.label for box in at.text_input] == ["User name", "Password"]
    assert [title.value for title in at.title] == ["so24"]
    assert not at.dataframe
    assert not at.sidebar.markdown


def test_the_banner_says_sandbox(app: OpenApp) -> None:
    assert any("Sandbox" in text.value for text in app(Role.FINANCE).main.markdown)


def test_a_page_that_was_open_is_closed_when_the_user_is_deactivated(
    app: OpenApp, installation: Installation, admin: Actor
) -> None:
    at = app(Role.FINANCE, "history")
    users.deactivate(Desk(installation, admin), "fia")
    at.run()
    assert [title.value for title in at.title] == ["so24"]
    assert [warning.value for warning in at.warning] == [
        "Your login has ended. Sign in again, and this page opens again."
    ]


def test_a_page_that_was_open_is_closed_when_the_role_changes(
    app: OpenApp, installation: Installation, admin: Actor
) -> None:
    at = app(Role.ADMIN, "users")
    users.add_user(Desk(installation, admin), "kari", Role.ADMIN)
    users.change_role(Desk(installation, admin), "ada", Role.ANALYST)
    at.run()
    assert not at.dataframe
    assert [box.label for box in at.text_input] == ["User name", "Password"]


def test_signing_out_ends_the_login_on_the_server(app: OpenApp, installation: Installation) -> None:
    at = app(Role.FINANCE)
    secret = at.session_state[session.SECRET]
    at.button(key="so24_leave").click().run()
    assert not at.exception
    assert [box.label for box in at.text_input] == ["User name", "Password"]
    assert logins.verify(installation, secret) is None


def test_an_error_that_a_page_raises_on_purpose_is_a_sentence_and_not_a_traceback() -> None:
    def script() -> None:
        from so24.errors import WrongUse
        from so24.ui.frame.shell import run_page

        def fail() -> None:
            raise WrongUse("The period ends before it begins: [see](http://example.invalid).")

        run_page(fail)

    at = AppTest.from_function(script, default_timeout=PATIENCE).run()
    assert not at.exception
    assert "\\[see\\]" in at.error[0].value


def test_the_account_page_shows_nothing_without_a_login(installation: Installation) -> None:
    def script() -> None:
        from so24.ui.frame.account import show_account

        show_account()

    at = AppTest.from_function(script, default_timeout=PATIENCE).run()
    assert [error.value for error in at.error] == ["Please log in first."]
    assert not at.text_input
