"""Users: who may sign in, and with which role."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from so24.dates import format_moment
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
st.title("Users")
show_one_time_password()
chosen = st.dataframe(
    pd.DataFrame(
        {
            "User name": [row.name for row in rows],
            "Role": [ROLE_NAMES[row.role] for row in rows],
            "State": [[row.state.value] for row in rows],
            "Second factor": ["yes" if row.second_factor else "" for row in rows],
            "Company login": [row.company_login for row in rows],
            "Last sign-in": [format_moment(row.last_login_at) or "never" for row in rows],
            "Added": [format_moment(row.created_at) for row in rows],
        }
    ),
    key=f"users-{'|'.join(row.name for row in rows)}",  # a tick must not move to another user
    hide_index=True,
    on_select="rerun",
    selection_mode="single-row",
    column_config={
        "State": st.column_config.MultiselectColumn(
            options=[state.value for state in COLOURS], color=list(COLOURS.values())
        ),
    },
    alt="Users with role, state and last sign-in",
).selection.rows
if chosen:
    show_actions(rows[chosen[0]])
else:
    st.caption(
        "Tick a user to change the role, make a new password, remove a second factor, link a "
        "company account, or deactivate."
    )
with st.expander("Add user", icon=":material/person_add:"):
    show_form()
