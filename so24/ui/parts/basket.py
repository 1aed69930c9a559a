"""The basket: the ids of the ticked documents, which outlives filters, pages and redrawn grids.

A grid remembers ticks by row position, so its key is a fingerprint of the ids that it shows: other
rows, other grid. The basket is the truth and says which rows are ticked when a grid is drawn.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Sequence
from typing import Any

import streamlit as st

_IDS = "so24_basket"
_GENERATION = "so24_basket_generation"


def basket() -> set[int]:
    """The ids in the basket; the very set, to be changed in place."""
    ids: set[int] = st.session_state.setdefault(_IDS, set())
    return ids


def grid_key(ids: Sequence[int]) -> str:
    """A key for a grid of these rows."""
    shown = repr((ids, st.session_state.get(_GENERATION, 0)))
    return f"invoices-{hashlib.blake2b(shown.encode(), digest_size=6).hexdigest()}"


def ticked(ids: Sequence[int]) -> Any:
    """The selection that a fresh grid of these rows begins with."""
    rows = [row for row, each in enumerate(ids) if each in basket()]
    return {"selection": {"rows": rows}}


def take_ticks(ids: Sequence[int], rows: Iterable[int]) -> None:
    """Put exactly the ticked rows of this grid into the basket; other grids' ids stay."""
    basket().difference_update(ids)
    basket().update(ids[row] for row in rows)


def put_in(ids: Collection[int]) -> None:
    """Add documents, and have the grid redrawn; for the callback of a button."""
    basket().update(ids)
    st.session_state[_GENERATION] = st.session_state.get(_GENERATION, 0) + 1


def clear() -> None:
    """Empty the basket, and have the grid redrawn; for the callback of a button."""
    basket().clear()
    put_in(())
