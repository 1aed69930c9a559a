"""The key to RecMan: entering, testing and wiping it, what it reads, and the map of the fields."""

from __future__ import annotations

from itertools import groupby

import pandas as pd
import streamlit as st

from so24.dates import format_date, format_moment
from so24.language.said import say
from so24.language.telling import tell
from so24.sources.recman import connection
from so24.sources.recman.connection import ConnectionView
from so24.sources.recman.field_map import choices
from so24.sources.recman.findings import members_of
from so24.sources.recman.targets import EACH, INVOICE, LINE, TARGETS, WantedField
from so24.ui.frame import flash
from so24.ui.frame.flash import confirm, escape_markdown
from so24.ui.frame.session import acting_desk
from so24.ui.parts.headings import headings_of
from so24.ui.parts.tables import DATE_FORMAT

_KEY = "recman_key"
WIPED = say(
    "The key and the field map are wiped, and nothing is fetched any more. What was imported stays."
)
_NONE = ""
_HEADINGS = {
    INVOICE: say("Invoices"),
    LINE: say("Lines of an invoice"),
    "company": say("Customers (company)"),
    "project": say("Projects"),
    "department": say("Departments"),
    "user": say("Users"),
    "corporation": say("Corporations"),
}


def show_key_form(*, first: bool) -> None:
    """The form for the key, which is shown nowhere again."""
    st.markdown(
        tell(
            "In RecMan: *System Settings > Database > API > Create*, by a system administrator. "
            "Grant it to read the modules invoice, company, project, department, user and "
            "corporation, and nothing else."
        )
    )
    with st.form("recman_key_form", border=False):
        label = tell("Key")
        st.text_input(label, type="password", key=_KEY, width=400, autocomplete="new-password")
        st.form_submit_button(
            tell("Connect") if first else tell("Test and replace"),
            type="primary" if first else "secondary",
            on_click=_connect,
        )
    st.caption(
        tell(
            "The key is proven by reading with it (6 to 11 of the 200 calls that RecMan allows a "
            "day) and kept encrypted."
        )
    )


def show_state(view: ConnectionView) -> None:
    """How the connection stands, and what can be done with the key."""
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.header("RecMan", anchor=False)  # in English: a name
            _show_badge(view)
        st.caption(
            tell(
                "`{address}`, connected on {connected} by {user}, tested on {tested}, last fetch "
                "{fetched}.",
                address=view.address,
                connected=format_moment(view.connected_at),
                user=escape_markdown(view.connected_by),
                tested=format_moment(view.tested_at),
                fetched=format_moment(view.fetched_at) or say("never"),
            )
        )
        st.markdown(
            tell(
                "**{used} of {most}** calls are used today. {renewal}",
                used=view.budget.used,
                most=view.budget.most,
                renewal=escape_markdown(tell(view.budget.renewal)),
            )
        )
        with st.container(horizontal=True):
            label = tell("Test")
            st.button(label, key="recman_test", on_click=_try, icon=":material/network_check:")
            _offer_since(view)
            with st.popover(tell("Replace key")):
                show_key_form(first=False)
            if st.button(tell("Disconnect"), key="recman_disconnect"):
                title, yes = say("Disconnect RecMan?"), say("Yes, disconnect")
                confirm(title, WIPED, yes, _disconnect, destroys=True)


def show_members(view: ConnectionView) -> None:
    """The members that were found in each scope, with their types; never a value."""
    for scope, found in view.findings.items():
        if found.remark:
            remark = escape_markdown(tell(found.remark))
            st.warning(f"{scope}: {remark}", icon=":material/block:")
    rows = [
        {"Scope": scope, "Member": path, "Types": ", ".join(kinds)}
        for scope, found in view.findings.items()
        for path, kinds in found.members.items()
    ]
    if not rows:
        st.info(tell("RecMan gave no rows to look at. Press *Test* when there is an invoice."))
        return
    frame = pd.DataFrame(rows)
    st.dataframe(
        frame,
        hide_index=True,
        height=560,
        column_config=headings_of(frame.columns),
        alt=tell("Members that RecMan gives, by scope"),
    )
    st.caption(
        tell("Names and types of the first page of each scope. What stands in them is not kept.")
    )


