"""What else can be done with what is ticked: leave out, take in, and answer for several at once.

It is a dialog: what an answer is about is read, document by document, before it is given. What was
done closes it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
import streamlit as st

from so24.amounts import format_count
from so24.invoices.answers import QUESTIONS
from so24.invoices.decisions import release_held, set_excluded
from so24.invoices.questions import (
    AskedDocument,
    answer_questions,
    answer_whose,
    list_asked,
)
from so24.language.said import join_said, say, say_count
from so24.language.telling import tell, tell_count
from so24.store.documents.overview import InvoiceRow
from so24.store.tables.document_tables import Asks, DocumentKind
from so24.ui.frame import flash
from so24.ui.frame.flash import escape_markdown
from so24.ui.frame.session import acting_desk
from so24.ui.invoices.import_report_view import note_answered
from so24.ui.invoices.ticked import rows_ticked
from so24.ui.parts.headings import MADE_OUT_TO, headings_of

EXCLUDING = "_excluding"  # a place of complaints
ASK_ABOVE = say("Answer it above the list of invoices.")
_REASON = "invoices_exclude_reason"
_NAMED = 8  # documents that are named at the head


def ask_what_to_do() -> None:
    """Show what can be done with the ticked documents besides sending them; one press does it."""
    # its title is told in each run anew, so that it is made a dialog only here
    st.dialog(tell("What is ticked"), width="medium")(_draw)()


def _draw() -> None:
    if flash.waits():  # done: close, and let the page say so
        st.rerun()
    selected = rows_ticked(acting_desk())
    _name_ticked(selected)
    _show_questions(selected)
    _show_held([row.id for row in selected if row.held])
    _show_exclusion(selected)


def _name_ticked(selected: Sequence[InvoiceRow]) -> None:
    """How many documents are ticked, and the first of them by their numbers."""
    told = [escape_markdown(f"{row.number} {row.customer}") for row in selected[:_NAMED]]
    if more := len(selected) - len(told):
        told.append(tell("{count} more", count=format_count(more)))
    words = tell_count("**{number} document:**", "**{number} documents:**", len(selected))
    st.markdown(f"{words} {', '.join(told)}")


def _show_questions(selected: Sequence[InvoiceRow]) -> None:
    """The answers to each kind of question that the selection has; none answers another kind."""
    for asks, question in QUESTIONS.items():
        ids = [row.id for row in selected if row.asks is asks]
        asked = list_asked(acting_desk(), ids, asks) if ids else []
        if not asked:
            continue
        words = tell_count(
            "**{question}** Asked of {number} document:",
            "**{question}** Asked of {number} documents:",
            len(asked),
            question=question.words,
        )
        st.markdown(words)
        frame = _list(asked, asks)
        st.dataframe(
            frame, hide_index=True, height="auto", width="stretch",
            column_config=headings_of(frame.columns),
        )  # fmt: skip
        shown = {each.invoice_id: each.number for each in asked}
        with st.container(horizontal=True):
            for same in (True, False):
                st.button(
                    tell_count(
                        "{answer}: answer {number} document",
                        "{answer}: answer {number} documents",
                        len(shown),
                        answer=question.answer(same=same).label,
                    ),
                    key=f"invoices_answer_{asks}_{same}",
                    on_click=_answer,
                    args=(shown, asks, same),
                )
    if listed := sum(row.asks is Asks.LIST for row in selected):
        waiting = say_count(
            "{number} document waits for what a list says of the customer.",
            "{number} documents wait for what a list says of the customer.",
            listed,
        )
        st.caption(tell(join_said([waiting, ASK_ABOVE])))


def _list(asked: Sequence[AskedDocument], asks: Asks) -> pd.DataFrame:
    if asks is not Asks.FIRM:
        return pd.DataFrame(
            {
                "Number": [each.number for each in asked],
                "Customer": [each.customer for each in asked],
                "Question": [tell(each.question) for each in asked],
            }
        )
    return pd.DataFrame(
        {
            "Number": [each.number for each in asked],
            MADE_OUT_TO: [each.made_out_to for each in asked],
            say("Customer no."): [each.customer_number for each in asked],
            say("Is the number of"): [each.customer for each in asked],
            "Question": [tell(each.question) for each in asked],
        }
    )


def _show_held(held: Sequence[int]) -> None:
    if not held:
        return
    words = tell_count(
        "**What are they?** Asked of {number} document:",
        "**What are they?** Asked of {number} documents:",
        len(held),
    )
    st.markdown(words)
    with st.container(horizontal=True):
        for kind, label in (
            (DocumentKind.INVOICE, tell("They are invoices")),
            (DocumentKind.CREDIT_NOTE, tell("They are credit notes")),
        ):
            st.button(label, on_click=_release, args=(held, kind))


def _show_exclusion(selected: Sequence[InvoiceRow]) -> None:
    ids = [row.id for row in selected]
    excluded = [row.id for row in selected if row.excluded]
    hint = tell("Why it is not to be exported")
    st.text_input(tell("Reason"), key=_REASON, max_chars=200, placeholder=hint)
    flash.show_complaints(EXCLUDING)
    with st.container(horizontal=True):
        st.button(tell("Exclude from export"), on_click=_exclude, args=(ids,))
        st.button(tell("Include again"), on_click=_include, args=(excluded,), disabled=not excluded)


def _answer(documents: Mapping[int, str], asks: Asks, same: bool) -> None:
    with flash.complaining():
        give_answer(documents, asks, same=same)


def give_answer(documents: Mapping[int, str], asks: Asks, *, same: bool) -> None:
    """Answer of these documents, by their ids and numbers, what is asked, and say what that did."""
    answer = answer_whose if asks is Asks.FIRM else answer_questions
    desk = acting_desk()
    asked = list_asked(desk, documents, asks)
    still = {each.invoice_id for each in asked}
    answer(desk, still, same=same)
    numbers = [number for invoice_id, number in documents.items() if invoice_id in still]
    if numbers:
        flash.say(QUESTIONS[asks].answer(same=same).tell_done(numbers))
        for each in asked:
            told = QUESTIONS[asks].answer(same=same).tell_done([each.number])
            note_answered(each.question, told)
    else:
        flash.say(say("Nothing is changed: it is answered already."), tick=False)


def _exclude(ids: Sequence[int]) -> None:
    reason = st.session_state.get(_REASON, "")
    with flash.complaining(EXCLUDING):
        outcome = set_excluded(acting_desk(), ids, reason)
        told = say_count(
            "{number} document excluded from export.",
            "{number} documents excluded from export.",
            outcome.changed,
        )
        if outcome.left:
            left = say_count(
                "{number} document left alone: in transfer, or transferred already.",
                "{number} documents left alone: in transfer, or transferred already.",
                outcome.left,
            )
            told = join_said([told, left])
        flash.say(told, tick=outcome.changed > 0)
    st.session_state[_REASON] = ""


def _include(ids: Sequence[int]) -> None:
    with flash.complaining():
        outcome = set_excluded(acting_desk(), ids, None)
        flash.say(
            say_count(
                "{number} document included again.",
                "{number} documents included again.",
                outcome.changed,
            )
        )


def _release(ids: Sequence[int], kind: DocumentKind) -> None:
    with flash.complaining():
        count = release_held(acting_desk(), ids, kind)
        flash.say(
            say_count(
                "{number} document declared: {kind}.",
                "{number} documents declared: {kind}.",
                count,
                kind=kind.words,
            )
        )
