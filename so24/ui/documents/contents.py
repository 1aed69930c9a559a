"""One document in full: its customer, its lines, and its amounts as stated and as added up."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from so24.amounts import format_amount, format_quantity
from so24.dates import format_date
from so24.language.said import say
from so24.language.telling import tell
from so24.people.desk import Desk
from so24.store.documents.documents import Document
from so24.store.documents.overview import InvoiceRow
from so24.store.tables.document_tables import Asks, DocumentKind, Invoice
from so24.ui.frame.flash import escape_markdown
from so24.ui.invoices.finding_view import show_findings
from so24.ui.parts.headings import MADE_OUT_TO, PRODUCT_NO, headings_of
from so24.ui.parts.tables import amount_column, date_column, with_amounts

ASK_HERE = say("It can be answered above.")


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
        reason = escape_markdown(tell(invoice.excluded_reason))
        st.info(tell("Excluded from export: {reason}", reason=reason))
    if invoice.held:
        _show_held(invoice.held, ASK_HERE)
    for question in invoice.questions:
        _show_held(question, ASK_HERE)
    if row.asks is Asks.LIST:
        _show_held(row.question, ASK_HERE)
    if invoice.changed_after_export:
        st.error(
            tell(
                "Changed after it was exported. {change} If what came last is right, correct it by "
                "a credit note in RecMan.",
                change=escape_markdown(tell(invoice.change)),
            )
        )


def _show_held(question: str, answer: str) -> None:
    st.warning(
        tell("Held: {question} {answer}", question=escape_markdown(tell(question)), answer=answer)
    )


def _show_facts(document: Document) -> None:
    invoice, customer = document.invoice, document.customer
    date = format_date(invoice.invoice_date)
    if invoice.date_assumed:
        date = tell("{date} (to be confirmed)", date=date)
    address = f"{customer.address}, {customer.postal_code} {customer.city} {customer.country}"
    facts = {
        tell("Customer"): f"{customer.number} {customer.name}",
        **_buyer(document),
        tell("Organization number"): customer.organization_number or "–",
        tell("Address"): address.strip(", ") or "–",
        tell("Department"): f"{document.department.number} {document.department.name}".strip(),
        tell("Invoice date"): date,
        **_credited(invoice),
        tell("Due date"): format_date(invoice.due_date) or "–",
        tell("Our reference"): invoice.our_reference or "–",
        tell("Project"): f"{invoice.project_number} {invoice.project_name}".strip() or "–",
    }
    st.table({escape_markdown(name): escape_markdown(text) for name, text in facts.items()},
             border="horizontal")  # fmt: skip


def _buyer(document: Document) -> dict[str, str]:
    name = document.invoice.buyer_name
    return {tell(MADE_OUT_TO): name} if name not in ("", document.customer.name) else {}


def _credited(invoice: Invoice) -> dict[str, str]:
    if invoice.kind is not DocumentKind.CREDIT_NOTE:
        return {}
    return {tell("Credits invoice"): invoice.credited_number or tell("not stated")}


def _show_amounts(invoice: Invoice) -> None:
    stated_net = None
    if invoice.stated_total is not None and invoice.stated_vat is not None:
        stated_net = invoice.stated_total - invoice.stated_vat
    frame = pd.DataFrame(
        {
            tell("Added up by so24, {currency}", currency=invoice.currency): [
                format_amount(each) for each in (invoice.net, invoice.vat, invoice.total)
            ],
            tell("Stated by the source"): [
                format_amount(each) or "–"
                for each in (stated_net, invoice.stated_vat, invoice.stated_total)
            ],
        },
        index=[tell("Net"), tell("VAT"), tell("Total")],
    )
    st.table(frame, border="horizontal")
    if invoice.stated_total is not None and invoice.stated_total != invoice.total:
        difference = format_amount(invoice.stated_total - invoice.total, invoice.currency)
        st.caption(tell("The source's own total is off by {difference}.", difference=difference))


def _show_lines(document: Document) -> None:
    lines = document.lines
    frame = pd.DataFrame(
        {
            "Line": [line.position for line in lines],
            PRODUCT_NO: [line.product_number for line in lines],
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
            **headings_of(frame.columns),
            **{
                name: st.column_config.TextColumn(tell(name), width=width)
                for name, width in ((PRODUCT_NO, 80), ("Text", 180))
            },
            "Line": st.column_config.NumberColumn(tell("Line"), width=42),
            "Date": date_column(tell("Date"), width=84),
            **{
                name: st.column_config.TextColumn(tell(name), alignment="right", width=width)
                for name, width in (("Quantity", 70), ("Price", 84), ("VAT %", 58))
            },
            "Net": amount_column(tell("Net"), width=92),
        },
        alt=tell("Lines of the document"),
    )
