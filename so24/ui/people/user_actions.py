"""What the Users page can do with a user: buttons, questions, and what they call."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from so24.language.said import say
from so24.language.telling import tell
from so24.people import own_second_factor, users
from so24.people.company_login import linking
from so24.people.roles import ROLE_NAMES
from so24.people.users import UserRow
from so24.store.tables.people_tables import Role
from so24.ui.frame import flash
from so24.ui.frame.flash import confirm, escape_markdown
from so24.ui.frame.session import acting_desk

_HANDED_OVER = "users_handed_over"
_NAME = "users_name"
_ROLE = "users_role"
_EMAIL = "users_company_email"
_NEW, _CHOSEN = "_new_user", "_chosen_user"  # places of complaints


def show_form() -> None:
    """The form that adds a user; what was typed stays there if it is refused."""
    with st.form("users_add", border=False):
        st.text_input(tell("User name"), key=_NAME, width=400)  # too long: refused in words
        st.selectbox(tell("Role"), list(Role), 2, _tell_role, key=_ROLE, width=400)
        st.form_submit_button(tell("Add user"), type="primary", on_click=_add)
    flash.show_complaints(_NEW)


def show_one_time_password() -> None:
    """The password to hand over, if there is one, until *Done* is pressed."""
    if _HANDED_OVER not in st.session_state:
        return
    name, password = st.session_state[_HANDED_OVER]
    with st.container(border=True):
        words = tell("One-time password of **{user}**, shown only now:", user=escape_markdown(name))
        st.markdown(words)
        st.code(password, language=None, width=320)
        st.caption(
            tell(
                "Hand it over in person. It must be changed at the first sign-in, within {hours} "
                "hours; then it ends.",
                hours=users.ONE_TIME_HOURS,
            )
        )
        st.button(tell("Done"), on_click=st.session_state.pop, args=(_HANDED_OVER, None))


def show_actions(row: UserRow) -> None:
    """What can be done with the chosen user; every step that signs somebody out asks first."""
    with st.container(horizontal=True, vertical_alignment="bottom", border=True):
        _offer_role(row)
        _offer_password(row)
        _offer_second_factor(row)
        _offer_access(row)
    if acting_desk().settings.company_login or row.company_login:
        _offer_company_login(row)
    flash.show_complaints(_CHOSEN)


def _tell_role(role: Role) -> str:
    return tell(ROLE_NAMES[role])


def _offer_role(row: UserRow) -> None:
    name = escape_markdown(row.name)
    role = st.selectbox(
        tell("Role of {user}", user=name),
        list(Role),
        list(Role).index(row.role),
        _tell_role,
        key=f"users_role_of_{row.name}_{row.role}",
        width=240,
    )
    if st.button(tell("Change role"), disabled=role == row.role) and role is not None:
        title = ROLE_NAMES[role]
        text = say("**{user}** becomes {role} and is signed out everywhere.", user=name, role=title)
        told = say("{user} is now {role}.", user=row.name, role=title)
        arguments = (users.change_role, told, row.name, role)
        confirm(say("Change role?"), text, say("Yes, change"), _change, *arguments)


def _offer_password(row: UserRow) -> None:
    if st.button(tell("New one-time password"), disabled=row.demo or row.company_only):
        text = say(
            "The present password of **{user}** stops working, and all logins end.",
            user=escape_markdown(row.name),
        )
        confirm(say("New one-time password?"), text, say("Yes, make one"), _reset, row.name)


def _offer_second_factor(row: UserRow) -> None:
    if row.second_factor and st.button(tell("Remove second factor")):
        text = say(
            "**{user}** is signed out everywhere, and signs in with the password alone until a "
            "second factor is set up again. Make sure that it is really this user who asks for it.",
            user=escape_markdown(row.name),
        )
        told = say("The second factor of {user} is removed.", user=row.name)
        arguments = (own_second_factor.reset_second_factor, told, row.name)
        title, yes = say("Remove second factor?"), say("Yes, remove")
        confirm(title, text, yes, _change, *arguments, destroys=True)


def _offer_company_login(row: UserRow) -> None:
    """The company login of the chosen user: linked by an e-mail, unlinked, the only way in."""
    if not row.company_login:
        with st.form("users_link", border=True):
            st.text_input(
                tell("E-mail of {user} at the company login", user=escape_markdown(row.name)),
                key=_EMAIL,
                max_chars=254,
                width=400,
                help=tell("Whoever signs in first with this e-mail, verified there, is this user."),
            )
            st.form_submit_button(tell("Link company account"), on_click=_link, args=(row.name,))
        return
    name = escape_markdown(row.name)
    with st.container(horizontal=True, vertical_alignment="center", border=True):
        account = escape_markdown(tell(row.company_login))
        st.markdown(tell("Company account: **{user}** {account}.", user=name, account=account))
        _offer_password_off(row)
        if st.button(tell("Unlink company account")):
            text = say(
                "**{user}** is signed out everywhere, and signs in with the password again.",
                user=name,
            )
            told = say("{user} has no company account any more.", user=row.name)
            confirm(say("Unlink?"), text, say("Yes, unlink"), _change, linking.unlink, told,
                    row.name, destroys=True)  # fmt: skip


def _offer_password_off(row: UserRow) -> None:
    if row.company_only:
        told = say("The password of {user} counts again.", user=row.name)
        on = (linking.turn_password_on, told, row.name)
        st.button(tell("Turn password on"), on_click=_change, args=on)
    elif st.button(tell("Turn password off"), disabled=row.demo):
        text = say(
            "**{user}** is signed out everywhere, and signs in by the company login only. Where "
            "that is out of order, only the command line helps.",
            user=escape_markdown(row.name),
        )
        told = say("{user} signs in by the company login only.", user=row.name)
        off = (linking.turn_password_off, told, row.name)
        title, yes = say("Turn password off?"), say("Yes, turn off")
        confirm(title, text, yes, _change, *off, destroys=True)


def _link(name: str) -> None:
    with flash.complaining(_CHOSEN):
        linking.link_by_email(acting_desk(), name, st.session_state[_EMAIL])
        flash.say(say("{user} may sign in by the company login now.", user=name))


def _offer_access(row: UserRow) -> None:
    if not row.active:
        told = say("{user} may sign in again.", user=row.name)
        st.button(tell("Reactivate"), on_click=_change, args=(users.reactivate, told, row.name))
    elif st.button(tell("Deactivate")):
        text = say(
            "**{user}** is signed out at once and cannot sign in again.",
            user=escape_markdown(row.name),
        )
        told = say("{user} is deactivated.", user=row.name)
        arguments = (users.deactivate, told, row.name)
        title, yes = say("Deactivate user?"), say("Yes, deactivate")
        confirm(title, text, yes, _change, *arguments, destroys=True)


def _add() -> None:
    name, role = st.session_state[_NAME], st.session_state[_ROLE]
    with flash.complaining(_NEW):
        password = users.add_user(acting_desk(), name, role)
        st.session_state[_HANDED_OVER] = (name, password)
        st.session_state[_NAME] = ""


def _reset(name: str) -> None:
    with flash.complaining(_CHOSEN):
        password = users.reset_password(acting_desk(), name)
        st.session_state[_HANDED_OVER] = (name, password)


def _change(change: Callable[..., None], told: str, name: str, *rest: Role) -> None:
    with flash.complaining(_CHOSEN):
        change(acting_desk(), name, *rest)
        flash.say(told)
