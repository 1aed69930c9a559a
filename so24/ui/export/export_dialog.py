"""The one question before an export, and the way from its answer to the receipt."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from so24.amounts import format_count
from so24.errors import ChangedMeanwhile, So24Error
from so24.transfer.jobs.worker import job_enqueuer
from so24.transfer.preview.confirmation import Confirmation, ShownPreview
from so24.transfer.preview.preview import Preview, preview_run
from so24.transfer.runs import start_run
from so24.ui.export.preview_looks import looks_of, take_looks, want_looks
from so24.ui.export.preview_panel import show_counts, show_differences, show_sections
from so24.ui.export.preview_warnings import show_warnings
from so24.ui.frame import flash
from so24.ui.frame.places import RECEIPT
from so24.ui.frame.session import acting_desk, installation
from so24.ui.frame.text import escape_markdown
from so24.ui.parts import basket

_STARTED = "so24_started_run"
_CHANGED = "so24_changed_since_preview"
_REFUSALS = "so24_previews_refused"


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
    """Show what will go and what will not, and send just that on one press."""
    if _STARTED in st.session_state:  # the callback has sent it: close, and on to the receipt
        st.rerun()
    try:
        preview = preview_run(acting_desk(), ids)
    except So24Error as error:
        st.error(escape_markdown(str(error)))
        return
    changed = st.session_state.pop(_CHANGED, None)
    if changed is not None:
        st.error(escape_markdown(str(changed)), icon=":material/difference:")
        show_differences(changed.differences)
    show_counts(preview)
    show_warnings(preview)
    take_looks(preview)
    show_sections(preview, looks_of(preview))
    away, sent = _ask(ids, preview)
    if away or (sent and changed is None):
        st.session_state.pop(_REFUSALS, None)
        st.rerun()


def _ask(ids: Sequence[int], preview: Preview) -> tuple[bool, bool]:
    """The buttons; whether *Cancel* and whether *Send* was pressed.

    After a refusal *Send* is another button: a second press of Enter must not send unread news.
    """
    refusals = st.session_state.get(_REFUSALS, 0)
    with st.container(horizontal=True, horizontal_alignment="right"):
        away = st.button("Cancel", key="export_no")
        st.button(
            "Look up in 24SevenOffice first",
            key="export_look",
            icon=":material/travel_explore:",
            disabled=not preview.going,
            help="Reads only: finds what is there already and what is missing.",
            on_click=want_looks,
            args=(preview.shown.fingerprint,),
        )
        sent = st.button(
            "Send as shown now" if refusals else "Send",
            key=f"export_yes_{refusals}" if refusals else "export_yes",
            type="primary",
            disabled=not preview.going,
            on_click=_send,
            args=(ids, preview.shown),
        )
    return away, sent


def _send(ids: Sequence[int], seen: ShownPreview) -> None:
    """Send what was shown; where that holds no more, the dialog shows what differs."""
    with flash.complaining():
        opened = installation()
        try:
            run_id = start_run(
                acting_desk(), ids, job_enqueuer(opened), expected=Confirmation.of(seen)
            )
        except ChangedMeanwhile as changed:
            st.session_state[_CHANGED] = changed
            st.session_state[_REFUSALS] = st.session_state.get(_REFUSALS, 0) + 1
            return
        st.session_state.pop(_REFUSALS, None)
        note_started_run(run_id, f"Transfer of {format_count(len(ids))} documents started.")
        basket.clear()
