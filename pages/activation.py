"""Marketplace: the integration is activated here, by the button that carries the price."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from so24.keys.activation import activation
from so24.keys.upkeep import list_keys
from so24.language.telling import tell
from so24.people.roles import Permission
from so24.store.tables.key_tables import KeyState
from so24.ui.frame.session import installation, require_page
from so24.ui.start.marketplace_card import show_card, show_status

desk = require_page(Permission.SEE_MARKETPLACE)
status = activation(installation())
st.title(tell("Marketplace"))
with st.container(border=True, width=720):
    show_card(installation().settings, status)
    show_status(desk, status)
if (
    status.active
    and desk.actor.may(Permission.MANAGE_KEYS)
    and not any(key.state is KeyState.USABLE for key in list_keys(desk))
):
    st.page_link(
        Path(__file__).parent / "credentials.py",
        label=tell("Next: add a key for your departments under Credentials"),
        icon=":material/arrow_forward:",
    )
