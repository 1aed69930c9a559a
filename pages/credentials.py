"""Credentials: the keys to 24SevenOffice and the departments that go by them."""

from __future__ import annotations

import streamlit as st

from so24.keys.departments import coverage, list_departments
from so24.keys.upkeep import list_keys
from so24.language.telling import tell
from so24.people.roles import Permission
from so24.transfer.schedules.standing import read_schedules
from so24.ui.credentials.add_key import show_add_key
from so24.ui.credentials.keys_panel import (
    choose_department,
    choose_key,
    show_coverage,
    show_department_actions,
    show_key_actions,
    show_new_department,
)
from so24.ui.credentials.schedules import show_schedules
from so24.ui.frame.session import require_page

desk = require_page(Permission.MANAGE_KEYS)
keys = list_keys(desk)
departments = list_departments(desk)
st.title(tell("Credentials"))
show_coverage(coverage(desk))
keys_tab, departments_tab, schedules_tab = st.tabs(
    [tell("Keys"), tell("Departments"), tell("Schedules")]
)
with keys_tab:
    with st.container():  # one place, so that what is below stays where a browser knows it
        key = choose_key(keys)
        if key is not None:
            show_key_actions(key, departments)
    show_add_key(departments, first=not keys)
with departments_tab:
    department = choose_department(departments)
    if department is not None:
        show_department_actions(department)
    with st.expander(tell("Add department"), icon=":material/add:", expanded=not departments):
        show_new_department()
with schedules_tab:
    show_schedules(read_schedules(desk), keys)
