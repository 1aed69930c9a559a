"""The transfer history: filters, counts and amounts per status, and one document's whole record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
import streamlit as st

from so24.identifiers import tidy_identifier
from so24.language.said import say, say_count
from so24.language.telling import tell, tell_count
from so24.ledger.payments.words import PAYMENT_CHOICES, choose_states
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
from so24.ui.parts.headings import SUM, headings_of
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
            choices_field("payment", "history_payments", list(PAYMENT_CHOICES)),
        ),
    )
    filters.restore()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        text = st.text_input(
            tell("Search"),
            key="history_search",
            placeholder=tell("No., customer, amount, KID"),
            icon=":material/search:",
            help=tell(SEARCH_HELP),
        )
        period = pick_period(tell("Changed"), "history_period")
        offer_views(filters)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.multiselect(
            tell("Department"), list(departments), format_func=departments.__getitem__,
            placeholder=tell("All departments"), key="history_departments",
        )  # fmt: skip
        statuses = st.multiselect(
            tell("Status"), STATUSES, format_func=tell, placeholder=tell("All states"),
            key="history_states",
        )  # fmt: skip
        names = st.multiselect(
            tell("User"), users, placeholder=tell("All users"), key="history_users"
        )
        payments = st.multiselect(
            tell("Payment"), list(PAYMENT_CHOICES), format_func=tell,
            placeholder=tell("Paid or not"), key="history_payments",
        )  # fmt: skip
        filters.offer_clear()
    filters.keep()
    return TransferFilter(
        statuses=frozenset(statuses),
        department_ids=frozenset(chosen),
        users=frozenset(names),
        payments=choose_states(payments),
        changed_from=period.begins,
        changed_before=period.ends,
        text=tidy_identifier(text or ""),
    )


def show_sums(sums: Sequence[StateSum]) -> None:
    """Transfers by status and currency, each as the list says it; a retry is one more."""
    rows = sorted(sums, key=lambda each: (STATUSES.index(each.status), each.currency))
    frame = pd.DataFrame(
        {
            "Status": [[tell(each.status)] for each in rows],
            "Transfers": pd.array([each.count for each in rows], dtype="Int64"),
            SUM: [each.amount for each in rows],
            "Currency": [each.currency for each in rows],
        }
    )
    st.dataframe(
        with_amounts(frame, (SUM,), ("Transfers",)),
        key="history_sums",
        hide_index=True,
        width=560,
        column_config={**headings_of(frame.columns), "Status": status_column()},
        alt=tell("Counts and amounts by status"),
    )


def name_actor(actor: str) -> str:
    """Who has done it, as people read it: the part of a run that goes by one key is so24 itself."""
    return "so24" if actor.startswith("lane ") else actor


def show_check(desk: Desk) -> None:
    """The button that recomputes the history's chains, and what it found."""
    if not st.button(tell("Verify history"), icon=":material/verified:"):
        return
    with st.spinner(tell("Recomputing every chain …")):
        verdict = check_history(desk)
    counts = say(
        "{events} of {documents}",
        events=say_count("{number} event", "{number} events", verdict.events),
        documents=say_count("{number} document", "{number} documents", verdict.chains),
    )
    if not verdict.breaks:
        words = tell_count(
            "The history is whole: {counts} verified, {number} day sealed.",
            "The history is whole: {counts} verified, {number} days sealed.",
            verdict.days,
            counts=counts,
        )
        st.success(words, icon=":material/verified:")
        return
    words = tell("The history has been changed from outside so24 ({counts}):", counts=counts)
    breaks = "\n".join(f"- {escape_markdown(tell(each))}" for each in verdict.breaks[:20])
    st.error(f"{words}\n\n{breaks}")
