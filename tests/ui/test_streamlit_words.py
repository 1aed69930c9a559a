"""What so24 puts other words for is what this release of Streamlit says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import streamlit

from so24.language.telling import told_in
from so24.ui.guard.streamlit_words import STREAMLIT_SAYS, words_in

# where Streamlit puts something in, or puts together what it says
_JOINTS = re.compile(r"\{what\}|(?<=Enter to )|, ")


@pytest.fixture(scope="module")
def served() -> str:
    """All scripts that Streamlit serves."""
    folder = Path(streamlit.__file__).parent / "static" / "static" / "js"
    return "".join(each.read_text(encoding="utf-8") for each in folder.glob("*.js"))


def test_streamlit_still_says_each_of_them(served: str) -> None:
    said = [told_in("en", each) for each in STREAMLIT_SAYS]
    gone = [each for each in said if not all(part in served for part in _JOINTS.split(each))]
    assert not gone


def test_english_needs_no_other_words() -> None:
    assert words_in("en") == {}


def test_what_streamlit_puts_in_stands_once_in_either_language() -> None:
    for english, word in words_in("nb").items():
        assert english.count("{what}") == word.count("{what}") <= 1, english
