"""The page *Help*: no word for a state is shown anywhere that it does not explain."""

from __future__ import annotations

import re

import pytest

from so24.language.reader import language, speaking
from so24.language.telling import tell
from so24.ledger.payments.words import STATE_WORDS
from so24.ledger.reconcile import Verdict
from so24.ledger.saft.lines import SaftVerdict
from so24.reasons import Reason
from so24.states import FOR_APPROVAL, STATUS_WORDS, TRIED_LATER, WAITS_FOR_KEY, Since
from so24.store.tables.key_tables import KeyState
from so24.store.tables.people_tables import Role
from so24.today.sentences import PILE_TITLES
from so24.transfer.figures import DocumentStanding
from so24.ui.help.glossary import reason_rows
from so24.ui.help.library import PAGES, TROUBLESHOOTING, address_of, read_page
from so24.ui.invoices.filters import STATES
from so24.ui.invoices.invoice_grid import REMARKS
from so24.ui.parts.tables import NOT_TRANSFERRED
from tests.language.bokmal import bokmal  # noqa: F401 - a fixture
from tests.pages.conftest import OpenApp

SHOWN = {
    *STATUS_WORDS.values(),
    *(each.value for each in Since if each),
    *(each.value for each in Verdict),
    *(each.value for each in SaftVerdict),
    *(each.value for each in KeyState),
    *PILE_TITLES.values(),
    *REMARKS,
    *STATES,
    *(each.value for each in DocumentStanding),
    *filter(None, STATE_WORDS.values()),
    FOR_APPROVAL,
    NOT_TRANSFERRED,
    WAITS_FOR_KEY,
    TRIED_LATER,
}


COLUMNS = ("state", "what it means", "who acts", "what to do")


def glossary_rows() -> list[list[str]]:
    """The rows of the glossary, in the language that is spoken."""
    return [
        [cell.strip() for cell in line.strip("|").split("|")]
        for section in read_page(TROUBLESHOOTING, language()).sections
        if re.search(r"^\| stat(e|us) ", section.source, re.MULTILINE)
        for line in section.source.splitlines()
        if line.startswith("|") and not re.match(r"\| (stat(e|us) |---)", line)
    ]


def entries() -> dict[str, list[str]]:
    """What the glossary says of each state: what it means, who acts, what to do."""
    return {state: rest for state, *rest in glossary_rows()}


def test_every_state_that_is_shown_has_its_entry_with_who_acts_and_what_to_do() -> None:
    told = entries()
    assert SHOWN - told.keys() == set()
    assert all(len(rest) == 3 and all(rest) for rest in told.values())


def test_every_entry_is_of_a_state_that_is_shown() -> None:
    # so *Today* calls what is parked, the ledger what only looks so, a file of other days
    others = {"cannot send", "a number with ?", "Nothing was compared"}
    assert entries().keys() - SHOWN == others


@pytest.mark.usefixtures("bokmal")
def test_each_language_has_the_same_entries_under_its_own_words() -> None:
    told = list(entries())
    with speaking("nb"):
        rows = glossary_rows()
        known = {word: tell(word) for word in SHOWN if tell(word) != word}
    assert len(rows) == len(glossary_rows())
    assert all(len(row) == len(COLUMNS) and all(row) for row in rows)
    assert not {row[0] for row in rows} & (set(told) - {"Problems"})
    assert set(known.values()) - {row[0] for row in rows} == set()


def test_every_reason_is_there_with_its_remedy() -> None:
    told = {row["What happened"]: row["What to do"] for row in reason_rows()}
    for reason in set(Reason) - {Reason.NONE, Reason.WOULD_BE_SENT, Reason.NOT_LOOKED_UP}:
        assert told[reason.card.title] == reason.card.remedy


def test_the_page_is_open_to_everybody_and_reasons_and_sections_can_be_searched(
    app: OpenApp,
) -> None:
    at = app(Role.ANALYST, "help")
    assert not at.exception
    assert at.title[0].value == "Help"
    at.text_input[0].set_value("closed period").run()
    assert list(at.table[0].value.index) == [Reason.CLOSED_PERIOD.card.title]
    at.text_input[0].set_value("zyxwvu").run()
    assert at.info[0].value == "Nothing in the help has these words."


@pytest.mark.parametrize("name", PAGES)
def test_each_page_of_the_help_is_opened_by_its_address(app: OpenApp, name: str) -> None:
    at = app(Role.ANALYST, address="help", **address_of(name))
    assert not at.exception
    assert at.title[0].value == read_page(name, language()).title
    headings = [each.title for each in read_page(name, language()).sections[1:]]
    shown = [each.value for each in at.markdown]
    assert [each for each in headings if not any(each in text for text in shown)] == []


def test_an_address_that_names_no_page_opens_the_first_one(app: OpenApp) -> None:
    at = app(Role.ANALYST, address="help", about="elsewhere", place="nowhere")
    assert not at.exception
    assert at.title[0].value == "Help"


def test_another_page_is_chosen_from_the_list_and_stands_in_the_address(app: OpenApp) -> None:
    at = app(Role.ANALYST, address="help", **address_of(TROUBLESHOOTING, "closed_period"))
    at.selectbox[0].set_value("operations").run()
    assert at.title[0].value == "Operations"
    assert dict(at.query_params) == address_of("operations")


def test_the_place_of_a_reason_tells_its_card_where_the_reason_stands(app: OpenApp) -> None:
    at = app(Role.FINANCE, address="help", **address_of(TROUBLESHOOTING, Reason.CLOSED_PERIOD))
    card = Reason.CLOSED_PERIOD.card
    assert at.info[0].value == f"{card.title}. What to do: {card.remedy}"
