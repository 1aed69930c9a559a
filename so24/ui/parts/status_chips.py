"""The state of a document in colour and in words: chips for grids, groups for filters."""

from __future__ import annotations

from typing import Any

import streamlit as st

from so24.reasons import STATUS_WORDS, WAITS_FOR_KEY
from so24.store.tables.transfer_tables import State

NOT_TRANSFERRED = "not transferred"
FOR_APPROVAL = f"{STATUS_WORDS[State.TRANSFERRED]}, waits for approval"
_GREEN, _BLUE, _RED, _GRAY = "green", "blue", "red", "gray"


def colour_of(state: State | None) -> str:
    """Green for transferred, blue while in transfer, red for errors, gray for the rest."""
    if state is State.TRANSFERRED:
        return _GREEN
    if state is not None and state.is_open:
        return _BLUE
    return _RED if state is not None and state.is_failed else _GRAY


def status_of(state: State | None) -> str:
    """The words for a document's state; None is a document that was never sent."""
    return NOT_TRANSFERRED if state is None else STATUS_WORDS[state]


def status_column(label: str = "Status", width: int = 150) -> Any:
    """The configuration of a grid's column that holds lists of one status each."""
    colours = {words: colour_of(state) for state, words in STATUS_WORDS.items()}
    colours |= {FOR_APPROVAL: _GREEN, NOT_TRANSFERRED: _GRAY, WAITS_FOR_KEY: _RED}
    return st.column_config.MultiselectColumn(
        label, options=list(colours), color=list(colours.values()), width=width
    )
