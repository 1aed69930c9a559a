"""The filters of the invoice overview."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import streamlit as st

from so24.errors import WrongUse
from so24.invoices.overview import parse_search
from so24.language.said import join_said, say, say_as
from so24.language.telling import tell
from so24.ledger.payments.words import PAYMENT_CHOICES, choose_states
from so24.store.documents.overview import InvoiceFilter, ListOrder
from so24.store.tables.document_tables import DocumentKind
from so24.store.tables.transfer_tables import OPEN, State
from so24.store.transfers.standings import StandingKinds
from so24.ui.frame.flash import escape_markdown
from so24.ui.parts.filter_state import (
    SEARCH_HELP,
    ListFilters,
    as_slug,
    choice_field,
    choices_field,
    number_field,
    period_field,
    search_field,
)
from so24.ui.parts.tables import pick_period
from so24.ui.parts.views import offer_views

KINDS = {DocumentKind.INVOICE: say("Invoices"), DocumentKind.CREDIT_NOTE: say("Credit notes")}
UNSENT = say("Not transferred")
HELD = say("Waits for an answer")
TRANSFERRED, ALL = say("Transferred"), say("All")
_IMPORT = "invoices_import"
_PAYMENTS = "invoices_payments"
PROBLEMS = say("Problems")
LEFT_OUT = say("Left out")
STATES: dict[str, frozenset[State]] = {
    UNSENT: frozenset(),
    say("In transfer"): frozenset(OPEN),
    TRANSFERRED: frozenset({State.TRANSFERRED}),
    PROBLEMS: frozenset(),
    HELD: frozenset(),
    LEFT_OUT: frozenset(),
    ALL: frozenset(),
}
_CODES = say("As a whole, whatever the case: `@name=Customer AS`, `@companyNo=5001`, `@no=1001`.")


def filters_of(departments: Mapping[int, str]) -> ListFilters:
    """The filters of the list, as they stand in its address."""
    return ListFilters(
        "invoices",
        (
            search_field("invoices_search"),
            period_field("date", "invoices_period"),
            choices_field("department", "invoices_departments", departments),
            choice_field("status", "invoices_status", list(STATES), UNSENT),
            choices_field("kind", "invoices_kinds", list(KINDS)),
            choices_field("payment", _PAYMENTS, list(PAYMENT_CHOICES)),
            choice_field(
                "order", "invoices_order", list(ListOrder), ListOrder.NEWEST, always=False
            ),
            number_field("import", _IMPORT),
        ),
    )


def pick_filter(departments: Mapping[int, str], *, follows: bool) -> InvoiceFilter | None:
    """Draw the filters and read them; None, with a sentence, for a wrong search code.

    ``follows``: in this run the address may be a link's; see :class:`ListFilters`.
    """
    filters = filters_of(departments)
    filters.restore(follows=follows)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        text = st.text_input(
            tell("Search"),
            key="invoices_search",
            placeholder=tell("No., customer, amount, KID"),
            help=tell(join_said([SEARCH_HELP, _CODES])),
            icon=":material/search:",
        )
        offer_views(filters)  # beside what stretches: so it needs no line on a telephone
        period = pick_period(tell("Invoice date"), "invoices_period")
        chosen = st.multiselect(
            tell("Department"),
            list(departments),
            format_func=departments.__getitem__,
            placeholder=tell("All departments"),
            key="invoices_departments",
        )
        order = st.selectbox(
            tell(say_as("of a list", "Order")),
            list(ListOrder),
            format_func=tell,
            key="invoices_order",
            width=150,
        )
    with st.container(horizontal=True, vertical_alignment="center"):
        status = st.segmented_control(
            tell("Status"), list(STATES), default=UNSENT, required=True, format_func=tell,
            key="invoices_status", label_visibility="collapsed"
        )  # fmt: skip
        kinds = st.pills(
            tell("Kind"), list(KINDS), selection_mode="multi", format_func=_tell_kind,
            key="invoices_kinds", label_visibility="collapsed"
        )  # fmt: skip
        payments = _pick_payments() if _may_be_booked(status) else []
        if only := st.session_state[_IMPORT]:
            words = tell("Import {import_id} only", import_id=only)
            st.badge(words, icon=":material/upload_file:", color="blue")
        filters.offer_clear()
    filters.keep()
    try:
        search = parse_search(text or "")
    except WrongUse as error:
        st.error(escape_markdown(tell(error.words)))
        return None
    return InvoiceFilter(
        kinds=frozenset(kinds),
        department_ids=frozenset(chosen),
        date_from=period.first,
        date_to=period.last,
        states=STATES[status or UNSENT],
        unsent=status == UNSENT,
        asked=status == HELD,
        problems=status == PROBLEMS,
        left_out=status == LEFT_OUT,
        name=search.name,
        company_number=search.company_number,
        number=search.number,
        text=search.text,
        import_id=st.session_state[_IMPORT] or None,
        payments=choose_states(payments),
        order=ListOrder(order or ListOrder.NEWEST),
    )


def _may_be_booked(status: str | None) -> bool:
    """Whether the list may hold booked invoices; what is chosen already is shown in any case."""
    return status in (TRANSFERRED, ALL) or bool(st.session_state[_PAYMENTS])


def _pick_payments() -> list[str]:
    return st.pills(
        tell("Payment"), list(PAYMENT_CHOICES), selection_mode="multi", format_func=tell,
        key=_PAYMENTS, label_visibility="collapsed"
    )  # fmt: skip


def _tell_kind(kind: DocumentKind) -> str:
    return tell(KINDS[kind])


def in_any_status(wanted: InvoiceFilter) -> InvoiceFilter:
    """The same filter with the status *All*."""
    return replace(
        wanted, states=STATES["All"], unsent=False, asked=False, problems=False, left_out=False,
        standing=StandingKinds(),
    )  # fmt: skip


def of_import(import_id: int) -> InvoiceFilter:
    """The documents that are here as this import has brought them."""
    return InvoiceFilter(import_id=import_id)


def status_in_address(status: str) -> dict[str, str]:
    """What an address says so that the list has the documents of this status."""
    return {"status": as_slug(status)}


def show_asked_only(departments: Mapping[int, str]) -> None:
    """Leave what waits for an answer in the list; for the callback of a button."""
    filters_of(departments).clear()
    st.session_state["invoices_status"] = HELD


def show_import_only(departments: Mapping[int, str], import_id: int) -> None:
    """Leave just what this import has brought in the list; for the callback of a button."""
    filters_of(departments).clear()
    st.session_state["invoices_status"] = "All"
    st.session_state[_IMPORT] = import_id
