"""Help: every state, who acts and what to do; and every reason, in the words of the receipt."""

from __future__ import annotations

import streamlit as st

from so24.people.roles import Permission
from so24.ui.frame.session import require_page
from so24.ui.help.glossary import read_glossary, show_reasons

desk = require_page(Permission.SEE_RECEIPTS)
st.title("Help")
st.markdown(read_glossary())
show_reasons()
