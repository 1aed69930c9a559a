"""Is a list right that gives a customer's number to another firm? Asked once more, and told."""

from __future__ import annotations

import streamlit as st

from so24.invoices.questions import (
    ListQuestion,
    answer_customer_question,
    open_customer_questions,
)
from so24.language.said import join_said, say, say_count
from so24.language.telling import tell
from so24.people.desk import Desk
from so24.ui.frame import flash
from so24.ui.frame.flash import escape_markdown
from so24.ui.frame.session import acting_desk
from so24.ui.invoices.import_report_view import note_answered

_TOLD = "list_answers_told"


def show_customer_questions(desk: Desk) -> None:
    """Ask about each list what is open, above what the last answers have done."""
    _show_told()
    for each in open_customer_questions(desk):
        with st.container(border=True):
            st.warning(escape_markdown(tell(each.question)))
            offer_answers(each)


def ask_about_customer(desk: Desk, number: str) -> None:
    """The same of one customer, beside a document of it; nothing where nothing is asked."""
    for each in open_customer_questions(desk):
        if each.number == number:
            offer_answers(each, beside="drawer_")


def offer_answers(asked: ListQuestion, *, beside: str = "") -> None:
    """Both answers; that the list is right asks once more, for it makes the customer another firm.

    ``beside`` tells the buttons from others about the same customer.
    """
    values = {"customer": asked.number, "stated": asked.stated, "known": asked.known}
    with st.container(horizontal=True):
        with st.popover(tell("The list is right")):
            told = say(
                "Customer {customer} is {stated} then, and no longer {known}: under that name and "
                "organization number its invoices are sent. What is made out to another firm waits "
                "for an answer. Only another list makes it {known} again.",
                **values,
            )
            st.markdown(escape_markdown(tell(told)))
            st.button(
                tell("Yes, the list is right"),
                key=f"{beside}right_{asked.number}",
                on_click=_answer,
                args=(asked, True),
            )
        st.button(
            tell(say("The list is wrong – keep {known}", **values)),
            key=f"{beside}wrong_{asked.number}",
            on_click=_answer,
            args=(asked, False),
        )


def _answer(asked: ListQuestion, right: bool) -> None:
    with flash.complaining():
        waiting = answer_customer_question(acting_desk(), asked.number, right=right)
        told = _tell_right(asked, waiting) if right else _tell_wrong(asked)
        if right:
            st.session_state.setdefault(_TOLD, []).append(told)
        else:
            flash.say(told)
        note_answered(asked.question, told)


def _tell_right(asked: ListQuestion, waiting: int) -> str:
    told = say(
        "Customer {customer} is {stated} now; it was {known}. Address, e-mail address and credit "
        "days are still the former ones: import the list again, and the customer gets those that "
        "it states.",
        customer=asked.number,
        stated=asked.stated,
        known=asked.known,
    )
    if not waiting:
        return told
    waits = say_count(
        "{number} document of the customer is made out to another firm, and waits for an answer.",
        "{number} documents of the customer are made out to another firm, and wait for an answer.",
        waiting,
    )
    return join_said([told, waits])


def _tell_wrong(asked: ListQuestion) -> str:
    return say(
        "Customer {customer} stays {known}. What the list says of it is not asked about again.",
        customer=asked.number,
        known=asked.known,
    )


def _show_told() -> None:
    """What the answers have done, until it is dismissed."""
    messages: list[str] = st.session_state.get(_TOLD, [])
    if not messages:
        return
    with st.container(border=True):
        for each in messages:
            st.markdown(f":material/check: {escape_markdown(tell(each))}")
        st.button(
            tell("Dismiss"), key="list_answers_dismiss", on_click=st.session_state.pop,
            args=(_TOLD, None), type="tertiary",
        )  # fmt: skip
