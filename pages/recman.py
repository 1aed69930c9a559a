"""RecMan connection: the key to RecMan's API, what it reads, and what its members mean."""

from __future__ import annotations

import streamlit as st

from so24.language.telling import tell
from so24.people.roles import Permission
from so24.sources.recman.connection import view_connection
from so24.ui.frame.session import require_page
from so24.ui.recman.recman_connection import (
    show_confirmation,
    show_key_form,
    show_map,
    show_members,
    show_state,
)

desk = require_page(Permission.MANAGE_RECMAN)
view = view_connection(desk)
st.title(tell("RecMan connection"))
if view is None:
    st.info(
        tell(
            "RecMan is not connected. With a key, invoices are fetched from its API; without one "
            "they come by the reports *Invoice lines* and *Customers*."
        ),
        icon=":material/cable:",
    )
    show_key_form(first=True)
    st.stop()
show_state(view)
show_confirmation(view)
fields_tab, members_tab = st.tabs([tell("Fields"), tell("Members found")])
with fields_tab:
    show_map(view)
with members_tab:
    show_members(view)
