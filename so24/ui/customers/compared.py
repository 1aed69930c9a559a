"""How customers differ between RecMan and 24SevenOffice: looked at by a button, not by a rerun."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from so24.customer_cards.differences import ChosenField, Differences
from so24.customer_cards.update import read_differences
from so24.language.said import say
from so24.language.telling import tell, tell_count
from so24.ui.frame import flash
from so24.ui.frame.flash import escape_markdown
from so24.ui.frame.session import acting_desk

_SHOWN = "customers_differences"  # of one key at a time: (key id, differences)
_PLACE = "_customers_differences"  # of its complaints
_WHO = say(
    "Nothing is written by looking. A System Administrator writes RecMan's values under "
    "*Credentials*, where the key allows customer updates."
)


def show_compared(key_id: int) -> None:
    """Compare all linked customers of the key's company with their cards, when asked to."""
    with st.expander(tell("Differences from RecMan"), icon=":material/difference:"):
        st.caption(tell(_WHO))
        label = tell("Compare customers")
        st.button(label, on_click=_compare, args=(key_id,), key="customers_compare")
        flash.show_complaints(_PLACE)
        owner, found = st.session_state.get(_SHOWN, (None, None))
        if owner == key_id and found is not None:
            show_differences(found)
            if found.customers:
                words = tell_count(
                    "**{number} customer** differs.",
                    "**{number} customers** differ.",
                    len(found.customers),
                )
                st.markdown(words)


def show_differences(found: Differences, *, asks: bool = False) -> Sequence[ChosenField]:
    """The fields in which customers differ, and who was not compared.

    Where it ``asks``, fields can be ticked; returns those that are.
    """
    for sentence in found.left_alone:
        st.caption(tell("Left alone: {sentence}", sentence=escape_markdown(tell(sentence))))
    if not found.customers:
        st.info(tell("Every customer is in 24SevenOffice as it is in RecMan."))
        return ()
    rows = [(customer, each) for customer in found.customers for each in customer.fields]
    shown: Any = st.dataframe(
        pd.DataFrame(
            {
                "Customer": [f"{customer.number} {customer.name}" for customer, _ in rows],
                "Field": [tell(each.title) for _, each in rows],
                "In 24SevenOffice": [each.theirs for _, each in rows],
                "In RecMan": [each.ours for _, each in rows],
            }
        ),
        key=f"customers-differences-{found.fingerprint}",
        hide_index=True,
        column_config={
            "Customer": st.column_config.TextColumn(tell("Customer"), width=190),
            "Field": st.column_config.TextColumn(tell("Field"), width=130),
            "In 24SevenOffice": st.column_config.TextColumn(tell("In 24SevenOffice"), width=200),
            "In RecMan": st.column_config.TextColumn(tell("In RecMan"), width=200),
        },
        on_select="rerun" if asks else "ignore",
        selection_mode="multi-row",
        alt=tell("Fields in which customers differ"),
    )
    if not asks:
        return ()
    ticked = [row for row in shown["selection"]["rows"] if row < len(rows)]
    return [(rows[row][0].customer_id, rows[row][1].field) for row in ticked]


def _compare(key_id: int) -> None:
    with flash.complaining(_PLACE):
        st.session_state[_SHOWN] = (key_id, read_differences(acting_desk(), key_id))
