"""The filters of the invoice overview."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from so24.errors import WrongUse
from so24.invoices.overview import parse_search
from so24.store.documents.overview import InvoiceFilter
from so24.store.tables.document_tables import DocumentKind
from so24.store.tables.transfer_tables import OPEN, State
from so24.ui.frame.flash import escape_markdown
from so24.ui.parts.tables import pick_period

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
    "Looked for in numbers, customers and KIDs; also an amount (`1 234,50`, or whole kroner), a "
    "customer's number, and the number of the invoice or order in 24SevenOffice. As a whole, "
    "whatever the case: `@name=Customer AS`, `@companyNo=5001`, `@no=1001`."
)


def pick_filter(departments: Mapping[int, str]) -> InvoiceFilter | None:
    """Draw the filters and read them; None, with a sentence, for a wrong search code."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        text = st.text_input(
            "Search",
            key="invoices_search",
            placeholder="Number, customer, amount, KID",
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
    try:
        search = parse_search(text or "")
    except WrongUse as error:
        st.error(escape_markdown(str(error)))
        return None
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
