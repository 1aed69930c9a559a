"""Help: every state, who acts and what to do; every reason, as on the receipt; and the keys."""

from __future__ import annotations

import streamlit as st

from so24.language.telling import tell
from so24.people.roles import Permission
from so24.ui.frame.session import require_page
from so24.ui.help.glossary import read_glossary, show_reasons
from so24.ui.keyboard.shortcuts import show_shortcuts

desk = require_page(Permission.SEE_RECEIPTS)
st.title(tell("Help"))
st.markdown(read_glossary())
show_reasons()
show_shortcuts()
