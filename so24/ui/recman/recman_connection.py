"""The key to RecMan: entering, testing and wiping it, how the connection stands, what it reads."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from so24.dates import format_date, format_moment
from so24.sources.recman import connection
from so24.sources.recman.connection import ConnectionView
from so24.ui.frame import flash
from so24.ui.frame.confirm import confirm
from so24.ui.frame.session import acting_desk
from so24.ui.frame.text import escape_markdown
from so24.ui.parts.amount_grid import DATE_FORMAT

_KEY = "recman_key"
WIPED = (
    "The key and the field map are wiped, and nothing is fetched any more. What was imported stays."
)


def show_key_form(*, first: bool) -> None:
    """The form for the key, which is shown nowhere again."""
    st.markdown(
        "In RecMan: *System Settings > Database > API > Create*, by a system administrator. "
        "Grant it to read the modules invoice, company, project, department, user and "
        "corporation, and nothing else."
    )
    with st.form("recman_key_form", border=False):
        st.text_input("Key", type="password", key=_KEY, width=400, autocomplete="new-password")
        st.form_submit_button(
            "Connect" if first else "Test and replace",
            type="primary" if first else "secondary",
            on_click=_connect,
        )
    st.caption(
        "The key is proven by reading with it (6 to 11 of the 200 calls that RecMan allows a "
        "day) and kept encrypted."
    )


def show_state(view: ConnectionView) -> None:
    """How the connection stands, and what can be done with the key."""
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.subheader("RecMan", anchor=False)
            _show_badge(view)
        st.caption(
            f"`{view.address}`, connected on {format_moment(view.connected_at)} by "
            f"{escape_markdown(view.connected_by)}, tested on {format_moment(view.tested_at)}, "
            f"last fetch {format_moment(view.fetched_at) or 'never'}."
        )
        st.markdown(
            f"**{view.budget.used} of {view.budget.most}** calls are used today. "
            f"{escape_markdown(view.budget.renewal)}"
        )
        with st.container(horizontal=True):
            st.button("Test", key="recman_test", on_click=_try, icon=":material/network_check:")
            _offer_since(view)
            with st.popover("Replace key"):
                show_key_form(first=False)
            if st.button("Disconnect", key="recman_disconnect"):
                confirm("Disconnect RecMan?", WIPED, "Yes, disconnect", _disconnect)


def show_members(view: ConnectionView) -> None:
    """The members that were found in each scope, with their types; never a value."""
    for scope, found in view.findings.items():
        if found.remark:
            st.warning(f"{scope}: {escape_markdown(found.remark)}", icon=":material/block:")
    rows = [
        {"Scope": scope, "Member": path, "Types": ", ".join(kinds)}
        for scope, found in view.findings.items()
        for path, kinds in found.members.items()
    ]
    if not rows:
        st.info("RecMan gave no rows to look at. Press *Test* when there is an invoice.")
        return
    st.dataframe(
        pd.DataFrame(rows), hide_index=True, height=560, alt="Members that RecMan gives, by scope"
    )
    st.caption("Names and types of the first page of each scope. What stands in them is not kept.")


def _offer_since(view: ConnectionView) -> None:
    label = f"Invoices from {format_date(view.since)}" if view.since else "All invoices"
    with st.popover(label):
        st.caption(
            "RecMan gives all invoices there ever were. Those dated before this day are left "
            "out; without a day all come in."
        )
        key = f"recman_since_{view.since}"
        st.date_input("First invoice date", view.since, format=DATE_FORMAT, key=key)
        st.button("Save first date", on_click=_leave_out_before, args=(key,))


def _show_badge(view: ConnectionView) -> None:
    if view.missing:
        st.badge("Fields to be mapped", icon=":material/edit:", color="orange")
    elif view.confirmed_at is not None:
        st.badge("Fields confirmed", icon=":material/check:", color="green")
    else:
        st.badge("Fields to be confirmed", icon=":material/fact_check:", color="blue")


def _connect() -> None:
    key = st.session_state[_KEY]
    st.session_state[_KEY] = ""  # write-only, accepted or not
    with flash.complaining():
        connection.connect(acting_desk(), key)
        flash.say("RecMan is connected.")


def _leave_out_before(key: str) -> None:
    with flash.complaining():
        connection.leave_out_before(acting_desk(), st.session_state[key])
        flash.say("The first invoice date is saved.")


def _try() -> None:
    with flash.complaining():
        connection.try_connection(acting_desk())
        flash.say("RecMan answers.")


def _disconnect() -> None:
    with flash.complaining():
        connection.disconnect(acting_desk())
        flash.say("RecMan is disconnected.")
