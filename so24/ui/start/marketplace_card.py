"""The card of the Marketplace: what the integration does, what it costs, how it stands."""

from __future__ import annotations

import streamlit as st

from so24.dates import format_moment
from so24.keys import activation
from so24.keys.activation import ActivationStatus
from so24.language.said import join_said, say
from so24.language.telling import tell
from so24.people.desk import Desk
from so24.people.roles import Permission
from so24.settings import Settings
from so24.ui.frame import flash
from so24.ui.frame.flash import confirm, escape_markdown
from so24.ui.frame.session import acting_desk, installation

ONLY_ADMINISTRATORS = say("Only a System Administrator activates or deactivates the integration.")
KEPT = say(
    "No new run begins any more. Keys, invoices, receipts and the history are kept, and "
    "transfers under way come to their end."
)
_NEXT = say(
    "Nothing is sent by that: an export needs a key, and somebody who presses *Send* or has set a "
    "schedule."
)


def show_card(settings: Settings, status: ActivationStatus) -> None:
    """Name, state, description and price."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.header("24SevenOffice", anchor=False)  # in English: a name
        if status.active:
            st.badge(tell("Active"), icon=":material/check:", color="green")
        else:
            st.badge(tell("Not active"), icon=":material/power_settings_new:", color="gray")
    st.markdown(escape_markdown(tell(settings.card_text)))
    st.markdown(f"**{escape_markdown(tell(settings.price))}**")


def show_status(desk: Desk, status: ActivationStatus) -> None:
    """Who changed it last, and the button; for others the button is disabled and says why."""
    if status.changed_at is not None:
        at, by = format_moment(status.changed_at), escape_markdown(status.changed_by)
        words = say("Deactivated on {date} by {user}.", date=at, user=by)
        if status.active:
            price = escape_markdown(tell(status.price))
            words = say("Activated on {date} by {user} at {price}.", date=at, user=by, price=price)
        st.caption(tell(words))
    may = desk.actor.may(Permission.ACTIVATE)
    if not status.active:
        _offer_activation(may)
    elif may and st.button(tell("Deactivate")):
        title, yes = say("Deactivate 24SevenOffice?"), say("Yes, deactivate")
        confirm(title, KEPT, yes, _deactivate, destroys=True)
    if not may:
        st.caption(tell(ONLY_ADMINISTRATORS))


def _offer_activation(may: bool) -> None:
    price = escape_markdown(tell(installation().settings.price))
    if st.button(
        tell("Activate · {price}", price=price),
        type="primary",
        key="marketplace_activate",
        disabled=not may,
        help=None if may else tell(ONLY_ADMINISTRATORS),
    ):
        text = join_said([say("It costs {price}.", price=price), _NEXT])
        confirm(say("Activate 24SevenOffice?"), text, say("Yes, activate"), _activate)


def _activate() -> None:
    with flash.complaining():
        activation.activate(acting_desk())
        flash.say(say("24SevenOffice is activated."))


def _deactivate() -> None:
    with flash.complaining():
        activation.deactivate(acting_desk())
        flash.say(say("24SevenOffice is deactivated."))
