"""Today: what needs whom now, each tile a link to exactly its list."""

from __future__ import annotations

import streamlit as st

from so24.language.telling import tell
from so24.people.roles import Permission
from so24.today.today import read_today
from so24.ui.documents.drawer import open_asked_document
from so24.ui.frame.session import require_page
from so24.ui.start.pile_list import asked_pile, place_of_list, show_pile, show_stuck
from so24.ui.start.schedules import show_schedules_today
from so24.ui.start.tiles import show_beginning, show_tiles

desk = require_page(Permission.SEE_RECEIPTS)
open_asked_document()
st.title(tell("Today"))
found = read_today(desk)
show_beginning(desk, found)
show_tiles(desk, found)
show_schedules_today(desk, found.schedules)
asked = asked_pile(desk)
with place_of_list(asked):
    if asked is None:
        show_stuck(desk, found)
    elif asked.name is not None:
        show_pile(desk, found, asked.name, asked.cause)
