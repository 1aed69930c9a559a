"""Who waits for somebody to say whose card it is, the cards that come near, and the answers."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from so24.customer_cards.link import (
    LONGEST_REASON,
    CustomerMatch,
    CustomerQuestion,
    create_new_card,
    link_customer,
    read_match,
    unlink_customer,
)
from so24.dates import format_moment
from so24.ui.frame import flash
from so24.ui.frame.flash import escape_markdown
from so24.ui.frame.session import acting_desk

_SHOWN = "customers_match"  # of one customer at a time: (key id, how it stands)
_NUMBER = "customers_number"
_CARD = "customers_card"
_WHY = "customers_why"


def show_questions(questions: Sequence[CustomerQuestion]) -> None:
    """The customers whose documents wait; a row that is chosen fills the field below."""
    if not questions:
        st.success("No document waits for a card.", icon=":material/task_alt:")
        return
    frame = pd.DataFrame(
        {
            "Customer": [each.number for each in questions],
            "Name": [each.name for each in questions],
            "Documents": [each.documents for each in questions],
            "Question": [each.words for each in questions],
        }
    )
    numbers = [each.number for each in questions]
    chosen = st.dataframe(
        frame,
        key=f"customers_questions_{hash(tuple(numbers))}",
        hide_index=True,
        on_select="rerun",
        selection_mode="single-row",
        alt="Customers whose card is in question",
    )
    rows = chosen["selection"]["rows"]
    if rows and rows[0] < len(numbers) and not st.session_state.get(_NUMBER):
        st.session_state[_NUMBER] = numbers[rows[0]]


def ask_for_customer(key_id: int) -> None:
    """A field for the customer's number and the button that reads the cards."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        number = st.text_input("Customer number", key=_NUMBER, width=240)
        st.button(
            "Show cards",
            type="primary",
            icon=":material/search:",
            disabled=not number.strip(),
            on_click=_read,
            args=(key_id, number),
        )
    owner, match = st.session_state.get(_SHOWN, (None, None))
    if owner == key_id and match is not None:
        _show_match(key_id, match)


def _show_match(key_id: int, match: CustomerMatch) -> None:
    told = [match.number, match.name, match.organization_number, match.country]
    st.subheader(escape_markdown(" · ".join(part for part in told if part)))
    sentence = escape_markdown(match.sentence)
    if match.is_open:
        st.warning(sentence, icon=":material/help:")
    else:
        st.info(sentence, icon=":material/link:")
    if match.word is not None:
        said = f"{match.word.by}, {format_moment(match.word.at)}: {match.word.why}"
        st.caption(escape_markdown(said))
    if match.candidates:
        _show_candidates(match)
    _show_answers(key_id, match)


def _show_candidates(match: CustomerMatch) -> None:
    rows = match.candidates
    st.dataframe(
        pd.DataFrame(
            {
                "Card": [row.id for row in rows],
                "Name": [row.name for row in rows],
                "Organization number": [row.organization_number for row in rows],
                "Country": [row.country for row in rows],
                "Address": [row.address for row in rows],
                "How it matches": [row.how for row in rows],
            }
        ),
        column_config={"Card": st.column_config.NumberColumn(format="%d")},
        hide_index=True,
        alt="Cards that may be the customer's",
    )


def _show_answers(key_id: int, match: CustomerMatch) -> None:
    names = {row.id: f"{row.id} {row.name}" for row in match.candidates}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        card = st.selectbox(
            "Card",
            list(names),
            format_func=lambda each: names.get(each, str(each)),
            accept_new_options=True,
            key=f"{_CARD}_{match.number}",
            placeholder="A card, or its number in 24SevenOffice",
            width=320,
        )
        why = st.text_input("Reason", key=f"{_WHY}_{match.number}", max_chars=LONGEST_REASON)
    missing = not why.strip()
    help_text = "Say the reason first: it is kept with the answer." if missing else None
    answers = {"Use this card": ("link", card), "Create a new card": ("new", None)}
    if match.linked is not None or match.word is not None:
        answers["Unlink"] = ("unlink", None)
    icons = {"link": "link", "new": "person_add", "unlink": "link_off"}
    with st.container(horizontal=True):
        for label, (answer, chosen) in answers.items():
            st.button(
                label,
                icon=f":material/{icons[answer]}:",
                disabled=missing,
                help=help_text,
                on_click=_answer,
                args=(key_id, match.number, answer, chosen, why),
            )


def _read(key_id: int, number: str) -> None:
    st.session_state.pop(_SHOWN, None)
    with flash.complaining():
        st.session_state[_SHOWN] = (key_id, read_match(acting_desk(), key_id, number))


def _answer(key_id: int, number: str, answer: str, card: object, why: str) -> None:
    with flash.complaining():
        if answer == "link":
            text = str(card or "").strip()
            if not text.isdecimal():
                flash.complain("Choose a card, or enter its number in 24SevenOffice.")
                return
            linked = link_customer(acting_desk(), key_id, number, int(text), why)
            flash.say(f"Customer {number} has card {linked}. Retry its documents.")
        elif answer == "new":
            create_new_card(acting_desk(), key_id, number, why)
            flash.say(f"The next export creates a card for customer {number}.")
        else:
            unlink_customer(acting_desk(), key_id, number, why)
            flash.say(f"Customer {number} has no link any more.")
        _read(key_id, number)
