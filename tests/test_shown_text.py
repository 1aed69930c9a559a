"""Text of others does nothing to a terminal, a log line or a spreadsheet that shows it."""

from __future__ import annotations

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from so24.cli.terminal.printing import format_cell, print_json
from so24.letters import as_spreadsheet_text, hide_secrets, show_plainly

TITLE = "A \x1b]0;PWNED\x07\x1b[31mred"
TURNED = "B\u202etxt.exe"
BIDIRECTIONAL = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}


def test_what_a_terminal_would_obey_is_written_out() -> None:
    assert show_plainly(TITLE) == "A \\u001b]0;PWNED\\u0007\\u001b[31mred"
    assert format_cell(TURNED) == "B\\u202etxt.exe"
    assert show_plainly("Blåbær & Søn\tAS\nOslo – «N»") == "Blåbær & Søn\tAS\nOslo – «N»"


@given(st.text())
def test_no_control_and_no_mark_of_direction_is_left(text: str) -> None:
    shown = show_plainly(text)
    for sign in shown:
        assert unicodedata.category(sign) != "Cc" or sign in "\t\n"
        assert unicodedata.bidirectional(sign) not in BIDIRECTIONAL


def test_json_with_such_text_is_still_the_same_json(capsys: pytest.CaptureFixture[str]) -> None:
    print_json({"name": TITLE + TURNED + "\x9b31m"})
    printed = capsys.readouterr().out
    assert show_plainly(printed) == printed
    assert json.loads(printed) == {"name": TITLE + TURNED + "\x9b31m"}


@pytest.mark.parametrize(
    "text",
    [
        *["=1+1", "+1", "-1", "@SUM(A1)", "＝1", "＋1", "－1", "＠SUM(A1)", "\ufeff=1", "\u200b=1"],
        *("\t=1", "\r=1", "\n=1", " =1", "\u00a0=1"),
    ],
)
def test_a_text_that_a_spreadsheet_would_reckon_gets_an_apostrophe(text: str) -> None:
    assert as_spreadsheet_text(text).startswith("'")


@pytest.mark.parametrize("text", ["", "1001", "Ola - Nordmann", "50 % = halvparten", "–"])
def test_an_ordinary_text_stays_as_it_is(text: str) -> None:
    assert as_spreadsheet_text(text) == text


def test_the_longest_secret_is_blackened_first() -> None:
    assert hide_secrets("a secret-longer, a secret", ("secret", "", "secret-longer")) == (
        "a •••, a •••"
    )
