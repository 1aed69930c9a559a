"""The audit trail: its filters, and one page of its events."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from so24.dates import format_moment
from so24.people.audit_trail import TrailEvent, trail_choices
from so24.people.desk import Desk
from so24.store.people.audit import TrailFilter
from so24.store.tables.people_tables import LONGEST_LOGIN
from so24.ui.parts.tables import pick_log_filter


def pick_filter(desk: Desk) -> TrailFilter:
    """Draw the filters and read them."""
    known = trail_choices(desk)
    picked = pick_log_filter("audit", known.actors, known.actions, "What", "Everything")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        source = st.selectbox(
            "From", known.sources, index=None, placeholder="Everywhere", key="audit_source",
            persist_state="session", width=250,
        )  # fmt: skip
        login = st.text_input(
            "Login", key="audit_login", max_chars=LONGEST_LOGIN, persist_state="session", width=250,
            help="The mark of a login, which its owner finds under *Account*.",
        )  # fmt: skip
    return TrailFilter(
        picked.begins, picked.ends, picked.actor, picked.kinds, source or "", login.strip().lower()
    )


def event_cells(event: TrailEvent) -> dict[str, object]:
    """An event as the downloaded file has it."""
    return {
        "When": event.at,
        "User": event.actor,
        "What": event.action,
        "Subject": event.subject,
        "Detail": event.detail,
        "From": event.source,
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
            "When": st.column_config.TextColumn("When", width=145),
            "User": st.column_config.TextColumn("User", width=90),
            "What": st.column_config.TextColumn("What", width=170),
            "Subject": st.column_config.TextColumn("Subject", width=165),
            "Detail": st.column_config.TextColumn("Detail", width=275),
            "From": st.column_config.TextColumn("From", width=115),
            "Login": st.column_config.TextColumn("Login", width=75),
            "Browser": st.column_config.TextColumn("Browser", width=130),
        },
        alt="Events of the audit trail, newest first",
    )
