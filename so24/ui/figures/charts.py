"""What has become of each week's documents, as charts with their data as tables beside them.

Charts have whole units of a currency, for a bar's length shows no more; the tables have it all.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal

import pandas as pd
import streamlit as st

from so24.amounts import format_count
from so24.language.said import say
from so24.language.telling import tell
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
_LABELS = {
    "Week": say("Week"), "Stands": say("Stands"), "Documents": say("Documents"),
    "Sum incl. VAT": say("Sum incl. VAT"), "Currency": say("Currency"), "Tried": say("Tried"),
    "At the first try": say("At the first try"), "Half within": say("Half within"),
    "90 % within": say("90 % within"), "Not yet": say("Not yet"), "Cause": say("Cause"),
}  # fmt: skip
_DAY = dt.timedelta(days=1)


def most_used(sums: Sequence[WeekSum]) -> str:
    """The currency of the most documents."""
    counts: Counter[str] = Counter()
    for each in sums:
        counts[each.currency] += each.documents
    return max(sorted(counts), key=counts.__getitem__)


def show_weeks(sums: Sequence[WeekSum], currency: str) -> None:
    """How the documents of each week stand, in numbers and in one currency's amounts."""
    st.header(tell("How each week’s documents stand"))
    amount = tell("Amount, {currency}", currency=currency)
    counts, amounts = st.tabs([tell("Documents"), amount])
    chosen = [each for each in sums if each.currency == currency]
    with counts:
        _draw_weeks(
            tell("Documents"), [(each.monday, each.standing, each.documents) for each in sums]
        )
    with amounts:
        parts = [(each.monday, each.standing, _whole(each.amount)) for each in chosen]
        _draw_weeks(amount, parts)
    frame = pd.DataFrame(
        {
            "Week": [name_week(each.monday) for each in sums],
            "Stands": [tell(each.standing.value) for each in sums],
            "Documents": pd.array([each.documents for each in sums], dtype="Int64"),
            "Sum incl. VAT": [each.amount for each in sums],
            "Currency": [each.currency for each in sums],
        }
    )
    with st.expander(tell("The data of this chart")):
        alt = tell("Documents and sums by week and standing")
        _show_table(frame, "figures_weeks", alt, True)


def show_quality(quality: Sequence[WeekQuality]) -> None:
    """How many documents of each week went at the first try, and how long it took."""
    st.header(tell("Right at the first try"))
    judged = [each for each in quality if each.tried]
    title = tell("Right at the first try, %")
    rows = [(name_week(each.monday), title, _share(each)) for each in judged]
    colours = {title: _COLOURS[DocumentStanding.TRANSFERRED]}
    names = (tell("Week"), tell("Stands"), title)
    _draw_bars(rows, names, colours, height=260, legend=False, unit=" %")
    frame = pd.DataFrame(
        {
            "Week": [name_week(each.monday) for each in quality],
            "Tried": pd.array([each.tried for each in quality], dtype="Int64"),
            "At the first try": pd.array([each.right_first for each in quality], dtype="Int64"),
            "Half within": [tell_duration(each.usual) for each in quality],
            "90 % within": [tell_duration(each.slow) for each in quality],
        }
    )
    _show_table(frame, "figures_quality", tell("First tries and times from import to transfer"))
    st.caption(tell("*Within*: the time from the document’s first import to *transferred*."))


def show_causes(causes: Sequence[FirstTryCause], *, tried: int) -> None:
    """Why documents did not go at their first try; ``tried`` is how many were tried at all."""
    st.header(tell("Why not at the first try"))
    if not tried:
        st.info(tell("No document was tried yet."), icon=":material/bar_chart:")
        return
    if not causes:
        st.info(
            tell("Every document that was tried went at the first try."), icon=":material/check:"
        )
        return
    colours = {
        tell("gone since"): _COLOURS[DocumentStanding.TRANSFERRED],
        tell("not yet"): _COLOURS[DocumentStanding.FAILED],
    }
    rows = [
        (tell(each.title), since, count)
        for each in causes
        for since, count in zip(colours, (each.documents - each.still, each.still), strict=True)
    ]
    _draw_bars(
        rows, (tell("Cause"), tell("Since"), tell("Documents")), colours,
        height=max(180, 32 * len(causes) + 90), lying=True,
    )  # fmt: skip
    frame = pd.DataFrame(
        {
            "Documents": pd.array([each.documents for each in causes], dtype="Int64"),
            "Not yet": pd.array([each.still for each in causes], dtype="Int64"),
            "Cause": [tell(each.title) for each in causes],
        }
    )
    _show_table(frame, "figures_causes", tell("Causes by the number of documents"))


