"""How a document stands: state, amounts, both systems' numbers, its card, what is to be done."""

from __future__ import annotations

import streamlit as st

from so24.amounts import format_sum
from so24.dates import format_date
from so24.people.desk import Desk
from so24.states import Since
from so24.store.documents.overview import InvoiceRow
from so24.store.transfers.transfer_list import ReceiptLine
from so24.ui.frame.flash import escape_markdown
from so24.ui.frame.session import RECEIPT
from so24.ui.parts.tables import colour_of, status_of
from so24.ui.receipts.card_actions import show_ways


def show_line(desk: Desk, line: ReceiptLine) -> None:
    """Draw the transfer by which the document stands, with what can be done about it."""
    _show_name(line.kind, line.number, line.customer)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.badge(line.status, color=colour_of(line.state))  # type: ignore[arg-type] # one of its literals
        st.markdown(format_sum(line.total, line.currency), width="content")
        if line.invoice_date is not None:
            st.markdown(format_date(line.invoice_date), width="content")
    if there := _tell_there(line):
        st.markdown(there)
    if line.explanation:
        st.markdown(escape_markdown(line.explanation))
    if line.customer_card:
        st.caption(f"Customer card: {escape_markdown(line.customer_card)}")
    if line.is_problem and line.card:
        show_ways(desk, line.reason, [line])
    st.page_link(
        RECEIPT, label="Its receipt", icon=":material/task_alt:", query_params={"run": line.run}
    )


def show_unsent(row: InvoiceRow) -> None:
    """Draw a document that was never sent."""
    _show_name(row.kind.value, row.number, row.customer)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.badge(Since.LEFT_OUT if row.excluded else status_of(row.state), color="gray")
        st.markdown(format_sum(row.total, row.currency), width="content")
        st.markdown(format_date(row.invoice_date), width="content")


def _show_name(kind: str, number: str, customer: str) -> None:
    words = kind.replace("_", " ").capitalize()
    st.markdown(f"**{escape_markdown(f'{words} {number}, {customer}')}**")


def _tell_there(line: ReceiptLine) -> str:
    """What 24SevenOffice has of it: its numbers, and its total where that is another one."""
    told = []
    if line.order_id is not None:
        told.append(f"order {line.order_id}")
    if line.office_invoice_id is not None:
        told.append(f"invoice {line.office_invoice_id}")
    if line.office_total is not None:
        apart = line.office_total - line.total
        difference = f", difference {format_sum(apart, line.currency)}" if apart else ""
        told.append(f"total {format_sum(line.office_total, line.currency)}{difference}")
    return f"In 24SevenOffice: {', '.join(told)}" if told else ""
