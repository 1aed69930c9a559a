"""Signing in and signing out.

Streamlit ends a run at its next command as soon as another one is asked for, be it by a second
press, by a connection that comes back, or by an element of the page. The press was then known only
to the run that has ended; and where that run was at the password check, it has been recorded in
vain. A :class:`TabLogin` therefore outlives the runs. It knows by the form's values, which the
browser sends with every run once they have been submitted, that a press has had no answer yet, and
it keeps the answer.

The form is that of streamlit-authenticator. It replaces private parts of the pinned version of the
library; a test watches them.
"""

from __future__ import annotations

import hashlib
import secrets
import threading
from typing import Any

import streamlit as st
import streamlit_authenticator as stauth
from streamlit_authenticator.views import authentication_view

from so24.errors import So24Error
from so24.installation import Installation
from so24.people import logins
from so24.people.logins import SignedIn
from so24.people.roles import ROLE_NAMES
from so24.people.users import shown_demo_users
from so24.ui.frame import session
from so24.ui.frame.asking_browser import AskingBrowser, read_browser
from so24.ui.frame.cookie import COOKIE, CookieTicket, draw_ticket, secret_in
from so24.ui.frame.flash import escape_markdown

_TAB_LOGIN = "so24_tab_login"
_CODE = "\0code"  # in the place of a name, which cannot be it
_FIELDS = {
    "Form name": "Sign in",
    "Username": "User name",
    "Password": "Password",
    "Login": "Sign in",
}


def recognise_user() -> SignedIn | None:
    """Who is signed in by this tab or by the browser's cookie; says where a login has ended.

    Called once at the start of each run, by the frame only: it draws what writes the cookie.
    """
    # read once: a press that another run answers meanwhile has not ended
    kept = (st.session_state.get(session.SECRET, ""), tab_login().secret)
    user = _find_user(kept)
    ended = any(kept) and user is None
    if ended:
        _forget(kept[0] or kept[1])
    draw_ticket(tab_login().ticket)
    if ended:
        st.warning("Your login has ended. Please sign in again.")
    return user


def _find_user(kept: tuple[str, str]) -> SignedIn | None:
    """The user of the login that this tab has kept, or else of the one in the cookie.

    The cookie is that of whoever signed in last in this browser: it opens a new tab, and does not
    put another user into the place of one who has left.
    """
    opened = session.installation()
    is_new = not any(kept) and tab_login().ticket is None
    for secret in kept if not is_new else [secret_in(st.context.cookies.get(COOKIE, ""))]:
        user = logins.verify(opened, secret) if secret else None
        if user is not None:
            st.session_state[session.SECRET] = secret
            logins.touch(opened, secret)
            return user
    return None


def _forget(ended: str) -> None:
    """Forget the login of this tab, which has ended, and have the cookie thrown away."""
    end_tab_login(ended)
    st.session_state.pop(session.SECRET, None)


def leave() -> None:
    """Sign out; for the callback of a button."""
    secret = st.session_state.get(session.SECRET, "")
    logins.close_session(session.installation(), secret)
    _forget(secret)


def show_login() -> None:
    """Draw the login page; a press on *Sign in* that is answered leads on from it."""
    _, middle, _ = st.columns([1, 1.4, 1])
    with middle:
        st.title("so24")
        st.caption("Invoices from RecMan to 24SevenOffice, each one exactly once.")
        tab = tab_login()
        if tab.half and not logins.is_half_open(session.installation(), tab.half):
            tab = restart_tab_login()
            st.warning("It took too long to give the code. Please sign in again.")
        if tab.half:
            _show_code_form(tab)
            return
        LoginForm(tab).draw()
        if tab.secret or tab.half:
            st.rerun()
        if tab.is_refused:
            st.error(
                "The user name and password do not fit, or there were several failed attempts "
                "before: then wait a while, a quarter of an hour at the most."
            )
        _show_demo_users()
        st.caption("Forgotten your password? A System Administrator can give you a new one.")


def _show_code_form(tab: TabLogin) -> None:
    """The second step, for who has a second factor."""
    browser, answers = read_browser(), tab.answers
    with st.form(f"so24_code_{tab.form_key}"):
        st.subheader("Second step")
        code = st.text_input(
            "Code of your authenticator app",
            help="Six digits; or one of your recovery codes, each of which is good once.",
            autocomplete="one-time-code",
            key=f"so24_code_field_{tab.form_key}",
        )
        pressed = st.form_submit_button("Go on", type="primary")
    if pressed or (code and tab.is_unanswered(_CODE, code)):
        try:
            if tab.answer_code(session.installation(), code, answers, browser):
                st.rerun()
        except So24Error as error:
            st.error(escape_markdown(str(error)))
    if tab.is_code_refused:
        st.error(
            "The code is not right, was used already, or there were several failed attempts "
            "before: then wait a while, a quarter of an hour at the most."
        )
    st.button("Sign in as somebody else", on_click=_restart, key="so24_code_cancel")
    st.caption("Lost your app and your recovery codes? Ask a System Administrator.")


