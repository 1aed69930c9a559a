"""What can be done on a problem's card itself: a field, a way there, or words for who can do it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from so24.amounts import format_amount, format_count, sum_by_currency
from so24.identifiers import tidy_identifier
from so24.invoices.decisions import set_excluded
from so24.language.said import join_said, say, say_count
from so24.language.telling import tell
from so24.people.desk import Desk
from so24.people.roles import Permission
from so24.reasons import (
    ADMIN,
    CARD_QUESTIONS,
    CREDIT_QUESTIONS,
    IN_THE_OVERVIEW,
    PRODUCT_QUESTIONS,
    Reason,
)
from so24.store.transfers.receipt_line import ReceiptLine
from so24.transfer.plan.entered import enter_credited
from so24.transfer.runs import tell_fault
from so24.ui.frame import flash
from so24.ui.frame.flash import escape_markdown
from so24.ui.frame.session import (
    CREDENTIALS,
    CUSTOMERS,
    FOR_DEPARTMENT,
    HELP,
    INVOICES,
    acting_desk,
)
from so24.ui.help.library import TROUBLESHOOTING, address_of
from so24.ui.invoices.filters import ALL, HELD, LEFT_OUT, status_in_address

SHOWN = 5
_LISTS = {Reason.HELD: HELD, Reason.EXCLUDED: LEFT_OUT}  # the status of the list that has them
_NAMED = 20
_LONGEST_NUMBER = 12  # digits of an invoice's number in 24SevenOffice


def show_card_actions(desk: Desk, reason: Reason, lines: Sequence[ReceiptLine]) -> None:
    """Draw what this user can do about these documents, which share a reason."""
    show_ways(desk, reason, lines)
    if desk.actor.may(Permission.EXPORT) and reason in CREDIT_QUESTIONS:
        for line in lines[:SHOWN]:
            _ask_credited(line)


def show_ways(desk: Desk, reason: Reason, lines: Sequence[ReceiptLine]) -> None:
    """Draw the ways to where it is done, or the words for who can do it."""
    if reason.card.title:
        address = address_of(TROUBLESHOOTING, reason)
        st.page_link(HELP, label=tell("More in Help"), icon=":material/help:", query_params=address)
    if reason.card.who == ADMIN or reason.card.names_credentials:
        _show_way_to_credentials(desk, reason, lines)
    if not desk.actor.may(Permission.EXPORT):
        return
    if reason in (*CARD_QUESTIONS, *PRODUCT_QUESTIONS):
        st.page_link(CUSTOMERS, label=tell("Customers and products"), icon=":material/contacts:")
    elif reason in IN_THE_OVERVIEW:
        st.page_link(
            INVOICES, label=tell("Invoice overview"), icon=":material/receipt_long:",
            query_params=status_in_address(_LISTS.get(reason, ALL)),
        )  # fmt: skip


def offer_to_include(desk: Desk, line: ReceiptLine) -> None:
    """The way back for a document that a person has left out."""
    if desk.actor.may(Permission.EXPORT):
        st.button(
            tell("Include again"),
            key=f"include_{line.invoice_id}",
            type="tertiary",
            icon=":material/undo:",
            on_click=_include,
            args=(line,),
        )


def ask_administrator(reason: Reason, lines: Sequence[ReceiptLine]) -> str:
    """What to tell a System Administrator, told in plain words that can be sent."""
    numbers = ", ".join(line.number for line in lines[:_NAMED])
    if len(lines) > _NAMED:
        more = format_count(len(lines) - _NAMED)
        numbers = say("{documents} and {count} more", documents=numbers, count=more)
    totals = sum_by_currency((line.currency, line.total) for line in lines)
    which = say_count(
        "so24 could not send {number} document to 24SevenOffice: {documents} ({sums}), of "
        "{departments}.",
        "so24 could not send {number} documents to 24SevenOffice: {documents} ({sums}), of "
        "{departments}.",
        len(lines),
        documents=numbers,
        sums=", ".join(format_amount(each, name) for name, each in totals.items()),
        departments=", ".join(sorted({line.department for line in lines})),
    )
    why = say("Why: {cause}", cause=reason.card.sentence)
    what = say("What to do: {remedy}", remedy=reason.card.remedy)
    return tell(join_said([which, why, what], "\n"))


def _show_way_to_credentials(desk: Desk, reason: Reason, lines: Sequence[ReceiptLine]) -> None:
    if not desk.actor.may(Permission.MANAGE_KEYS):
        with st.popover(tell("Tell a System Administrator"), icon=":material/content_copy:"):
            st.caption(tell("A text to copy and send:"))
            st.code(ask_administrator(reason, lines), language=None, wrap_lines=True)
        return
    if reason is not Reason.NO_KEY:
        st.page_link(CREDENTIALS, label=tell("Credentials"), icon=":material/key:")
        return
    for department in sorted({line.department for line in lines})[:SHOWN]:
        st.page_link(
            CREDENTIALS,
            label=tell("Add a key for {department}", department=escape_markdown(department)),
            icon=":material/key:",
            query_params={FOR_DEPARTMENT: department},
        )


def _ask_credited(line: ReceiptLine) -> None:
    field = f"card_credits_{line.invoice_id}"
    with st.container(horizontal=True, vertical_alignment="bottom"):
        draw_credited_field(
            tell(
                "Invoice in 24SevenOffice that {document} credits",
                document=escape_markdown(line.number),
            ),
            field,
            placeholder=tell("Its number there"),
            save=_save,
            args=(line.invoice_id, line.number, field),
        )
    flash.show_complaints(field)


def _save(invoice_id: int, number: str, field: str) -> None:
    save_credited(invoice_id, number, field)


def draw_credited_field(
    label: str,
    field: str,
    *,
    placeholder: str,
    save: Callable[[int, str, str], None],
    args: tuple[int, str, str],
    hint: str | None = None,
) -> None:
    """Draw the field (by its key) for the number of a credited invoice, and its button.

    Its texts are told. ``save`` is the button's callback, with what :func:`save_credited` takes as
    its ``args``.
    """
    st.text_input(
        label, key=field, max_chars=_LONGEST_NUMBER, placeholder=placeholder, help=hint, width=330
    )
    st.button(tell("Save number"), key=f"{field}_save", on_click=save, args=args)


def save_credited(invoice_id: int, number: str, field: str) -> bool:
    """Save what stands in the field, and say whether a run could send the credit note by it.

    False where nothing was saved; what is wrong is told at the ``field`` then. For callbacks.
    """
    typed = tidy_identifier(st.session_state[field] or "")
    if not typed:
        flash.complain(say("Enter the number that the invoice has in 24SevenOffice first."), field)
        return False
    if not (typed.isascii() and typed.isdigit()):
        words = say(
            "“{typed}” is no invoice number of 24SevenOffice: those are digits.", typed=typed
        )
        flash.complain(words, field)
        return False
    with flash.complaining(field):
        told = enter_credited(acting_desk(), invoice_id, int(typed))
        fault = tell_fault(acting_desk(), invoice_id)
        told = join_said([say("It cannot be sent by it yet."), fault]) if fault else told
        saved = say(
            "Credit note {document} credits invoice {invoice}.", document=number, invoice=typed
        )
        flash.say(join_said([saved, told]), tick=not fault)
        return True
    return False


def _include(line: ReceiptLine) -> None:
    with flash.complaining():
        set_excluded(acting_desk(), [line.invoice_id], None)
        flash.say(say("Document {document} is included again.", document=line.number))
