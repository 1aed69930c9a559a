"""What 24SevenOffice holds beside what so24 has: sums, verdicts, and the lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from so24.amounts import count_things, format_amount, format_count, format_sum
from so24.identifiers import tidy_identifier
from so24.ledger.agreement import tell_agreement
from so24.ledger.reconcile import LedgerLine, Verdict, sum_lines
from so24.ui.parts.filter_state import ListFilters, choices_field, search_field
from so24.ui.parts.opening import number_column, offer_the_only_one
from so24.ui.parts.tables import amount_column, currencies_of, date_column, with_amounts

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
WIDTHS = {
    "Our number": 78, "24SO total": 104, "Our total": 92, "Difference": 80, "Verdict": 146,
    "Customer": 132, "Invoice no.": 80, "Stated total": 92, "Date": 84, "Reference": 120,
    "Customer card": 160, "Order": 80, "Card there": 80,
}  # fmt: skip


def show_ledger(lines: Sequence[LedgerLine]) -> None:
    """Draw sums, a search and a choice of verdicts, which stand in the address, and the lines."""
    _show_sums(lines)
    counts = Counter(line.verdict for line in lines)
    verdicts = [verdict for verdict in COLOURS if counts[verdict]]
    filters = ListFilters(
        "ledger",
        (search_field("ledger_search"), choices_field("verdict", "ledger_verdicts", verdicts)),
    )
    filters.restore()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        text = st.text_input(
            "Search",
            key="ledger_search",
            placeholder="Number, customer, amount, reference",
            icon=":material/search:",
            width=300,
        )
        chosen = st.pills(
            "Verdict",
            verdicts,
            selection_mode="multi",
            format_func=lambda verdict: f"{verdict.value} ({format_count(counts[verdict])})",
            key="ledger_verdicts",
            label_visibility="collapsed",
        )
        filters.offer_clear()
    filters.keep()
    wanted = tidy_identifier(text or "")
    shown = [line for line in lines if not chosen or line.verdict in chosen]
    shown = [line for line in shown if not wanted or line.means(wanted)]
    if shown:
        _show_lines(shown)
    else:
        st.info("No line matches these filters.", icon=":material/filter_alt_off:")


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
        agrees = tell_agreement(each.lines, each.agreeing)
        amounts = {
            "In 24SevenOffice": each.office,
            "In so24": each.ours,
            "Difference": each.difference,
        }
        with st.container(horizontal=True):
            for label, amount in amounts.items():
                st.metric(f"{label}, {each.currency}", format_amount(amount), border=True)
            st.metric("Documents", agrees, border=True)
    if apart := sum(bool(line.stated_apart) for line in lines):
        st.caption(
            f"Documents whose source states another total than 24SevenOffice has: "
            f"{format_count(apart)}. Their column “Stated total” has it."
        )
    if drafts := sum(line.verdict is Verdict.DRAFT for line in lines):
        st.caption(f"Drafts, which do not count: {format_count(drafts)}.")


def _show_lines(lines: Sequence[LedgerLine]) -> None:
    frame = ledger_frame(lines)
    currency = currencies_of(line.currency for line in lines)
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
                width=WIDTHS["Verdict"],
            ),
            "Date": date_column("Date", width=WIDTHS["Date"]),
            **{
                name: st.column_config.TextColumn(name, width=WIDTHS[name])
                for name in ("Customer", "Customer card", "Reference")
            },
            "Our number": number_column(
                [line.document_id for line in lines],
                key="ledger_open",
                label="Our number",
                width=WIDTHS["Our number"],
            ),
            **{name: amount_column(name, width=WIDTHS[name]) for name in _AMOUNTS},
            "24SO total": amount_column(
                f"24SO total {currency}".strip(), width=WIDTHS["24SO total"]
            ),
            **{name: amount_column(name, width=WIDTHS[name]) for name in _NUMBERS},
        },
        alt="Orders in 24SevenOffice beside the documents of so24",
    )
    st.markdown(_tell_sums(lines))
    offer_the_only_one([(line.document_id, line.number) for line in lines], key="ledger_open_it")


def ledger_frame(lines: Sequence[LedgerLine]) -> pd.DataFrame:
    """The lines as the grid shows them: amounts, verdict and customer first, nothing empty."""
    cells: dict[str, Any] = {name: [] for name in WIDTHS}
    for line in lines:
        for name, value in ledger_cells(line).items():
            cells.setdefault(name, []).append(value)
    cells["Verdict"] = [[each] for each in cells["Verdict"]]
    cells["Moved"] = [line.moved for line in lines]
    for name in _NUMBERS:
        cells[name] = pd.array(cells[name], dtype="Int64")
    left_out = {
        "Stated total": not any(line.stated_apart for line in lines),
        "Moved": not any(cells["Moved"]),
        "Currency": bool(currencies_of(cells["Currency"])),  # in a heading
    }
    return pd.DataFrame({name: cells[name] for name in cells if not left_out.get(name)})


def _tell_sums(lines: Sequence[LedgerLine]) -> str:
    """The sums of the lines shown, as :func:`sum_lines` reckons them."""
    told = [f"**{count_things(len(lines), 'line')}**"]
    for each in sum_lines(lines):
        there, here = format_sum(each.office, each.currency), format_sum(each.ours, each.currency)
        told.append(
            f"in 24SevenOffice {there}, in so24 {here}, "
            f"difference {format_sum(each.difference, each.currency)}"
        )
    return " · ".join(told)