def name_week(monday: dt.date) -> str:
    """``Week 48, 2026``, told: the week by ISO 8601, which Norway's calendars follow."""
    year, week, _ = monday.isocalendar()
    return tell("Week {week}, {year}", week=week, year=year)


def tell_duration(duration: dt.timedelta | None) -> str:
    """``2 h 05 min`` or ``3 d 4 h``, told; empty for None."""
    if duration is None:
        return ""
    minutes = int(duration.total_seconds()) // 60
    hours, minutes = divmod(minutes, 60)
    if duration >= _DAY:
        days = format_count(hours // 24)
        return tell("{days} d {hours} h", days=days, hours=hours % 24)
    minute = f"{minutes:02}" if hours else str(minutes)
    if hours:
        return tell("{hours} h {minutes} min", hours=hours, minutes=minute)
    return tell("{minutes} min", minutes=minute)


def _draw_weeks(title: str, parts: Sequence[tuple[dt.date, DocumentStanding, int]]) -> None:
    shown = [each for each in DocumentStanding if any(standing is each for _, standing, _ in parts)]
    lengths: dict[tuple[dt.date, DocumentStanding], int] = defaultdict(int)
    for monday, standing, length in parts:
        lengths[monday, standing] += length
    rows = [
        (name_week(monday), tell(standing.value), length)
        for (monday, standing), length in sorted(lengths.items(), key=lambda each: each[0][0])
    ]
    colours = {tell(each.value): _COLOURS[each] for each in shown}
    _draw_bars(rows, (tell("Week"), tell("Stands"), title), colours, height=300)


def _draw_bars(
    rows: Sequence[tuple[str, str, int]],
    names: tuple[str, str, str],
    colours: Mapping[str, str],
    *,
    height: int,
    lying: bool = False,
    legend: bool = True,
    unit: str = "",
) -> None:
    """Bars put together of parts: ``rows`` are what each stands for, its part, and its length.

    ``names`` are what people call these three. ``lying``: the words stand at the left. ``unit``
    stands behind the figures of the axis.
    """
    of, part, length = names
    words = {"field": "of", "type": "nominal", "title": None, "sort": None,
             "axis": {"labelAngle": 0, "labelLimit": 260, "labelOverlap": not lying}}  # fmt: skip
    figures = {"field": "length", "type": "quantitative", "title": None, "stack": "zero",
               "scale": {"domain": reach_of(rows)},
               "axis": {"tickMinStep": 1, "format": ",d", "minExtent": 44,
                        "labelExpr": f"datum.label + '{unit}'"}}  # fmt: skip
    scale = {"domain": list(colours), "range": list(colours.values())}
    st.vega_lite_chart(
        pd.DataFrame(rows, columns=["of", "part", "length"]),
        {
            "mark": "bar",
            "encoding": {
                "y" if lying else "x": words,
                "x" if lying else "y": figures,
                "color": {
                    "field": "part", "type": "nominal", "title": None, "scale": scale,
                    "legend": {"orient": "bottom", "columns": 2} if legend else None,
                },
                "tooltip": [
                    {"field": "of", "type": "nominal", "title": of},
                    *([{"field": "part", "type": "nominal", "title": part}] if legend else []),
                    {"field": "length", "type": "quantitative", "title": length, "format": ",d"},
                ],
            },
        },
        height=height,
    )  # fmt: skip


def reach_of(rows: Sequence[tuple[str, str, int]]) -> list[int]:
    """From where to where the longest bars go.

    The browser would reckon it too early: it draws a chart before it has the chart's data.
    """
    above: dict[str, int] = defaultdict(int)
    below: dict[str, int] = defaultdict(int)
    for of, _, length in rows:
        (above if length > 0 else below)[of] += length
    return [min(below.values(), default=0), max(above.values(), default=0) or 1]


def _show_table(frame: pd.DataFrame, key: str, alt: str, amounts: bool = False) -> None:
    columns = ("Sum incl. VAT",) if amounts else ()  # in English: a column's key
    labels = {str(name): tell(_LABELS[str(name)]) for name in frame}
    whole = [str(name) for name in frame if str(frame[name].dtype) == "Int64"]
    shown = with_amounts(frame, columns, whole)
    st.dataframe(shown, key=key, hide_index=True, alt=alt, column_config=labels)


def _share(week: WeekQuality) -> int:
    return 100 * week.right_first // week.tried


def _whole(amount: Decimal) -> int:
    return int(amount.quantize(Decimal(1), ROUND_HALF_UP))
