"""Signing in and signing out: the login page with its two steps, and the cookie of a login.

The form is that of streamlit-authenticator. It replaces private parts of the pinned version of the
library; a test watches them. Its presses are answered by :mod:`so24.ui.frame.tab_login`.
"""

from __future__ import annotations

from typing import Any

import streamlit as st
import streamlit_authenticator as stauth
from streamlit_authenticator.views import authentication_view

from so24.errors import So24Error
from so24.language.reader import language
from so24.language.said import say
from so24.language.telling import tell
from so24.people import logins
from so24.people.half_logins import open_half
from so24.people.logins import SignedIn
from so24.people.roles import ROLE_NAMES
from so24.people.users import shown_demo_users
from so24.ui.frame import browser, company_login, session
from so24.ui.frame.asking_browser import read_browser
from so24.ui.frame.cookie import content_in, draw_ticket, secret_in
from so24.ui.frame.flash import escape_markdown
from so24.ui.frame.strangers import strangers
from so24.ui.frame.tab_login import (
    CODE,
    OF_THE_TAB,
    TabLogin,
    end_tab_login,
    restart_tab_login,
    tab_login,
)
from so24.ui.tab.language import MARKS

_OF_THE_LOGIN = OF_THE_TAB | {session.SECRET, company_login.SEEN}
ENDED = say("Your login has ended. Sign in again, and this page opens again.")
LEFT = say("You are signed out.")
_FIELDS = {
    "Form name": say("Sign in"),
    "Username": say("User name"),
    "Password": say("Password"),
    "Login": say("Sign in"),
}


def recognise_user() -> SignedIn | None:
    """Who is signed in by this tab or by the browser's cookie; forgets a login that has ended.

    Called once at the start of each run, by the frame only: it draws what writes the cookie.
    """
    # read once: a press that another run answers meanwhile has not ended
    kept = (st.session_state.get(session.SECRET, ""), tab_login().secret)
    user = _find_user(kept)
    ended = any(kept) and user is None
    if ended:
        _forget(kept[0] or kept[1], ENDED)
    if user is not None:
        strangers.welcome(browser.present_mark())
    draw_ticket(tab_login().renew_ticket())
    return user


def _find_user(kept: tuple[str, str]) -> SignedIn | None:
    """The user of the login that this tab has kept, or else of the one in the cookie.

    The cookie is that of whoever signed in last in this browser: it opens a new tab, and does not
    put another user into the place of one who has left.
    """
    opened = session.installation()
    is_new = not any(kept) and tab_login().ticket is None
    for secret in kept if not is_new else [secret_in(content_in(st.context.cookies))]:
        user = logins.verify(opened, secret, session.visitor()) if secret else None
        if user is not None:
            st.session_state[session.SECRET] = secret
            logins.touch(opened, secret)
            return user
    return None


def _forget(ended: str, farewell: str) -> None:
    """Forget the login of this tab, which has ended, what it left, and throw the cookie away."""
    session.empty_tab(but=_OF_THE_LOGIN)
    end_tab_login(ended, farewell)
    st.session_state.pop(session.SECRET, None)


def leave() -> None:
    """Sign out; for the callback of a button."""
    secret = st.session_state.get(session.SECRET, "")
    logins.close_session(session.installation(), secret, session.visitor())
    _forget(secret, LEFT)


def show_login() -> None:
    """Draw the login page; a press on *Sign in* that is answered leads on from it."""
    _, middle, _ = st.columns([1, 1.4, 1])
    with middle, st.container(key=MARKS[language()]):
        st.title("so24")
        st.caption(tell("Invoices from RecMan to 24SevenOffice, each one exactly once."))
        tab = tab_login()
        _hear_company_login(tab)
        if tab.farewell and not tab.half:
            icon = ":material/logout:"
            (st.info if tab.farewell == LEFT else st.warning)(tell(tab.farewell), icon=icon)
        if tab.half and open_half(session.installation().vault, tab.half) is None:
            tab = restart_tab_login()
            st.warning(tell("It took too long to give the code. Please sign in again."))
        if tab.half:
            _show_code_form(tab)
            return
        LoginForm(tab).draw()
        if tab.secret or tab.half:
            st.rerun()
        if tab.is_incomplete:
            st.error(tell("Give your user name and your password."))
        elif tab.is_refused:
            st.error(
                tell(
                    "The user name and password do not fit, there were several failed attempts "
                    "before, or too many sign in at this moment: then wait a while, a quarter of "
                    "an hour at the most."
                )
            )
        elif tab.company_word and not tab.answers:
            st.error(escape_markdown(tell(tab.company_word)))
        _offer_company_login()
        _show_demo_users()
        st.caption(tell("Forgotten your password? A System Administrator can give you a new one."))


