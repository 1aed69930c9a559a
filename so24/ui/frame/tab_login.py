"""The presses on the login page of one tab, each answered once, however many runs bring it.

Streamlit ends a run at its next command as soon as another one is asked for, be it by a second
press, by a connection that comes back, or by an element of the page. The press was then known only
to the run that has ended; and where that run was at the password check, it has been recorded in
vain. A :class:`TabLogin` therefore outlives the runs. It knows by the form's values, which the
browser sends with every run once they have been submitted, that a press has had no answer yet, and
it keeps the answer.
"""

from __future__ import annotations

import hashlib
import secrets
import threading

import streamlit as st

from so24.installation import Installation
from so24.people import logins
from so24.ui.frame.asking_browser import AskingBrowser
from so24.ui.frame.cookie import CookieTicket

_TAB_LOGIN = "so24_tab_login"
OF_THE_TAB = frozenset({_TAB_LOGIN})  # what is here of a tab's state
CODE = "\0code"  # in the place of a name, which cannot be it


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
        self.is_incomplete = False  # the last press had no name or no password, so was not answered
        self.farewell = ""  # how the login before this one has ended
        self.company_word = ""  # why the company login has not let anybody in
        self._answered = b""
        self._lock = threading.Lock()

    @property
    def is_refused(self) -> bool:
        """Whether the last press was refused."""
        return self.answers > 0 and not (self.secret or self.half)

    def keep(self, secret: str) -> None:
        """Keep the secret of a login session that has been opened, and issue its ticket."""
        self.secret, self.ticket = secret, CookieTicket(secret)

    def take_half(self, half: str, name: str) -> None:
        """Go on with half of a login that the company login has opened for this user."""
        self.half, self.name = half, name

    def renew_ticket(self) -> CookieTicket | None:
        """The ticket that the browser is to redeem, or has redeemed; None before any login."""
        if self.secret and self.ticket is not None:
            self.ticket = self.ticket.renewed()
        return self.ticket

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
            self.is_incomplete = False
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
            if self._is_new(self._mark(CODE, code), answers):
                visitor = browser.as_visitor(opened, self.name) if browser else None
                secret = logins.give_code(opened, self.half, code, visitor)
                self._note(self._mark(CODE, code), secret)
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


def end_tab_login(secret: str, farewell: str) -> None:
    """Forget the login of this tab, whose session has ended, and have its cookie thrown away.

    ``farewell`` is what the login page says of it until somebody signs in.
    """
    st.session_state[_TAB_LOGIN] = TabLogin(CookieTicket(secret))
    st.session_state[_TAB_LOGIN].farewell = farewell
