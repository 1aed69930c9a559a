"""What is kept: of whom, why and how long; all about one person as a file; what may be purged."""

from __future__ import annotations

import streamlit as st

from so24.kept.holdings import list_holdings
from so24.language.telling import tell
from so24.people.roles import Permission
from so24.ui.frame.session import require_page
from so24.ui.people.kept_view import ask_whom, offer_purge, show_holdings

desk = require_page(Permission.SEE_KEPT)
st.title(tell("What is kept"))
show_holdings(list_holdings(desk))
ask_whom(desk)
offer_purge(desk)
