"""The Keys tab of the Credentials page: the keys, and what can be done with a chosen one."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pandas as pd
import streamlit as st

from so24.dates import format_moment
from so24.keys import credentials, upkeep
from so24.keys.change import change_key
from so24.keys.departments import Coverage, DepartmentView
from so24.keys.key_settings import PASSWORD
from so24.keys.upkeep import KeyView
from so24.people.desk import Desk
from so24.store.tables.key_tables import KeyState
from so24.ui.credentials.key_settings import MODES, show_key_settings
from so24.ui.frame import flash
from so24.ui.frame.confirm import confirm
from so24.ui.frame.session import acting_desk
from so24.ui.frame.text import escape_markdown

STATES = {KeyState.USABLE: "Usable", KeyState.DISABLED: "Disabled"}
_OVERLAPS = "Overlaps"
_PARKED = "Parked"


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
        st.caption("Tick a key to test, rename, re-scope, disable or delete it.")
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
        text = f"The password of **{name}** is wiped for good. Receipts and history are kept."
        told = f"{key.name} is deleted."
        confirm("Delete key?", text, "Yes, delete", _change, upkeep.delete_key, told, key.id)


def _change(change: Callable[[Desk, int], None], told: str, key_id: int) -> None:
    with flash.complaining():
        change(acting_desk(), key_id)
        flash.say(told)


def _test(key: KeyView) -> None:
    with flash.complaining():
        reached = credentials.try_key(acting_desk(), key.id)
        switched = ", after switching from the standard company" if reached.switched else ""
        flash.say(f"{key.name} reaches {reached.identity.label}{switched}.")


def _replace_password(key: KeyView) -> None:
    name = f"keys_password_{key.id}"
    password = st.session_state[name]  # what was typed; arguments are those of the run before
    st.session_state[name] = ""
    with flash.complaining():
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
