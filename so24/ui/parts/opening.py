"""How a document is opened from a list: a press on its number, which any list may have.

The press asks for the document; the page draws its drawer, so that no list knows the drawer. What
is a dialog itself, over which no drawer can open, draws the document in its own place.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from so24.language.said import say
from so24.language.telling import tell
from so24.ui.frame.flash import escape_markdown

NUMBER_WIDTH = 78
HOW_TO_OPEN = say("A press on a number opens the document.")
_ASKED = "so24_open_document"
_drawers: dict[str, Callable[[int], None]] = {}


def ask_for_document(invoice_id: int) -> None:
    """Have the page open this document; for the callback of a button."""
    st.session_state[_ASKED] = invoice_id


def number_column(
    ids: Sequence[int | None],
    *,
    key: str,
    label: str = "",
    width: int = NUMBER_WIDTH,
    on_open: Callable[[int], None] = ask_for_document,
) -> Any:
    """The configuration of a grid's column of numbers, each of which opens its document.

    ``ids`` are those of the rows' documents; a row without one opens nothing. The cells are texts.
    ``on_open`` gets the id of a document that is to be opened, as a callback. ``label`` is told,
    *Number* by default.
    """
    return st.column_config.ButtonColumn(
        label or tell("Number"),
        pinned=True,
        width=width,
        alignment="left",
        type="secondary",
        help=tell(HOW_TO_OPEN),
        key=key,
        on_click=_ask_for_row,
        args=(key, tuple(ids), on_open),
    )


def offer_to_open(invoice_id: int, label: str, *, key: str) -> None:
    """A button that opens a document, where it stands in a text and not in a grid."""
    st.button(
        label, key=key, type="tertiary", icon=":material/right_panel_open:",
        on_click=ask_for_document, args=(invoice_id,),
    )  # fmt: skip


def offer_the_only_one(documents: Sequence[tuple[int | None, str]], *, key: str) -> None:
    """A button that opens the document where a list shows just one, each by its id and number.

    A grid's numbers are pressed with a mouse; so a search leads to a document by the keyboard too.
    """
    if len(documents) == 1 and documents[0][0] is not None:
        invoice_id, number = documents[0]
        st.button(
            tell("Open {document}", document=escape_markdown(number)),
            key=key,
            icon=":material/right_panel_open:",
            on_click=ask_for_document,
            args=(invoice_id,),
        )


def is_asked() -> bool:
    """Whether a document is to be opened; a fragment then lets the whole page run."""
    return _ASKED in st.session_state


def take_asked() -> int | None:
    """The document that is to be opened, once."""
    asked: int | None = st.session_state.pop(_ASKED, None)
    return asked


def draw_by(draw: Callable[[int], None]) -> None:
    """Say what draws a document, by its id; the page says it before it draws any dialog."""
    _drawers[_ASKED] = draw


def draw_document(invoice_id: int) -> None:
    """Draw the document here, as its drawer does."""
    _drawers[_ASKED](invoice_id)


def _ask_for_row(key: str, ids: Sequence[int | None], on_open: Callable[[int], None]) -> None:
    click = st.session_state[key]
    invoice_id = ids[click.row] if click is not None and click.row < len(ids) else None
    if invoice_id is not None:
        on_open(invoice_id)
