"""The key to RecMan: entering, testing and wiping it, what it reads, and the map of the fields."""

from __future__ import annotations

from itertools import groupby

import pandas as pd
import streamlit as st

from so24.dates import format_date, format_moment
from so24.sources.recman import connection
from so24.sources.recman.connection import ConnectionView
from so24.sources.recman.field_map import choices
from so24.sources.recman.findings import members_of
from so24.sources.recman.targets import EACH, INVOICE, LINE, TARGETS, WantedField
from so24.ui.frame import flash
from so24.ui.frame.flash import confirm, escape_markdown
from so24.ui.frame.session import acting_desk
from so24.ui.parts.tables import DATE_FORMAT

_KEY = "recman_key"
WIPED = (
    "The key and the field map are wiped, and nothing is fetched any more. What was imported stays."
)
_NONE = ""
_HEADINGS = {
    INVOICE: "Invoices",
    LINE: "Lines of an invoice",
    "company": "Customers (company)",
    "project": "Projects",
    "department": "Departments",
    "user": "Users",
    "corporation": "Corporations",
}


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
            st.header("RecMan", anchor=False)
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
                confirm("Disconnect RecMan?", WIPED, "Yes, disconnect", _disconnect, destroys=True)


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


def show_map(view: ConnectionView) -> None:
    """The form with all fields; what was guessed stands there to be looked at and confirmed."""
    st.caption(
        "Which of RecMan's members is which of our fields. Choices made by so24 are guesses by "
        "name. Fields with a star are needed."
    )
    with st.form("recman_map", border=False):
        for scope, targets in groupby(TARGETS, key=lambda target: target.scope):
            st.markdown(f"**{_HEADINGS[scope]}**")
            with st.container(horizontal=True):
                for target in targets:
                    _choose(view, target)
        st.form_submit_button(
            "Save fields",
            type="primary" if view.missing else "secondary",
            on_click=_save,
            args=(view,),
        )


def show_confirmation(view: ConnectionView) -> None:
    """What is missing, or the button that confirms; nothing is imported before it was pressed."""
    if view.missing:
        listed = "\n".join(f"- {escape_markdown(each)}" for each in view.missing)
        st.warning(f"Before the fields can be confirmed:\n\n{listed}", icon=":material/edit:")
    elif view.confirmed_at is None:
        st.info(
            "Look at the fields below, then confirm them. so24 reads one page of invoices (one "
            "call) and confirms only if the totals of at least 19 in 20 reconcile: lines to net, "
            "net and VAT to total. Dates and texts cannot be checked like that: see that each "
            "has the right member. Nothing is imported before that.",
            icon=":material/fact_check:",
        )
        st.button("Confirm fields", type="primary", key="recman_confirm", on_click=_confirm)
    else:
        st.success(
            f"Confirmed on {format_moment(view.confirmed_at)} by "
            f"{escape_markdown(view.confirmed_by)}: {escape_markdown(view.sample)} Invoices are "
            "fetched by *Fetch from RecMan* in the Invoice overview. A change here asks for "
            "another confirmation.",
            icon=":material/check:",
        )


def _choose(view: ConnectionView, target: WantedField) -> None:
    members = members_of(view.findings)
    chosen = view.field_map.get(target.name, _NONE)
    options = [_NONE, *choices(target.name, members, view.field_map)]
    if chosen not in options:
        options.append(chosen)  # it has vanished: seen, and taken out by a person
    kinds = members.get(INVOICE if target.scope == LINE else target.scope, {})

    def describe(path: str) -> str:
        name = path.rpartition(f".{EACH}.")[2]
        return f"{name} ({', '.join(kinds.get(path, ('not given',)))})" if path else "–"

    st.selectbox(
        f"{target.label} *" if target.required else target.label,
        options,
        options.index(chosen),
        format_func=describe,
        key=_key(view, target),
        width=280,
    )


def _key(view: ConnectionView, target: WantedField) -> str:
    """Another one after each change in the store, so that the screen shows what is kept."""
    return f"recman_field_{target.name}_{view.field_map.get(target.name, _NONE)}_{view.tested_at}"


def _save(view: ConnectionView) -> None:
    changes = {
        target.name: st.session_state[_key(view, target)]
        for target in TARGETS
        if st.session_state[_key(view, target)] != view.field_map.get(target.name, _NONE)
    }
    with flash.complaining():
        connection.map_fields(acting_desk(), changes)
        flash.say("The fields are saved." if changes else "Nothing was changed.")


def _confirm() -> None:
    with flash.complaining():
        sample = connection.confirm_map(acting_desk())
        flash.say(sample.words)
