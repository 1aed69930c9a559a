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
from so24.ledger.read import tell_unknown_orders
from so24.people.desk import Desk
from so24.store.tables.key_tables import KeyState
from so24.ui.credentials.key_settings import MODES, show_key_settings
from so24.ui.frame import flash
from so24.ui.frame.flash import confirm, escape_markdown
from so24.ui.frame.session import acting_desk

STATES = {KeyState.USABLE: "Usable", KeyState.DISABLED: "Disabled"}
_KEYS, _DEPARTMENTS, _NEW = "_keys", "_departments", "_new_department"  # places of complaints
_OVERLAPS = "Overlaps"
_PARKED = "Parked"
_NUMBER, _NAME, _SERIES = "departments_number", "departments_name", "departments_series"
_LOCKED = "Documents of this department were exported under this series; it stands for ever."


def show_coverage(found: Coverage) -> None:
    """A warning for departments without key and an error for keys that overlap."""
    for sentence in found.overlapping:
        st.error(escape_markdown(sentence), icon=":material/error:")
    if found.uncovered:
        labels = ", ".join(department.label for department in found.uncovered)
        st.warning(
            escape_markdown(
                f"Without a key: {labels}. Invoices of these departments cannot be transferred "
                "and end as “login”. Add a key, or deactivate the departments."
            ),
            icon=":material/key_off:",
        )


def choose_key(keys: Sequence[KeyView]) -> KeyView | None:
    """Draw the keys; the one that is ticked, if any."""
    if not keys:
        st.info("There is no key yet. Add the first one below; it is tested before it is saved.")
        return None
    for key in keys:
        if key.parked:
            st.error(escape_markdown(key.parked), icon=":material/key_off:")
    chosen = st.dataframe(
        pd.DataFrame([_row(key) for key in keys]),
        key=f"keys-{'-'.join(str(key.id) for key in keys)}",  # a tick must not move to another
        hide_index=True,
        on_select="rerun",
        selection_mode="single-row",
        column_config={
            "State": st.column_config.MultiselectColumn(
                options=[*STATES.values(), _OVERLAPS, _PARKED],
                color=["green", "gray", "red", "red"],
            ),
            "Last use": st.column_config.TextColumn(width="medium"),
        },
        alt="Keys with scope, company, state and last use",
    ).selection.rows
    if not chosen:
        st.caption("Tick a key to test, rename, change its departments, disable or delete it.")
        return None
    return keys[chosen[0]]


def show_key_actions(key: KeyView, departments: Sequence[DepartmentView]) -> None:
    """Buttons for the key, and below them its settings."""
    with st.container(border=True):
        st.markdown(f"**{escape_markdown(key.name)}** · {escape_markdown(key.scope)}")
        if key.pinned_by:
            st.caption(escape_markdown(f"Pinned by {key.pinned_by} to {key.company}."))
        with st.container(horizontal=True):
            st.button("Test", on_click=_test, args=(key,), key="keys_test")
            _offer_password(key)
            _offer_state(key)
            _offer_deletion(key)
        flash.show_complaints(_KEYS)  # below the buttons, where one looks after a press
        show_key_settings(key, departments)


def _offer_password(key: KeyView) -> None:
    with st.popover("Replace password"):
        st.caption(PASSWORD.help)
        st.text_input(
            "New password",
            type="password",
            key=f"keys_password_{key.id}",
            autocomplete="new-password",
        )
        st.button("Test and save", on_click=_replace_password, args=(key,))


def _offer_state(key: KeyView) -> None:
    if key.state is KeyState.USABLE:
        told = f"{key.name} is disabled: no new run uses it."
        st.button("Disable", on_click=_change, args=(upkeep.disable_key, told, key.id))
    else:
        told = f"{key.name} is usable again."
        st.button("Enable", on_click=_change, args=(upkeep.enable_key, told, key.id))


def _offer_deletion(key: KeyView) -> None:
    if st.button("Delete"):
        name = escape_markdown(key.name)
        text = (
            f"The password of **{name}** is wiped for good, and no new run goes by it: "
            f"{escape_markdown(key.scope)}. Receipts and history are kept."
        )
        told = f"{key.name} is deleted."
        confirm("Delete key?", text, "Yes, delete", _change, upkeep.delete_key, told, key.id,
                destroys=True)  # fmt: skip


def _change(change: Callable[[Desk, int], None], told: str, key_id: int) -> None:
    with flash.complaining(_KEYS):
        change(acting_desk(), key_id)
        flash.say(told)


def _test(key: KeyView) -> None:
    with flash.complaining(_KEYS):
        reached = credentials.try_key(acting_desk(), key.id)
        switched = ", after switching from the standard company" if reached.switched else ""
        flash.say(f"{key.name} reaches {reached.identity.label}{switched}.")
        unknown = tell_unknown_orders(acting_desk(), key.id) if key.state == "usable" else ""
        if unknown:
            flash.complain(unknown, _KEYS)


