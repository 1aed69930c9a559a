"""The card of the Marketplace: what the integration does, what it costs, how it stands."""

from __future__ import annotations

import streamlit as st

from so24.dates import format_moment
from so24.keys import activation
from so24.keys.activation import ActivationStatus
from so24.people.desk import Desk
from so24.people.roles import Permission
from so24.settings import Settings
from so24.ui.frame import flash
from so24.ui.frame.flash import confirm, escape_markdown
from so24.ui.frame.session import acting_desk, installation

ONLY_ADMINISTRATORS = "Only a System Administrator activates or deactivates the integration."
KEPT = (
    "No new run begins any more. Keys, invoices, receipts and the history are kept, and "
    "transfers under way come to their end."
)
_NEXT = "Nothing is sent by that: an export needs a key, and somebody who presses *Send*."


def show_card(settings: Settings, status: ActivationStatus) -> None:
    """Name, state, description and price."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.header("24SevenOffice", anchor=False)
        if status.active:
            st.badge("Active", icon=":material/check:", color="green")
        else:
            st.badge("Not active", icon=":material/power_settings_new:", color="gray")
    st.markdown(escape_markdown(settings.card_text))
    st.markdown(f"**{escape_markdown(settings.price)}**")


def show_status(desk: Desk, status: ActivationStatus) -> None:
    """Who changed it last, and the button; for others the button is disabled and says why."""
    if status.changed_at is not None:
        word = "Activated" if status.active else "Deactivated"
        price = f" at {status.price}" if status.active else ""
        st.caption(
            f"{word} on {format_moment(status.changed_at)} by "
            f"{escape_markdown(status.changed_by)}{escape_markdown(price)}."
        )
    may = desk.actor.may(Permission.ACTIVATE)
    if not status.active:
        _offer_activation(may)
    elif may and st.button("Deactivate"):
        confirm("Deactivate 24SevenOffice?", KEPT, "Yes, deactivate", _deactivate, destroys=True)
    if not may:
        st.caption(ONLY_ADMINISTRATORS)


def _offer_activation(may: bool) -> None:
    price = escape_markdown(installation().settings.price)
    if st.button(
        f"Activate · {price}",
        type="primary",
        key="marketplace_activate",
        disabled=not may,
        help=None if may else ONLY_ADMINISTRATORS,
    ):
        confirm("Activate 24SevenOffice?", f"It costs {price}. {_NEXT}", "Yes, activate", _activate)


def _activate() -> None:
    with flash.complaining():
        activation.activate(acting_desk())
        flash.say("24SevenOffice is activated.")


def _deactivate() -> None:
    with flash.complaining():
        activation.deactivate(acting_desk())
        flash.say("24SevenOffice is deactivated.")
