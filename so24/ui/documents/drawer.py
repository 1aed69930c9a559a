"""The drawer of a document: how it stands, what can be done, its way so far, what it consists of.

It opens beside the list that it was opened from. Analysts see its way and its amounts, and not the
lines and files, which are for those who work with invoices.
"""

from __future__ import annotations

import streamlit as st

from so24.amounts import format_sum
from so24.errors import So24Error
from so24.invoices.overview import read_document, read_overview
from so24.people.desk import Desk
from so24.people.roles import Permission
from so24.store.documents.overview import InvoiceFilter
from so24.store.transfers.transfer_list import ReceiptLine, TransferFilter
from so24.transfer.preview.request_view import show_outgoing
from so24.transfer.receipt import read_events, read_history
from so24.ui.documents.way import show_way
from so24.ui.frame.flash import escape_markdown
from so24.ui.frame.session import RECEIPT, acting_desk
from so24.ui.invoices.document_detail import show_contents
from so24.ui.invoices.originals_view import show_document_files
from so24.ui.parts.tables import colour_of
from so24.ui.receipts.card_actions import show_card_actions


def offer_document(invoice_id: int, name: str, *, key: str) -> None:
    """Draw the button that opens a document's drawer; ``name`` is how the list calls it."""
    if st.button(f"Open {name}", icon=":material/right_panel_open:", key=key):
        open_document(invoice_id)


@st.dialog("Document", width="medium", position="right", icon=":material/receipt_long:")
def open_document(invoice_id: int) -> None:
    """Open the drawer of a document, for whoever acts now."""
    desk = acting_desk()
    try:
        _show(desk, invoice_id)
    except So24Error as error:
        st.error(escape_markdown(str(error)), icon=":material/error:")


def _show(desk: Desk, invoice_id: int) -> None:
    standing = TransferFilter(invoice_ids=frozenset({invoice_id}), latest_only=True)
    for line in read_history(desk, standing):
        _show_standing(desk, line)
    if not desk.actor.may(Permission.SEE_INVOICES):
        show_way(read_events(desk, invoice_id))
        return
    way, contents, request, files = st.tabs(["Way", "Document", "What goes out", "Files"])
    [row] = read_overview(desk, InvoiceFilter(ids=frozenset({invoice_id}))).rows
    with way:
        show_way(read_events(desk, invoice_id))
    with contents:
        show_contents(desk, row, read_document(desk, invoice_id), "drawer_")
    with request:
        _show_request(desk, invoice_id)
    with files:
        show_document_files(desk, row)


def _show_standing(desk: Desk, line: ReceiptLine) -> None:
    """How it stands: state, amounts, both numbers, and what is to be done."""
    kind = line.kind.replace("_", " ")
    st.markdown(f"**{escape_markdown(f'{kind.capitalize()} {line.number}, {line.customer}')}**")
    with st.container(horizontal=True, vertical_alignment="center"):
        st.badge(line.status, color=colour_of(line.state))  # type: ignore[arg-type] # one of its literals
        st.markdown(format_sum(line.total, line.currency), width="content")
        if line.office_invoice_id is not None:
            st.markdown(f"Invoice {line.office_invoice_id} in 24SevenOffice", width="content")
        elif line.order_id is not None:
            st.markdown(f"Order {line.order_id} in 24SevenOffice", width="content")
    if line.explanation:
        st.markdown(escape_markdown(line.explanation))
    if line.customer_card:
        st.caption(f"Customer card: {escape_markdown(line.customer_card)}")
    if line.is_problem and line.card:
        show_card_actions(desk, line.reason, [line], place="drawer")
    st.page_link(
        RECEIPT, label="Its receipt", icon=":material/task_alt:", query_params={"run": line.run}
    )


def _show_request(desk: Desk, invoice_id: int) -> None:
    if not desk.actor.may(Permission.EXPORT):
        return
    outgoing = show_outgoing(desk, invoice_id)
    if outgoing.xml:
        st.caption(
            "What an export would send for it now; ids in «words» are known when it is sent."
        )
        st.code(outgoing.xml, language="xml", height=420)
    else:
        st.caption(escape_markdown(outgoing.problem))
