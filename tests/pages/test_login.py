"""Signing in by the form and by the cookie, and choosing a new password."""

from __future__ import annotations

from collections.abc import Callable

import jwt
import pytest
from streamlit.runtime.context import ContextProxy
from streamlit.testing.v1 import AppTest

from so24.installation import Installation
from so24.people import attempts, logins, users
from so24.people.desk import Desk
from so24.people.known_browsers import remember_name
from so24.people.roles import Actor
from so24.store.tables.ground import now
from so24.store.tables.people_tables import Role
from so24.ui.frame import session
from so24.ui.frame.asking_browser import KNOWN_BROWSER
from so24.ui.frame.cookie import COOKIE
from tests.pages.conftest import PASSWORD, PATIENCE, SHELL, OpenApp, open_by_address
from tests.people.conftest import events

NEW = "another-good-password"
REFUSED = "do not fit"


def test_the_right_password_opens_the_first_page(app: OpenApp, installation: Installation) -> None:
    at = fill_in(app(None), "fia", PASSWORD)
    assert not at.exception
    assert at.title[0].value == "Today"
    user = logins.verify(installation, at.session_state[session.SECRET])
    assert user is not None
    assert user.name == "fia"


@pytest.mark.parametrize(
    ("name", "password"),
    [("fia", "wrong-password"), ("nobody", PASSWORD), ("fia", "x" * 5000)],
)
def test_whatever_is_wrong_the_answer_is_the_same(app: OpenApp, name: str, password: str) -> None:
    at = fill_in(app(None), name, password)
    assert not at.exception
    assert at.title[0].value == "so24"
    assert len(at.error) == 1
    assert REFUSED in at.error[0].value
    assert session.SECRET not in at.session_state


@pytest.mark.parametrize(("name", "password"), [("fia", ""), ("", PASSWORD), ("fia", "  ")])
def test_a_press_without_name_or_password_asks_for_both_and_is_no_attempt(
    app: OpenApp, installation: Installation, name: str, password: str
) -> None:
    at = fill_in(app(None), name, password)
    assert [each.value for each in at.error] == ["Give your user name and your password."]
    assert [action for _, action, _ in events(installation)] == []
    assert REFUSED in fill_in(at, "fia", "wrong-password").error[0].value


@pytest.mark.parametrize("name", ["fia", " Fia "])
def test_a_refused_press_is_counted_once_though_the_page_is_run_again(
    app: OpenApp, installation: Installation, name: str
) -> None:
    at = fill_in(app(None), name, " wrong-password ")
    for _ in range(2):
        at.run()
        assert REFUSED in at.error[0].value
    assert [action for _, action, _ in events(installation)] == ["login refused"]


def test_blanks_that_were_pasted_with_the_password_do_not_count(app: OpenApp) -> None:
    assert fill_in(app(None), " Fia ", f"{PASSWORD} ").title[0].value == "Today"


