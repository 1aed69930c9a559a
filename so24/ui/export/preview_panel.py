"""The sections of a preview: what goes, what does not, what is created, requests and time.

The last one is :mod:`so24.ui.export.outgoing_view`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

import pandas as pd
import streamlit as st

from so24.amounts import format_amount, format_count
from so24.dates import format_moment
from so24.errors import Difference
from so24.language.said import join_said, say
from so24.language.telling import tell, tell_count
from so24.stated_total import tell_stated_total
from so24.states import STATUS_WORDS
from so24.transfer.preview.forecast import Forecast, LookResult, Outcome, PreviewLane
from so24.transfer.preview.preview import Preview, PreviewRow, sum_totals
from so24.ui.export.outgoing_view import show_what_goes_out
from so24.ui.export.preview_effort import as_looked_up, height_of, show_creations, show_effort
from so24.ui.frame.flash import escape_markdown
from so24.ui.parts.headings import SUM, WHAT_WILL_HAPPEN, headings_of, total_in
from so24.ui.parts.opening import number_column
from so24.ui.parts.tables import (
    amount_column,
    currencies_of,
    read_page,
    status_column,
    turn_pages,
    with_amounts,
)

T = TypeVar("T")

SECTIONS = (
    say("Will be sent"),
    say("Will not be sent"),
    say("To be created"),
    say("Requests and time"),
    say("What goes out"),
)
_SENT, _KEPT = 0, 1  # the places of those whose numbers open documents
_SENT_PAGE, _KEPT_PAGE = "export_sent_page", "export_kept_page"
_A_PAGE = 200  # thousands of rows at once cost a quarter of a second and a megabyte


def show_counts(preview: Preview) -> None:
    """How many documents go, and how many do not, in one sentence, and what they come to."""
    if not preview.going:
        st.warning(tell("None of the selected documents can be sent."))
    words = []
    if preview.going:
        words.append(
            tell_count(
                "**{number}** goes to 24SevenOffice",
                "**{number}** go to 24SevenOffice",
                preview.going,
            )
        )
    if preview.blocked:
        words.append(tell("**{count}** will not go", count=format_count(len(preview.blocked))))
    st.markdown(f"{'; '.join(words)}.")
    st.markdown("  \n".join(_grand_totals(preview)))


def _grand_totals(preview: Preview) -> Iterator[str]:
    """What goes and what does not, with its sums, told."""
    going = (preview.rows[each] for lane in preview.lanes for each in lane.invoice_ids)
    staying = (preview.rows[each.invoice_id] for each in preview.blocked)
    if sums := _tell_totals(going):
        yield tell("Goes: **{sums}**", sums=sums)
    if sums := _tell_totals(staying):
        yield tell("Does not go: **{sums}**", sums=sums)


def _tell_totals(rows: Iterable[PreviewRow]) -> str:
    sums = sum_totals(rows)
    return " · ".join(format_amount(sums[currency], currency) for currency in sums)


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
    for lane in preview.lanes:
        if lane.series_doubt:
            st.warning(escape_markdown(tell(lane.series_doubt)), icon=":material/warning:")
    _show_outcomes(looks)
    created = sum(len(lane.customers) + len(lane.products) for lane in as_looked_up(preview, looks))
    told = [format_count(going.going), format_count(len(going.blocked)), format_count(created)]
    if created and not _is_looked_up(preview, looks):
        told[-1] = tell("at most {count}", count=told[-1])
    titles = [
        f"{tell(title)} ({count})" if count else tell(title)
        for title, count in zip(SECTIONS, (*told, "", ""), strict=True)
    ]
    sent, kept, creations, effort, outgoing = st.tabs(titles, default=titles[first])
    with sent:
        _show_lanes(going)
        _show_documents(going, looks, on_open)
    with kept:
        _show_blocked(going, on_open)
    with creations:
        show_creations(preview, looks)
    with effort:
        show_effort(preview, looks)
    with outgoing:
        show_what_goes_out(going, looks)


def _is_looked_up(preview: Preview, looks: Mapping[int, LookResult]) -> bool:
    """Whether every lane was looked at, so that what is missing there is known."""
    found = (looks.get(lane.key_id) for lane in preview.lanes)
    return all(each is not None and not each.problem for each in found)


def _show_outcomes(looks: Mapping[int, LookResult]) -> None:
    """How many documents would come to which end, and when that was looked up."""
    taken = [look for look in looks.values() if not look.problem]
    if not taken:
        return
    counts = Counter(each.outcome for look in taken for each in look.forecasts)
    words = "; ".join(
        f"{format_count(counts[each])} {tell(each.value)}" for each in Outcome if counts[each]
    )
    first = format_moment(min(look.taken_at for look in taken))
    st.markdown(tell("Looked up {date}: {outcomes}.", date=first, outcomes=words))


def show_differences(differences: Sequence[Difference], preview: Preview) -> None:
    """What has changed since the preview that was confirmed, by the numbers that it shows."""
    numbers = {f"{row.series}-{row.number}": row.number for row in preview.rows.values()}
    frame = pd.DataFrame(
        {
            "Number": [numbers.get(each.document, each.document) for each in differences],
            "What": [tell(each.what) for each in differences],
            "Was": [tell(each.was) for each in differences],
            say("Is now"): [tell(each.now) for each in differences],
        }
    )
    st.dataframe(
        frame,
        hide_index=True,
        height=height_of(len(differences)),
        column_config=headings_of(frame.columns),
        alt=tell("What has changed since the preview"),
    )


def _show_lanes(preview: Preview) -> None:
    rows = [
        _lane_row(lane, currency, count)
        for lane in preview.lanes
        for currency, count in _count_currencies(preview, lane).items()
    ]
    if not rows:
        st.caption(tell("Nothing is left to be sent."))
        return
    # the sum first: a telephone's screen shows no more of the row
    st.table(pd.DataFrame(rows).set_index(tell(SUM)), border="horizontal")
    if len(preview.lanes) > len(preview.company_sums):  # two keys of one company
        for company, sums in preview.company_sums.items():
            words = " · ".join(format_amount(sums[currency], currency) for currency in sums)
            name = escape_markdown(company)
            st.caption(tell("{company} in all: {sums}", company=name, sums=words))


def _count_currencies(preview: Preview, lane: PreviewLane) -> Counter[str]:
    return Counter(preview.rows[each].currency for each in lane.invoice_ids)


def _lane_row(lane: PreviewLane, currency: str, count: int) -> dict[str, str]:
    return {
        tell(SUM): format_amount(lane.sums[currency], currency),
        tell("Key"): escape_markdown(lane.key),
        tell("Documents"): format_count(count),
        tell("Company"): escape_markdown(lane.company),
    }


def _show_documents(
    preview: Preview, looks: Mapping[int, LookResult], on_open: Callable[[int, int], None]
) -> None:
    going = [each for lane in preview.lanes for each in lane.invoice_ids]
    ids = _page_of(_SENT_PAGE, going)
    if not ids:
        return
    found = {each.invoice_id: each for look in looks.values() for each in look.forecasts}
    rows = [preview.rows[each] for each in ids]
    frame = pd.DataFrame(
        {
            "Number": [row.number for row in rows],
            "Total": [row.total for row in rows],
            "Customer": [row.customer for row in rows],
            WHAT_WILL_HAPPEN: [_tell(row, found.get(row.id)) for row in rows],
            "Currency": [row.currency for row in rows],
        }
    )
    currency = currencies_of(row.currency for row in rows)
    if currency:
        del frame["Currency"]
    st.dataframe(
        with_amounts(frame, ("Total",), repeated=("Customer", WHAT_WILL_HAPPEN)),
        column_config={
            **headings_of(frame.columns),
            "Number": number_column(
                ids, key="export_open_sent", width=70, on_open=lambda each: on_open(each, _SENT)
            ),
            "Total": amount_column(total_in(currency), width=100),
            "Customer": st.column_config.TextColumn(tell("Customer"), width=150),
            WHAT_WILL_HAPPEN: st.column_config.TextColumn(tell(WHAT_WILL_HAPPEN), width=480),
        },
        hide_index=True,
        height=height_of(len(rows)),
        alt=tell("Documents that will be sent"),
    )
    turn_pages(_SENT_PAGE, len(going), _A_PAGE)


def _page_of(key: str, rows: Sequence[T]) -> Sequence[T]:
    """Those of the rows that stand on the page that is turned to."""
    return read_page(key, lambda start: (rows[start : start + _A_PAGE], len(rows)), _A_PAGE)[0]


def _tell(row: PreviewRow, found: Forecast | None) -> str:
    planned = say("so24 looks it up in 24SevenOffice, and sends it unless it is there.")
    stated = tell_stated_total(row.stated_total, row.total, row.currency)
    return tell(join_said([planned if found is None else found.sentence, stated]))


def _show_blocked(preview: Preview, on_open: Callable[[int, int], None]) -> None:
    blocked, rows = _page_of(_KEPT_PAGE, preview.blocked), preview.rows
    if not blocked:
        st.caption(tell("Everything selected will be sent."))
        return
    told = [rows[each.invoice_id] for each in blocked]
    currency = currencies_of(row.currency for row in told)
    frame = pd.DataFrame(
        {
            "Number": [row.number for row in told],
            "Total": [row.total for row in told],
            "Status": [[tell(STATUS_WORDS[each.state])] for each in blocked],
            "Why": [tell(each.sentence) for each in blocked],
            "Customer": [row.customer for row in told],
            "Currency": [row.currency for row in told],
        }
    )
    if currency:
        del frame["Currency"]
    st.dataframe(
        with_amounts(frame, ("Total",), repeated=("Why",)),
        column_config={
            **headings_of(frame.columns),
            "Number": number_column(
                [row.id for row in told],
                key="export_open_kept",
                width=70,
                on_open=lambda each: on_open(each, _KEPT),
            ),
            "Total": amount_column(total_in(currency), width=100),
            "Status": status_column(width=110, cells=frame["Status"]),
            "Why": st.column_config.TextColumn(tell("Why"), width=560),
        },
        hide_index=True,
        height=height_of(len(blocked)),
        alt=tell("Documents that will not go, with the reason"),
    )
    turn_pages(_KEPT_PAGE, len(preview.blocked), _A_PAGE)
