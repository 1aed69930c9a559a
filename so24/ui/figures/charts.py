"""What has become of each week's documents, as charts with their data as tables beside them.

Charts have whole units of a currency, for a bar's length shows no more; the tables have it all.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pandas as pd
import streamlit as st

from so24.amounts import format_count
from so24.transfer.figures import DocumentStanding, FirstTryCause, WeekQuality, WeekSum
from so24.ui.parts.tables import with_amounts

# the colours of states everywhere: green there, blue on the way, red for somebody, grey the rest
_COLOURS = {
    DocumentStanding.TRANSFERRED: "#2e8b57",
    DocumentStanding.IN_TRANSFER: "#2f74d0",
    DocumentStanding.TRIED_LATER: "#8fb4e6",
    DocumentStanding.FAILED: "#d0453e",
    DocumentStanding.NOT_TRANSFERRED: "#b9a44c",
    DocumentStanding.EXCLUDED: "#8a93a0",
}
_WIDTHS = [3, 2]
_DAY = dt.timedelta(days=1)


def show_weeks(sums: Sequence[WeekSum], currency: str) -> None:
    """How the documents of each week stand, in numbers and in one currency's amounts."""
    st.header("How each week’s documents stand")
    counts, amounts = st.tabs(["Documents", f"Amount, {currency}"])
    chosen = [each for each in sums if each.currency == currency]
    with counts:
        _draw_weeks([(each.monday, each.standing, each.documents) for each in sums])
    with amounts:
        _draw_weeks([(each.monday, each.standing, _whole(each.amount)) for each in chosen])
    frame = pd.DataFrame(
        {
            "Week": [name_week(each.monday) for each in sums],
            "Stands": [each.standing.value for each in sums],
            "Documents": pd.array([each.documents for each in sums], dtype="Int64"),
            "Sum incl. VAT": [each.amount for each in sums],
            "Currency": [each.currency for each in sums],
        }
    )
    with st.expander("The data of this chart"):
        _show_table(frame, "figures_weeks", "Documents and sums by week and standing", True)


def show_quality(quality: Sequence[WeekQuality]) -> None:
    """How many documents of each week went at the first try, and how long it took."""
    st.header("Right at the first try")
    chart, table = st.columns(_WIDTHS)
    judged = [each for each in quality if each.tried]
    with chart:
        st.bar_chart(
            pd.DataFrame(
                {
                    "Week": [name_week(each.monday) for each in judged],
                    "Right at the first try, %": [_share(each) for each in judged],
                }
            ),
            x="Week",
            y="Right at the first try, %",
            color=_COLOURS[DocumentStanding.TRANSFERRED],
            height=260,
        )
    frame = pd.DataFrame(
        {
            "Week": [name_week(each.monday) for each in quality],
            "Tried": pd.array([each.tried for each in quality], dtype="Int64"),
            "At the first try": pd.array([each.right_first for each in quality], dtype="Int64"),
            "Half within": [tell_duration(each.usual) for each in quality],
            "90 % within": [tell_duration(each.slow) for each in quality],
        }
    )
    with table:
        _show_table(frame, "figures_quality", "First tries and times from import to transfer")
        st.caption("*Within*: the time from the document’s first import to *transferred*.")


def show_causes(causes: Sequence[FirstTryCause]) -> None:
    """Why documents did not go at their first try."""
    st.header("Why not at the first try")
    if not causes:
        st.info("Every document that was tried went at the first try.", icon=":material/check:")
        return
    chart, table = st.columns(_WIDTHS)
    with chart:
        st.bar_chart(
            pd.DataFrame(
                {
                    "Cause": [each.title for each in causes],
                    "gone since": [each.documents - each.still for each in causes],
                    "not yet": [each.still for each in causes],
                }
            ),
            x="Cause",
            y=["gone since", "not yet"],
            color=[_COLOURS[DocumentStanding.TRANSFERRED], _COLOURS[DocumentStanding.FAILED]],
            x_label="",
            y_label="Documents",
            horizontal=True,
            sort=False,
            height=max(180, 32 * len(causes) + 90),
        )
    frame = pd.DataFrame(
        {
            "Documents": pd.array([each.documents for each in causes], dtype="Int64"),
            "Not yet": pd.array([each.still for each in causes], dtype="Int64"),
            "Cause": [each.title for each in causes],
        }
    )
    with table:
        _show_table(frame, "figures_causes", "Causes by the number of documents")


def name_week(monday: dt.date) -> str:
    """``2026-48``: the year and number of a week by ISO 8601, which Norway's calendars follow."""
    year, week, _ = monday.isocalendar()
    return f"{year}-{week:02}"


def tell_duration(duration: dt.timedelta | None) -> str:
    """``2 h 05 min`` or ``3 d 4 h``; empty for None."""
    if duration is None:
        return ""
    minutes = int(duration.total_seconds()) // 60
    hours, minutes = divmod(minutes, 60)
    if duration >= _DAY:
        return f"{format_count(hours // 24)} d {hours % 24} h"
    return f"{hours} h {minutes:02} min" if hours else f"{minutes} min"


def _draw_weeks(parts: Sequence[tuple[dt.date, DocumentStanding, int]]) -> None:
    weeks = sorted({monday for monday, _, _ in parts})
    shown = [each for each in DocumentStanding if any(standing is each for _, standing, _ in parts)]
    table = {each.value: dict.fromkeys(weeks, 0) for each in shown}
    for monday, standing, length in parts:
        table[standing.value][monday] += length
    frame = pd.DataFrame({name: list(row.values()) for name, row in table.items()})
    frame.insert(0, "Week", [name_week(each) for each in weeks])
    colours: list[Any] = [_COLOURS[each] for each in shown]
    st.bar_chart(
        frame,
        x="Week",
        y=[each.value for each in shown],
        y_label="",
        color=colours,
        height=300,
    )


def _show_table(frame: pd.DataFrame, key: str, alt: str, amounts: bool = False) -> None:
    columns = ("Sum incl. VAT",) if amounts else ()
    whole = [str(name) for name in frame if str(frame[name].dtype) == "Int64"]
    st.dataframe(with_amounts(frame, columns, whole), key=key, hide_index=True, alt=alt)


def _share(week: WeekQuality) -> int:
    return 100 * week.right_first // week.tried


def _whole(amount: Decimal) -> int:
    return int(amount.quantize(Decimal(1), ROUND_HALF_UP))
