"""Who or what waits for a person to say what it is in 24SevenOffice, what comes near, the answers.

The same for customers, whose cards are meant, and for products: a :class:`Subject` has the words
and the services of either.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import pandas as pd
import streamlit as st

from so24.amounts import format_count
from so24.customer_cards.link import LONGEST_REASON
from so24.dates import format_moment
from so24.language.said import say
from so24.language.telling import tell
from so24.people.desk import Desk
from so24.store.transfers.said_cards import Word
from so24.ui.customers.waiting import show_waiting
from so24.ui.frame import flash
from so24.ui.frame.flash import escape_markdown
from so24.ui.frame.session import acting_desk

# the columns of all tables here, as they are told
_LABELS = {
    "Customer": say("Customer"), "Product": say("Product"), "Card": say("Card"),
    "Name": say("Name"), "Number": say("Number"), "Documents": say("Documents"),
    "Question": say("Question"), "Organization number": say("Organization number"),
    "Country": say("Country"), "Address": say("Address"), "Active": say("Active"),
    "How it matches": say("How it matches"),
}  # fmt: skip
_WIDTHS = {"Name": 180, "Documents": 70}
_LINE = 22  # pixels
_SIGNS_IN_A_LINE = 50  # of a text in the widest column


class Waiting(Protocol):
    """Something whose documents wait; ``words`` are those of the newest.

    ``ids`` are the documents'.
    """

    @property
    def number(self) -> str:
        """Its number in RecMan."""

    @property
    def name(self) -> str:
        """Its name in RecMan."""

    @property
    def documents(self) -> int:
        """How many documents wait."""

    @property
    def words(self) -> str:
        """What is asked."""

    @property
    def ids(self) -> tuple[int, ...]:
        """The ids of the documents that wait."""


class Standing(Protocol):
    """How it stands in 24SevenOffice; ``sentence`` says what the next export does."""

    @property
    def number(self) -> str:
        """Its number in RecMan."""

    @property
    def linked(self) -> object:
        """What it is linked to, or None."""

    @property
    def word(self) -> Word | None:
        """What a person has said of it."""

    @property
    def sentence(self) -> str:
        """What the next export does."""

    @property
    def is_open(self) -> bool:
        """Whether the next export asks."""


@dataclass(frozen=True)
class Subject:
    """What is linked to what: the words on the page, and the services behind its buttons.

    ``part`` begins its places in the session state. ``told`` is the heading of a match, ``names``
    what may be chosen, by id, and ``columns`` the table of what comes near. Its words are said:
    ``thing`` is what it is called in RecMan, ``there`` in 24SevenOffice.
    """

    part: str
    thing: str
    there: str
    icon: str
    nothing_waits: str
    count: Callable[[int], str]
    number_label: str
    show: str
    in_question: str
    near: str
    hint: str
    use: str
    make: str
    choose: str
    say_linked: Callable[[str, object], str]
    say_new: Callable[[str], str]
    say_unlinked: Callable[[str], str]
    read: Callable[[Desk, int, str], Any]
    link: Callable[[Desk, int, str, int, str], object]
    create: Callable[[Desk, int, str, str], None]
    unlink: Callable[[Desk, int, str, str], None]
    told: Callable[[Any], Sequence[str]]
    names: Callable[[Any], Mapping[int, str]]
    columns: Callable[[Any], Mapping[str, Sequence[Any]]]

    def at(self, place: str) -> str:
        """A place in the session state."""
        return f"{self.part}_{place}"


def pick_company(companies: Mapping[int, str], counts: Mapping[int, int]) -> int:
    """Draw the choice of the company; it begins with the first one where something is asked.

    ``counts`` says of each how many questions wait there.
    """
    ids = list(companies)
    asked = [each for each in ids if counts[each]]
    key_id = st.selectbox(
        tell("Company"),
        ids,
        index=ids.index(asked[0]) if asked else 0,
        format_func=companies.__getitem__,
        key="customers_key",
        width=360,
    )
    # not in the choice itself: it would begin anew with each answer
    told = (f"{companies[each]}: {format_count(counts[each])}" for each in asked)
    if asked:
        companies_asked = escape_markdown(" · ".join(told))
        words = tell("Questions – {companies}", companies=companies_asked)
        st.markdown(f":material/help: {words}")
    return key_id


def show_questions(subject: Subject, key_id: int, questions: Sequence[Waiting]) -> None:
    """Those whose documents wait; for a row that is chosen it is read what comes near."""
    if not questions:
        st.success(tell(subject.nothing_waits), icon=":material/task_alt:")
        return
    numbers = [each.number for each in questions]
    chosen = _show_wrapped(
        {
            str(subject.thing): numbers,
            "Name": [each.name for each in questions],
            "Documents": [each.documents for each in questions],
            "Question": [tell(each.words) for each in questions],
        },
        "Question",
        key=f"{subject.at('questions')}_{hash((key_id, *numbers))}",
        on_select="rerun",
        selection_mode="single-row",
        alt=tell(subject.in_question),
    )
    rows = [row for row in chosen["selection"]["rows"] if row < len(numbers)]
    number = numbers[rows[0]] if rows else None
    if number != st.session_state.get(subject.at("chosen")):
        st.session_state[subject.at("chosen")] = number
        if number is not None:
            st.session_state[subject.at("number")] = number
            _read(subject, key_id, number)


def _show_wrapped(
    columns: Mapping[str, Sequence[Any]], long: str, *, ids: str = "", **options: Any
) -> Any:
    """A grid without the columns that are empty, its rows high enough for its longest text.

    ``ids`` is the column of 24SevenOffice's ids, ``long`` that of the texts.
    """
    filled = {
        name: values
        for name, values in columns.items()
        if any(each not in ("", None) for each in values)
    }
    longest = max(map(len, columns[long]), default=0)
    return st.dataframe(
        pd.DataFrame(filled),
        hide_index=True,
        row_height=_LINE * (1 + longest // _SIGNS_IN_A_LINE) + _LINE // 2,
        column_config={
            **{
                name: st.column_config.Column(tell(_LABELS[name]), width=_WIDTHS.get(name))
                for name in filled
            },
            long: st.column_config.TextColumn(tell(_LABELS[long]), width=360),
            **({ids: st.column_config.NumberColumn(tell(ids), format="%d")} if ids else {}),
        },
        **options,
    )


def ask_for_one(subject: Subject, key_id: int, questions: Sequence[Waiting]) -> None:
    """A field for the number and the button that reads what comes near.

    Of one that is among the ``questions`` the documents are shown that wait.
    """
    with st.container(horizontal=True, vertical_alignment="bottom"):
        number = st.text_input(tell(subject.number_label), key=subject.at("number"), width=240)
        st.button(
            tell(subject.show),
            type="primary",
            icon=":material/search:",
            disabled=not number.strip(),
            on_click=_read,
            args=(subject, key_id, number),
        )
    owner, match = st.session_state.get(subject.at("match"), (None, None))
    if owner == key_id and match is not None:
        _show_match(subject, key_id, match)
        waiting = next((each.ids for each in questions if each.number == match.number), ())
        if waiting and match.is_open:
            show_waiting(waiting)


def _show_match(subject: Subject, key_id: int, match: Standing) -> None:
    st.header(escape_markdown(" · ".join(part for part in subject.told(match) if part)))
    sentence = escape_markdown(tell(match.sentence))
    if match.is_open:
        st.warning(sentence, icon=":material/help:")
    else:
        st.info(sentence, icon=":material/link:")
    if match.word is not None:
        at = format_moment(match.word.at)
        said = f"{match.word.by}, {at}: {match.word.why}"  # in English: a person's own words
        st.caption(escape_markdown(said))
    columns = subject.columns(match)
    if any(columns.values()):
        how = "How it matches"  # in English: a column's key
        _show_wrapped(columns, how, ids=subject.there, alt=tell(subject.near))
    _show_answers(subject, key_id, match)


def _show_answers(subject: Subject, key_id: int, match: Standing) -> None:
    names = subject.names(match)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox(
            tell(subject.there),
            list(names),
            format_func=lambda each: names.get(each, str(each)),
            accept_new_options=True,
            key=f"{subject.at('card')}_{match.number}",
            placeholder=tell(subject.hint),
            width=320,
        )
        at = f"{subject.at('why')}_{match.number}"
        why = st.text_input(tell("Reason"), key=at, max_chars=LONGEST_REASON)
    missing = not why.strip()
    help_text = tell("Say the reason first: it is kept with the answer.") if missing else None
    answers = {
        tell(subject.use): ("link", chosen),
        tell(subject.make): ("new", None),
    }
    if match.linked is not None or match.word is not None:
        answers[tell("Unlink")] = ("unlink", None)
    icons = {"link": "link", "new": subject.icon, "unlink": "link_off"}
    if help_text:
        st.caption(help_text)
    with st.container(horizontal=True):
        for label, (answer, id_there) in answers.items():
            st.button(
                label,
                icon=f":material/{icons[answer]}:",
                disabled=missing,
                help=help_text,
                on_click=_answer,
                args=(subject, key_id, match.number, answer, id_there, why),
            )


def _read(subject: Subject, key_id: int, number: str) -> None:
    st.session_state.pop(subject.at("match"), None)
    with flash.complaining():
        found = subject.read(acting_desk(), key_id, number)
        st.session_state[subject.at("match")] = (key_id, found)


def _answer(
    subject: Subject, key_id: int, number: str, answer: str, id_there: object, why: str
) -> None:
    with flash.complaining():
        if answer == "link":
            text = str(id_there or "").strip()
            if not text.isdecimal():
                flash.complain(subject.choose)
                return
            linked = subject.link(acting_desk(), key_id, number, int(text), why)
            flash.say(subject.say_linked(number, linked))
        elif answer == "new":
            subject.create(acting_desk(), key_id, number, why)
            flash.say(subject.say_new(number))
        else:
            subject.unlink(acting_desk(), key_id, number, why)
            flash.say(subject.say_unlinked(number))
        _read(subject, key_id, number)