def _replace_password(key: KeyView) -> None:
    name = f"keys_password_{key.id}"
    password = st.session_state[name]  # what was typed; arguments are those of the run before
    st.session_state[name] = ""
    with flash.complaining(_KEYS):
        change_key(acting_desk(), key.id, PASSWORD.to(password))
        flash.say(f"The password of {key.name} is replaced.")


def _row(key: KeyView) -> dict[str, object]:
    return {
        "Key": key.name,
        "Departments": key.scope,
        "State": [
            STATES[key.state],
            *([_OVERLAPS] if key.overlap else []),
            *([_PARKED] if key.parked else []),
        ],
        "Company reached": key.company,
        "Organization ID": f"{key.organization_id}{' – pinned' if key.pinned_by else ''}",
        "Account": key.username,
        "Last use": format_moment(key.last_used_at) or "never",
        "Orders become": MODES[key.mode],
        "Credit notes": "sent" if key.credit_notes else "not sent",
        "Category for new products": key.category_name or "none",
        "Password set": f"{format_moment(key.password_set_at)} by {key.password_set_by}",
    }


def choose_department(views: Sequence[DepartmentView]) -> DepartmentView | None:
    """Draw the departments; the one that is ticked, if any."""
    if not views:
        st.info("Departments appear by themselves when an import names them.")
        return None
    chosen = st.dataframe(
        pd.DataFrame(
            {
                "Number": [view.number for view in views],
                "Name": [view.name for view in views],
                "Number series": [view.series for view in views],
                "Key": [view.key_name or "none" for view in views],
                "State": ["active" if view.active else "inactive" for view in views],
            }
        ),
        key=f"departments-{'-'.join(str(view.id) for view in views)}",
        hide_index=True,
        on_select="rerun",
        selection_mode="single-row",
        alt="Departments with number series and key",
    ).selection.rows
    if not chosen:
        st.caption("Tick a department to rename it, change its number series, or deactivate it.")
        return None
    return views[chosen[0]]


def show_department_actions(view: DepartmentView) -> None:
    """Name, number series and state of the chosen department."""
    with st.container(horizontal=True, vertical_alignment="bottom", border=True):
        label = escape_markdown(view.number)
        st.text_input(f"Name of {label}", view.name, key=f"departments_name_{view.id}")
        st.button("Save department name", on_click=_rename, args=(view,))
        st.text_input(
            f"Number series of {label}",
            view.series,
            key=f"departments_series_{view.id}",
            disabled=view.locked,
            help=_LOCKED if view.locked else "As in RecMan; it names the documents.",
        )
        st.button("Save series", on_click=_change_series, args=(view,), disabled=view.locked)
        word = "Deactivate" if view.active else "Reactivate"
        st.button(f"{word} department", on_click=_switch, args=(view,))
    flash.show_complaints(_DEPARTMENTS)


def show_new_department() -> None:
    """The form that adds a department by hand."""
    with st.form("departments_add", border=False):
        st.text_input("Number in RecMan", key=_NUMBER, max_chars=20, width=240)
        st.text_input("Name", key=_NAME, max_chars=200, width=400)
        st.text_input("Number series", key=_SERIES, max_chars=20, width=240, placeholder="number")
        st.form_submit_button("Add department", on_click=_add)
    flash.show_complaints(_NEW)


def _add() -> None:
    number, name, series = (st.session_state[each] for each in (_NUMBER, _NAME, _SERIES))
    with flash.complaining(_NEW):
        service.add_department(acting_desk(), number, name, series)
        for each in (_NUMBER, _NAME, _SERIES):
            st.session_state[each] = ""
        flash.say(f"Department {number.strip()} is added.")


# What was typed is read when the button is pressed: arguments are those of the run before.


def _rename(view: DepartmentView) -> None:
    with flash.complaining(_DEPARTMENTS):
        name = st.session_state[f"departments_name_{view.id}"]
        service.rename_department(acting_desk(), view.id, name)
        flash.say(f"Department {view.number} is renamed.")


def _change_series(view: DepartmentView) -> None:
    with flash.complaining(_DEPARTMENTS):
        series = st.session_state[f"departments_series_{view.id}"]
        service.change_series(acting_desk(), view.id, series)
        flash.say(f"Department {view.number} has series {series.strip()}.")


def _switch(view: DepartmentView) -> None:
    with flash.complaining(_DEPARTMENTS):
        if view.active:
            service.deactivate_department(acting_desk(), view.id)
            flash.say(f"{view.label} is inactive; it needs no key.")
        else:
            service.reactivate_department(acting_desk(), view.id)
            flash.say(f"{view.label} is active.")