def _hear_company_login(tab: TabLogin) -> None:
    """Take up what the company login has brought this browser back with."""
    said = company_login.take_said()
    if said is not None and said.kind == "half":
        tab.take_half(said.text, said.name)
    elif said is not None:
        tab.company_word = company_login.word_of(said)


def _offer_company_login() -> None:
    settings = session.installation().settings
    if settings.company_login:
        company_login.draw_link(tell("Sign in with {company}", company=settings.oidc_name))


def _show_code_form(tab: TabLogin) -> None:
    """The second step, for who has a second factor."""
    browser, answers = read_browser(), tab.answers
    with st.form(f"so24_code_{tab.form_key}"):
        st.header(tell("Second step"))
        code = st.text_input(
            tell("Code of your authenticator app, or a recovery code"),
            help=tell("Six digits; or one of your recovery codes, each of which is good once."),
            autocomplete="one-time-code",
            key=f"so24_code_field_{tab.form_key}",
        )
        pressed = st.form_submit_button(tell("Go on"), type="primary")
    if pressed or (code and tab.is_unanswered(CODE, code)):
        try:
            if tab.answer_code(session.installation(), code, answers, browser):
                st.rerun()
        except So24Error as error:
            st.error(escape_markdown(tell(error.words)))
    if tab.is_code_refused:
        st.error(
            tell(
                "The code is not right, was used already, there were several failed attempts "
                "before, or too many sign in at this moment: then wait a while, a quarter of an "
                "hour at the most."
            )
        )
    st.button(tell("Sign in as somebody else"), on_click=_restart, key="so24_code_cancel")
    st.caption(tell("Lost your app and your recovery codes? Ask a System Administrator."))


def _restart() -> None:
    restart_tab_login()


def _show_demo_users() -> None:
    demo = shown_demo_users(session.installation())
    if not demo:
        return
    with st.container(border=True):
        st.markdown(tell("**Sandbox** – sign in as one of the demo users:"))
        st.table(
            {
                tell("User name"): [user.name for user in demo],
                tell("Password"): [user.password for user in demo],
                tell("Role"): [tell(ROLE_NAMES[user.role]) for user in demo],
            },
            border="horizontal",
        )


class LoginForm(stauth.Authenticate):  # type: ignore[misc]  # the library has no type information
    """The library's login form, whose presses a :class:`TabLogin` answers; one for each run."""

    def __init__(self, tab: TabLogin) -> None:
        # Not the library's own constructor: it draws an element for the cookie, whose answer asks
        # for a run just when people press.
        self._key = tab.form_key
        self.path = None
        self.attrs = {"login_sleep_time": 0.0}  # the library's pause would slow every run down
        self.cookie_controller = _NoCookie()
        self.authentication_controller = _PasswordCheck(tab)

    def draw(self) -> None:
        """Draw the form and answer the press, if there is one."""
        fields = {name: tell(words) for name, words in _FIELDS.items()}
        self.login("main", fields=fields, key=self._key)


class _PasswordCheck:
    """The check of a password by the store, in place of the library's: it never gets a hash."""

    def __init__(self, tab: TabLogin) -> None:
        self._tab = tab
        self._answers = tab.answers
        self._browser = read_browser()

    def login(self, username: str, password: str, *_rest: Any, **_named: Any) -> bool:
        if not (username.strip() and password.strip()):
            self._tab.is_incomplete = True
            return False
        opened = session.installation()
        return self._tab.answer(opened, username, password, self._answers, self._browser)


class _NoCookie:
    """In place of the library's cookie: ours, of :mod:`so24.ui.frame.cookie`, can be ended."""

    def get_cookie(self) -> None:
        return None

    def set_cookie(self) -> None:
        return None


class _Form:
    """The form that the library fills; its button is pressed, too, where an answer is owing."""

    def __init__(self, form: Any) -> None:
        self._form = form
        self._values: list[str] = []

    def subheader(self, text: str) -> None:
        self._form.header(text)

    def text_input(self, label: str, **options: Any) -> str:
        value: str = self._form.text_input(label, **options)
        self._values.append(value)
        return value

    def form_submit_button(self, label: str) -> bool:
        name, password = self._values
        pressed: bool = self._form.form_submit_button(label, type="primary")
        return pressed or tab_login().is_unanswered(name, password)


class _Streamlit:
    """Streamlit as the library sees it: all the same but the form."""

    def __getattr__(self, name: str) -> Any:
        return getattr(st, name)

    def form(self, **options: Any) -> _Form:
        return _Form(st.form(**options))


authentication_view.st = _Streamlit()
