"""What the pages say: texts of others made safe, messages for the next run, one question.

What a button has done outlives the rerun that it causes, so that its message waits for that run.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import streamlit as st

from so24.errors import So24Error
from so24.language.telling import tell
from so24.letters import show_plainly

# an address is made a link after the marks are gone, unless it is parted by what nobody sees
_LINKED = re.compile(r"(?:https?|ftp|xmpp|mailto)(?=:)|www(?=\.)|@", re.IGNORECASE)
_MARKS = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>~$:])")
_DONE = "so24_flash_done"
_FAILED = "so24_flash_failed"


def escape_markdown(text: str) -> str:
    """The text as it is, shown literally: no link, no image from elsewhere, no formatting.

    Nor does it turn the words around it: what orders them otherwise is written out.
    Needed for every name or message that comes from a file, 24SevenOffice or a user and goes into
    ``st.markdown``, ``st.error``, labels, captions or toasts; cells of grids show text literally.
    """
    return _MARKS.sub(r"\\\1", _LINKED.sub("\\g<0>\u2060", show_plainly(text)))


def say(message: str, *, tick: bool = True) -> None:
    """Show the message as a toast at the start of the next run, told then, literally.

    ``tick``: whether something was achieved, which a tick says beside the words.
    """
    st.session_state.setdefault(_DONE, []).append((message, tick))


def complain(message: str, place: str = "") -> None:
    """Show the message as an error in the next run, told then, literally.

    Where the page calls :func:`show_complaints` for this ``place``; else at the top of the page,
    and for a while where the window is as well, for the page may be long.
    """
    st.session_state.setdefault(_FAILED + place, []).append(message)


def waits() -> bool:
    """Whether something was said that only a run of the whole page shows.

    For fragments: a button in one runs no more than the fragment, whatever it has changed.
    """
    return bool(st.session_state.get(_DONE) or st.session_state.get(_FAILED))


@contextmanager
def complaining(place: str = "") -> Iterator[None]:
    """Turn an error that so24 raises on purpose into an error message of the next run.

    For callbacks of buttons, where nothing can be drawn; ``place`` as in :func:`complain`.
    """
    try:
        yield
    except So24Error as error:
        complain(error.words, place)


def show_messages() -> None:
    """Draw what was said since the last run; the frame calls it once in each run."""
    for message, tick in st.session_state.pop(_DONE, []):
        icon = ":material/check:" if tick else ":material/info:"
        st.toast(escape_markdown(tell(message)), icon=icon)
    _show_everywhere()


def show_complaints(place: str = "") -> None:
    """Draw the errors of this place.

    Their container is drawn even without any: an error that comes or goes would move everything
    below it to another position, where the browser forgets what was open or scrolled.
    """
    with st.container():
        for message in st.session_state.pop(_FAILED + place, []):
            st.error(escape_markdown(tell(message)), icon=":material/error:")


def show_homeless() -> None:
    """Draw the errors whose place was not on the page any more; the frame calls it at the end."""
    for name in [str(each) for each in st.session_state if str(each).startswith(_FAILED)]:
        _show_everywhere(name.removeprefix(_FAILED))


def _show_everywhere(place: str = "") -> None:
    """Draw the errors here, and in sight wherever somebody looks: what was pressed may be gone."""
    for message in st.session_state.get(_FAILED + place, []):
        st.toast(escape_markdown(tell(message)), icon=":material/error:", duration="long")
    show_complaints(place)


def in_red(label: str) -> str:
    """The label of a button that takes something away."""
    return f":red[:material/warning: {label}]"


def confirm(
    title: str,
    text: str,
    label: str,
    on_yes: Callable[..., None],
    *args: Any,
    destroys: bool = False,
    stay: str = "",
) -> None:
    """Open a dialog with ``text`` (Markdown) and a button ``label`` that calls ``on_yes(*args)``.

    Call it where the button that asks was pressed. ``on_yes`` runs as a callback, before the
    page is drawn again: let it tell its outcome through :mod:`so24.ui.frame.flash`. ``destroys``:
    it takes something away, so that the button is red and no key presses it; ``stay`` is the word
    of the button that changes nothing, *Cancel* by default. Texts that were said are told.
    """

    @st.dialog(tell(title))
    def ask() -> None:
        st.markdown(tell(text))
        with st.container(horizontal=True, horizontal_alignment="right"):
            away = st.button(tell(stay) or tell("Cancel"), key="so24_confirm_no")
            # a callback, because AppTest reruns the whole page and would lose the press itself
            done = st.button(
                in_red(tell(label)) if destroys else tell(label),
                key="so24_confirm_yes",
                type="secondary" if destroys else "primary",
                on_click=on_yes,
                args=args,
            )
        if away or done:
            st.rerun()

    ask()
