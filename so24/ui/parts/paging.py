"""Long lists, a page at a time: which page the user has turned to, and the turning itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import ceil
from typing import TypeVar

import streamlit as st

from so24.amounts import format_count

T = TypeVar("T")

ROWS = 100


def read_page(key: str, read: Callable[[int], tuple[Sequence[T], int]]) -> tuple[Sequence[T], int]:
    """The rows of the page that the user has turned to, and how many rows all pages have.

    ``read`` gives the rows after the first so many, at most :data:`ROWS`, and the count of all.
    """
    number = st.session_state.get(key, 1)
    rows, found = read((number - 1) * ROWS)
    if not rows and number > 1:  # another filter has fewer pages
        del st.session_state[key]
        rows, found = read(0)
    return rows, found


def show_count(found: int, what: str) -> None:
    """How many rows all pages have, ``what`` in the plural."""
    st.markdown(f"**{format_count(found)} {what}**", width="content")


def turn_pages(key: str, found: int) -> None:
    """Draw the pages' numbers, where there is more than one page."""
    if found > ROWS:
        st.pagination(ceil(found / ROWS), key=key)
