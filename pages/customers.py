"""Customers and products: what they are in 24SevenOffice, where so24 cannot be sure by itself."""

from __future__ import annotations

import streamlit as st

from so24.customer_cards.link import open_questions
from so24.customer_cards.link_products import open_product_questions
from so24.language.telling import tell
from so24.ledger.read import ledger_keys
from so24.people.roles import Permission
from so24.ui.customers.compared import show_compared
from so24.ui.customers.linking import ask_for_one, pick_company, show_questions
from so24.ui.customers.subjects import CUSTOMERS, PRODUCTS
from so24.ui.documents.drawer import open_asked_document
from so24.ui.frame.session import require_page

desk = require_page(Permission.EXPORT)
open_asked_document()
st.title(tell("Customers and products"))
companies = {key.key_id: key.company for key in ledger_keys(desk)}
if not companies:
    st.info(
        tell(
            "There is no usable key to read with yet. A System Administrator adds one under "
            "Credentials."
        ),
        icon=":material/key_off:",
    )
    st.stop()
st.caption(
    tell(
        "Where a card or a product in 24SevenOffice may be the one that is meant and may not, the "
        "documents wait until you say which it is. What is linked can be looked up here as well."
    )
)
asked = {
    each: {CUSTOMERS: open_questions(desk, each), PRODUCTS: open_product_questions(desk, each)}
    for each in companies
}
key_id = pick_company(companies, {each: sum(map(len, asked[each].values())) for each in companies})
questions = asked[key_id]
subjects = {each.part: each for each in questions}
part = st.segmented_control(
    tell("What is linked"),
    list(subjects),
    default=CUSTOMERS.part,
    required=True,
    format_func=lambda each: subjects[each].count(len(questions[subjects[each]])),
    key="customers_part",
    label_visibility="collapsed",
)
subject = subjects[part or CUSTOMERS.part]
show_questions(subject, key_id, questions[subject])
ask_for_one(subject, key_id, questions[subject])
if subject is CUSTOMERS:
    show_compared(key_id)