def _restart() -> None:
    restart_tab_login()


def _show_demo_users() -> None:
    demo = shown_demo_users(session.installation())
    if not demo:
        return
    with st.container(border=True):
        st.markdown("**Sandbox** – sign in as one of the demo users:")
        st.table(
            {
                "User name": [user.name for user in demo],
                "Password": [user.password for user in demo],
                "Role": [ROLE_NAMES[user.role] for user in demo],
            },
            border="horizontal",
        )


class TabLogin:
    """The presses on *Sign in* in one tab of a browser, and the login session they have led to.

    It lives until the login ends. Several runs that overtake one another may come to it at once.
    It calls nothing of Streamlit's, because there a run may end: between the line in the audit
    trail and the secret that belongs to it, it shall not.
    """

    def __init__(self, ticket: CookieTicket | None = None) -> None:
        self.form_key = secrets.token_hex(8)  # another form each time: no field outlives a login
        self.secret = ""
        self.half = ""  # of a login, whose other half is a code
        self.name = ""  # whose half it is
        self.ticket = ticket
        self.answers = 0
        self.is_code_refused = False
        self._answered = b""
        self._lock = threading.Lock()

    @property
    def is_refused(self) -> bool:
        """Whether the last press was refused."""
        return self.answers > 0 and not (self.secret or self.half)

    def keep(self, secret: str) -> None:
        """Keep the secret of a login session that has been opened, and issue its ticket."""
        self.secret, self.ticket = secret, CookieTicket(secret)

    def is_unanswered(self, name: str, password: str) -> bool:
        """Whether these values have been submitted and not been answered yet."""
        return bool(name or password) and self._mark(name, password) != self._answered

    def answer(
        self,
        opened: Installation,
        name: str,
        password: str,
        answers: int,
        browser: AskingBrowser | None = None,
    ) -> bool:
        """Whether the user is let in; checks the password unless that has just been done.

        ``answers`` is how many there had been when the run began that asks. What has been answered
        since then with the same values is the same press, which two runs have taken up.
        """
        with self._lock:
            if not self.half and self._is_new(self._mark(name, password), answers):
                visitor = browser.as_visitor(opened, name) if browser else None
                # no password has blanks at its ends, but what is pasted may have
                entrance = logins.sign_in(opened, name, password.strip(), visitor)
                self.half, self.name = entrance.half, name
                self._note(self._mark(name, password), entrance.secret)
            return bool(self.secret)

    def answer_code(
        self, opened: Installation, code: str, answers: int, browser: AskingBrowser | None = None
    ) -> bool:
        """Whether the code lets the user in; each press is answered once, as a password's is."""
        with self._lock:
            if self._is_new(self._mark(_CODE, code), answers):
                visitor = browser.as_visitor(opened, self.name) if browser else None
                secret = logins.give_code(opened, self.half, code, visitor)
                self._note(self._mark(_CODE, code), secret)
                self.is_code_refused = not secret
            return bool(self.secret)

    def _is_new(self, mark: bytes, answers: int) -> bool:
        return not self.secret and (self.answers == answers or mark != self._answered)

    def _note(self, mark: bytes, secret: str) -> None:
        self._answered = mark
        self.answers += 1
        if secret:
            self.keep(secret)

    def _mark(self, name: str, password: str) -> bytes:
        """A mark by which the same values are known again, without keeping them."""
        values = repr((name, password)).encode()
        return hashlib.blake2b(values, key=self.form_key.encode()).digest()


def tab_login() -> TabLogin:
    """The login of the tab in which this run draws."""
    kept: TabLogin = st.session_state.setdefault(_TAB_LOGIN, TabLogin())
    return kept


def restart_tab_login() -> TabLogin:
    """Begin anew with an empty form; for the callback of a button, too."""
    st.session_state[_TAB_LOGIN] = TabLogin()
    return tab_login()


def end_tab_login(secret: str) -> None:
    """Forget the login of this tab, whose session has ended, and have its cookie thrown away."""
    st.session_state[_TAB_LOGIN] = TabLogin(CookieTicket(secret))


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
        self.login("main", fields=_FIELDS, key=self._key)


class _PasswordCheck:
    """The check of a password by the store, in place of the library's: it never gets a hash."""

    def __init__(self, tab: TabLogin) -> None:
        self._tab = tab
        self._answers = tab.answers
        self._browser = read_browser()

    def login(self, username: str, password: str, *_rest: Any, **_named: Any) -> bool:
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
        self._form.subheader(text)

    def text_input(self, label: str, **options: Any) -> str:
        value: str = self._form.text_input(label, **options)
        self._values.append(value)
        return value

    def form_submit_button(self, label: str) -> bool:
        name, password = self._values
        pressed: bool = self._form.form_submit_button(label)
        return pressed or tab_login().is_unanswered(name, password)


class _Streamlit:
    """Streamlit as the library sees it: all the same but the form."""

    def __getattr__(self, name: str) -> Any:
        return getattr(st, name)

    def form(self, **options: Any) -> _Form:
        return _Form(st.form(**options))


authentication_view.st = _Streamlit()
