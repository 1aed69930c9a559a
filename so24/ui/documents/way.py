"""A document's way, as a timeline: its transfers' changes and people's turns, the newest first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import streamlit as st

from so24.dates import format_moment
from so24.invoices.decisions import TURNS
from so24.language.said import say
from so24.language.telling import tell
from so24.store.tables.people_tables import AuditEvent
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


def show_way(events: Sequence[TransferEvent], turns: Sequence[AuditEvent]) -> None:
    """Draw the events as steps, with when somebody has left the document out or taken it in again.

    One without particulars has none to unfold.
    """
    if not events:
        st.caption(tell("It was never sent."))
    steps: list[TransferEvent | AuditEvent] = [*events, *turns]
    for event in sorted(steps, key=lambda each: each.at, reverse=True):
        if isinstance(event, TransferEvent):
            state = State(event.state)
            _show_step(event.at, status_of(state), colour_of(state), _particulars(event))
        else:
            by = tell("by {actor}", actor=name_actor(event.actor))
            told = [tell(event.detail), by] if event.detail else [by]
            _show_step(event.at, TURNS[event.action], "gray", told)


def _show_step(at: dt.datetime, words: str, colour: str, told: Sequence[str]) -> None:
    title = escape_markdown(f"{format_moment(at, seconds=True)} · {tell(words)}")
    with st.expander(title, icon=_ICONS[colour], type="step", expanded=True):
        st.caption(escape_markdown(" · ".join(told)))


def _particulars(event: TransferEvent) -> list[str]:
    """What is known of a step, told piece by piece."""
    by = say("by {actor}", actor=name_actor(event.actor))
    told = [event.reason.card.title, event.words, by]
    if event.order_id is not None:
        told.append(say("order {order}", order=event.order_id))
    if event.office_invoice_id is not None:
        told.append(say("invoice {invoice}", invoice=event.office_invoice_id))
    return [tell(each) for each in told if each]
