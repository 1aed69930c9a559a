"""The Keys tab and the Departments tab of the Credentials page."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pandas as pd
import streamlit as st

from so24.dates import format_moment
from so24.keys import credentials, upkeep
from so24.keys import departments as service
from so24.keys.change import change_key
from so24.keys.departments import Coverage, DepartmentView
from so24.keys.key_settings import PASSWORD
from so24.keys.upkeep import KeyView
from so24.language.said import join_said, say, say_as
from so24.language.telling import tell
from so24.ledger.read import tell_unknown_orders
from so24.people.desk import Desk
from so24.store.tables.key_tables import KeyState
from so24.ui.credentials.key_settings import MODES, show_key_settings
from so24.ui.frame import flash
from so24.ui.frame.flash import confirm, escape_markdown
from so24.ui.frame.session import acting_desk

STATES = {KeyState.USABLE: say("Usable"), KeyState.DISABLED: say("Disabled")}
# the columns of the keys whose labels alone are said of them
_COLUMNS = {
    "Key": say("Key"), "Departments": say("Departments"), "Company reached": say("Company reached"),
    "Organization ID": say("Organization ID"), "Account": say_as("of a key", "Account"),
    "Orders become": say("Orders become"), "Credit notes": say("Credit notes"),
    "Category for new products": say("Category for new products"),
    "Password set": say("Password set"),
}  # fmt: skip
_SENT, _NOT_SENT = say_as("what a key does", "sent"), say_as("what a key does", "not sent")
_KEYS, _DEPARTMENTS, _NEW = "_keys", "_departments", "_new_department"  # places of complaints
_OVERLAPS = say("Overlaps")
_PARKED = say("Parked")
_NUMBER, _NAME, _SERIES = "departments_number", "departments_name", "departments_series"
_LOCKED = say("Documents of this department were exported under this series; it stands for ever.")


def show_coverage(found: Coverage) -> None:
    """A warning for departments without key and an error for keys that overlap."""
    for sentence in found.overlapping:
        st.error(escape_markdown(tell(sentence)), icon=":material/error:")
    if found.uncovered:
        labels = join_said((department.label for department in found.uncovered), ", ")
        st.warning(
            escape_markdown(
                tell(
                    "Without a key: {labels}. Invoices of these departments cannot be transferred "
                    "and end as “login”. Add a key, or deactivate the departments.",
                    labels=labels,
                )
            ),
            icon=":material/key_off:",
        )


def choose_key(keys: Sequence[KeyView]) -> KeyView | None:
    """Draw the keys; the one that is ticked, if any."""
    if not keys:
        st.info(
            tell("There is no key yet. Add the first one below; it is tested before it is saved.")
        )
        return None
    for key in keys:
        if key.parked:
            st.error(escape_markdown(tell(key.parked)), icon=":material/key_off:")
    chosen = st.dataframe(
        pd.DataFrame([_row(key) for key in keys]),
        key=f"keys-{'-'.join(str(key.id) for key in keys)}",  # a tick must not move to another
        hide_index=True,
        on_select="rerun",
        selection_mode="single-row",
        column_config={
            **{name: tell(label) for name, label in _COLUMNS.items()},
            "State": st.column_config.MultiselectColumn(
                tell("State"),
                options=[tell(each) for each in (*STATES.values(), _OVERLAPS, _PARKED)],
                color=["green", "gray", "red", "red"],
            ),
            "Last use": st.column_config.TextColumn(tell("Last use"), width="medium"),
        },
        alt=tell("Keys with scope, company, state and last use"),
    ).selection.rows
    if not chosen:
        st.caption(
            tell("Tick a key to test, rename, change its departments, disable or delete it.")
        )
        return None
    return keys[chosen[0]]


def show_key_actions(key: KeyView, departments: Sequence[DepartmentView]) -> None:
    """Buttons for the key, and below them its settings."""
    with st.container(border=True):
        st.markdown(f"**{escape_markdown(key.name)}** · {escape_markdown(tell(key.scope))}")
        if key.pinned_by:
            words = tell("Pinned by {who} to {company}.", who=key.pinned_by, company=key.company)
            st.caption(escape_markdown(words))
        with st.container(horizontal=True):
            st.button(tell("Test"), on_click=_test, args=(key,), key="keys_test")
            _offer_password(key)
            _offer_state(key)
            _offer_deletion(key)
        flash.show_complaints(_KEYS)  # below the buttons, where one looks after a press
        show_key_settings(key, departments)


def _offer_password(key: KeyView) -> None:
    with st.popover(tell("Replace password")):
        st.caption(tell(PASSWORD.help))
        st.text_input(
            tell("New password"),
            type="password",
            key=f"keys_password_{key.id}",
            autocomplete="new-password",
        )
        st.button(tell("Test and save"), on_click=_replace_password, args=(key,))


def _offer_state(key: KeyView) -> None:
    if key.state is KeyState.USABLE:
        told = say("{name} is disabled: no new run uses it.", name=key.name)
        st.button(tell("Disable"), on_click=_change, args=(upkeep.disable_key, told, key.id))
    else:
        told = say("{name} is usable again.", name=key.name)
        st.button(tell("Enable"), on_click=_change, args=(upkeep.enable_key, told, key.id))


def _offer_deletion(key: KeyView) -> None:
    if st.button(tell("Delete")):
        text = tell(
            "The password of **{name}** is wiped for good, and no new run goes by it: {scope}. "
            "Receipts and history are kept.",
            name=escape_markdown(key.name),
            scope=escape_markdown(tell(key.scope)),
        )
        told = say("{name} is deleted.", name=key.name)
        title, label = tell("Delete key?"), tell("Yes, delete")
        confirm(title, text, label, _change, upkeep.delete_key, told, key.id, destroys=True)


def _change(change: Callable[[Desk, int], None], told: str, key_id: int) -> None:
    with flash.complaining(_KEYS):
        change(acting_desk(), key_id)
        flash.say(told)


def _test(key: KeyView) -> None:
    with flash.complaining(_KEYS):
        reached = credentials.try_key(acting_desk(), key.id)
        company = reached.identity.label
        if reached.switched:
            flash.say(
                say(
                    "{name} reaches {company}, after switching from the standard company.",
                    name=key.name,
                    company=company,
                )
            )
        else:
            flash.say(say("{name} reaches {company}.", name=key.name, company=company))
        unknown = tell_unknown_orders(acting_desk(), key.id) if key.state == "usable" else ""
        if unknown:
            flash.complain(unknown, _KEYS)


def _replace_password(key: KeyView) -> None:
    name = f"keys_password_{key.id}"
    password = st.session_state[name]  # what was typed; arguments are those of the run before
    st.session_state[name] = ""
    with flash.complaining(_KEYS):
        change_key(acting_desk(), key.id, PASSWORD.to(password))
        flash.say(say("The password of {name} is replaced.", name=key.name))


def _row(key: KeyView) -> dict[str, object]:
    return {
        "Key": key.name,
        "Departments": tell(key.scope),
        "State": [
            tell(STATES[key.state]),
            *([tell(_OVERLAPS)] if key.overlap else []),
            *([tell(_PARKED)] if key.parked else []),
        ],
        "Company reached": key.company,
        "Organization ID": tell("{id} – pinned", id=key.organization_id)
        if key.pinned_by
        else str(key.organization_id),
        "Account": key.username,
        "Last use": format_moment(key.last_used_at) or tell("never"),
        "Orders become": tell(MODES[key.mode]),
        "Credit notes": tell(_SENT if key.credit_notes else _NOT_SENT),
        "Category for new products": key.category_name or tell("none"),
        "Password set": tell(
            "{when} by {who}",
            when=format_moment(key.password_set_at),
            who=key.password_set_by,
        ),
    }


def choose_department(views: Sequence[DepartmentView]) -> DepartmentView | None:
    """Draw the departments; the one that is ticked, if any."""
    if not views:
        st.info(tell("Departments appear by themselves when an import names them."))
        return None
    chosen = st.dataframe(
        pd.DataFrame(
            {
                "Number": [view.number for view in views],
                "Name": [view.name for view in views],
                "Number series": [view.series for view in views],
                "Key": [view.key_name or tell("none") for view in views],
                "State": [tell("active") if view.active else tell("inactive") for view in views],
            }
        ),
        key=f"departments-{'-'.join(str(view.id) for view in views)}",
        hide_index=True,
        on_select="rerun",
        selection_mode="single-row",
        column_config={
            "Number": tell("Number"),
            "Name": tell("Name"),
            "Number series": tell("Number series"),
            "Key": tell("Key"),
            "State": tell("State"),
        },
        alt=tell("Departments with number series and key"),
    ).selection.rows
    if not chosen:
        st.caption(
            tell("Tick a department to rename it, change its number series, or deactivate it.")
        )
        return None
    return views[chosen[0]]


def show_department_actions(view: DepartmentView) -> None:
    """Name, number series and state of the chosen department."""
    with st.container(horizontal=True, vertical_alignment="bottom", border=True):
        label = escape_markdown(view.number)
        name = tell("Name of {department}", department=label)
        st.text_input(name, view.name, key=f"departments_name_{view.id}")
        st.button(tell("Save department name"), on_click=_rename, args=(view,))
        st.text_input(
            tell("Number series of {department}", department=label),
            view.series,
            key=f"departments_series_{view.id}",
            disabled=view.locked,
            help=tell(_LOCKED) if view.locked else tell("As in RecMan; it names the documents."),
        )
        st.button(tell("Save series"), on_click=_change_series, args=(view,), disabled=view.locked)
        label = tell("Deactivate department") if view.active else tell("Reactivate department")
        st.button(label, on_click=_switch, args=(view,))
    flash.show_complaints(_DEPARTMENTS)


def show_new_department() -> None:
    """The form that adds a department by hand."""
    with st.form("departments_add", border=False):
        st.text_input(tell("Number in RecMan"), key=_NUMBER, max_chars=20, width=240)
        st.text_input(tell("Name"), key=_NAME, max_chars=200, width=400)
        series, example = tell("Number series"), tell("number")
        st.text_input(series, key=_SERIES, max_chars=20, width=240, placeholder=example)
        st.form_submit_button(tell("Add department"), on_click=_add)
    flash.show_complaints(_NEW)


def _add() -> None:
    number, name, series = (st.session_state[each] for each in (_NUMBER, _NAME, _SERIES))
    with flash.complaining(_NEW):
        service.add_department(acting_desk(), number, name, series)
        for each in (_NUMBER, _NAME, _SERIES):
            st.session_state[each] = ""
        flash.say(say("Department {number} is added.", number=number.strip()))


# What was typed is read when the button is pressed: arguments are those of the run before.


def _rename(view: DepartmentView) -> None:
    with flash.complaining(_DEPARTMENTS):
        name = st.session_state[f"departments_name_{view.id}"]
        service.rename_department(acting_desk(), view.id, name)
        flash.say(say("Department {number} is renamed.", number=view.number))


def _change_series(view: DepartmentView) -> None:
    with flash.complaining(_DEPARTMENTS):
        series = st.session_state[f"departments_series_{view.id}"]
        service.change_series(acting_desk(), view.id, series)
        flash.say(
            say(
                "Department {number} has series {series}.",
                number=view.number,
                series=series.strip(),
            )
        )


def _switch(view: DepartmentView) -> None:
    with flash.complaining(_DEPARTMENTS):
        if view.active:
            service.deactivate_department(acting_desk(), view.id)
            flash.say(say("{department} is inactive; it needs no key.", department=view.label))
        else:
            service.reactivate_department(acting_desk(), view.id)
            flash.say(say("{department} is active.", department=view.label))
