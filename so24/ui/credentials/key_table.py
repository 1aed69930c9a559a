"""The list of keys, and what is missing or double in their departments."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from so24.dates import format_moment
from so24.keys.departments import Coverage
from so24.keys.upkeep import KeyView
from so24.store.tables.key_tables import KeyMode, KeyState
from so24.ui.frame.text import escape_markdown

MODES = {KeyMode.INVOICE: "Invoice at once", KeyMode.APPROVAL: "Order for approval"}
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


def _row(key: KeyView) -> dict[str, object]:
    return {
        "Key": key.name,
        "Departments": key.scope,
        "State": [
            STATES[key.state],
            *([_OVERLAPS] if key.overlap else []),
            *([_PARKED] if key.parked else []),
        ],
        "Company reached": f"{key.client_name} ({key.client_id})",
        "Organization ID": f"{key.organization_id}{' – pinned' if key.pinned_by else ''}",
        "Account": key.username,
        "Last use": format_moment(key.last_used_at) or "never",
        "Orders become": MODES[key.mode],
        "Credit notes": "sent" if key.credit_notes else "not sent",
        "Category for new products": key.category_name or "none",
        "Password set": f"{format_moment(key.password_set_at)} by {key.password_set_by}",
    }
