"""Inside 24SevenOffice: the orders and invoices of a period, beside ours."""

from __future__ import annotations

import datetime as dt

import streamlit as st

from so24.dates import OSLO, format_date, format_moment
from so24.errors import So24Error
from so24.language.said import say_as
from so24.language.telling import tell
from so24.ledger.read import ledger_keys, reconcile_period
from so24.people.roles import Permission
from so24.store.tables.ledger_tables import Witness
from so24.ui.documents.drawer import open_asked_document
from so24.ui.frame.flash import escape_markdown
from so24.ui.frame.session import require_page
from so24.ui.parts.downloads import show_download
from so24.ui.parts.tables import Period, pick_period
from so24.ui.receipts.ledger_parts import PAST, SAFT, pick_part, show_change, show_past
from so24.ui.receipts.ledger_view import ledger_cells, show_ledger
from so24.ui.receipts.payments_view import show_payment_readings
from so24.ui.receipts.saft_view import show_saft

RESULT = "ledger_result"
LAST_DAYS = dt.timedelta(days=60)

desk = require_page(Permission.SEE_LEDGER)
open_asked_document()
st.title(tell("Inside 24SevenOffice"))
part = pick_part()
if part == SAFT:
    show_saft(desk)
    st.stop()
if part == PAST:
    show_past(desk)
    st.stop()
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
show_payment_readings(desk)
now = dt.datetime.now(OSLO)
with st.container(horizontal=True, vertical_alignment="bottom"):
    key_id = st.selectbox(
        tell("Company"), list(companies), format_func=companies.__getitem__, key="ledger_key",
        width=360,
    )  # fmt: skip
    default = Period(now.date() - LAST_DAYS, now.date())
    period = pick_period(tell("Invoice date"), "ledger_period", default)
    pressed = st.button(tell("Read"), type="primary", icon=":material/sync:")
if pressed and (period.first is None or period.last is None):
    st.warning(tell("Pick the first and the last day of the period."))
elif pressed and period.first and period.last:
    try:
        with st.spinner(tell("Reading from 24SevenOffice …")):
            lines = reconcile_period(desk, period.first, period.last, key_id)
    except So24Error as error:
        st.session_state.pop(RESULT, None)
        st.error(escape_markdown(tell(error.words)), icon=":material/error:")
    else:
        st.session_state[RESULT] = (companies[key_id], period, now, lines)
# what was read of another company says nothing of the one that is chosen now
if RESULT in st.session_state and st.session_state[RESULT][0] != companies[key_id]:
    del st.session_state[RESULT]
if RESULT not in st.session_state:
    st.info(
        tell(
            "Choose a company and a period and press *Read*: nothing is asked of 24SevenOffice "
            "before that."
        ),
        icon=":material/menu_book:",
    )
    st.stop()
company, read_period, moment, lines = st.session_state[RESULT]
days = f"{format_date(read_period.first)}–{format_date(read_period.last)}"
heading = tell("{company}, {days}", company=escape_markdown(company), days=days)
with st.container(horizontal=True, vertical_alignment="center"):
    st.subheader(heading, anchor=False)
    st.caption(tell("read {date}", date=format_moment(moment)))
    st.space("stretch")
    show_download(
        lambda _asking: map(ledger_cells, lines),
        Permission.SEE_LEDGER,
        name=say_as("file name", "reconciliation-24sevenoffice"),
        disabled=not lines,
    )
show_change(desk, company, Witness.OFFICE)
if lines:
    show_ledger(lines)
else:
    st.info(tell("24SevenOffice has no order of this period, and neither has so24 sent one."))
