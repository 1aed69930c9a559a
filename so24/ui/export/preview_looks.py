"""Looks into 24SevenOffice for a preview: taken once, lane by lane, kept while the plan holds."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from so24.transfer.preview.forecast import LookResult
from so24.transfer.preview.preview import Preview, look_up
from so24.ui.frame.session import acting_desk
from so24.ui.frame.text import escape_markdown

_LOOKS = "so24_preview_looks"
_WANTED = "so24_preview_look_wanted"


def want_looks(fingerprint: str) -> None:
    """Have the next run of the dialog look; for the callback of a button."""
    st.session_state[_WANTED] = fingerprint


def looks_of(preview: Preview) -> Mapping[int, LookResult]:
    """The looks taken for exactly this plan, by key; a lane without one was not looked at."""
    fingerprint, looks = st.session_state.get(_LOOKS, ("", {}))
    return looks if fingerprint == preview.shown.fingerprint else {}


def take_looks(preview: Preview) -> None:
    """Look at every lane, if a button has asked for it, and show how far it is.

    What is found is kept lane by lane: a page that is left in between loses only the rest.
    """
    if st.session_state.pop(_WANTED, None) != preview.shown.fingerprint:
        return
    looks: dict[int, LookResult] = {}
    st.session_state[_LOOKS] = (preview.shown.fingerprint, looks)
    with st.status("Looking into 24SevenOffice …") as status:
        for place, lane in enumerate(preview.lanes, start=1):
            company = escape_markdown(lane.company)
            status.update(label=f"Looking into {company} ({place} of {len(preview.lanes)}) …")
            look = looks[lane.key_id] = look_up(acting_desk(), lane)
            st.markdown(_tell(company, look))
        failed = any(look.problem for look in looks.values())
        label = "Not everything could be looked up" if failed else "Looked up, nothing was written"
        status.update(label=label, state="error" if failed else "complete", expanded=failed)


def _tell(company: str, look: LookResult) -> str:
    if look.problem:
        return f":material/error: {company}: {escape_markdown(look.problem)}"
    return f":material/check: {company}: looked up."
