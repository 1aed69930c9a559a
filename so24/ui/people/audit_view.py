"""The audit trail: its filters, and one page of its events."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from so24.dates import format_moment
from so24.people.audit_trail import TrailEvent, trail_choices
from so24.people.desk import Desk
from so24.store.people.audit import AuditFilter
from so24.ui.parts.tables import pick_period


def pick_filter(desk: Desk) -> AuditFilter:
    """Draw the filters and read them."""
    actors, actions = trail_choices(desk)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        period = pick_period("Period", "audit_period")
        who = st.selectbox(
            "User", actors, index=None, placeholder="Everybody", key="audit_actor",
            persist_state="session", width=250,
        )  # fmt: skip
        kinds = st.multiselect(
            "What", actions, placeholder="Everything", key="audit_actions", persist_state="session"
        )
    return AuditFilter(period.begins, period.ends, who or "", frozenset(kinds))


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
