"""The drawer of a document: how it stands, what can be done, its way so far, what it consists of.

It opens beside the list that it was opened from. Analysts see its way and its amounts, and not the
lines and files, which are for those who work with invoices.
"""

from __future__ import annotations

import streamlit as st

from so24.dates import format_moment
from so24.errors import NotActivated, So24Error
from so24.invoices.decisions import read_turns
from so24.invoices.overview import read_document, read_overview
from so24.language.said import say
from so24.language.telling import tell
from so24.people.desk import Desk
from so24.people.roles import Permission
from so24.store.documents.overview import InvoiceFilter
from so24.store.transfers.receipt_line import ReceiptLine
from so24.transfer.history import read_events
from so24.transfer.preview.request_view import show_outgoing, show_sent
from so24.transfer.receipt import read_standing
from so24.ui.documents.answers import show_answers
from so24.ui.documents.contents import show_contents
from so24.ui.documents.standing import show_line, show_unsent
from so24.ui.documents.way import show_way
from so24.ui.export.outgoing_view import tell_request
from so24.ui.frame import flash
from so24.ui.frame.flash import escape_markdown
from so24.ui.frame.session import acting_desk
from so24.ui.invoices.originals_view import show_document_files
from so24.ui.parts.opening import ask_for_document, draw_by, take_asked


def open_asked_document() -> None:
    """Open the document that a list was asked for, if one was.

    Each page with lists begins so: its fragments let the page run for as long as one is asked for.
    """
    draw_by(_draw)
    invoice_id = take_asked()
    if invoice_id is not None:
        # its title is told in each run anew, so that it is made a dialog only here
        st.dialog(
            tell("Document"), width="medium", position="right", icon=":material/receipt_long:"
        )(_open)(invoice_id)


def _open(invoice_id: int) -> None:
    """Draw the drawer of a document, for whoever acts now.

    What was done in it is told by a run of the whole page, which opens it once more.
    """
    if flash.waits():
        ask_for_document(invoice_id)
        st.rerun()
    _draw(invoice_id)


def _draw(invoice_id: int) -> None:
    """Draw a document for whoever acts now, or why it cannot be shown."""
    try:
        _show(acting_desk(), invoice_id)
    except So24Error as error:
        st.error(escape_markdown(tell(error.words)), icon=":material/error:")


def _show(desk: Desk, invoice_id: int) -> None:
    line = read_standing(desk, invoice_id)
    if not desk.actor.may(Permission.SEE_INVOICES):
        if line is not None:
            show_line(desk, line)
        show_way(read_events(desk, invoice_id), read_turns(desk, invoice_id))
        return
    document = read_document(desk, invoice_id)
    [row] = read_overview(desk, InvoiceFilter(ids=frozenset({invoice_id}))).rows
    if line is None:
        show_unsent(row)
    else:
        show_line(desk, line)
    show_answers(desk, row, document.invoice, line)
    went = line is not None and line.state.is_live
    titles = [
        tell("Way"),
        tell("Document"),
        tell("What went out") if went else tell("What goes out"),
        tell("Files"),
    ]
    way, contents, request, files = st.tabs(
        titles, default=titles[0] if line is not None else titles[1]
    )
    with way:
        show_way(read_events(desk, invoice_id), read_turns(desk, invoice_id))
    with contents:
        show_contents(desk, row, document)
    with request:
        _show_request(desk, invoice_id, line if went else None)
    with files:
        show_document_files(desk, row)


def _show_request(desk: Desk, invoice_id: int, sent: ReceiptLine | None) -> None:
    if not desk.actor.may(Permission.EXPORT):
        return
    try:
        outgoing = show_outgoing(desk, invoice_id) if sent is None else show_sent(desk, invoice_id)
    except NotActivated as error:
        st.caption(escape_markdown(tell(error.words)))
        return
    if outgoing.kept:
        moment = format_moment(outgoing.sent_at, seconds=True)
        st.caption(
            tell(
                "The order as it was sent at {moment}, kept since then: its fields, then those of "
                "each row.",
                moment=moment,
            )
        )
        st.code(outgoing.kept, language=None, height=420)
        return
    if not outgoing.xml:
        st.caption(escape_markdown(tell(outgoing.problem)))
        return
    words = (
        say("What an export would send for it now; ids in «words» are known when it is sent.")
        if sent is None
        else say(
            "The request by the document and the key as they are now: of this document the order "
            "that was sent is not kept, only its hash in the history."
        )
    )
    st.caption(tell(words))
    st.code(tell_request(outgoing), language="xml", height=420)
