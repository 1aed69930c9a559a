"""When payments were last read from each company, and the button that reads them now."""

from __future__ import annotations

import streamlit as st

from so24.language.said import say_count
from so24.language.telling import tell
from so24.ledger.payments.schedule import (
    companies_with_invoices,
    list_readings,
    read_payments_now,
)
from so24.ledger.payments.words import NO_PARTS, tell_payment_reading
from so24.people.desk import Desk
from so24.transfer.jobs.worker import payments_enqueuer
from so24.ui.frame import flash
from so24.ui.frame.flash import escape_markdown
from so24.ui.frame.session import acting_desk


def show_payment_readings(desk: Desk) -> None:
    """Draw how far the payments of each company are read, with the button."""
    with st.expander(tell("Paid or not"), icon=":material/payments:"):
        st.caption(
            tell(
                "so24 reads from 24SevenOffice which of the invoices that it has transferred are "
                "paid, and changes nothing there."
            )
        )
        booked = companies_with_invoices(desk)
        for reading in list_readings(desk):
            words = tell_payment_reading(reading, is_empty=reading.client_id not in booked)
            st.markdown(escape_markdown(tell(words)))
        st.caption(tell(NO_PARTS))
        st.button(
            tell("Read payments now"),
            key="payments_read",
            icon=":material/sync:",
            on_click=_read,
        )


def _read() -> None:
    with flash.complaining():
        desk = acting_desk()
        count = read_payments_now(desk, payments_enqueuer(desk.installation))
        flash.say(
            say_count(
                "The payments of {number} company are being read.",
                "The payments of {number} companies are being read.",
                count,
            )
        )
