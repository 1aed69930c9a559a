"""What a tab has read is kept for as long as nothing has changed that it depends on."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TypeVar

import streamlit as st

T = TypeVar("T")


def keep(name: str, depends_on: Hashable, read: Callable[[], T]) -> T:
    """What ``read`` gives, read anew only where ``depends_on`` is another than the last time.

    One reading is kept by each ``name``, for this tab only.
    """
    place = _place(name)
    kept: tuple[Hashable, T] | None = st.session_state.get(place)
    if kept is None or kept[0] != depends_on:
        kept = (depends_on, read())
        st.session_state[place] = kept
    return kept[1]


def forget(name: str) -> None:
    """Keep nothing by this name any more."""
    st.session_state.pop(_place(name), None)


def _place(name: str) -> str:
    return f"so24_kept_{name}"