def _offer_since(view: ConnectionView) -> None:
    label = tell("All invoices")
    if view.since:
        label = tell("Invoices from {date}", date=format_date(view.since))
    with st.popover(label):
        st.caption(
            tell(
                "RecMan gives all invoices there ever were. Those dated before this day are left "
                "out; without a day all come in."
            )
        )
        key = f"recman_since_{view.since}"
        st.date_input(tell("First invoice date"), view.since, format=DATE_FORMAT, key=key)
        st.button(tell("Save first date"), on_click=_leave_out_before, args=(key,))


def _show_badge(view: ConnectionView) -> None:
    if view.missing:
        st.badge(tell("Fields to be mapped"), icon=":material/edit:", color="orange")
    elif view.confirmed_at is not None:
        st.badge(tell("Fields confirmed"), icon=":material/check:", color="green")
    else:
        st.badge(tell("Fields to be confirmed"), icon=":material/fact_check:", color="blue")


def _connect() -> None:
    key = st.session_state[_KEY]
    st.session_state[_KEY] = ""  # write-only, accepted or not
    with flash.complaining():
        connection.connect(acting_desk(), key)
        flash.say(say("RecMan is connected."))


def _leave_out_before(key: str) -> None:
    with flash.complaining():
        connection.leave_out_before(acting_desk(), st.session_state[key])
        flash.say(say("The first invoice date is saved."))


def _try() -> None:
    with flash.complaining():
        connection.try_connection(acting_desk())
        flash.say(say("RecMan answers."))


def _disconnect() -> None:
    with flash.complaining():
        connection.disconnect(acting_desk())
        flash.say(say("RecMan is disconnected."))


def show_map(view: ConnectionView) -> None:
    """The form with all fields; what was guessed stands there to be looked at and confirmed."""
    st.caption(
        tell(
            "Which of RecMan's members is which of our fields. Choices made by so24 are guesses by "
            "name. Fields with a star are needed."
        )
    )
    with st.form("recman_map", border=False):
        for scope, targets in groupby(TARGETS, key=lambda target: target.scope):
            st.markdown(f"**{tell(_HEADINGS[scope])}**")
            with st.container(horizontal=True):
                for target in targets:
                    _choose(view, target)
        st.form_submit_button(
            tell("Save fields"),
            type="primary" if view.missing else "secondary",
            on_click=_save,
            args=(view,),
        )


def show_confirmation(view: ConnectionView) -> None:
    """What is missing, or the button that confirms; nothing is imported before it was pressed."""
    if view.missing:
        listed = "\n".join(f"- {escape_markdown(tell(each))}" for each in view.missing)
        words = tell("Before the fields can be confirmed:")
        st.warning(f"{words}\n\n{listed}", icon=":material/edit:")
    elif view.confirmed_at is None:
        words = tell(
            "Look at the fields below, then confirm them. so24 reads one page of invoices (one "
            "call) and confirms only if the totals of at least 19 in 20 reconcile: lines to net, "
            "net and VAT to total. Dates and texts cannot be checked like that: see that each "
            "has the right member. Nothing is imported before that."
        )
        st.info(words, icon=":material/fact_check:")
        label = tell("Confirm fields")
        st.button(label, type="primary", key="recman_confirm", on_click=_confirm)
    else:
        words = tell(
            "Confirmed on {date} by {user}: {sample} Invoices are fetched by *Fetch from RecMan* "
            "in the Invoice overview. A change here asks for another confirmation.",
            date=format_moment(view.confirmed_at),
            user=escape_markdown(view.confirmed_by),
            sample=escape_markdown(tell(view.sample)),
        )
        st.success(words, icon=":material/check:")


def _choose(view: ConnectionView, target: WantedField) -> None:
    members = members_of(view.findings)
    chosen = view.field_map.get(target.name, _NONE)
    options = [_NONE, *choices(target.name, members, view.field_map)]
    if chosen not in options:
        options.append(chosen)  # it has vanished: seen, and taken out by a person
    kinds = members.get(INVOICE if target.scope == LINE else target.scope, {})

    def describe(path: str) -> str:
        name = path.rpartition(f".{EACH}.")[2]
        given = ", ".join(kinds.get(path, ())) or tell("not given")
        return f"{name} ({given})" if path else "–"

    label = tell(target.label)
    st.selectbox(
        f"{label} *" if target.required else label,
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
        flash.say(say("The fields are saved.") if changes else say("Nothing was changed."))


def _confirm() -> None:
    with flash.complaining():
        sample = connection.confirm_map(acting_desk())
        flash.say(sample.words)
