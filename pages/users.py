"""Users: who may sign in, and with which role."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from so24.dates import format_moment
from so24.language.telling import tell
from so24.people import users
from so24.people.roles import ROLE_NAMES, Permission
from so24.people.users import UserState
from so24.ui.frame.session import require_page
from so24.ui.people.user_actions import show_actions, show_form, show_one_time_password

COLOURS = {
    UserState.ACTIVE: "green",
    UserState.ONE_TIME: "blue",
    UserState.ENDED: "red",
    UserState.DEACTIVATED: "gray",
}

desk = require_page(Permission.MANAGE_USERS)
rows = users.list_users(desk)
st.title(tell("Users"))
show_one_time_password()
chosen = st.dataframe(
    pd.DataFrame(
        {
            "User name": [row.name for row in rows],
            "Role": [tell(ROLE_NAMES[row.role]) for row in rows],
            "State": [[tell(row.state.value)] for row in rows],
            "Second factor": [tell("yes") if row.second_factor else "" for row in rows],
            "Company login": [tell(row.company_login) for row in rows],
            "Last sign-in": [format_moment(row.last_login_at) or tell("never") for row in rows],
            "Added": [format_moment(row.created_at) for row in rows],
        }
    ),
    key=f"users-{'|'.join(row.name for row in rows)}",  # a tick must not move to another user
    hide_index=True,
    on_select="rerun",
    selection_mode="single-row",
    column_config={
        "User name": tell("User name"),
        "Role": tell("Role"),
        "State": st.column_config.MultiselectColumn(
            tell("State"),
            options=[tell(state.value) for state in COLOURS],
            color=list(COLOURS.values()),
        ),
        "Second factor": tell("Second factor"),
        "Company login": tell("Company login"),
        "Last sign-in": tell("Last sign-in"),
        "Added": tell("Added"),
    },
    alt=tell("Users with role, state and last sign-in"),
).selection.rows
if chosen:
    show_actions(rows[chosen[0]])
else:
    st.caption(
        tell(
            "Tick a user to change the role, make a new password, remove a second factor, link a "
            "company account, or deactivate."
        )
    )
with st.expander(tell("Add user"), icon=":material/person_add:"):
    show_form()
