"""What a run has to create in 24SevenOffice, the requests that it needs, and how long it takes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import pandas as pd
import streamlit as st

from so24.dates import describe_seconds, format_moment
from so24.language.said import say
from so24.language.telling import tell
from so24.transfer.preview.forecast import Creation, LookResult, PreviewLane
from so24.transfer.preview.preview import Preview
from so24.transfer.preview.requests_and_time import (
    Estimate,
    describe_requests,
    estimate_lane,
    finish_seconds,
)
from so24.ui.frame.flash import escape_markdown
from so24.ui.frame.session import installation
from so24.ui.parts.headings import headings_of

_ROW, _HEAD, _MOST = 35, 38, 260


def as_looked_up(
    preview: Preview, looks: Mapping[int, LookResult]
) -> Iterator[PreviewLane | LookResult]:
    """What tells for each lane what is to be created: its look, else the plan."""
    for lane in preview.lanes:
        look = looks.get(lane.key_id)
        yield look if look is not None and not look.problem else lane


def show_creations(preview: Preview, looks: Mapping[int, LookResult]) -> None:
    """What is to be created by each key, by its look or else by the plan."""
    shown = False
    for lane, seen in zip(preview.lanes, as_looked_up(preview, looks), strict=True):
        looked, company = isinstance(seen, LookResult), escape_markdown(lane.company)
        for words, things in (
            (_say_customers(company, looked=looked), seen.customers),
            (_say_products(company, looked=looked), seen.products),
        ):
            if things:
                shown = True
                st.markdown(tell(words))
                _show_things(things)
    if not shown:
        st.caption(tell("All customers and products are there already."))


def _say_customers(company: str, *, looked: bool) -> str:
    if looked:
        return say("**Customers** in {company}, will be created", company=company)
    return say(
        "**Customers** in {company}, will be looked for, and created if missing", company=company
    )


def _say_products(company: str, *, looked: bool) -> str:
    if looked:
        return say("**Products** in {company}, will be created", company=company)
    return say(
        "**Products** in {company}, will be looked for, and created if missing", company=company
    )


def _show_things(things: Sequence[Creation]) -> None:
    frame = pd.DataFrame(
        {"Number": [each.number for each in things], "Name": [each.name for each in things]}
    )
    if any(each.category for each in things):
        frame["Category"] = [each.category for each in things]
    st.dataframe(
        frame,
        hide_index=True,
        height=height_of(len(things)),
        column_config=headings_of(frame.columns),
        alt=tell("To be created"),
    )


def show_effort(preview: Preview, looks: Mapping[int, LookResult]) -> None:
    """The requests of each key, its quota and its time, and when all will be finished."""
    settings = installation().settings
    estimates = [estimate_lane(settings, each, looks.get(each.key_id)) for each in preview.lanes]
    rows = [_effort_row(*pair) for pair in zip(preview.lanes, estimates, strict=True)]
    st.table(pd.DataFrame(rows).set_index(tell("Key")), border="horizontal")
    finish = describe_seconds(finish_seconds(settings, estimates))
    st.markdown(tell("Finished {time} after the start, if nothing gets in the way.", time=finish))
    if not all(each.looked_up for each in estimates):
        st.caption(
            tell(
                "Planned with everything missing there and a usual round trip. Look up for the "
                "exact requests, the quota and a measured round trip."
            )
        )


def _effort_row(lane: PreviewLane, estimate: Estimate) -> dict[str, str]:
    resets = estimate.quota.resets_at
    return {
        tell("Key"): escape_markdown(lane.key),
        tell("Requests"): escape_markdown(tell(describe_requests(estimate))),
        tell("New quota at"): format_moment(resets) if resets else "–",
        tell("Time"): tell(describe_seconds(estimate.seconds)),
    }


def height_of(rows: int) -> int:
    """The height of a grid of so many rows, in pixels; a long one scrolls."""
    return min(_ROW * rows + _HEAD, _MOST)
