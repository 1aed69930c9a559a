"""Audit trail: who did what, or was refused it, and when."""

from __future__ import annotations

import streamlit as st

from so24.people.audit_trail import read_trail
from so24.people.roles import Permission
from so24.ui.frame.session import desk_later, require_page
from so24.ui.parts.tables import ROWS, read_page, show_count, turn_pages, write_csv
from so24.ui.people.audit_view import event_cells, pick_filter, show_events

PAGE = "audit_page"

desk = require_page(Permission.SEE_AUDIT)
st.title("Audit trail")
wanted = pick_filter(desk)
events, found = read_page(PAGE, lambda start: read_trail(desk, wanted, limit=ROWS, offset=start))
ask_again = desk_later()
with st.container(horizontal=True, vertical_alignment="center"):
    show_count(found, "events")
    st.space("stretch")
    st.download_button(
        "Download CSV",
        data=lambda: write_csv(map(event_cells, read_trail(ask_again(), wanted)[0])),
        file_name="audit-trail.csv",
        mime="text/csv",
        icon=":material/download:",
        on_click="ignore",
        disabled=not found,
    )
if events:
    show_events(events)
    turn_pages(PAGE, found)
else:
    st.info("No event matches these filters.", icon=":material/filter_alt_off:")
