"""The page *Help*: no word for a state is shown anywhere that it does not explain."""

from __future__ import annotations

import re

import pytest

from so24.language.reader import speaking
from so24.language.telling import tell
from so24.ledger.payments.words import STATE_WORDS
from so24.ledger.reconcile import Verdict
from so24.reasons import Reason
from so24.states import FOR_APPROVAL, STATUS_WORDS, TRIED_LATER, WAITS_FOR_KEY, Since
from so24.store.tables.key_tables import KeyState
from so24.store.tables.people_tables import Role
from so24.today.sentences import PILE_TITLES
from so24.transfer.figures import DocumentStanding
from so24.ui.help.glossary import read_glossary, reason_rows
from so24.ui.invoices.filters import STATES
from so24.ui.invoices.invoice_grid import REMARKS
from so24.ui.parts.tables import NOT_TRANSFERRED
from tests.language.bokmal import bokmal  # noqa: F401 - a fixture
from tests.pages.conftest import OpenApp

SHOWN = {
    *STATUS_WORDS.values(),
    *(each.value for each in Since if each),
    *(each.value for each in Verdict),
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
        for line in read_glossary().splitlines()
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
    assert entries().keys() - SHOWN == {"cannot send"}  # so *Today* calls what is parked


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
    for reason in set(Reason) - {Reason.NONE, Reason.WOULD_BE_SENT}:
        assert told[reason.card.title] == reason.card.remedy


def test_the_page_is_open_to_everybody_and_its_reasons_can_be_searched(app: OpenApp) -> None:
    at = app(Role.ANALYST, "help")
    assert not at.exception
    assert any("⟳ being looked up" in each.value for each in at.markdown)
    at.text_input[0].set_value("closed period").run()
    assert list(at.table[0].value.index) == [Reason.CLOSED_PERIOD.card.title]
