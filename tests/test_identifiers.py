"""What looks the same is one identifier; what a program has disguised is undressed or refused."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from so24.identifiers import (
    BadIdentifier,
    guess_identifier,
    likeness,
    read_identifier,
    tidy_identifier,
)

SAME = {
    "1011": "1011",
    '="1011"': "1011",
    '="a""b"': 'a"b',
    "1012\u200b": "1012",
    "\ufeff1012": "1012",
    "10\u00ad12": "1012",
    "1012\u200e": "1012",
    "1012\x00": "1012",
    "\U000e00311012": "1012",
    "\uff11\uff10\uff11\uff11": "1011",
    " 10 \t 12\n": "10 12",
    "10\u00a012": "10 12",
    "KJØR-A\u030a": "KJØR-Å",
    "10\u201112": "10-12",
    "0042": "0042",
    "1E5": "1E5",
    "A.0": "A.0",
    "1.2.0": "1.2.0",
}
REFUSED = {
    "1013.0": "has decimals",
    "1013,00": "has decimals",
    "\uff11\uff0e\uff10": "has decimals",
    "1,002E+03": "scientific notation",
    "1.011e3": "scientific notation",
    "1E+05": "scientific notation",
    "'1011": "apostrophe",
    "\u20191011": "apostrophe",
    "=1011": "a formula",
    '=T("1011")': "a formula",
    "\u202e1101": "another order",
    "10\u20661\u206911": "another order",
    "10\ue00011": "no font shows",
}


@pytest.mark.parametrize(("dressed", "plain"), SAME.items())
def test_what_looks_the_same_is_one_identifier(dressed: str, plain: str) -> None:
    assert read_identifier(dressed) == tidy_identifier(dressed) == plain


@pytest.mark.parametrize(("dressed", "reason"), REFUSED.items())
def test_what_a_program_has_changed_is_refused_with_what_to_do(dressed: str, reason: str) -> None:
    with pytest.raises(BadIdentifier, match=reason) as refusal:
        read_identifier(dressed)
    assert re.search("write|retype|save", str(refusal.value))


@pytest.mark.parametrize(
    ("dressed", "bare"),
    [("1013.0", "1013"), ("'1013", "1013"), ("1,013E+03", "1013"), ("1.5E+99", "1.5E+99")],
)
def test_whose_row_a_refused_one_may_be_is_guessed(dressed: str, bare: str) -> None:
    assert guess_identifier(dressed) == bare


@pytest.mark.parametrize(
    "other", ["#1011", "01011", "1 011", "10-11", "1.011", "1011-", "\uff11011"]
)
def test_case_blanks_signs_and_leading_zeros_make_a_look_alike(other: str) -> None:
    assert likeness(other) == likeness("1011")
    assert likeness("Kr " + other) == likeness("KR-" + other)


@pytest.mark.parametrize("other", ["1012", "10110", "1011A", "A1011", "Å1011"])
def test_another_letter_or_digit_makes_another_identifier(other: str) -> None:
    assert likeness(other) != likeness("1011")


def test_signs_alone_are_like_themselves_only() -> None:
    assert likeness("--") == "--"
    assert likeness("000") == likeness("0")


@given(st.text(max_size=20))
def test_the_canonical_form_is_its_own_and_shows_nothing_unseen(text: str) -> None:
    tidy = tidy_identifier(text)
    assert tidy_identifier(tidy) == tidy or tidy.startswith("=")
    assert tidy == " ".join(tidy.split())
    assert not {unicodedata.category(sign) for sign in tidy} & {"Cc"}
    assert unicodedata.is_normalized("NFC", tidy)
    try:
        read = read_identifier(text)
    except BadIdentifier:
        return
    assert read == tidy
