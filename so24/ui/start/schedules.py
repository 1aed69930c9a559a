"""What *Today* shows of schedules: the last time, the next one, and what was left for people."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from so24.amounts import format_count
from so24.language.telling import tell
from so24.people.desk import Desk
from so24.people.roles import Permission
from so24.store.tables.schedule_tables import ScheduleKind
from so24.transfer.schedules.sentences import (
    tell_last_time,
    tell_next_time,
    tell_setting,
    tell_trouble,
    title_of_schedule,
)
from so24.transfer.schedules.standing import ScheduleView, read_left
from so24.ui.frame.flash import escape_markdown
from so24.ui.frame.session import IMPORTS, RECEIPT
from so24.ui.parts.opening import number_column

_WHY_WIDTH = 700


def show_schedules_today(desk: Desk, schedules: Sequence[ScheduleView]) -> None:
    """A line for each schedule that is on; nothing where none is."""
    if not schedules:
        return
    with st.container(border=True, key="today_schedules"):
        st.header(tell("Done by itself"), anchor=False)
        for view in schedules:
            _show_schedule(desk, view)


def _show_schedule(desk: Desk, view: ScheduleView) -> None:
    icon = ":material/error:" if tell_trouble(view) else ":material/schedule:"
    title = escape_markdown(tell(title_of_schedule(view)))
    told = [tell_last_time(view), tell_next_time(view), tell_setting(view)]
    lines = "  \n".join(escape_markdown(tell(each)) for each in told)
    with st.container(gap=None):
        st.markdown(f"{icon} **{title}**")
        st.caption(lines)
    last = view.last
    if last is None:
        return
    if last.run:
        st.page_link(
            RECEIPT,
            label=tell("Receipt"),
            icon=":material/task_alt:",
            query_params={"run": last.run},
        )
    elif view.kind is ScheduleKind.FETCH:
        st.page_link(IMPORTS, label=tell("Imports"), icon=":material/upload_file:")
    if last.left and view.kind is ScheduleKind.EXPORT and desk.actor.may(Permission.SEE_INVOICES):
        _show_left(desk, view)


def _show_left(desk: Desk, view: ScheduleView) -> None:
    left = read_left(desk, view.id)
    if not left:
        return
    label = tell("Still waits for people: {count}", count=format_count(len(left)))
    with st.expander(label):
        st.dataframe(
            pd.DataFrame(
                {"Number": [each.number for each in left], "Why": [tell(each.why) for each in left]}
            ),
            key=f"today_left_{view.id}",
            hide_index=True,
            column_config={
                "Number": number_column(
                    [each.invoice_id for each in left], key=f"today_left_open_{view.id}"
                ),
                "Why": st.column_config.TextColumn(tell("Why"), width=_WHY_WIDTH),
            },
            alt=tell("Documents that were left for people, and why"),
        )
