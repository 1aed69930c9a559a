"""The basket: the ids of the ticked documents, which outlives filters, pages and redrawn grids.

It outlives a reload of any page as well: the basket is kept for its user under a mark of the tab,
which the list's address names. For other pages the tab remembers the mark (``keyboard.js``), and an
address that is loaded anew names it.

A grid remembers ticks by row position, so its key is a fingerprint of the ids that it shows: other
rows, other grid. The basket is the truth and says which rows are ticked when a grid is first drawn;
from then on the grid is told the same at every run, or its rows would be sent anew at each tick.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection, Iterable, Sequence
from typing import Any

import streamlit as st

from so24.language.said import join_said, say_count
from so24.people.desk import Desk
from so24.people.lists.ticks import RecalledTicks, keep_ticks, recall_ticks, review_ticks
from so24.ui.tab.address import tell_address

_IDS = "so24_basket"
_GENERATION = "so24_basket_generation"
_BEGAN = "so24_basket_grid_began"
_TAB = "so24_basket_tab"
_KEPT = "so24_basket_kept"
_WORDS = "so24_basket_words"
ADDRESS = "ticks"


def basket() -> set[int]:
    """The ids in the basket; the very set, to be changed in place."""
    ids: set[int] = st.session_state.setdefault(_IDS, set())
    return ids


def recall(desk: Desk) -> None:
    """Fill the basket of a tab that was loaded anew, and keep a word for what has gone meanwhile.

    The tab goes by another mark from then on: who opens a copied address ticks for himself.
    """
    if _TAB in st.session_state:
        return
    st.session_state[_TAB] = secrets.token_urlsafe(12)
    asked = st.query_params.get(ADDRESS, "")
    found = recall_ticks(desk, asked) if asked else RecalledTicks()
    basket().update(found.ids)
    _note_gone(found)
    keep(desk)


def drop_gone(desk: Desk, ids: frozenset[int]) -> frozenset[int]:
    """Take out those of these that cannot be sent any more, and keep a word for it; the others.

    For what the list does not show: a grid that shows them would have their ticks still.
    """
    found = review_ticks(desk, ids) if ids else RecalledTicks()
    if found.ids != ids:
        basket().difference_update(ids - found.ids)
        _note_gone(found)
    return found.ids


def save(desk: Desk) -> None:
    """Keep the basket for its user where it is another than it was."""
    now = frozenset(basket())
    kept: frozenset[int] = st.session_state.get(_KEPT, frozenset())
    if now != kept:
        keep_ticks(desk, st.session_state[_TAB], now)
        st.session_state[_KEPT] = now


def keep(desk: Desk) -> None:
    """Have the basket outlast a reload, by the page's address; call it when the list is drawn."""
    save(desk)
    tell_address(ADDRESS, st.session_state[_TAB] if basket() else "")


def words_of_gone() -> str:
    """What was ticked and is no more though nobody took the tick away: said until the next tick."""
    told: str
    told, recalled = st.session_state.get(_WORDS, ("", frozenset()))
    return told if basket() == recalled else ""


def _note_gone(found: RecalledTicks) -> None:
    st.session_state[_WORDS] = (_tell_gone(found), frozenset(basket()))


def _tell_gone(found: RecalledTicks) -> str:
    sent = say_count(
        "{number} ticked document is in transfer or transferred by now: no longer ticked.",
        "{number} ticked documents are in transfer or transferred by now: no longer ticked.",
        found.sent,
    )
    missing = say_count(
        "{number} ticked document is not here any more: no longer ticked.",
        "{number} ticked documents are not here any more: no longer ticked.",
        found.missing,
    )
    return join_said([sent if found.sent else "", missing if found.missing else ""])


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
