"""The part of the page *Account* about the second factor: set up, recovery codes, removal."""

from __future__ import annotations

import html

import segno
import streamlit as st

from so24.language.said import say
from so24.language.telling import tell
from so24.people import own_second_factor
from so24.people.logins import SignedIn
from so24.people.roles import is_proved
from so24.people.second_factor import Enrolment
from so24.store.tables.ground import now
from so24.ui.frame import flash, session
from so24.ui.frame.proof import TO_SET_UP, show_proof_form

_ENROLMENT = "so24_enrolment"
_CODES = "so24_recovery_codes"
_CODE = "so24_enrolment_code"
_REMOVE_PASSWORD, _REMOVE_CODE = "so24_remove_password", "so24_remove_code"
_WIDTH = 480


def has_codes_to_show() -> bool:
    """Whether recovery codes wait to be written down, which are shown only once."""
    return bool(_codes_to_show())


def _codes_to_show() -> tuple[str, ...]:
    """The codes that were made in this very login."""
    secret, codes = st.session_state.get(_CODES, ("", ()))
    return codes if secret == session.secret() else ()


def show_second_factor(user: SignedIn) -> None:
    """Draw what the user may do with the second factor now."""
    if has_codes_to_show():
        _show_codes()
    elif user.demo:
        st.caption(tell("Demo users cannot use a second factor."))
    elif (begun := _enrolment_of(user)) is not None:
        _show_enrolment(begun)
    elif user.second_factor:
        _show_present(user)
    else:
        st.caption(
            tell(
                "With a code of an authenticator app beside the password, a password that others "
                "have come to know is worth nothing."
            )
        )
        _ask_first(user)
        st.button(tell("Set up a second factor"), on_click=_begin, key="so24_begin_enrolment")


def _enrolment_of(user: SignedIn) -> Enrolment | None:
    begun: Enrolment | None = st.session_state.get(_ENROLMENT)
    return begun if begun and begun.name == user.name and not user.second_factor else None


def _ask_first(user: SignedIn) -> None:
    if not is_proved(user.actor, now()):
        show_proof_form(user, TO_SET_UP)


def _show_enrolment(enrolment: Enrolment) -> None:
    st.markdown(f"1. {tell('Scan this with your authenticator app, or type the key into it.')}")
    picture = segno.make(enrolment.address, error="m").png_data_uri(scale=5, border=4)
    words = html.escape(tell("QR code of the second factor"))
    st.html(f'<img alt="{words}" width="230" src="{picture}">')
    st.code(enrolment.readable, language=None, width=_WIDTH)
    st.markdown(f"2. {tell('Give the code that it shows.')}")
    with st.form("so24_enrol", width=_WIDTH):
        st.text_input(tell("Code"), key=_CODE, autocomplete="one-time-code")
        st.form_submit_button(tell("Confirm"), type="primary", on_click=_confirm)
    st.button(tell("Cancel"), on_click=_cancel, key="so24_cancel_enrolment")


def _show_codes() -> None:
    st.markdown(
        tell(
            "**Your recovery codes, shown only now.** Each signs you in once, if you have lost "
            "your app. Keep them where you keep papers, not beside your password."
        )
    )
    st.code("\n".join(_codes_to_show()), language=None, width=_WIDTH)
    st.button(
        tell("I have kept them"), on_click=_forget_codes, type="primary", key="so24_codes_kept"
    )


def _show_present(user: SignedIn) -> None:
    left = own_second_factor.count_recovery_codes(session.installation(), session.secret())
    st.caption(
        f":material/verified_user: {tell('Set up. Recovery codes left: {left}.', left=left)}"
    )
    _ask_first(user)
    st.button(tell("New recovery codes"), on_click=_renew, key="so24_renew_codes")
    with st.expander(tell("Remove the second factor")), st.form("so24_remove", border=False):
        if not user.by_company:
            st.text_input(tell("Password"), type="password", key=_REMOVE_PASSWORD, width=_WIDTH)
        st.text_input(
            tell("Code, or a recovery code"),
            key=_REMOVE_CODE,
            autocomplete="one-time-code",
            width=_WIDTH,
        )
        st.form_submit_button(tell("Remove"), on_click=_remove)


def _begin() -> None:
    with flash.complaining():
        st.session_state[_ENROLMENT] = own_second_factor.begin_enrolment(
            session.installation(), session.secret()
        )


def _confirm() -> None:
    with flash.complaining():
        begun, code = st.session_state[_ENROLMENT], st.session_state[_CODE]
        _keep_codes(
            own_second_factor.confirm_enrolment(
                session.installation(), session.secret(), begun, code, session.visitor()
            )
        )
        _cancel()
        flash.say(say("The second factor is set up. Other browsers have been signed out."))


def _cancel() -> None:
    st.session_state.pop(_ENROLMENT, None)


def _keep_codes(codes: tuple[str, ...]) -> None:
    st.session_state[_CODES] = (session.secret(), codes)


def _forget_codes() -> None:
    st.session_state.pop(_CODES, None)


def _renew() -> None:
    with flash.complaining():
        codes = own_second_factor.new_recovery_codes(
            session.installation(), session.secret(), session.visitor()
        )
        _keep_codes(codes)


def _remove() -> None:
    with flash.complaining():
        own_second_factor.remove_second_factor(
            session.installation(),
            session.secret(),
            st.session_state.get(_REMOVE_PASSWORD, "").strip(),
            st.session_state[_REMOVE_CODE],
            session.visitor(),
        )
        flash.say(say("The second factor is removed."))
