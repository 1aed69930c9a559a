"""What can be done now about one document: answer, leave out, take in again; each says its effect.

What a reason asks for is done by the actions of its card, as on the receipt.
"""

from __future__ import annotations

import streamlit as st

from so24.invoices.answers import QUESTIONS
from so24.invoices.decisions import release_held, set_excluded
from so24.invoices.declarations import (
    PROBABLY,
    SAME_REASONS,
    declare_credited,
    declare_other,
    declare_same,
)
from so24.invoices.questions import take_back_whose
from so24.language.said import say
from so24.language.telling import tell
from so24.people.desk import Desk
from so24.people.roles import Permission
from so24.sources.landing.whose import is_said
from so24.store.documents.overview import InvoiceRow
from so24.store.tables.document_tables import Asks, DocumentKind, Invoice
from so24.store.tables.transfer_tables import State
from so24.store.transfers.receipt_line import ReceiptLine
from so24.ui.frame import flash
from so24.ui.frame.flash import escape_markdown
from so24.ui.frame.session import INVOICES, acting_desk
from so24.ui.invoices.list_question import ask_about_customer
from so24.ui.invoices.more_dialog import give_answer
from so24.ui.parts.opening import ask_for_document
from so24.ui.receipts.card_actions import draw_credited_field, save_credited

_REASON = "drawer_reason"
_CREDITED = "credited_office_id"


def show_answers(desk: Desk, row: InvoiceRow, invoice: Invoice, line: ReceiptLine | None) -> None:
    """Draw what this user can say of the document; nothing where nothing can be said."""
    if not desk.actor.may(Permission.IMPORT):
        return
    if row.excluded:
        st.button(
            tell("Include again"), key="drawer_include", icon=":material/undo:",
            on_click=_include, args=(row.id, row.number),
        )  # fmt: skip
        return
    _ask_what_is_open(desk, row)
    live = row.state is not None and row.state.is_live
    if is_said(invoice) and not live:
        _offer_to_take_back(row, invoice)
    if row.kind is DocumentKind.CREDIT_NOTE and not live:
        _ask_credited(invoice)
    with st.container(horizontal=True):
        if line is not None and line.state is State.EXISTS and line.reason in SAME_REASONS:
            _ask_same(line)
        if not live:
            _offer_to_exclude(row)


def _ask_what_is_open(desk: Desk, row: InvoiceRow) -> None:
    if row.held:
        _ask_kind(row)
    if row.asks in QUESTIONS:
        _ask_question(row)
    elif row.asks is Asks.LIST:
        ask_about_customer(desk, row.customer_number)
    if row.date_assumed:
        st.page_link(
            INVOICES,
            label=tell("Its date is proposed: confirm it above the list of invoices"),
            icon=":material/receipt_long:",
        )


def _ask_kind(row: InvoiceRow) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(tell("What is it?"), width="content")
        for kind, label in (
            (DocumentKind.INVOICE, tell("It is an invoice")),
            (DocumentKind.CREDIT_NOTE, tell("It is a credit note")),
        ):
            st.button(label, key=f"drawer_{kind.value}", on_click=_release, args=(row.id, kind))


def _ask_question(row: InvoiceRow) -> None:
    question = QUESTIONS[row.asks]
    st.markdown(tell(question.words))
    with st.container(horizontal=True):
        for same in (True, False):
            st.button(
                tell(question.answer(same=same).label), key=f"drawer_answer_{same}",
                on_click=_answer, args=(row.id, f"{row.series}-{row.number}", row.asks, same),
            )  # fmt: skip


