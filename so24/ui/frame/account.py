"""The page *Account*: one's own language, password, second factor, and logins.

A user with a one-time password sees of it only the form for a new one, and one whose role needs a
second factor only how to set it up.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import streamlit as st

from so24.amounts import format_count
from so24.dates import format_moment
from so24.errors import So24Error
from so24.language.reader import LANGUAGES, language
from so24.language.said import say
from so24.language.telling import tell
from so24.people import own_logins, users
from so24.people.languages import choose_own_language
from so24.people.logins import SignedIn
from so24.people.own_logins import OwnLogin
from so24.people.passwords import SHORTEST
from so24.people.roles import ROLE_NAMES
from so24.ui.frame import flash, session
from so24.ui.frame.asking_browser import read_browser
from so24.ui.frame.flash import escape_markdown
from so24.ui.frame.own_alerts import show_own_alerts
from so24.ui.frame.own_second_factor import has_codes_to_show, show_second_factor
from so24.ui.frame.tab_login import tab_login
from so24.ui.tab.language import change_language

PASSWORD_RULE = say(
    "At least {least} characters, such as several words of your own; no common password, and not "
    "your name or the product's with digits.",
    least=SHORTEST,
)
_WIDTH = 480


def show_account() -> None:
    """Draw the page behind *Account*."""
    user = session.current_user()
    if user is None:
        st.error(tell("Please log in first."))
        st.stop()
    if user.must_change:
        st.title(tell("Change password"))
        st.info(
            tell("You have signed in with a one-time password. Choose one of your own to go on.")
        )
        _show_password_form(user)
        return
    if comes_first(user):
        st.title(tell("Second factor"))
        if user.must_enrol:
            st.info(
                tell(
                    "As {role} you sign in with a second factor. Set it up here.",
                    role=ROLE_NAMES[user.role],
                )
            )
        show_second_factor(user)
        return
    st.title(tell("Account"))
    st.caption(f"{escape_markdown(user.name)}, {tell(ROLE_NAMES[user.role])}")
    st.header(tell("Language"))
    _offer_languages(user)
    st.header(tell("Password"))
    if user.demo:
        st.caption(tell("The demo users keep the passwords that the login page shows."))
    elif user.password_off:
        st.caption(tell("Your password is turned off: you sign in by the company login only."))
    else:
        _show_password_form(user)
    _show_company_login()
    st.header(tell("Second factor"))
    show_second_factor(user)
    st.header(tell("Alerts"))
    show_own_alerts(session.acting_desk())
    st.header(tell("Where you are signed in"))
    _show_logins()


def _offer_languages(user: SignedIn) -> None:
    """The choice of one's own language; it counts with the run that it causes."""
    options = ["", *LANGUAGES]
    standard = session.installation().settings.language
    usual = tell("As this installation") if standard else tell("As the browser")
    # another one in each language: what a browser sends of a choice is its words
    place = f"so24_own_language_{language()}"
    st.selectbox(
        tell("Language"),
        options,
        options.index(user.language or ""),
        lambda each: LANGUAGES.get(each, usual),
        key=place,
        on_change=_choose_language,
        args=(place,),
        width=_WIDTH,
        label_visibility="collapsed",
    )


def _choose_language(place: str) -> None:
    with flash.complaining():
        chosen: str | None = st.session_state[place] or None
        choose_own_language(session.installation(), session.secret(), chosen, session.visitor())
        change_language()


def _show_company_login() -> None:
    settings = session.installation().settings
    identity = own_logins.describe_own_identity(session.installation(), session.secret())
    if not settings.company_login and not identity:
        return
    st.header(tell("Company login"))
    name = escape_markdown(settings.oidc_name)
    if not settings.company_login:
        st.caption(
            tell("Your user is linked to a company account, but the company login is off here.")
        )
    elif not identity:
        st.caption(
            tell("Not linked. A System Administrator can link your user, for *{name}*.", name=name)
        )
    else:
        words = tell(
            "Your user {identity}. You may sign in with *{name}*.",
            identity=escape_markdown(tell(identity)),
            name=name,
        )
        st.caption(f":material/link: {words}")


def comes_first(user: SignedIn) -> bool:
    """Whether the user has to do something here before any other page opens."""
    return user.is_held or has_codes_to_show()


def _show_password_form(user: SignedIn) -> None:
    with st.form("so24_password", width=_WIDTH):
        old = st.text_input(tell("Present password"), type="password")
        new = st.text_input(tell("New password"), type="password", help=tell(PASSWORD_RULE))
        again = st.text_input(tell("New password, once more"), type="password")
        kind: Literal["primary", "secondary"] = "primary" if user.must_change else "secondary"
        asked = st.form_submit_button(tell("Change password"), type=kind)
    if asked:
        _change_password(user, old, new, again)


def _change_password(user: SignedIn, old: str, new: str, again: str) -> None:
    if new != again:
        st.error(tell("The two new passwords differ."))
        return
    opened = session.installation()
    visitor = replace(read_browser().as_visitor(opened, user.name), login=user.origin.login)
    try:
        # the change ends this login, too, and opens another one
        tab_login().keep(users.change_password(opened, user.name, old, new, visitor))
    except So24Error as error:
        st.error(escape_markdown(tell(error.words)))
        return
    flash.say(say("Your password is changed. Other browsers have been signed out."))
    st.rerun()


def _show_logins() -> None:
    own = own_logins.list_own_logins(session.installation(), session.secret())
    for login in own:
        with st.container(border=True, width=720):
            _show_login(login)
    if len(own) > 1:
        st.button(tell("End all others"), on_click=_end_others, key="so24_end_others")


def _show_login(login: OwnLogin) -> None:
    browser = escape_markdown(_tell_browser(login.browser)) or tell("Unknown browser")
    mark = f" :blue-badge[{tell('this one')}]" if login.here else ""
    told = tell(
        "from {source}, since {opened}, last seen {seen}; login {mark}",
        source=escape_markdown(tell(login.source)) or say("an unknown address"),
        opened=format_moment(login.opened_at),
        seen=format_moment(login.last_seen),
        mark=login.mark,
    )
    words = f"**{browser}**{mark}  \n:gray[{told}]"
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(words)
        if not login.here:
            key = f"so24_end_{login.login_id}"
            st.button(tell("End"), on_click=_end, args=(login.login_id,), key=key)


def _tell_browser(name: str) -> str:
    """The browser of a login, which the store keeps in English, such as *Firefox on Windows*."""
    browser, _, system = name.partition(" on ")
    if not system:
        return tell(name)
    return tell("{browser} on {system}", browser=tell(browser), system=system)


def _end(login_id: int) -> None:
    with flash.complaining():
        own_logins.end_own_login(
            session.installation(), session.secret(), login_id, session.visitor()
        )
        flash.say(say("That login has ended."))


def _end_others() -> None:
    with flash.complaining():
        count = own_logins.end_other_logins(
            session.installation(), session.secret(), session.visitor()
        )
        flash.say(say("Other logins ended: {count}.", count=format_count(count)))
