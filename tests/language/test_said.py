"""A text is said in English and told in the reader's language."""

from __future__ import annotations

import copy
import gettext

import pytest

from so24.language import telling
from so24.language.reader import choose_language, language, speak, speaking
from so24.language.said import (
    SaidText,
    change_part,
    change_values,
    cut_said,
    join_said,
    pack,
    say,
    say_as,
    say_count,
    unpack,
)
from so24.language.telling import tell, tell_count


class Backwards(gettext.NullTranslations):
    """A language whose words are told in brackets, and where a plural is told of."""

    def gettext(self, message: str) -> str:
        return f"[{message}]"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return f"<{msgid1 if n == 1 else msgid2}>"

    def pgettext(self, context: str, message: str) -> str:
        return f"[{context}|{message}]"


@pytest.fixture
def bracketed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(telling, "catalogue", lambda _wanted: Backwards())


NESTED = say("Document {document} is held: {why}", document="10-1", why=say("no date"))


def test_a_said_text_is_its_english_words() -> None:
    assert NESTED == "Document 10-1 is held: no date"
    assert {NESTED: 1}["Document 10-1 is held: no date"] == 1


@pytest.mark.usefixtures("bracketed")
def test_a_text_is_told_with_its_values_told() -> None:
    with speaking("nb"):
        assert tell(NESTED) == "[Document 10-1 is held: [no date]]"
        assert tell("{it} went", it="Open") == "[Open went]"
        assert tell(say_as("verb", "Open")) == "[verb|Open]"
    assert tell(NESTED) == "Document 10-1 is held: no date"


@pytest.mark.usefixtures("bracketed")
@pytest.mark.parametrize(
    ("number", "told"),
    [(0, "<0 documents>"), (1, "<1 document>"), (1200, "<1\u00a0200 documents>")],
)
def test_a_number_is_told_in_its_form(number: int, told: str) -> None:
    with speaking("nb"):
        assert tell_count("{number} document", "{number} documents", number) == told


@pytest.mark.usefixtures("bracketed")
def test_joined_texts_are_told_each_by_itself() -> None:
    with speaking("nb"):
        assert tell(join_said([say("One."), "", "{x}", say("Two.")])) == "[[One.] {x} [Two.]]"


@pytest.mark.parametrize(
    "text",
    [
        NESTED,
        say("Nothing to fill in, {not even this}"),
        say_count("{number} row of {file}", "{number} rows of {file}", 3, file="a.csv"),
        say_as("noun", "an {what}", what="order"),
        join_said([NESTED, say("Two.")]),
    ],
)
@pytest.mark.usefixtures("bracketed")
def test_a_text_comes_back_from_the_store_and_from_a_copy_with_what_it_was_made_of(
    text: str,
) -> None:
    with speaking("nb"):
        for back in (unpack(pack(text)), copy.copy(text), copy.deepcopy(text)):
            assert back == text
            assert tell(back) == tell(text)


def test_what_a_stored_text_is_said_to_be_made_of_counts_only_where_it_gives_the_words() -> None:
    stored = pack(NESTED)
    forged = stored.replace("Document 10-1 is held: no date\x1f", "Nothing is held\x1f")
    assert type(unpack(forged)) is str
    assert unpack(forged) == "Nothing is held"
    assert unpack("words\x1fnot json") == "words"
    assert unpack('words\x1f["{a.b}",{"a":"x"},"",1,""]') == "words"


def test_an_ordinary_text_is_stored_as_it_is() -> None:
    assert pack("Æ {x}") == unpack("Æ {x}") == "Æ {x}"


@pytest.mark.parametrize(
    ("accepted", "chosen"),
    [
        ("nb-NO,nb;q=0.9,en;q=0.8", "nb"),
        ("no", "nb"),
        ("nn-NO", "nb"),
        ("en-US,en;q=0.9,nb;q=0.8", "en"),
        ("de,nb;q=0.5,en;q=0.4", "nb"),
        ("nb;q=0,en", "en"),
        ("", "en"),
        (";;,q=x", "en"),
    ],
)
def test_a_browser_is_told_its_first_language_of_ours(accepted: str, chosen: str) -> None:
    assert choose_language(accepted) == chosen


def test_an_unknown_language_is_english() -> None:
    with speaking("nb"):
        speak("tlh")
        assert language() == "en"
    assert language() == "en"


def test_what_is_changed_or_cut_keeps_what_it_was_made_of_where_it_can() -> None:
    hidden = change_values(NESTED, lambda each: each.replace("10-1", "…"))
    assert unpack(pack(hidden)) == hidden == "Document … is held: no date"
    assert isinstance(hidden, SaidText)
    across = change_values(NESTED, lambda each: each.replace("10-1 is held", "…"))
    assert (across, type(across)) == ("Document …: no date", str)
    assert cut_said(NESTED, 500) is NESTED
    assert cut_said(NESTED, 8) == "Document"


@pytest.mark.usefixtures("bracketed")
def test_a_part_of_joined_texts_is_changed_and_the_others_are_told_as_before() -> None:
    asked, answer = say("Is it the same?"), say("It is.")
    question = unpack(pack(join_said([NESTED, asked])))
    answered = unpack(pack(change_part(question, asked, answer)))
    assert answered == "Document 10-1 is held: no date It is."
    with speaking("nb"):
        assert tell(answered) == tell(join_said([NESTED, answer])) != answered
        assert tell(change_part(question, asked, "")) == tell(join_said([NESTED]))
    bare = str(question)
    assert change_part(bare, asked, answer) == answered
    assert change_part(bare, asked, "") == NESTED
