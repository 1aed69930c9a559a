"""The page *Account*: one's own password, second factor, and logins.

A user with a one-time password sees of it only the form for a new one, and one whose role needs a
second factor only how to set it up.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import streamlit as st

from so24.dates import format_moment
from so24.errors import So24Error
from so24.people import own_logins, users
from so24.people.logins import SignedIn
from so24.people.own_logins import OwnLogin
from so24.people.passwords import SHORTEST
from so24.people.roles import ROLE_NAMES
from so24.ui.frame import flash, session
from so24.ui.frame.asking_browser import read_browser
from so24.ui.frame.flash import escape_markdown
from so24.ui.frame.own_second_factor import has_codes_to_show, show_second_factor
from so24.ui.frame.tab_login import tab_login

PASSWORD_RULE = (
    f"At least {SHORTEST} characters, such as several words of your own; no common password, and "
    "not your name or the product's with digits."
)
_WIDTH = 480


def show_account() -> None:
    """Draw the page behind *Account*."""
    user = session.current_user()
    if user is None:
        st.error("Please log in first.")
        st.stop()
    if user.must_change:
        st.title("Change password")
        st.info("You have signed in with a one-time password. Choose one of your own to go on.")
        _show_password_form(user)
        return
    if comes_first(user):
        st.title("Second factor")
        if user.must_enrol:
            st.info(f"As {ROLE_NAMES[user.role]} you sign in with a second factor. Set it up here.")
        show_second_factor(user)
        return
    st.title("Account")
    st.caption(f"{escape_markdown(user.name)}, {ROLE_NAMES[user.role]}")
    st.header("Password")
    if user.demo:
        st.caption("The demo users keep the passwords that the login page shows.")
    elif user.password_off:
        st.caption("Your password is turned off: you sign in by the company login only.")
    else:
        _show_password_form(user)
    _show_company_login()
    st.header("Second factor")
    show_second_factor(user)
    st.header("Where you are signed in")
    _show_logins()


def _show_company_login() -> None:
    settings = session.installation().settings
    identity = own_logins.describe_own_identity(session.installation(), session.secret())
    if not settings.company_login and not identity:
        return
    st.header("Company login")
    name = escape_markdown(settings.oidc_name)
    if not settings.company_login:
        st.caption("Your user is linked to a company account, but the company login is off here.")
    elif not identity:
        st.caption(f"Not linked. A System Administrator can link your user, for *{name}*.")
    else:
        st.caption(
            f":material/link: Your user {escape_markdown(identity)}. You may sign in with *{name}*."
        )


def comes_first(user: SignedIn) -> bool:
    """Whether the user has to do something here before any other page opens."""
    return user.is_held or has_codes_to_show()


def _show_password_form(user: SignedIn) -> None:
    with st.form("so24_password", width=_WIDTH):
        old = st.text_input("Present password", type="password")
        new = st.text_input("New password", type="password", help=PASSWORD_RULE)
        again = st.text_input("New password, once more", type="password")
        kind: Literal["primary", "secondary"] = "primary" if user.must_change else "secondary"
        asked = st.form_submit_button("Change password", type=kind)
    if asked:
        _change_password(user, old, new, again)


def _change_password(user: SignedIn, old: str, new: str, again: str) -> None:
    if new != again:
        st.error("The two new passwords differ.")
        return
    opened = session.installation()
    visitor = replace(read_browser().as_visitor(opened, user.name), login=user.origin.login)
    try:
        # the change ends this login, too, and opens another one
        tab_login().keep(users.change_password(opened, user.name, old, new, visitor))
    except So24Error as error:
        st.error(escape_markdown(str(error)))
        return
    flash.say("Your password is changed. Other browsers have been signed out.")
    st.rerun()


def _show_logins() -> None:
    own = own_logins.list_own_logins(session.installation(), session.secret())
    for login in own:
        with st.container(border=True, width=720):
            _show_login(login)
    if len(own) > 1:
        st.button("End all others", on_click=_end_others, key="so24_end_others")


def _show_login(login: OwnLogin) -> None:
    browser, source = escape_markdown(login.browser), escape_markdown(login.source)
    mark = " :blue-badge[this one]" if login.here else ""
    words = (
        f"**{browser or 'Unknown browser'}**{mark}  \n"
        f":gray[from {source or 'an unknown address'}, since {format_moment(login.opened_at)}, "
        f"last seen {format_moment(login.last_seen)}; login {login.mark}]"
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(words)
        if not login.here:
            key = f"so24_end_{login.login_id}"
            st.button("End", on_click=_end, args=(login.login_id,), key=key)


def _end(login_id: int) -> None:
    with flash.complaining():
        own_logins.end_own_login(
            session.installation(), session.secret(), login_id, session.visitor()
        )
        flash.say("That login has ended.")


def _end_others() -> None:
    with flash.complaining():
        count = own_logins.end_other_logins(
            session.installation(), session.secret(), session.visitor()
        )
        flash.say(f"Other logins ended: {count}.")
