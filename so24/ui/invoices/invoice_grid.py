"""The filters and the grid of the invoice overview, a page at a time, and what is ticked in it.

The filters stay while the user is on other pages.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st

from so24.errors import WrongUse
from so24.invoices.overview import InvoicePage, Search, parse_search, read_overview
from so24.people.desk import Desk
from so24.store.documents.overview import InvoiceFilter, InvoiceRow
from so24.store.tables.document_tables import DocumentKind
from so24.store.tables.transfer_tables import OPEN, State
from so24.ui.frame.flash import escape_markdown
from so24.ui.invoices.finding_view import chip_colours, read_chips
from so24.ui.parts import basket, tables
from so24.ui.parts.tables import (
    amount_column,
    date_column,
    pick_period,
    status_column,
    status_of,
    with_amounts,
)

KINDS = {DocumentKind.INVOICE: "Invoices", DocumentKind.CREDIT_NOTE: "Credit notes"}
UNSENT = "Not transferred"
HELD = "Waits for an answer"
STATES: dict[str, frozenset[State]] = {
    UNSENT: frozenset(),
    "In transfer": frozenset(OPEN),
    "Transferred": frozenset({State.TRANSFERRED}),
    "Problems": frozenset(state for state in State if state.is_failed),
    HELD: frozenset(),
    "All": frozenset(),
}
_SEARCH_HELP = (
    "Free text is looked for in number and customer. Exact, capital letters included: "
    "`@name=Customer AS`, `@companyNo=5001`, `@no=1001`."
)
PAGE_ROWS = 2000
KIND_WORDS = {DocumentKind.INVOICE: "Invoice", DocumentKind.CREDIT_NOTE: "Credit note"}
REMARKS = {
    "date assumed": "orange",
    "excluded": "gray",
    "held": "orange",
    "changed after export": "red",
    "total differs from the source": "orange",
}
_PAGE = "invoices_page"


def pick_filter(departments: Mapping[int, str]) -> InvoiceFilter:
    """Draw the filters and read them; stops the page with a sentence for a wrong search code."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        text = st.text_input(
            "Search",
            key="invoices_search",
            placeholder="Number, customer, @name=, @companyNo=, @no=",
            help=_SEARCH_HELP,
            icon=":material/search:",
            persist_state="session",
        )
        period = pick_period("Invoice date", "invoices_period")
        chosen = st.multiselect(
            "Department",
            list(departments),
            format_func=departments.__getitem__,
            placeholder="All departments",
            key="invoices_departments",
            persist_state="session",
        )
    with st.container(horizontal=True):
        status = st.segmented_control(
            "Status", list(STATES), default=UNSENT, required=True, key="invoices_status",
            label_visibility="collapsed", persist_state="session",
        )  # fmt: skip
        kinds = st.pills(
            "Kind", list(KINDS), selection_mode="multi", format_func=KINDS.__getitem__,
            key="invoices_kinds", label_visibility="collapsed", persist_state="session",
        )  # fmt: skip
    search = _read_search(text or "")
    return InvoiceFilter(
        kinds=frozenset(kinds),
        department_ids=frozenset(chosen),
        date_from=period.first,
        date_to=period.last,
        states=STATES[status or UNSENT],
        unsent=status == UNSENT,
        asked=status == HELD,
        name=search.name,
        company_number=search.company_number,
        number=search.number,
        text=search.text,
    )


def _read_search(text: str) -> Search:
    try:
        return parse_search(text)
    except WrongUse as error:
        st.error(escape_markdown(str(error)))
        st.stop()


def read_page(desk: Desk, wanted: InvoiceFilter) -> InvoicePage:
    """The page of the filter that the user has turned to."""

    def read(start: int) -> tuple[Sequence[InvoiceRow], int]:
        page = read_overview(desk, replace(wanted, limit=PAGE_ROWS, offset=start))
        return page.rows, page.found

    rows, found = tables.read_page(_PAGE, read, PAGE_ROWS)
    return InvoicePage(tuple(rows), found)


def tick_documents(desk: Desk, wanted: InvoiceFilter, page: InvoicePage) -> list[InvoiceRow]:
    """Draw the grid; the ticked documents, those on other pages of the same filter included."""
    ids = [row.id for row in page.rows]
    shown = st.dataframe(
        with_amounts(_frame(page.rows, read_chips(desk, page.rows)), ("Net", "VAT", "Total")),
        key=basket.grid_key(ids),
        on_select="rerun",
        selection_mode="multi-row",
        selection_default=basket.ticked(ids),
        hide_index=True,
        placeholder="",
        height=_height(len(ids)),
        column_config=_columns(),
        alt="Invoices and credit notes with their state",
    )
    basket.take_ticks(ids, shown.selection.rows)
    tables.turn_pages(_PAGE, page.found, PAGE_ROWS)
    return _ticked_rows(desk, wanted, page)


def _ticked_rows(desk: Desk, wanted: InvoiceFilter, page: InvoicePage) -> list[InvoiceRow]:
    chosen = [row for row in page.rows if row.id in basket.basket()]
    others = basket.basket() - {row.id for row in page.rows}
    if others:
        elsewhere = replace(wanted, ids=frozenset(others), limit=None, offset=0)
        chosen += read_overview(desk, elsewhere).rows
        # a document that left the list is forgotten: what is sent is what can be seen
        basket.basket().intersection_update(row.id for row in chosen)
    return chosen


def _frame(rows: Sequence[InvoiceRow], chips: Mapping[int, list[str]]) -> pd.DataFrame:
    columns: dict[str, list[Any]] = {
        "Number": [row.number for row in rows],
        "Status": [[status_of(row.state)] for row in rows],
        "Remarks": [[*_remarks(row), *chips.get(row.id, ())] for row in rows],
        "Kind": [KIND_WORDS[row.kind] for row in rows],
        "Date": [row.invoice_date for row in rows],
        "Due": [row.due_date for row in rows],
        "Department": [row.department for row in rows],
        "Customer": [row.customer for row in rows],
        "Net": [row.net for row in rows],
        "VAT": [row.vat for row in rows],
        "Total": [row.total for row in rows],
        "Currency": [row.currency for row in rows],
    }
    if not any(columns["Remarks"]):
        del columns["Remarks"]
    return pd.DataFrame(columns)


def _columns() -> dict[str, Any]:
    remarks = REMARKS | chip_colours()
    return {
        "Number": st.column_config.TextColumn("Number", pinned=True, width=70),
        "Status": status_column(width=120),
        "Remarks": st.column_config.MultiselectColumn(
            "Remarks", options=list(remarks), color=list(remarks.values()), width=130
        ),
        "Kind": st.column_config.TextColumn("Kind", width=80),
        "Date": date_column("Date", width=85),
        "Due": date_column("Due", width=85),
        "Department": st.column_config.TextColumn("Department", width=80),
        "Customer": st.column_config.TextColumn("Customer", width=140),
        "Net": amount_column("Net", width=90),
        "VAT": amount_column("VAT", width=80),
        "Total": amount_column("Total", width=95),
        "Currency": st.column_config.TextColumn("Currency", width=70),
    }


def _remarks(row: InvoiceRow) -> Iterator[str]:
    if row.date_assumed:
        yield "date assumed"
    if row.excluded:
        yield "excluded"
    if row.held or row.question:
        yield "held"
    if row.changed_after_export:
        yield "changed after export"
    if row.stated_total is not None and row.stated_total != row.total:
        yield "total differs from the source"


def _height(rows: int) -> int:
    """All rows where they are few; else a window that leaves room for the action bar."""
    return min(37 * (rows + 1) + 3, 560)
