"""The Departments tab of the Credentials page."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from so24.keys import departments as service
from so24.keys.departments import DepartmentView
from so24.ui.frame import flash
from so24.ui.frame.session import acting_desk
from so24.ui.frame.text import escape_markdown

_NUMBER, _NAME, _SERIES = "departments_number", "departments_name", "departments_series"
_LOCKED = "Documents of this department were exported under this series; it stands for ever."


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


def show_new_department() -> None:
    """The form that adds a department by hand."""
    with st.form("departments_add", border=False):
        st.text_input("Number in RecMan", key=_NUMBER, max_chars=20, width=240)
        st.text_input("Name", key=_NAME, max_chars=200, width=400)
        st.text_input("Number series", key=_SERIES, max_chars=20, width=240, placeholder="number")
        st.form_submit_button("Add department", on_click=_add)


def _add() -> None:
    number, name, series = (st.session_state[each] for each in (_NUMBER, _NAME, _SERIES))
    with flash.complaining():
        service.add_department(acting_desk(), number, name, series)
        for each in (_NUMBER, _NAME, _SERIES):
            st.session_state[each] = ""
        flash.say(f"Department {number.strip()} is added.")


# What was typed is read when the button is pressed: arguments are those of the run before.


def _rename(view: DepartmentView) -> None:
    with flash.complaining():
        name = st.session_state[f"departments_name_{view.id}"]
        service.rename_department(acting_desk(), view.id, name)
        flash.say(f"Department {view.number} is renamed.")


def _change_series(view: DepartmentView) -> None:
    with flash.complaining():
        series = st.session_state[f"departments_series_{view.id}"]
        service.change_series(acting_desk(), view.id, series)
        flash.say(f"Department {view.number} has series {series.strip()}.")


def _switch(view: DepartmentView) -> None:
    with flash.complaining():
        if view.active:
            service.deactivate_department(acting_desk(), view.id)
            flash.say(f"{view.label} is inactive; it needs no key.")
        else:
            service.reactivate_department(acting_desk(), view.id)
            flash.say(f"{view.label} is active.")
