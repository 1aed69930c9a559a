"""What else can be done with what is ticked: leave out, take in, and answer for several at once.

It is a dialog: what an answer is about is read, document by document, before it is given. What was
done closes it.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from so24.amounts import count_things
from so24.invoices.decisions import release_held, set_excluded
from so24.invoices.questions import (
    AskedDocument,
    answer_questions,
    answer_whose,
    list_asked,
)
from so24.store.documents.overview import InvoiceRow
from so24.store.tables.document_tables import Asks, DocumentKind
from so24.ui.frame import flash
from so24.ui.frame.session import acting_desk
from so24.ui.invoices.ticked import rows_ticked

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
EXCLUDING = "_excluding"  # a place of complaints
ASK_ABOVE = "Answer it above the list of invoices."
_REASON = "invoices_exclude_reason"


@st.dialog("What is ticked", width="large")
def ask_what_to_do() -> None:
    """Show what can be done with the ticked documents besides sending them; one press does it."""
    if flash.waits():  # done: close, and let the page say so
        st.rerun()
    selected = rows_ticked(acting_desk())
    _show_questions(selected)
    _show_held([row.id for row in selected if row.held])
    _show_exclusion(selected)


def _show_questions(selected: Sequence[InvoiceRow]) -> None:
    """The answers to each kind of question that the selection has; none answers another kind."""
    for asks, (caption, yes, no) in ANSWERS.items():
        ids = [row.id for row in selected if row.asks is asks]
        asked = list_asked(acting_desk(), ids, asks) if ids else []
        if not asked:
            continue
        st.markdown(f"**{caption}** Asked of {_count(len(asked))}:")
        st.dataframe(_list(asked, asks), hide_index=True, height="auto", width="stretch")
        shown = [each.invoice_id for each in asked]
        with st.container(horizontal=True):
            for same, words in ((True, yes), (False, no)):
                st.button(
                    f"{words}: answer {_count(len(shown))}",
                    key=f"invoices_answer_{asks}_{same}",
                    on_click=_answer,
                    args=(shown, asks, same, words),
                )
    if listed := sum(row.asks is Asks.LIST for row in selected):
        waiting = "waits" if listed == 1 else "wait"
        st.caption(f"{_count(listed)} {waiting} for what a list says of the customer. {ASK_ABOVE}")


def _list(asked: Sequence[AskedDocument], asks: Asks) -> pd.DataFrame:
    if asks is Asks.DOCUMENT:
        return pd.DataFrame(
            {
                "Number": [each.number for each in asked],
                "Customer": [each.customer for each in asked],
                "Question": [each.question for each in asked],
            }
        )
    return pd.DataFrame(
        {
            "Number": [each.number for each in asked],
            "Made out to": [each.made_out_to for each in asked],
            "Customer no.": [each.customer_number for each in asked],
            "Is the number of": [each.customer for each in asked],
            "Question": [each.question for each in asked],
        }
    )


def _show_held(held: Sequence[int]) -> None:
    if not held:
        return
    st.markdown(f"**What are they?** Asked of {_count(len(held))}:")
    with st.container(horizontal=True):
        for kind, word in (
            (DocumentKind.INVOICE, "invoices"),
            (DocumentKind.CREDIT_NOTE, "credit notes"),
        ):
            st.button(f"They are {word}", on_click=_release, args=(held, kind))


def _show_exclusion(selected: Sequence[InvoiceRow]) -> None:
    ids = [row.id for row in selected]
    excluded = [row.id for row in selected if row.excluded]
    st.text_input("Reason", key=_REASON, max_chars=200, placeholder="Why it is not to be exported")
    flash.show_complaints(EXCLUDING)
    with st.container(horizontal=True):
        st.button("Exclude from export", on_click=_exclude, args=(ids,))
        st.button("Include again", on_click=_include, args=(excluded,), disabled=not excluded)


def _answer(ids: Sequence[int], asks: Asks, same: bool, words: str) -> None:
    answer = answer_questions if asks is Asks.DOCUMENT else answer_whose
    with flash.complaining():
        count = answer(acting_desk(), ids, same=same)
        flash.say(f"{_count(count)} answered: {words[:1].lower()}{words[1:]}.", tick=count > 0)


def _exclude(ids: Sequence[int]) -> None:
    reason = st.session_state.get(_REASON, "")
    with flash.complaining(EXCLUDING):
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
