"""The transfer history: filters, counts and amounts per status, and one document's whole record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
import streamlit as st

from so24.amounts import count_things
from so24.identifiers import tidy_identifier
from so24.people.desk import Desk
from so24.store.transfers.tallies import StateSum
from so24.store.transfers.transfer_list import STATUSES, TransferFilter
from so24.transfer.day_heads import check_history
from so24.ui.frame.flash import escape_markdown
from so24.ui.parts.filter_state import (
    SEARCH_HELP,
    ListFilters,
    choices_field,
    period_field,
    search_field,
)
from so24.ui.parts.tables import pick_period, status_column, with_amounts
from so24.ui.parts.views import offer_views


def pick_filter(departments: Mapping[int, str], users: Sequence[str]) -> TransferFilter:
    """Draw the filters and read them; they stand in the address."""
    filters = ListFilters(
        "history",
        (
            search_field("history_search"),
            period_field("date", "history_period"),
            choices_field("department", "history_departments", departments),
            choices_field("status", "history_states", STATUSES),
            choices_field("user", "history_users", users),
        ),
    )
    filters.restore()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        text = st.text_input(
            "Search",
            key="history_search",
            placeholder="Number, customer, amount, KID",
            icon=":material/search:",
            help=SEARCH_HELP,
        )
        period = pick_period("Period", "history_period")
        offer_views(filters)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.multiselect(
            "Department", list(departments), format_func=departments.__getitem__,
            placeholder="All departments", key="history_departments",
        )  # fmt: skip
        statuses = st.multiselect(
            "Status", STATUSES, placeholder="All states", key="history_states"
        )
        names = st.multiselect("User", users, placeholder="All users", key="history_users")
        filters.offer_clear()
    filters.keep()
    return TransferFilter(
        statuses=frozenset(statuses),
        department_ids=frozenset(chosen),
        users=frozenset(names),
        changed_from=period.begins,
        changed_before=period.ends,
        text=tidy_identifier(text or ""),
    )


def show_sums(sums: Sequence[StateSum]) -> None:
    """Transfers by status and currency, each as the list says it; a retry is one more."""
    rows = sorted(sums, key=lambda each: (STATUSES.index(each.status), each.currency))
    frame = pd.DataFrame(
        {
            "Status": [[each.status] for each in rows],
            "Transfers": pd.array([each.count for each in rows], dtype="Int64"),
            "Sum incl. VAT": [each.amount for each in rows],
            "Currency": [each.currency for each in rows],
        }
    )
    st.dataframe(
        with_amounts(frame, ("Sum incl. VAT",), ("Transfers",)),
        key="history_sums",
        hide_index=True,
        width=560,
        column_config={"Status": status_column()},
        alt="Counts and amounts by status",
    )


def name_actor(actor: str) -> str:
    """Who has done it, as people read it: the part of a run that goes by one key is so24 itself."""
    return "so24" if actor.startswith("lane ") else actor


def show_check(desk: Desk) -> None:
    """The button that recomputes the history's chains, and what it found."""
    if not st.button("Verify history", icon=":material/verified:"):
        return
    with st.spinner("Recomputing every chain …"):
        verdict = check_history(desk)
    counts = f"{count_things(verdict.events, 'event')} of "
    counts += count_things(verdict.chains, "document")
    if not verdict.breaks:
        days = f"{count_things(verdict.days, 'day')} sealed"
        st.success(f"The history is whole: {counts} verified, {days}.", icon=":material/verified:")
        return
    st.error(
        f"The history has been changed from outside so24 ({counts}):\n\n"
        + "\n".join(f"- {escape_markdown(each)}" for each in verdict.breaks[:20])
    )
