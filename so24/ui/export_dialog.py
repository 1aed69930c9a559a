"""The one question before an export, and the way from its answer to the receipt."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from so24.amounts import format_count, format_sum
from so24.errors import So24Error
from so24.transfer.jobs import job_enqueuer
from so24.transfer.preview import Preview, PreviewLane, preview_run
from so24.transfer.runs import start_run
from so24.ui import basket, flash
from so24.ui.places import RECEIPT
from so24.ui.session import acting, installation
from so24.ui.status_chips import status_column
from so24.ui.text import escape_markdown

_STARTED = "so24_started_run"


def go_to_started_run() -> None:
    """Open the receipt of a run that a button has just started, if one has."""
    run_id = st.session_state.pop(_STARTED, None)
    if run_id is not None:
        st.switch_page(RECEIPT, query_params={"run": run_id})


def note_started_run(run_id: str, words: str) -> None:
    """Have the next run of the page open this receipt; for callbacks."""
    st.session_state[_STARTED] = run_id
    flash.say(words)


@st.dialog("Send to 24SevenOffice?", width="large", icon=":material/send:")
def ask_to_export(ids: Sequence[int]) -> None:
    """Show what will go and what will not, and send it on one press."""
    if _STARTED in st.session_state:  # the callback has sent it: close, and on to the receipt
        st.rerun()
    try:
        preview = preview_run(installation(), acting(), ids)
    except So24Error as error:
        st.error(escape_markdown(str(error)))
        return
    _show_lanes(preview)
    _show_blocked(preview)
    with st.container(horizontal=True, horizontal_alignment="right"):
        away = st.button("Cancel", key="export_no")
        sent = st.button(
            "Send",
            key="export_yes",
            type="primary",
            disabled=not preview.going,
            on_click=_send,
            args=(ids,),
        )
    if away or sent:
        st.rerun()


def _send(ids: Sequence[int]) -> None:
    with flash.complaining():
        opened = installation()
        run_id = start_run(opened, acting(), ids, job_enqueuer(opened))
        note_started_run(run_id, f"Transfer of {format_count(len(ids))} documents started.")
        basket.clear()


def _show_lanes(preview: Preview) -> None:
    if not preview.going:
        st.warning("None of the selected documents can be sent.")
        return
    st.markdown(f"**{format_count(preview.going)}** go to 24SevenOffice:")
    rows = [_lane_row(lane, currency) for lane in preview.lanes for currency in lane.sums]
    st.table(pd.DataFrame(rows).set_index("Key"), border="horizontal")


def _lane_row(lane: PreviewLane, currency: str) -> dict[str, str]:
    return {
        "Key": escape_markdown(lane.key),
        "Company": escape_markdown(lane.company),
        "Documents": format_count(lane.documents),
        "Sum incl. VAT": format_sum(lane.sums[currency], currency),
    }


def _show_blocked(preview: Preview) -> None:
    blocked = preview.blocked
    if not blocked:
        return
    kept = "; the receipt keeps the reasons" if preview.going else ""  # else there is no receipt
    st.markdown(f"**{format_count(len(blocked))}** will not go{kept}:")
    st.dataframe(
        pd.DataFrame(
            {
                "Number": [each.document.number for each in blocked],
                "Status": [[each.status] for each in blocked],
                "Why": [each.why for each in blocked],
                "Customer": [each.document.customer for each in blocked],
            }
        ),
        column_config={
            "Number": st.column_config.TextColumn("Number", width=80),
            "Status": status_column(width=110),
            "Why": st.column_config.TextColumn("Why", width=520),
        },
        hide_index=True,
        height=min(37 * (len(blocked) + 1) + 3, 260),
        alt="Documents that will not go, with the reason",
    )
