"""Customers that differ in 24SevenOffice: compared by a button, the ticked updated by another."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from so24.customer_cards.differences import ChosenField, Differences
from so24.customer_cards.update import read_differences, update_customers
from so24.keys.upkeep import KeyView
from so24.language.said import say, say_count
from so24.language.telling import tell, tell_count
from so24.ui.customers.compared import show_differences
from so24.ui.frame import flash
from so24.ui.frame.flash import confirm, escape_markdown
from so24.ui.frame.session import acting_desk

_SHOWN = "keys_differences"  # of one key at a time: (key id, differences)


def show_customer_panel(key: KeyView) -> None:
    """What would be updated in 24SevenOffice, for a key that allows it."""
    st.button(
        tell("Compare customers"), on_click=_compare, args=(key,), key=f"keys_compare_{key.id}"
    )
    owner, found = st.session_state.get(_SHOWN, (None, None))
    if owner == key.id and found is not None:
        _offer_update(key, found)


def _offer_update(key: KeyView, found: Differences) -> None:
    chosen = show_differences(found, asks=True)
    if not found.customers:
        return
    count = len({customer_id for customer_id, _ in chosen})
    label = tell_count("Update {number} customer", "Update {number} customers", count)
    if st.button(
        label if chosen else tell("Update"),
        key=f"keys_update_{key.id}",
        disabled=not chosen,
        help=None if chosen else tell("Tick the fields that are to be as RecMan has them."),
    ):
        text = tell(
            "RecMan's values are written to {fields} of {customers} of **{company}**.",
            company=escape_markdown(key.company),
            fields=say_count("{number} field", "{number} fields", len(chosen)),
            customers=say_count("{number} customer", "{number} customers", count),
        )
        title, label = tell("Update customers?"), tell("Yes, update")
        confirm(title, text, label, _update, key, found.fingerprint, chosen)


def _compare(key: KeyView) -> None:
    with flash.complaining():
        found = read_differences(acting_desk(), key.id)
        st.session_state[_SHOWN] = (key.id, found)


def _update(key: KeyView, seen: str, chosen: Sequence[ChosenField]) -> None:
    st.session_state.pop(_SHOWN, None)
    with flash.complaining():
        done = update_customers(acting_desk(), key.id, seen, chosen)
        for refusal in done.refused:
            flash.complain(say("24SevenOffice refused customer {refusal}", refusal=refusal))
        if done.numbers:
            numbers = ", ".join(done.numbers)
            flash.say(say("Updated in 24SevenOffice: customer {numbers}.", numbers=numbers))
