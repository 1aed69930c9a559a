"""Customers: whose card in 24SevenOffice a customer's is, where so24 cannot be sure by itself."""

from __future__ import annotations

import streamlit as st

from so24.customer_cards.link import open_questions
from so24.ledger.read import ledger_keys
from so24.people.roles import Permission
from so24.ui.customers.whose_card import ask_for_customer, show_questions
from so24.ui.frame.session import require_page

desk = require_page(Permission.EXPORT)
st.title("Customers")
companies = {key.key_id: key.company for key in ledger_keys(desk)}
if not companies:
    st.info(
        "There is no usable key to read with yet. A System Administrator adds one under "
        "Credentials.",
        icon=":material/key_off:",
    )
    st.stop()
st.caption(
    "Where a card in 24SevenOffice may be a customer's and may not, its documents wait until you "
    "say which it is. A linked customer can be looked up here as well."
)
key_id = st.selectbox(
    "Company", list(companies), format_func=companies.__getitem__, key="customers_key", width=360
)
show_questions(open_questions(desk, key_id))
ask_for_customer(key_id)
