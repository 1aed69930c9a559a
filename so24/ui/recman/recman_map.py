"""The field map on screen: one choice for each of our fields, and the confirmation."""

from __future__ import annotations

from itertools import groupby

import streamlit as st

from so24.dates import format_moment
from so24.sources.recman import connection
from so24.sources.recman.connection import ConnectionView
from so24.sources.recman.field_map import choices
from so24.sources.recman.findings import members_of
from so24.sources.recman.targets import EACH, INVOICE, LINE, TARGETS, WantedField
from so24.ui.frame import flash
from so24.ui.frame.session import acting_desk
from so24.ui.frame.text import escape_markdown

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
