"""Messages for the next run of the page: what a button has done outlives the rerun it causes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from so24.errors import So24Error
from so24.ui.frame.text import escape_markdown

_DONE = "so24_flash_done"
_FAILED = "so24_flash_failed"


def say(message: str, *, tick: bool = True) -> None:
    """Show the message as a toast at the start of the next run; it is shown literally.

    ``tick``: whether something was achieved, which a tick says beside the words.
    """
    st.session_state.setdefault(_DONE, []).append((message, tick))


def complain(message: str, place: str = "") -> None:
    """Show the message as an error in the next run, literally.

    At the top of the page, or where the page calls :func:`show_complaints` for this ``place``.
    """
    st.session_state.setdefault(_FAILED + place, []).append(message)


@contextmanager
def complaining(place: str = "") -> Iterator[None]:
    """Turn an error that so24 raises on purpose into an error message of the next run.

    For callbacks of buttons, where nothing can be drawn; ``place`` as in :func:`complain`.
    """
    try:
        yield
    except So24Error as error:
        complain(str(error), place)


def show_messages() -> None:
    """Draw what was said since the last run; the frame calls it once in each run."""
    for message, tick in st.session_state.pop(_DONE, []):
        icon = ":material/check:" if tick else ":material/info:"
        st.toast(escape_markdown(message), icon=icon)
    show_complaints()


def show_complaints(place: str = "") -> None:
    """Draw the errors of this place.

    Their container is drawn even without any: an error that comes or goes would move everything
    below it to another position, where the browser forgets what was open or scrolled.
    """
    with st.container():
        for message in st.session_state.pop(_FAILED + place, []):
            st.error(escape_markdown(message), icon=":material/error:")
