"""The sections of a preview: what goes, what does not, what is created, requests and time.

The last one is :mod:`so24.ui.export.outgoing_view`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence

import pandas as pd
import streamlit as st

from so24.amounts import format_count, format_sum
from so24.dates import describe_seconds, format_moment
from so24.errors import Difference
from so24.stated_total import tell_stated_total
from so24.states import STATUS_WORDS
from so24.transfer.preview.forecast import Creation, Forecast, LookResult, Outcome, PreviewLane
from so24.transfer.preview.preview import Preview, PreviewRow, sum_totals
from so24.transfer.preview.requests_and_time import (
    Estimate,
    describe_requests,
    estimate_lane,
    finish_seconds,
)
from so24.ui.export.outgoing_view import show_what_goes_out
from so24.ui.frame.flash import escape_markdown
from so24.ui.frame.session import installation
from so24.ui.parts.opening import number_column
from so24.ui.parts.tables import amount_column, currencies_of, status_column, with_amounts

_ROW, _HEAD, _MOST = 35, 38, 260
SECTIONS = ("Will be sent", "Will not be sent", "To be created", "Requests and time",
            "What goes out")  # fmt: skip
_SENT, _KEPT = 0, 1  # the places of those whose numbers open documents


def show_counts(preview: Preview) -> None:
    """How many documents go, and how many do not, in one sentence, and what they come to."""
    if not preview.going:
        st.warning("None of the selected documents can be sent.")
    verb = "goes" if preview.going == 1 else "go"
    counts = ((preview.going, f"{verb} to 24SevenOffice"), (len(preview.blocked), "will not go"))
    words = "; ".join(f"**{format_count(count)}** {verb}" for count, verb in counts if count)
    st.markdown(f"{words}.")
    st.markdown("; ".join(f"{what} **{sums}**" for what, sums in _grand_totals(preview)))


def _grand_totals(preview: Preview) -> Iterator[tuple[str, str]]:
    """What goes and what does not, and its sums in words."""
    going = (preview.rows[each] for lane in preview.lanes for each in lane.invoice_ids)
    staying = (preview.rows[each.invoice_id] for each in preview.blocked)
    for what, rows in (("Goes:", going), ("does not go:", staying)):
        sums = sum_totals(rows)
        if sums:
            yield what, " · ".join(format_sum(sums[currency], currency) for currency in sums)


def show_sections(
    preview: Preview,
    going: Preview,
    looks: Mapping[int, LookResult],
    *,
    on_open: Callable[[int, int], None],
    first: int = 0,
) -> None:
    """The preview's tabs, with what the looks have found; only the reasons where nothing goes.

    ``going`` is the preview after the looks. ``on_open`` gets the id of a document whose number is
    pressed and the place of its section; ``first`` is the place of the section that is open.
    """
    if not preview.going:
        _show_blocked(preview, on_open)
        return
    _show_outcomes(looks)
    created = sum(
        len(lane.customers) + len(lane.products) for lane in _as_looked_up(preview, looks)
    )
    counts = (going.going, len(going.blocked), created, None, None)
    titles = [
        title if count is None else f"{title} ({format_count(count)})"
        for title, count in zip(SECTIONS, counts, strict=True)
    ]
    sent, kept, creations, effort, outgoing = st.tabs(titles, default=titles[first])
    with sent:
        _show_lanes(going)
        _show_documents(going, looks, on_open)
    with kept:
        st.caption("The receipt keeps the reasons.")
        _show_blocked(going, on_open)
    with creations:
        _show_creations(preview, looks)
    with effort:
        _show_effort(preview, looks)
    with outgoing:
        show_what_goes_out(going, looks)


def _as_looked_up(
    preview: Preview, looks: Mapping[int, LookResult]
) -> Iterator[PreviewLane | LookResult]:
    """What tells for each lane what is to be created: its look, else the plan."""
    for lane in preview.lanes:
        look = looks.get(lane.key_id)
        yield look if look is not None and not look.problem else lane


def _show_outcomes(looks: Mapping[int, LookResult]) -> None:
    """How many documents would come to which end, and when that was looked up."""
    taken = [look for look in looks.values() if not look.problem]
    if not taken:
        return
    counts = Counter(each.outcome for look in taken for each in look.forecasts)
    words = "; ".join(f"{format_count(counts[each])} {each}" for each in Outcome if counts[each])
    first = min(look.taken_at for look in taken)
    st.markdown(f"Looked up {format_moment(first)}: {words}.")


def show_differences(differences: Sequence[Difference], preview: Preview) -> None:
    """What has changed since the preview that was confirmed, by the numbers that it shows."""
    numbers = {f"{row.series}-{row.number}": row.number for row in preview.rows.values()}
    st.dataframe(
        pd.DataFrame(
            {
                "Number": [numbers.get(each.document, each.document) for each in differences],
                "What": [each.what for each in differences],
                "Was": [each.was for each in differences],
                "Is now": [each.now for each in differences],
            }
        ),
        hide_index=True,
        height=_height(len(differences)),
        alt="What has changed since the preview",
    )


def _show_lanes(preview: Preview) -> None:
    rows = [
        _lane_row(lane, currency, count)
        for lane in preview.lanes
        for currency, count in _count_currencies(preview, lane).items()
    ]
    if not rows:
        st.caption("Nothing is left to be sent.")
        return
    # the sum first: a telephone's screen shows no more of the row
    st.table(pd.DataFrame(rows).set_index("Sum incl. VAT"), border="horizontal")
    if len(preview.lanes) > len(preview.company_sums):  # two keys of one company
        for company, sums in preview.company_sums.items():
            words = " · ".join(format_sum(sums[currency], currency) for currency in sums)
            st.caption(f"{escape_markdown(company)} in all: {words}")


def _count_currencies(preview: Preview, lane: PreviewLane) -> Counter[str]:
    return Counter(preview.rows[each].currency for each in lane.invoice_ids)


def _lane_row(lane: PreviewLane, currency: str, count: int) -> dict[str, str]:
    return {
        "Sum incl. VAT": format_sum(lane.sums[currency], currency),
        "Key": escape_markdown(lane.key),
        "Documents": format_count(count),
        "Company": escape_markdown(lane.company),
    }


def _show_documents(
    preview: Preview, looks: Mapping[int, LookResult], on_open: Callable[[int, int], None]
) -> None:
    ids = [each for lane in preview.lanes for each in lane.invoice_ids]
    if not ids:
        return
    found = {each.invoice_id: each for look in looks.values() for each in look.forecasts}
    rows = [preview.rows[each] for each in ids]
    frame = pd.DataFrame(
        {
            "Number": [row.number for row in rows],
            "Total": [row.total for row in rows],
            "Customer": [row.customer for row in rows],
            "What will happen": [_tell(row, found.get(row.id)) for row in rows],
            "Currency": [row.currency for row in rows],
        }
    )
    currency = currencies_of(row.currency for row in rows)
    if currency:
        del frame["Currency"]
    st.dataframe(
        with_amounts(frame, ("Total",), repeated=("Customer", "What will happen")),
        column_config={
            "Number": number_column(
                ids, key="export_open_sent", width=70, on_open=lambda each: on_open(each, _SENT)
            ),
            "Total": amount_column(f"Total {currency}".strip(), width=100),
            "Customer": st.column_config.TextColumn("Customer", width=150),
            "What will happen": st.column_config.TextColumn("What will happen", width=480),
        },
        hide_index=True,
        height=_height(len(rows)),
        alt="Documents that will be sent",
    )


def _tell(row: PreviewRow, found: Forecast | None) -> str:
    planned = "Will be looked for, and sent if it is not there."
    stated = tell_stated_total(row.stated_total, row.total, row.currency)
    return f"{planned if found is None else found.sentence} {stated}".strip()


def _show_blocked(preview: Preview, on_open: Callable[[int, int], None]) -> None:
    blocked, rows = preview.blocked, preview.rows
    if not blocked:
        st.caption("Everything selected will be sent.")
        return
    told = [rows[each.invoice_id] for each in blocked]
    currency = currencies_of(row.currency for row in told)
    frame = pd.DataFrame(
        {
            "Number": [row.number for row in told],
            "Total": [row.total for row in told],
            "Status": [[STATUS_WORDS[each.state]] for each in blocked],
            "Why": [each.sentence for each in blocked],
            "Customer": [row.customer for row in told],
            "Currency": [row.currency for row in told],
        }
    )
    if currency:
        del frame["Currency"]
    st.dataframe(
        with_amounts(frame, ("Total",), repeated=("Why",)),
        column_config={
            "Number": number_column(
                [row.id for row in told],
                key="export_open_kept",
                width=70,
                on_open=lambda each: on_open(each, _KEPT),
            ),
            "Total": amount_column(f"Total {currency}".strip(), width=100),
            "Status": status_column(width=110, cells=frame["Status"]),
            "Why": st.column_config.TextColumn("Why", width=560),
        },
        hide_index=True,
        height=_height(len(blocked)),
        alt="Documents that will not go, with the reason",
    )


def _show_creations(preview: Preview, looks: Mapping[int, LookResult]) -> None:
    shown = False
    for lane, seen in zip(preview.lanes, _as_looked_up(preview, looks), strict=True):
        verb = "will be looked for, and created if missing"
        if isinstance(seen, LookResult):
            verb = "will be created"
        for name, things in (("Customers", seen.customers), ("Products", seen.products)):
            if things:
                shown = True
                st.markdown(f"**{name}** in {escape_markdown(lane.company)}, {verb}")
                _show_things(things)
    if not shown:
        st.caption("All customers and products are there already.")


def _show_things(things: Sequence[Creation]) -> None:
    frame = pd.DataFrame(
        {"Number": [each.number for each in things], "Name": [each.name for each in things]}
    )
    if any(each.category for each in things):
        frame["Category"] = [each.category for each in things]
    st.dataframe(frame, hide_index=True, height=_height(len(things)), alt="To be created")


def _show_effort(preview: Preview, looks: Mapping[int, LookResult]) -> None:
    settings = installation().settings
    estimates = [estimate_lane(settings, each, looks.get(each.key_id)) for each in preview.lanes]
    rows = [_effort_row(*pair) for pair in zip(preview.lanes, estimates, strict=True)]
    st.table(pd.DataFrame(rows).set_index("Key"), border="horizontal")
    finish = describe_seconds(finish_seconds(settings, estimates))
    st.markdown(f"Finished {finish} after the start, if nothing gets in the way.")
    if not all(each.looked_up for each in estimates):
        st.caption(
            "Planned with everything missing there and a usual round trip. Look up for the exact "
            "requests, the quota and a measured round trip."
        )


def _effort_row(lane: PreviewLane, estimate: Estimate) -> dict[str, str]:
    resets = estimate.quota.resets_at
    return {
        "Key": escape_markdown(lane.key),
        "Requests": escape_markdown(describe_requests(estimate)),
        "New quota at": format_moment(resets) if resets else "–",
        "Time": describe_seconds(estimate.seconds),
    }


def _height(rows: int) -> int:
    return min(_ROW * rows + _HEAD, _MOST)
