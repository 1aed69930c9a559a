"""Messages for the next run of the page: what a button has done outlives the rerun it causes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from so24.errors import So24Error
from so24.ui.text import escape_markdown

_DONE = "so24_flash_done"
_FAILED = "so24_flash_failed"


def say(message: str) -> None:
    """Show the message as a toast at the start of the next run; it is shown literally."""
    st.session_state.setdefault(_DONE, []).append(message)


def complain(message: str) -> None:
    """Show the message as an error at the top of the page in the next run, literally."""
    st.session_state.setdefault(_FAILED, []).append(message)


@contextmanager
def complaining() -> Iterator[None]:
    """Turn an error that so24 raises on purpose into an error message of the next run.

    For callbacks of buttons, where nothing can be drawn.
    """
    try:
        yield
    except So24Error as error:
        complain(str(error))


def show_messages() -> None:
    """Draw what was said since the last run; the frame calls it once in each run."""
    for message in st.session_state.pop(_DONE, []):
        st.toast(escape_markdown(message), icon=":material/check:")
    for message in st.session_state.pop(_FAILED, []):
        st.error(escape_markdown(message), icon=":material/error:")
