"""The form by which a user proves again who sits here."""

from __future__ import annotations

import streamlit as st

from so24.language.said import say
from so24.language.telling import tell
from so24.people import own_logins
from so24.people.logins import SignedIn
from so24.people.roles import DANGEROUS, Permission, is_proved
from so24.store.tables.ground import now
from so24.ui.frame import flash, session
from so24.ui.frame.company_login import CONFIRMED, PROVE, draw_link

TO_CHANGE = (
    say("To change anything on this page, **confirm who you are**. It counts for 5 minutes."),
    say(
        "To change anything on this page, **give your password again**. It counts for five minutes."
    ),
)
TO_SET_UP = (
    say("To set this up, **confirm who you are**. It counts for 5 minutes."),
    say("To set this up, **give your password again**. It counts for five minutes."),
)
_PASSWORD = "so24_proof_word"  # noqa: S105 - the name of a field, not a password


def ask_for_proof(user: SignedIn, permission: Permission) -> None:
    """Ask for a proof where the page of this permission changes nothing without it."""
    place = st.container()  # drawn in every run, so that nothing below it moves
    if permission in DANGEROUS and not is_proved(user.actor, now()):
        with place:
            show_proof_form(user, TO_CHANGE)


def show_proof_form(user: SignedIn, why: tuple[str, str]) -> None:
    """Draw how the user proves it: by what opened this login.

    ``why`` says so of the company login, and of the password.
    """
    by_company, by_password = why
    settings = session.installation().settings
    if user.by_company and settings.company_login:
        with st.container(border=True):
            st.markdown(f":material/lock: {tell(by_company)}")
            draw_link(tell("Confirm with {company}", company=settings.oidc_name), why=PROVE)
    else:
        _show_password_form(by_password)


def _show_password_form(why: str) -> None:
    with st.form("so24_proof", clear_on_submit=True):
        st.markdown(f":material/lock: {tell(why)}")
        with st.container(horizontal=True, vertical_alignment="bottom"):
            st.text_input(tell("Your password"), type="password", key=_PASSWORD, width=320)
            st.form_submit_button(tell("Confirm"), on_click=_prove)


def _prove() -> None:
    with flash.complaining():
        password = st.session_state[_PASSWORD].strip()
        own_logins.prove_again(
            session.installation(), session.secret(), password, session.visitor()
        )
        flash.say(CONFIRMED)
