"""The basket: the ids of the ticked documents, which outlives filters, pages and redrawn grids.

A grid remembers ticks by row position, so its key is a fingerprint of the ids that it shows: other
rows, other grid. The basket is the truth and says which rows are ticked when a grid is first drawn;
from then on the grid is told the same at every run, or its rows would be sent anew at each tick.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Sequence
from typing import Any

import streamlit as st

_IDS = "so24_basket"
_GENERATION = "so24_basket_generation"
_BEGAN = "so24_basket_grid_began"


def basket() -> set[int]:
    """The ids in the basket; the very set, to be changed in place."""
    ids: set[int] = st.session_state.setdefault(_IDS, set())
    return ids


def grid_key(ids: Sequence[int]) -> str:
    """A key for a grid of these rows."""
    shown = repr((ids, st.session_state.get(_GENERATION, 0)))
    return f"invoices-{hashlib.blake2b(shown.encode(), digest_size=6).hexdigest()}"


def ticked_at_first(ids: Sequence[int]) -> Any:
    """The selection that the grid of these rows has begun with, or begins with now."""
    key = grid_key(ids)
    began_as, selection = st.session_state.get(_BEGAN, ("", None))
    if began_as != key or key not in st.session_state:  # Streamlit forgets it with its page
        rows = [row for row, each in enumerate(ids) if each in basket()]
        selection = {"selection": {"rows": rows}}
        st.session_state[_BEGAN] = (key, selection)
    return selection


def take_ticks(ids: Sequence[int], rows: Iterable[int]) -> None:
    """Put exactly the ticked rows of this grid into the basket; other grids' ids stay."""
    basket().difference_update(ids)
    basket().update(ids[row] for row in rows)


def put_in(ids: Collection[int]) -> None:
    """Add documents, and have the grid redrawn; for the callback of a button."""
    basket().update(ids)
    _redraw()


def take_out(ids: Collection[int]) -> None:
    """Take documents out, and have the grid redrawn; for the callback of a button."""
    basket().difference_update(ids)
    _redraw()


def clear() -> None:
    """Empty the basket, and have the grid redrawn; for the callback of a button."""
    basket().clear()
    _redraw()


def _redraw() -> None:
    st.session_state[_GENERATION] = st.session_state.get(_GENERATION, 0) + 1
