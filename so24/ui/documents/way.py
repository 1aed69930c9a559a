"""A document's way, as a timeline: each change of its transfers, the newest first."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from so24.dates import format_moment
from so24.language.said import say
from so24.language.telling import tell
from so24.store.tables.transfer_tables import State, TransferEvent
from so24.ui.frame.flash import escape_markdown
from so24.ui.parts.tables import colour_of, status_of
from so24.ui.receipts.history_view import name_actor

_ICONS = {
    "green": ":material/check_circle:",
    "blue": ":material/pending:",
    "red": ":material/error:",
    "gray": ":material/circle:",
}


def show_way(events: Sequence[TransferEvent]) -> None:
    """Draw the events as steps; one without particulars has none to unfold."""
    if not events:
        st.caption(tell("It was never sent."))
        return
    for event in reversed(events):
        state = State(event.state)
        status = tell(status_of(state))
        words = escape_markdown(f"{format_moment(event.at, seconds=True)} · {status}")
        with st.expander(words, icon=_ICONS[colour_of(state)], type="step", expanded=True):
            st.caption(escape_markdown(" · ".join(_particulars(event))))


def _particulars(event: TransferEvent) -> list[str]:
    """What is known of a step, told piece by piece."""
    by = say("by {actor}", actor=name_actor(event.actor))
    told = [event.reason.card.title, event.words, by]
    if event.order_id is not None:
        told.append(say("order {order}", order=event.order_id))
    if event.office_invoice_id is not None:
        told.append(say("invoice {invoice}", invoice=event.office_invoice_id))
    return [tell(each) for each in told if each]
