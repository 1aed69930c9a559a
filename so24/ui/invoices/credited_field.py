"""Where a person enters the invoice in 24SevenOffice that a credit note credits."""

from __future__ import annotations

import streamlit as st

from so24.invoices.decide import declare_credited
from so24.people.desk import Desk
from so24.people.roles import Permission
from so24.store.documents.documents import Document
from so24.ui.frame import flash
from so24.ui.frame.session import acting_desk

_FIELD = "credited_office_id"


def show_credited_field(desk: Desk, document: Document) -> None:
    """Draw the number that was entered, for those who may export with a field to change it."""
    invoice = document.invoice
    entered = invoice.credited_office_id
    if entered is not None:
        st.caption(f"Entered by hand: it credits invoice {entered} in 24SevenOffice.")
    if not desk.actor.may(Permission.EXPORT):
        return
    field = f"{_FIELD}_{invoice.id}"
    st.number_input(
        "Number of the credited invoice in 24SevenOffice",
        value=None,
        min_value=1,
        step=1,
        format="%d",
        key=field,
        placeholder="Only where so24 has not transferred the invoice",
        help="The invoice that this credit note credits. It is read before it is used: it must "
        "be invoiced and belong to the same customer.",
    )
    with st.container(horizontal=True):
        st.button("Save number", on_click=_save, args=(document, field), key=f"{field}_save")
        if entered is not None:
            st.button("Take back", on_click=_take_back, args=(document,), key=f"{field}_back")


def _save(document: Document, field: str) -> None:
    number = st.session_state[field]
    if number is None:
        flash.complain("Enter the number that the credited invoice has in 24SevenOffice first.")
        return
    with flash.complaining():
        declare_credited(acting_desk(), document.invoice_id, number)
        name = document.invoice.number
        flash.say(f"Credit note {name} credits invoice {number} in 24SevenOffice.")


def _take_back(document: Document) -> None:
    with flash.complaining():
        declare_credited(acting_desk(), document.invoice_id, None)
        flash.say(f"Credit note {document.invoice.number} credits what RecMan says.")
