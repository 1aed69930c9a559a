"""The bar below the invoice overview: what is ticked, what it sums up to, what to do with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

import streamlit as st

from so24.amounts import format_amount, format_count
from so24.invoices.overview import list_ids
from so24.keys.activation import activation
from so24.language.said import say
from so24.language.telling import tell
from so24.store.documents.overview import CurrencySum, InvoiceFilter
from so24.ui.export.export_dialog import ask_to_export
from so24.ui.frame import flash
from so24.ui.frame.session import acting_desk, installation
from so24.ui.invoices.more_dialog import EXCLUDING, ask_what_to_do
from so24.ui.invoices.ticked import Ticked, add_up
from so24.ui.parts.opening import offer_the_only_one
from so24.ui.tab import basket

_INACTIVE = say(
    "24SevenOffice is not activated. A System Administrator activates it in the Marketplace."
)


def show_action_bar(wanted: InvoiceFilter, sums: Sequence[CurrencySum], ticked: Ticked) -> None:
    """Draw the bar at the bottom of the window, for the filter with these sums."""
    active = activation(installation()).active
    found = sum(each.documents for each in sums)
    with st.bottom:
        flash.show_complaints(EXCLUDING)
    with (
        st.bottom,
        st.container(horizontal=True, vertical_alignment="center", key="invoices_bar"),
    ):
        # what is long wraps within its own part: the way on stays at the right
        told = st.container(horizontal=True, vertical_alignment="center")
        told.markdown(_describe(ticked, sums), width="content")
        told.button(
            tell("Select all {count}", count=format_count(found)),
            on_click=_select_all,
            args=(wanted,),
            type="tertiary",
            disabled=not found,
            help=tell(
                "All documents of these filters, on every page: {sums}.",
                sums=format_sums(add_up(sums)),
            ),
        )
        if ticked.documents == 1:
            with told:
                offer_the_only_one(
                    [(row.id, row.number) for row in ticked.here], key="invoices_open_it"
                )
        told.button(
            tell("Clear"), on_click=basket.clear, type="tertiary", disabled=not ticked.documents
        )
        if ticked.hidden_ids:
            told.button(
                tell("Drop hidden"),
                on_click=basket.take_out,
                args=(ticked.hidden_ids,),
                type="tertiary",
                help=tell(
                    "They stay ticked, and are sent with the others, until they are dropped."
                ),
            )
        if not active:
            told.caption(tell(_INACTIVE), width="content")
        if st.button(tell("More"), disabled=not ticked.documents, key="invoices_more"):
            ask_what_to_do()
        if st.button(
            "24SevenOffice",  # in English: a name
            type="primary",
            icon=":material/send:",
            disabled=not (active and ticked.documents),
            help=None if active else tell(_INACTIVE),
            key="invoices_send",
        ):
            ask_to_export(list(basket.basket()))


def _select_all(wanted: InvoiceFilter) -> None:
    """Tick each document that the filter has at this moment."""
    with flash.complaining():
        basket.put_in(list_ids(acting_desk(), wanted))


def format_sums(sums: Mapping[str, Decimal]) -> str:
    """``NOK 386 635,22 · EUR 12,00``."""
    return " · ".join(format_amount(sums[currency], currency) for currency in sums)


def _describe(ticked: Ticked, sums: Sequence[CurrencySum]) -> str:
    found = sum(each.documents for each in sums)
    parts = [
        tell(
            "**{count} of {documents} selected**",
            count=format_count(ticked.in_sight),
            documents=format_count(found),
        )
    ]
    if ticked.hidden_ids:
        hidden = format_count(len(ticked.hidden_ids))
        parts.append(tell(":orange[{count} more hidden by the filters]", count=hidden))
    if ticked.documents:
        told = format_sums(ticked.sums)
        parts.append(tell("{sums} in all", sums=told) if ticked.hidden_ids else told)
    elif found:
        parts.append(tell("{sums} in the list", sums=format_sums(add_up(sums))))
    return " · ".join(parts)
