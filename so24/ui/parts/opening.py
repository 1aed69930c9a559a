"""How a document is opened from a list: a press on its number, which any list may have.

The press asks for the document; the page draws its drawer, so that no list knows the drawer.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from so24.ui.frame.flash import escape_markdown

NUMBER_WIDTH = 78
HOW_TO_OPEN = "A press on a number opens the document."
_ASKED = "so24_open_document"


def number_column(
    ids: Sequence[int | None], *, key: str, label: str = "Number", width: int = NUMBER_WIDTH
) -> Any:
    """The configuration of a grid's column of numbers, each of which opens its document.

    ``ids`` are those of the rows' documents; a row without one opens nothing. The cells are texts.
    """
    return st.column_config.ButtonColumn(
        label,
        pinned=True,
        width=width,
        alignment="left",
        type="secondary",
        help=HOW_TO_OPEN,
        key=key,
        on_click=_ask_for_row,
        args=(key, tuple(ids)),
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
            f"Open {escape_markdown(number)}", key=key, icon=":material/right_panel_open:",
            on_click=ask_for_document, args=(invoice_id,),
        )  # fmt: skip


def ask_for_document(invoice_id: int) -> None:
    """Have the page open this document; for the callback of a button."""
    st.session_state[_ASKED] = invoice_id


def is_asked() -> bool:
    """Whether a document is to be opened; a fragment then lets the whole page run."""
    return _ASKED in st.session_state


def take_asked() -> int | None:
    """The document that is to be opened, once."""
    asked: int | None = st.session_state.pop(_ASKED, None)
    return asked


def _ask_for_row(key: str, ids: Sequence[int | None]) -> None:
    click = st.session_state[key]
    if click is not None and click.row < len(ids) and ids[click.row] is not None:
        st.session_state[_ASKED] = ids[click.row]
