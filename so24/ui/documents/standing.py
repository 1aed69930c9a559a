"""How a document stands: state, amounts, both systems' numbers, its card, what is to be done."""

from __future__ import annotations

import streamlit as st

from so24.amounts import format_amount
from so24.dates import format_date
from so24.language.said import join_said, say
from so24.language.telling import tell
from so24.ledger.payments.words import NO_PARTS, describe_payment
from so24.people.desk import Desk
from so24.store.documents.overview import InvoiceRow
from so24.store.tables.document_tables import DocumentKind
from so24.store.transfers.receipt_line import ReceiptLine
from so24.ui.frame.flash import escape_markdown
from so24.ui.frame.session import RECEIPT
from so24.ui.parts.tables import colour_of, status_of_row
from so24.ui.receipts.card_actions import show_ways


def show_line(desk: Desk, line: ReceiptLine) -> None:
    """Draw the transfer by which the document stands, with what can be done about it."""
    _show_name(line.kind, line.number, line.customer)
    with st.container(horizontal=True, vertical_alignment="center"):
        status = tell(line.status)
        st.badge(status, color=colour_of(line.state))  # type: ignore[arg-type] # one of its literals
        st.markdown(format_amount(line.total, line.currency), width="content")
        if line.invoice_date is not None:
            st.markdown(format_date(line.invoice_date), width="content")
    if there := _tell_there(line):
        st.markdown(tell(there))
    if paid := describe_payment(line):
        st.markdown(escape_markdown(tell(paid)), help=tell(NO_PARTS))
    if line.explanation:
        st.markdown(escape_markdown(tell(line.explanation)))
    if line.customer_card:
        card = escape_markdown(tell(line.customer_card))
        st.caption(tell("Customer card: {card}", card=card))
    if line.is_problem and line.card:
        show_ways(desk, line.reason, [line])
    label = tell("Its receipt")
    st.page_link(RECEIPT, label=label, icon=":material/task_alt:", query_params={"run": line.run})


def show_unsent(row: InvoiceRow) -> None:
    """Draw a document that was never sent."""
    _show_name(row.kind.value, row.number, row.customer)
    with st.container(horizontal=True, vertical_alignment="center"):
        status = tell(status_of_row(row))
        st.badge(status, color="gray")
        st.markdown(format_amount(row.total, row.currency), width="content")
        st.markdown(format_date(row.invoice_date), width="content")


def _show_name(kind: str, number: str, customer: str) -> None:
    words = tell(DocumentKind(kind).words).capitalize()
    st.markdown(f"**{escape_markdown(f'{words} {number}, {customer}')}**")


def _tell_there(line: ReceiptLine) -> str:
    """What 24SevenOffice has of it: its numbers, and its total where that is another one."""
    told = []
    if line.order_id is not None:
        told.append(say("order {order}", order=line.order_id))
    if line.office_invoice_id is not None:
        told.append(say("invoice {invoice}", invoice=line.office_invoice_id))
    if line.office_total is not None:
        told.append(say("total {sum}", sum=format_amount(line.office_total, line.currency)))
        if apart := line.office_total - line.total:
            told.append(say("difference {sums}", sums=format_amount(apart, line.currency)))
    return say("In 24SevenOffice: {facts}", facts=join_said(told, ", ")) if told else ""
