"""Audit trail: who did what, or was refused it, and when."""

from __future__ import annotations

import streamlit as st

from so24.language.said import say_as
from so24.language.telling import tell
from so24.people.audit_trail import read_trail
from so24.people.roles import Permission
from so24.ui.frame.session import require_page
from so24.ui.parts.downloads import show_download
from so24.ui.parts.tables import ROWS, read_page, show_count, turn_pages
from so24.ui.people.audit_view import count_events, event_cells, pick_filter, show_events

PAGE = "audit_page"

desk = require_page(Permission.SEE_AUDIT)
st.title(tell("Audit trail"))
wanted = pick_filter(desk)
events, found = read_page(PAGE, lambda start: read_trail(desk, wanted, limit=ROWS, offset=start))
with st.container(horizontal=True, vertical_alignment="center"):
    show_count(count_events(found))
    show_download(
        lambda asking: map(event_cells, read_trail(asking, wanted)[0]),
        Permission.SEE_AUDIT,
        name=say_as("file name", "audit-trail"),
        disabled=not found,
    )
if events:
    show_events(events)
    turn_pages(PAGE, found)
else:
    st.info(tell("No event matches these filters."), icon=":material/filter_alt_off:")
