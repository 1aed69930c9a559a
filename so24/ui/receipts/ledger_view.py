"""What 24SevenOffice holds beside what so24 has: sums, verdicts, and the lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from so24.amounts import format_amount, format_count
from so24.identifiers import tidy_identifier
from so24.language.said import say
from so24.language.telling import tell, tell_count
from so24.ledger.agreement import tell_agreement, tell_ours
from so24.ledger.reconcile import LedgerLine, Verdict, sum_lines
from so24.office.order_statuses import say_status
from so24.ui.parts.filter_state import ListFilters, choices_field, search_field
from so24.ui.parts.headings import (
    CARD_THERE,
    CUSTOMER_CARD,
    INVOICE_NO,
    OFFICE_TOTAL,
    OUR_NUMBER,
    OUR_TOTAL,
    STATE_THERE,
    STATED_TOTAL,
    heading_in,
    headings_of,
)
from so24.ui.parts.opening import number_column, offer_the_only_one
from so24.ui.parts.tables import (
    amount_column,
    chips_column,
    currencies_of,
    date_column,
    with_amounts,
)

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
_REFERENCE = say("Reference")
_AMOUNTS = (OFFICE_TOTAL, OUR_TOTAL, "Difference", STATED_TOTAL)
_NUMBERS = ("Order", INVOICE_NO, CARD_THERE)
WIDTHS = {
    OUR_NUMBER: 78, OFFICE_TOTAL: 104, OUR_TOTAL: 92, "Difference": 80, "Verdict": 146,
    "Customer": 132, INVOICE_NO: 80, STATED_TOTAL: 92, "Date": 84, _REFERENCE: 120,
    CUSTOMER_CARD: 160, "Order": 80, CARD_THERE: 80,
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
            tell("Search"),
            key="ledger_search",
            placeholder=tell("No., customer, amount, reference"),
            icon=":material/search:",
            width=340,
        )
        chosen = st.pills(
            tell("Verdict"),
            verdicts,
            selection_mode="multi",
            format_func=lambda verdict: f"{tell(verdict.value)} ({format_count(counts[verdict])})",
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
        st.info(tell("No line matches these filters."), icon=":material/filter_alt_off:")


def ledger_cells(line: LedgerLine) -> dict[str, object]:
    """A line as the grid and the downloaded file have it, its words told."""
    return {
        "Verdict": tell(line.verdict.value),
        "Date": line.date,
        INVOICE_NO: line.office_invoice_id,
        _REFERENCE: line.reference,
        CUSTOMER_CARD: tell(line.customer_card),
        OFFICE_TOTAL: line.office_total,
        OUR_TOTAL: line.our_total,
        "Difference": line.difference,
        STATED_TOTAL: line.stated_total,
        "Currency": line.currency,
        "Order": line.order_id,
        STATE_THERE: tell(say_status(line.office_status)),
        OUR_NUMBER: _tell_number(line),
        "Department": line.department,
        "Customer": line.customer,
        CARD_THERE: line.office_customer_id,
        "Company": line.company,
    }


def _tell_number(line: LedgerLine) -> str:
    if line.probably:
        return f"{line.probably} ?"  # probably: more words would put an amount off a small screen
    return line.number


def _show_sums(lines: Sequence[LedgerLine]) -> None:
    for each in sum_lines(lines):
        agrees = tell(tell_agreement(each.lines, each.agreeing))
        amounts = {
            tell("In 24SevenOffice"): each.office,
            tell("In so24"): each.ours,
            tell("Difference"): each.difference,
        }
        with st.container(horizontal=True):
            for label, amount in amounts.items():
                st.metric(f"{label}, {each.currency}", format_amount(amount), border=True)
            st.metric(tell("Documents"), agrees, border=True)
        st.caption(tell(tell_ours(lines, each.currency)))
    if apart := sum(bool(line.stated_apart) for line in lines):
        st.caption(
            tell(
                "Documents whose source states another total than 24SevenOffice has: {count}. "
                "Their column “{heading}” has it.",
                count=format_count(apart),
                heading=STATED_TOTAL,
            )
        )
    if drafts := sum(line.verdict is Verdict.DRAFT for line in lines):
        st.caption(tell("Drafts, which do not count: {count}.", count=format_count(drafts)))


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
            **headings_of(frame.columns),
            "Verdict": chips_column(
                tell("Verdict"),
                WIDTHS["Verdict"],
                {verdict.value: colour for verdict, colour in COLOURS.items()},
            ),
            "Date": date_column(tell("Date"), width=WIDTHS["Date"]),
            **{
                name: st.column_config.TextColumn(tell(name), width=WIDTHS[name])
                for name in ("Customer", CUSTOMER_CARD, _REFERENCE)
            },
            OUR_NUMBER: number_column(
                [line.document_id for line in lines],
                key="ledger_open",
                label=tell(OUR_NUMBER),
                width=WIDTHS[OUR_NUMBER],
            ),
            **{name: amount_column(tell(name), width=WIDTHS[name]) for name in _AMOUNTS},
            OFFICE_TOTAL: amount_column(
                heading_in(OFFICE_TOTAL, currency), width=WIDTHS[OFFICE_TOTAL]
            ),
            **{name: amount_column(tell(name), width=WIDTHS[name]) for name in _NUMBERS},
        },
        alt=tell("Orders in 24SevenOffice beside the documents of so24"),
    )
    st.markdown(_tell_sums(lines))
    offer_the_only_one(
        [(line.document_id, line.number or line.probably) for line in lines], key="ledger_open_it"
    )


def ledger_frame(lines: Sequence[LedgerLine]) -> pd.DataFrame:
    """The lines as the grid shows them: amounts, verdict and customer first, nothing empty."""
    cells: dict[str, Any] = {name: [] for name in WIDTHS}
    for line in lines:
        for name, value in ledger_cells(line).items():
            cells.setdefault(name, []).append(value)
    cells["Verdict"] = [[each] for each in cells["Verdict"]]
    cells["Moved"] = [tell(line.moved) for line in lines]
    for name in _NUMBERS:
        cells[name] = pd.array(cells[name], dtype="Int64")
    left_out = {
        STATED_TOTAL: not any(line.stated_apart for line in lines),
        "Moved": not any(cells["Moved"]),
        "Currency": bool(currencies_of(cells["Currency"])),  # in a heading
    }
    return pd.DataFrame({name: cells[name] for name in cells if not left_out.get(name)})


def _tell_sums(lines: Sequence[LedgerLine]) -> str:
    """The sums of the lines shown, told, as :func:`sum_lines` reckons them."""
    told = [tell_count("**{number} line**", "**{number} lines**", len(lines))]
    told.extend(
        tell(
            "in 24SevenOffice {there}, in so24 {here}, difference {difference}",
            there=format_amount(each.office, each.currency),
            here=format_amount(each.ours, each.currency),
            difference=format_amount(each.difference, each.currency),
        )
        for each in sum_lines(lines)
    )
    return " · ".join(told)
