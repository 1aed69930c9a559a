"""One document in full: its customer, its lines, and its amounts as stated and as added up."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from so24.amounts import format_amount, format_quantity
from so24.dates import format_date
from so24.people.desk import Desk
from so24.store.documents.documents import Document
from so24.store.documents.overview import InvoiceRow
from so24.store.tables.document_tables import Asks, DocumentKind, Invoice
from so24.ui.frame.flash import escape_markdown
from so24.ui.invoices.finding_view import show_findings
from so24.ui.invoices.more_dialog import ASK_ABOVE
from so24.ui.parts.tables import amount_column, date_column, with_amounts

ASK_HERE = "It can be answered above (Finance)."


def show_contents(desk: Desk, row: InvoiceRow, document: Document) -> None:
    """What the document says, and what was found about it."""
    _show_remarks(document, row)
    show_findings(desk, row)
    customer, amounts = st.columns([3, 2])
    with customer:
        _show_facts(document)
    with amounts:
        _show_amounts(document.invoice)
    _show_lines(document)


def _show_remarks(document: Document, row: InvoiceRow) -> None:
    invoice = document.invoice
    if invoice.excluded:
        st.info(f"Excluded from export: {escape_markdown(invoice.excluded_reason)}")
    if invoice.held:
        st.warning(f"Held: {escape_markdown(invoice.held)} {ASK_HERE}")
    for question in invoice.questions:
        st.warning(f"Held: {escape_markdown(question)} {ASK_HERE}")
    if row.asks is Asks.LIST:
        st.warning(f"Held: {escape_markdown(row.question)} {ASK_ABOVE}")
    if invoice.changed_after_export:
        told = escape_markdown(invoice.change)
        st.error(
            f"Changed after it was exported. {told} If what came last is right, correct it by a "
            "credit note in RecMan."
        )


def _show_facts(document: Document) -> None:
    invoice, customer = document.invoice, document.customer
    assumed = " (proposed)" if invoice.date_assumed else ""
    address = f"{customer.address}, {customer.postal_code} {customer.city} {customer.country}"
    facts = {
        "Customer": f"{customer.number} {customer.name}",
        **_buyer(document),
        "Organization number": customer.organization_number or "–",
        "Address": address.strip(", ") or "–",
        "Department": f"{document.department.number} {document.department.name}".strip(),
        "Invoice date": f"{format_date(invoice.invoice_date)}{assumed}",
        **_credited(invoice),
        "Due date": format_date(invoice.due_date) or "–",
        "Our reference": invoice.our_reference or "–",
        "Project": f"{invoice.project_number} {invoice.project_name}".strip() or "–",
    }
    st.table({escape_markdown(name): escape_markdown(text) for name, text in facts.items()},
             border="horizontal")  # fmt: skip


def _buyer(document: Document) -> dict[str, str]:
    name = document.invoice.buyer_name
    return {"Made out to": name} if name not in ("", document.customer.name) else {}


def _credited(invoice: Invoice) -> dict[str, str]:
    if invoice.kind is not DocumentKind.CREDIT_NOTE:
        return {}
    return {"Credits invoice": invoice.credited_number or "not stated"}


def _show_amounts(invoice: Invoice) -> None:
    stated_net = None
    if invoice.stated_total is not None and invoice.stated_vat is not None:
        stated_net = invoice.stated_total - invoice.stated_vat
    frame = pd.DataFrame(
        {
            f"Added up by so24, {invoice.currency}": [
                format_amount(each) for each in (invoice.net, invoice.vat, invoice.total)
            ],
            "Stated by the source": [
                format_amount(each) or "–"
                for each in (stated_net, invoice.stated_vat, invoice.stated_total)
            ],
        },
        index=["Net", "VAT", "Total"],
    )
    st.table(frame, border="horizontal")
    if invoice.stated_total is not None and invoice.stated_total != invoice.total:
        difference = format_amount(invoice.stated_total - invoice.total, invoice.currency)
        st.caption(f"The source's own total is off by {difference}.")


def _show_lines(document: Document) -> None:
    lines = document.lines
    frame = pd.DataFrame(
        {
            "Line": [line.position for line in lines],
            "Product no.": [line.product_number for line in lines],
            "Text": [line.text or line.product_name for line in lines],
            "Date": [line.line_date for line in lines],
            "Quantity": [format_quantity(line.quantity) for line in lines],
            "Price": [format_quantity(line.unit_price, decimals=2) for line in lines],
            "VAT %": [format_quantity(line.vat_rate) for line in lines],
            "Net": [line.net for line in lines],
        }
    )
    st.dataframe(
        with_amounts(frame, ("Net",)),
        key=f"document_lines_{document.invoice_id}",
        hide_index=True,
        placeholder="",
        column_config={
            **{
                name: st.column_config.TextColumn(name, width=width)
                for name, width in (("Product no.", 80), ("Text", 180))
            },
            "Line": st.column_config.NumberColumn("Line", width=42),
            "Date": date_column("Date", width=84),
            **{
                name: st.column_config.TextColumn(name, alignment="right", width=width)
                for name, width in (("Quantity", 70), ("Price", 84), ("VAT %", 58))
            },
            "Net": amount_column("Net", width=92),
        },
        alt="Lines of the document",
    )
