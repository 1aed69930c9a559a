"""The audit trail: its filters, and one page of its events."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from so24.dates import format_moment
from so24.language.said import say_count
from so24.language.telling import tell
from so24.people.audit_trail import TrailEvent, trail_choices
from so24.people.desk import Desk
from so24.store.people.audit import TrailFilter
from so24.store.tables.people_tables import LONGEST_LOGIN
from so24.ui.parts.tables import pick_log_filter

_WIDTHS = {
    "When": 145, "User": 90, "What": 170, "Subject": 165, "Detail": 275, "From": 115, "Login": 75,
    "Browser": 130,
}  # fmt: skip


def pick_filter(desk: Desk) -> TrailFilter:
    """Draw the filters and read them."""
    known = trail_choices(desk)
    words = (tell("What"), tell("Everything"))
    picked = pick_log_filter("audit", known.actors, known.actions, *words)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        source = st.selectbox(
            tell("From"), known.sources, index=None, format_func=tell,
            placeholder=tell("Everywhere"), key="audit_source", persist_state="session", width=250,
        )  # fmt: skip
        login = st.text_input(
            tell("Login"), key="audit_login", max_chars=LONGEST_LOGIN, persist_state="session",
            width=250, help=tell("The mark of a login, which its owner finds under *Account*."),
        )  # fmt: skip
    return TrailFilter(
        picked.begins, picked.ends, picked.actor, picked.kinds, source or "", login.strip().lower()
    )


def count_events(found: int) -> str:
    """How many events there are, said."""
    return say_count("{number} event", "{number} events", found)


def event_cells(event: TrailEvent) -> dict[str, object]:
    """An event as the downloaded file has it, its words told."""
    return {
        "When": event.at,
        "User": event.actor,
        "What": tell(event.action),
        "Subject": event.subject,
        "Detail": tell(event.detail),
        "From": tell(event.source),
        "Login": event.login,
        "Browser": event.browser,
    }


def show_events(events: Sequence[TrailEvent]) -> None:
    """Draw one page of events."""
    frame = pd.DataFrame([event_cells(event) for event in events])
    frame["When"] = [format_moment(event.at, seconds=True) for event in events]
    st.dataframe(
        frame,
        key="audit_events",
        hide_index=True,
        placeholder="",
        column_config={
            name: st.column_config.TextColumn(tell(name), width=width)
            for name, width in _WIDTHS.items()
        },
        alt=tell("Events of the audit trail, newest first"),
    )
