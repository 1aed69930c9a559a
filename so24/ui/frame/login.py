"""Signing in, signing out, and choosing a new password."""

from __future__ import annotations

import streamlit as st

from so24.errors import So24Error
from so24.people import logins, users
from so24.people.demo_users import shown_demo_users
from so24.people.logins import SignedIn
from so24.people.roles import ROLE_NAMES
from so24.ui.frame import flash, session
from so24.ui.frame.cookie import COOKIE, draw_ticket, secret_in
from so24.ui.frame.login_form import LoginForm, end_tab_login, tab_login
from so24.ui.frame.text import escape_markdown


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
        LoginForm(tab).draw()
        if tab.secret:
            st.rerun()
        if tab.is_refused:
            st.error(
                "The user name and password do not fit, or the user is locked for a while "
                "after several failed attempts."
            )
        _show_demo_users()
        st.caption("Forgotten your password? A System Administrator can give you a new one.")


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
    # the change has ended this login, too
    tab_login().keep(logins.open_session(session.installation(), user.name))
    st.rerun()


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
