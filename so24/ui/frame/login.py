"""Signing in, signing out, and choosing a new password."""

from __future__ import annotations

from typing import Any

import streamlit as st
from streamlit_authenticator.utilities import LoginError

from so24.errors import So24Error
from so24.people import logins, users
from so24.people.demo_users import shown_demo_users
from so24.people.logins import SignedIn
from so24.people.roles import ROLE_NAMES
from so24.ui.frame import flash, session
from so24.ui.frame.cookie import build_authenticator
from so24.ui.frame.text import escape_markdown

_AUTHENTICATOR = "so24_authenticator"
_LEAVING = "so24_leaving"
_STATUS = "authentication_status"  # the library's own name
_FIELDS = {
    "Form name": "Sign in",
    "Username": "User name",
    "Password": "Password",
    "Login": "Sign in",
}
_JUST_NOW = "so24_signed_in_just_now"
_PATIENCE_SECONDS = 2.0


def recognise_user() -> SignedIn | None:
    """Who is signed in by this browser's session or cookie; signs out where that was asked for.

    Called once at the start of each run, by the frame only: it builds the authenticator, whose
    elements may stand on the page once.
    """
    authenticator = build_authenticator(session.installation())
    st.session_state[_AUTHENTICATOR] = authenticator
    if st.session_state.pop(_LEAVING, False):
        _sign_out(authenticator)
    if not st.session_state.get(_STATUS):
        _sign_in_by_cookie(authenticator)
    user = session.current_user()
    if user is None and st.session_state.get(_STATUS):
        _sign_out(authenticator)
        st.warning("Your login has ended. Please sign in again.")
    if user is not None:
        logins.touch(session.installation(), st.session_state[session.SECRET])
    return user


def ask_to_leave() -> None:
    """Sign out at the start of the next run; for the callback of a button."""
    st.session_state[_LEAVING] = True


def show_login() -> None:
    """Draw the login page."""
    _, middle, _ = st.columns([1, 1.4, 1])
    with middle:
        st.title("so24")
        st.caption("Invoices from RecMan to 24SevenOffice, each one exactly once.")
        # no rerun after it: the cookie is written by an element of this run, which asks for one
        st.session_state[_AUTHENTICATOR].login("main", fields=_FIELDS)
        if st.session_state.get(_STATUS):
            st.session_state[_JUST_NOW] = True
            _go_on()
        if st.session_state.get(_STATUS) is False:
            st.error(
                "The user name and password do not fit, or the user is locked for a while "
                "after several failed attempts."
            )
        _show_demo_users()
        st.caption("Forgotten your password? A System Administrator can give you a new one.")


@st.fragment(run_every=_PATIENCE_SECONDS)
def _go_on() -> None:
    """Open the dashboard where the cookie's element has not asked for it in a while.

    Its answer may get lost, on a slow machine or where a browser blocks its frame; nobody shall
    stay before a form that has taken the password.
    """
    if st.session_state.pop(_JUST_NOW, False):
        st.caption("Signing in …")
        return
    st.rerun()


def show_password_form() -> None:
    """Draw the form for a new password; the page of its own behind *Change password*."""
    user = session.current_user()
    if user is None:
        st.error("Please log in first.")
        st.stop()
    st.title("Change password")
    if user.must_change:
        st.info("You have signed in with a one-time password. Choose one of your own to go on.")
    with st.form("so24_password", width=480):
        old = st.text_input("Present password", type="password")
        new = st.text_input("New password", type="password", help="12 to 72 characters")
        again = st.text_input("New password, once more", type="password")
        asked = st.form_submit_button("Change password", type="primary")
    if asked:
        _change_password(user, old, new, again)


def _change_password(user: SignedIn, old: str, new: str, again: str) -> None:
    if new != again:
        st.error("The two new passwords differ.")
        return
    try:
        users.change_password(session.installation(), user.name, old, new)
    except So24Error as error:
        st.error(escape_markdown(str(error)))
        return
    flash.say("Your password is changed. Other browsers have been signed out.")
    # the change has ended this login, too: open another; its cookie element asks for the next run
    st.session_state[_AUTHENTICATOR].cookie_controller.set_cookie()


def _sign_in_by_cookie(authenticator: Any) -> None:
    try:
        authenticator.login("unrendered")
    except LoginError:
        st.session_state[_STATUS] = None  # a cookie of no use: the login page follows


def _sign_out(authenticator: Any) -> None:
    if st.session_state.get(_STATUS):
        authenticator.logout(location="unrendered")


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
