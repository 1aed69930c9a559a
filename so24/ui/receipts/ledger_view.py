"""What 24SevenOffice holds beside what so24 has: sums, verdicts, and the lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import pandas as pd
import streamlit as st

from so24.amounts import format_count, format_sum
from so24.ledger.reconcile import LedgerLine, Verdict, sum_lines
from so24.ui.parts.tables import amount_column, date_column, with_amounts

COLOURS = {
    Verdict.AGREES: "green",
    Verdict.DIFFERS: "red",
    Verdict.OTHER_CUSTOMER: "red",
    Verdict.TWICE: "red",
    Verdict.REDATED: "orange",
    Verdict.SECOND_DRAFT: "red",
    Verdict.ONLY_OFFICE: "orange",
    Verdict.ONLY_OURS: "red",
    Verdict.DRAFT: "gray",
}
_AMOUNTS = ("24SO total", "Our total", "Difference", "Stated total")
_NUMBERS = ("Order", "Invoice no.", "Card there")


def show_ledger(lines: Sequence[LedgerLine]) -> None:
    """Draw sums, a choice of verdicts, and the lines."""
    _show_sums(lines)
    counts = Counter(line.verdict for line in lines)
    chosen = st.pills(
        "Verdict",
        [verdict for verdict in COLOURS if counts[verdict]],
        selection_mode="multi",
        format_func=lambda verdict: f"{verdict.value} ({format_count(counts[verdict])})",
        key="ledger_verdicts",
        label_visibility="collapsed",
    )
    _show_lines([line for line in lines if not chosen or line.verdict in chosen])


def ledger_cells(line: LedgerLine) -> dict[str, object]:
    """A line as the grid and the downloaded file have it."""
    return {
        "Verdict": line.verdict.value,
        "Date": line.date,
        "Invoice no.": line.office_invoice_id,
        "Reference": line.reference,
        "Customer card": line.customer_card,
        "24SO total": line.office_total,
        "Our total": line.our_total,
        "Difference": line.difference,
        "Stated total": line.stated_total,
        "Currency": line.currency,
        "Order": line.order_id,
        "State there": line.office_status,
        "Our number": line.number,
        "Department": line.department,
        "Customer": line.customer,
        "Card there": line.office_customer_id,
        "Company": line.company,
    }


def _show_sums(lines: Sequence[LedgerLine]) -> None:
    for each in sum_lines(lines):
        agrees = f"{format_count(each.agreeing)} of {format_count(each.lines)} agree"
        with st.container(horizontal=True):
            st.metric("In 24SevenOffice", format_sum(each.office, each.currency), border=True)
            st.metric("In so24", format_sum(each.ours, each.currency), border=True)
            st.metric("Difference", format_sum(each.difference, each.currency), border=True)
            st.metric("Documents", agrees, border=True)
    if apart := sum(bool(line.stated_apart) for line in lines):
        st.caption(
            f"Documents whose source states another total than 24SevenOffice has: "
            f"{format_count(apart)}. Their column “Stated total” has it."
        )
    if drafts := sum(line.verdict is Verdict.DRAFT for line in lines):
        st.caption(f"Drafts, which do not count: {format_count(drafts)}.")


def _show_lines(lines: Sequence[LedgerLine]) -> None:
    frame = pd.DataFrame([ledger_cells(line) for line in lines])
    frame["Order"] = pd.array([line.order_id for line in lines], dtype="Int64")
    frame["Invoice no."] = pd.array([line.office_invoice_id for line in lines], dtype="Int64")
    frame["Card there"] = pd.array([line.office_customer_id for line in lines], dtype="Int64")
    if any(line.moved for line in lines):
        frame["Moved"] = [line.moved for line in lines]
    frame["Verdict"] = [[line.verdict.value] for line in lines]
    st.dataframe(
        with_amounts(frame, _AMOUNTS, _NUMBERS),
        key="ledger_lines",
        hide_index=True,
        placeholder="",
        height=min(37 * (len(lines) + 1) + 3, 560),
        column_config={
            "Verdict": st.column_config.MultiselectColumn(
                "Verdict",
                options=[verdict.value for verdict in COLOURS],
                color=list(COLOURS.values()),
                width=140,
            ),
            "Date": date_column("Date", width=90),
            "Customer card": st.column_config.TextColumn("Customer card", width=160),
            **{name: amount_column(name, width=95) for name in _AMOUNTS},
            **{name: amount_column(name, width=80) for name in _NUMBERS},
        },
        alt="Orders in 24SevenOffice beside the documents of so24",
    )
