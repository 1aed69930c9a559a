"""The bar below the invoice overview: what is ticked, what it sums up to, what to do with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

import streamlit as st

from so24.amounts import count_things, format_count, format_sum
from so24.invoices.decisions import release_held, set_excluded
from so24.invoices.overview import list_ids
from so24.invoices.questions import answer_questions, answer_whose
from so24.keys.activation import activation
from so24.store.documents.overview import CurrencySum, InvoiceFilter, InvoiceRow
from so24.store.tables.document_tables import Asks, DocumentKind
from so24.ui.export.export_dialog import ask_to_export
from so24.ui.frame import flash
from so24.ui.frame.session import acting_desk, installation
from so24.ui.invoices.ticked import Ticked, add_up, rows_ticked
from so24.ui.parts.opening import offer_the_only_one
from so24.ui.tab import basket

# by what is asked: the question, and its two answers
ANSWERS = {
    Asks.DOCUMENT: (
        "Is it a document that is here already?",
        "It is the same document",
        "It is another document",
    ),
    Asks.FIRM: (
        "Is its buyer the same firm as the customer?",
        "It is the same firm",
        "It is another firm's",
    ),
}
_REASON = "invoices_exclude_reason"
_MORE = "invoices_more"
_EXCLUDING = "_excluding"  # a place of complaints
ASK_ABOVE = "Answer it above the list of invoices."
_INACTIVE = (
    "24SevenOffice is not activated. A System Administrator activates it in the Marketplace."
)


def show_action_bar(wanted: InvoiceFilter, sums: Sequence[CurrencySum], ticked: Ticked) -> None:
    """Draw the bar at the bottom of the window, for the filter with these sums."""
    active = activation(installation()).active
    found = sum(each.documents for each in sums)
    with st.bottom:
        flash.show_complaints(_EXCLUDING)
    with (
        st.bottom,
        st.container(horizontal=True, vertical_alignment="center", key="invoices_bar"),
    ):
        # what is long wraps within its own part: the way on stays at the right
        told = st.container(horizontal=True, vertical_alignment="center")
        told.markdown(_describe(ticked, sums), width="content")
        told.button(
            f"Select all {format_count(found)}",
            on_click=_select_all,
            args=(wanted,),
            type="tertiary",
            disabled=not found,
            help=f"All documents of these filters, on every page: {format_sums(add_up(sums))}.",
        )
        if ticked.documents == 1:
            with told:
                offer_the_only_one(
                    [(row.id, row.number) for row in ticked.here], key="invoices_open_it"
                )
        told.button("Clear", on_click=basket.clear, type="tertiary", disabled=not ticked.documents)
        if ticked.hidden_ids:
            told.button(
                "Drop hidden",
                on_click=basket.take_out,
                args=(ticked.hidden_ids,),
                type="tertiary",
                help="They stay ticked, and are sent with the others, until they are dropped.",
            )
        if not active:
            told.caption(_INACTIVE, width="content")
        more = st.popover("More", disabled=not ticked.documents, key=_MORE, on_change="rerun")
        if more.open:
            with more:
                _show_more(rows_ticked(acting_desk()))
        if st.button(
            "24SevenOffice",
            type="primary",
            icon=":material/send:",
            disabled=not (active and ticked.documents),
            help=None if active else _INACTIVE,
            key="invoices_send",
        ):
            ask_to_export(list(basket.basket()))


def _select_all(wanted: InvoiceFilter) -> None:
    """Tick each document that the filter has at this moment."""
    with flash.complaining():
        basket.put_in(list_ids(acting_desk(), wanted))


def format_sums(sums: Mapping[str, Decimal]) -> str:
    """``NOK 386 635,22 · EUR 12,00``."""
    return " · ".join(format_sum(sums[currency], currency) for currency in sums)


def _describe(ticked: Ticked, sums: Sequence[CurrencySum]) -> str:
    found = sum(each.documents for each in sums)
    parts = [f"**{format_count(ticked.in_sight)} of {format_count(found)} selected**"]
    if ticked.hidden_ids:
        parts.append(f":orange[{format_count(len(ticked.hidden_ids))} more hidden by the filters]")
    if ticked.documents:
        in_all = " in all" if ticked.hidden_ids else ""
        parts.append(f"{format_sums(ticked.sums)}{in_all}")
    elif found:
        parts.append(f"{format_sums(add_up(sums))} in the list")
    return " · ".join(parts)


def _show_more(selected: Sequence[InvoiceRow]) -> None:
    ids = [row.id for row in selected]
    st.text_input("Reason", key=_REASON, max_chars=200, placeholder="Why it is not to be exported")
    st.button("Exclude from export", on_click=_exclude, args=(ids,), width="stretch")
    excluded = [row.id for row in selected if row.excluded]
    st.button(
        "Include again", on_click=_include, args=(excluded,), width="stretch",
        disabled=not excluded,
    )  # fmt: skip
    held = [row.id for row in selected if row.held]
    if held:
        st.caption(f"{count_things(len(held), 'held document')}: say what each is.")
        for kind, word in (
            (DocumentKind.INVOICE, "invoices"),
            (DocumentKind.CREDIT_NOTE, "credit notes"),
        ):
            st.button(f"They are {word}", on_click=_release, args=(held, kind), width="stretch")
    _show_questions(selected)


def _show_questions(selected: Sequence[InvoiceRow]) -> None:
    """The answers to each kind of question that the selection has; none answers another kind."""
    for asks, (caption, yes, no) in ANSWERS.items():
        asked = [row.id for row in selected if row.asks is asks]
        if not asked:
            continue
        st.caption(f"{caption} Asked of {_count(len(asked))}; open one to read it.")
        for same, words in ((True, yes), (False, no)):
            st.button(words, on_click=_answer, args=(asked, asks, same, words), width="stretch")
    if listed := sum(row.asks is Asks.LIST for row in selected):
        waiting = "waits" if listed == 1 else "wait"
        st.caption(f"{_count(listed)} {waiting} for what a list says of the customer. {ASK_ABOVE}")


def _answer(ids: Sequence[int], asks: Asks, same: bool, words: str) -> None:
    answer = answer_questions if asks is Asks.DOCUMENT else answer_whose
    with flash.complaining():
        count = answer(acting_desk(), ids, same=same)
        flash.say(f"{_count(count)} answered: {words[:1].lower()}{words[1:]}.", tick=count > 0)


def _exclude(ids: Sequence[int]) -> None:
    reason = st.session_state.get(_REASON, "")
    with flash.complaining(_EXCLUDING):
        outcome = set_excluded(acting_desk(), ids, reason)
        told = f"{_count(outcome.changed)} excluded from export."
        if outcome.left:
            told += f" {_count(outcome.left)} left alone: in transfer, or transferred already."
        flash.say(told, tick=outcome.changed > 0)
    st.session_state[_REASON] = ""


def _include(ids: Sequence[int]) -> None:
    with flash.complaining():
        outcome = set_excluded(acting_desk(), ids, None)
        flash.say(f"{_count(outcome.changed)} included again.")


def _release(ids: Sequence[int], kind: DocumentKind) -> None:
    with flash.complaining():
        count = release_held(acting_desk(), ids, kind)
        flash.say(f"{_count(count)} declared: {kind.words}.")


def _count(number: int) -> str:
    return count_things(number, "document")