def _offer_to_take_back(row: InvoiceRow, invoice: Invoice) -> None:
    """A person's word that it is its customer's, and the way to take it back."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(
            tell(
                "It is made out to “{buyer}”, and was said to be {customer}'s.",
                buyer=escape_markdown(invoice.buyer_name),
                customer=escape_markdown(row.customer),
            ),
            width="content",
        )
        st.button(
            tell("Take the answer back"), key="drawer_take_back", on_click=_take_back_whose,
            args=(row.id,),
        )  # fmt: skip


def _ask_same(line: ReceiptLine) -> None:
    """Each asks once more: a wrong answer invoices a customer twice, or never."""
    with st.popover(tell("Same document")):
        st.markdown(
            tell(
                "Document {document} is order {order} in 24SevenOffice then, and so24 never sends "
                "it, until it is included again.",
                document=escape_markdown(line.number),
                order=line.order_id,
            )
        )
        st.button(
            tell("Yes, same document"), key="drawer_same", on_click=_declare,
            args=(line.invoice_id, True),
        )  # fmt: skip
    if line.reason != PROBABLY:
        return
    with st.popover(tell("Another document")):
        st.markdown(
            tell(
                "Order {order} in 24SevenOffice has the same customer, date and total. If it is "
                "the same document after all, the customer is invoiced twice.",
                order=line.order_id,
            )
        )
        st.button(
            tell("Yes, another document"), key="drawer_other", on_click=_declare,
            args=(line.invoice_id, False),
        )  # fmt: skip


def _ask_credited(note: Invoice) -> None:
    """The number that was entered, and a field to change it."""
    entered = note.credited_office_id
    if entered is not None:
        st.caption(
            tell("Entered by hand: it credits invoice {invoice} in 24SevenOffice.", invoice=entered)
        )
    field = f"{_CREDITED}_{note.id}"
    with st.container(horizontal=True, vertical_alignment="bottom"):
        draw_credited_field(
            tell("Number of the credited invoice in 24SevenOffice"),
            field,
            placeholder=tell("Only where so24 has not transferred it"),
            save=_save,
            args=(note.row_id, note.number, field),
            hint=tell(
                "The invoice that this credit note credits. It is read before it is used: it must "
                "be invoiced and belong to the same firm. A credit note of several invoices, or of "
                "none, is entered in 24SevenOffice by hand, and excluded here."
            ),
        )
        if entered is not None:
            label = tell("Take back")
            st.button(label, on_click=_take_back, args=(note.row_id,), key=f"{field}_back")
    flash.show_complaints(field)


def _offer_to_exclude(row: InvoiceRow) -> None:
    with st.popover(tell("Exclude from export"), icon=":material/block:"):
        hint = tell("Why it is not to be exported")
        st.text_input(tell("Reason"), key=_REASON, max_chars=200, placeholder=hint)
        label = tell("Exclude")
        st.button(label, key="drawer_exclude", on_click=_exclude, args=(row.id, row.number))
        flash.show_complaints(_REASON)


def _exclude(invoice_id: int, number: str) -> None:
    with flash.complaining(_REASON):
        set_excluded(acting_desk(), [invoice_id], st.session_state.get(_REASON, ""))
        _tell(invoice_id, say("Document {document} is excluded from export.", document=number))


def _include(invoice_id: int, number: str) -> None:
    with flash.complaining():
        set_excluded(acting_desk(), [invoice_id], None)
        _tell(invoice_id, say("Document {document} is included again.", document=number))


def _release(invoice_id: int, kind: DocumentKind) -> None:
    with flash.complaining():
        release_held(acting_desk(), [invoice_id], kind)
        _tell(invoice_id, say("It is declared: {kind}.", kind=kind.words))


def _answer(invoice_id: int, number: str, asks: Asks, same: bool) -> None:
    with flash.complaining():
        give_answer({invoice_id: number}, asks, same=same)
        ask_for_document(invoice_id)


def _take_back_whose(invoice_id: int) -> None:
    with flash.complaining():
        count = take_back_whose(acting_desk(), [invoice_id])
        gone = say("It is in transfer or transferred by now.")
        _tell(invoice_id, say("The answer is taken back.") if count else gone)


def _declare(invoice_id: int, same: bool) -> None:
    declare = declare_same if same else declare_other
    with flash.complaining():
        declare(acting_desk(), invoice_id)
        told = say("It is excluded from export.") if same else say("It is sent by a retry.")
        _tell(invoice_id, told)


def _save(invoice_id: int, number: str, field: str) -> None:
    if save_credited(invoice_id, number, field):
        ask_for_document(invoice_id)


def _take_back(invoice_id: int) -> None:
    with flash.complaining():
        declare_credited(acting_desk(), invoice_id, None)
        _tell(invoice_id, say("It credits what RecMan says."))


def _tell(invoice_id: int, words: str) -> None:
    """Say what has become of it, and open it once more as it is now."""
    flash.say(words)
    ask_for_document(invoice_id)
