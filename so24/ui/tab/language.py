"""In which language a tab is told its texts, in whatever runs for it.

The frame settles it at the begin of every run of the page. Callbacks, dialogs and fragments may run
in a thread of their own, where nobody has said it: there the tab's state knows.

What browsers send of a choice is its words. So a tab keeps the language in which it was told a page
until another page is opened in it, whatever its user chooses in another tab meanwhile.
"""

from __future__ import annotations

from typing import NamedTuple

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from so24.language.reader import ENGLISH, LANGUAGES, ask_where_nobody_said, speak

_TOLD = "so24_told"
# keys of a container that each page has, by which the page's script knows the language
MARKS = {each: f"so24-in-{each}" for each in LANGUAGES}


class _Told(NamedTuple):
    """In which language which page was told to whom."""

    language: str
    page: str
    user: str


def settle_language(wanted: str, user: str) -> None:
    """Tell this run of the page, and what follows from it, in this language; see the module."""
    run = get_script_run_ctx(suppress_warning=True)
    page = run.page_script_hash if run is not None else ""
    told: _Told | None = st.session_state.get(_TOLD)
    if told is None or (told.page, told.user) != (page, user):
        told = st.session_state[_TOLD] = _Told(wanted, page, user)
    speak(told.language)


def change_language() -> None:
    """Have the next run settle the language anew, on whatever page; for a callback."""
    st.session_state.pop(_TOLD, None)


def language_of_tab() -> str:
    """The language of the tab for which this thread runs; English where it runs for none."""
    if get_script_run_ctx(suppress_warning=True) is None:
        return ENGLISH
    told: _Told | None = st.session_state.get(_TOLD)
    found = told.language if told is not None else ENGLISH
    speak(found)  # asked once a thread: each run of a page settles it anew
    return found


ask_where_nobody_said(language_of_tab)