def test_after_five_failures_even_the_right_password_has_to_wait_and_a_known_browser_has_not(
    app: OpenApp, installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    moment = now()
    monkeypatch.setattr(attempts, "now", lambda: moment)
    at = app(None)
    for _ in range(5):
        at = fill_in(at, "fia", "wrong-password")
    at = fill_in(at, "fia", PASSWORD)
    assert REFUSED in at.error[0].value
    assert "wait a while" in at.error[0].value
    cookies = {KNOWN_BROWSER: remember_name(installation, "", "fia")}
    monkeypatch.setattr(ContextProxy, "cookies", property(lambda _context: cookies))
    assert fill_in(app(None), "fia", PASSWORD).title[0].value == "Today"


def test_a_one_time_password_leads_only_to_the_change(
    app: OpenApp, installation: Installation, admin: Actor
) -> None:
    once = users.add_user(Desk(installation, admin), "kari", Role.ADMIN)
    at = fill_in(app(None), "kari", once)
    assert [title.value for title in at.title] == ["Change password"]
    at.switch_page("../../../pages/users.py").run()
    assert [title.value for title in at.title] == ["Change password"]
    assert not at.dataframe
    at = choose(at, once, NEW, NEW)
    assert not at.exception
    assert at.title[0].value == "Users"
    assert logins.sign_in(installation, "kari", NEW)


def test_the_two_new_passwords_must_agree(
    app: OpenApp, installation: Installation, admin: Actor
) -> None:
    once = users.add_user(Desk(installation, admin), "kari", Role.ADMIN)
    at = choose(fill_in(app(None), "kari", once), once, NEW, NEW + "x")
    assert [error.value for error in at.error] == ["The two new passwords differ."]
    assert logins.sign_in(installation, "kari", once)


def test_changing_the_password_keeps_this_browser_and_ends_the_others(
    app: OpenApp, installation: Installation
) -> None:
    elsewhere = logins.open_session(installation, "fia")
    at = app(Role.FINANCE)
    before = at.session_state[session.SECRET]
    open_by_address(at, "account")
    at = choose(at.run(), PASSWORD, NEW, NEW)
    after = at.session_state[session.SECRET]
    assert logins.verify(installation, after) is not None
    assert logins.verify(installation, before) is None
    assert logins.verify(installation, elsewhere) is None


def test_the_cookie_of_an_open_login_signs_in_after_a_reload(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = logins.open_session(installation, "fia")
    at = open_with_cookie(monkeypatch, cookie_for(installation, "fia", secret))
    assert at.title[0].value == "Today"


@pytest.mark.parametrize("end", ["sign out", "deactivate", "role", "reset", "password"])
def test_a_stolen_cookie_ends_with_the_login(
    installation: Installation, admin: Actor, monkeypatch: pytest.MonkeyPatch, end: str
) -> None:
    secret = logins.open_session(installation, "fia")
    cookie = cookie_for(installation, "fia", secret)
    ends: dict[str, Callable[[], object]] = {
        "sign out": lambda: logins.close_session(installation, secret),
        "deactivate": lambda: users.deactivate(Desk(installation, admin), "fia"),
        "role": lambda: users.change_role(Desk(installation, admin), "fia", Role.ANALYST),
        "reset": lambda: users.reset_password(Desk(installation, admin), "fia"),
        "password": lambda: users.change_password(installation, "fia", PASSWORD, NEW),
    }
    ends[end]()
    assert is_login_page(open_with_cookie(monkeypatch, cookie))


def test_a_cookie_without_our_signature_or_for_another_user_is_no_login(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = logins.open_session(installation, "fia")
    forged = jwt.encode(
        {"username": "fia", "exp_date": 9e9, "sid": secret}, "x" * 40, algorithm="HS256"
    )
    unsigned = jwt.encode({"username": "fia", "exp_date": 9e9, "sid": secret}, "", algorithm="none")
    renamed = cookie_for(installation, "ada", secret)
    for cookie in (forged, unsigned, renamed, "rubbish", ""):
        at = open_with_cookie(monkeypatch, cookie)
        assert not at.exception
        assert is_login_page(at)


def fill_in(at: AppTest, name: str, password: str) -> AppTest:
    """Send the login form."""
    at.text_input[0].input(name)
    at.text_input[1].input(password)
    return at.button[0].click().run()


def choose(at: AppTest, old: str, new: str, again: str) -> AppTest:
    """Send the form for a new password."""
    boxes = [each for each in at.text_input if "assword" in each.label]
    for box, text in zip(boxes, (old, new, again), strict=True):
        box.input(text)
    return at.button[0].click().run()


def cookie_for(installation: Installation, name: str, secret: str) -> str:
    """The cookie that the browser would hold for this login."""
    key = installation.settings.cookie_key.get_secret_value()
    content = {"username": name, "exp_date": 9e9, "sid": secret}
    return jwt.encode(content, key, algorithm="HS256")


def open_with_cookie(monkeypatch: pytest.MonkeyPatch, cookie: str) -> AppTest:
    """Open the app in a browser that holds this cookie."""
    monkeypatch.setattr(ContextProxy, "cookies", property(lambda _context: {COOKIE: cookie}))
    return AppTest.from_file(str(SHELL), default_timeout=PATIENCE).run()


def is_login_page(at: AppTest) -> bool:
    """Whether the app asks to sign in."""
    return [box.label for box in at.text_input] == ["User name", "Password"]
