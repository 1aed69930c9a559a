"""The audit trail: its filters, and one page of its events."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from so24.dates import format_moment
from so24.people.audit_trail import TrailEvent, trail_choices
from so24.people.desk import Desk
from so24.store.people.audit import LogFilter
from so24.ui.parts.tables import pick_log_filter


def pick_filter(desk: Desk) -> LogFilter:
    """Draw the filters and read them."""
    return pick_log_filter("audit", *trail_choices(desk), "What", "Everything")


def event_cells(event: TrailEvent) -> dict[str, object]:
    """An event as the downloaded file has it."""
    return {
        "When": event.at,
        "User": event.actor,
        "What": event.action,
        "Subject": event.subject,
        "Detail": event.detail,
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
        },
        alt="Events of the audit trail, newest first",
    )
