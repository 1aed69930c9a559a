"""What looks the same is one identifier; what a program has disguised is undressed or refused."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from so24 import identifiers
from so24.identifiers import (
    BadIdentifier,
    document_likeness,
    guess_identifier,
    likeness,
    list_like_numbers,
    read_identifier,
    read_number_ways,
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
    "1.013.00": "1.013.00",
    "1.013": "1.013",
    "10 %-A": "10 %-A",
}
REFUSED = {
    "1013.0": "has decimals",
    "1013,00": "has decimals",
    "1 013,00": "has decimals",
    "1\u00a0013.0": "has decimals",
    "1.001.013,00": "has decimals",
    "1,013.00": "has decimals",
    "1'013.00": "has decimals",
    "1013 %": "is a percentage",
    '"1013"': "stands in quotation marks",
    "\u201c1013\u201d": "stands in quotation marks",
    "\u00ab1013\u00bb": "stands in quotation marks",
    "101300.00%": "is a percentage",
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
    "10\uffff1": "no font shows",
    "10\ufffd1": "could not read",
    "10\ufffc1": "could not read",
    "\u0661\u0660\u0661\u0661": "another script",
    "10\u00b2": "another script",
}
# what programs write where there is no value, in the languages of Excel and of scripts
NO_VALUES = (
    "TRUE", "False", "SANN", "USANN", "#REF!", "#N/A", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!",
    "#SPILL!", "#I/T", "#VERDI!", "#NAVN?", "#####", "Err:502", "NaN", "nan", "None", "null",
    "NULL", "N/A", "<NA>", "undefined", "\uff2e\uff35\uff2c\uff2c", " null ", '="#REF!"',
)  # fmt: skip
# a document 1011 of the series 10, as so24 shows and sends it and as people write it
ITS_NUMBERS = (
    "1011", "01011", "#1011", "10-1011", "010-01011", "10/1011", "10 1011", "RM-10-1011",
    "rm-10-1011", "RM-1011", "RM-(10)-1011", "\u21161011", "Nr. 1011", "Nr.1011", "No 1011",
    "N\u00b0 1011", "N\u00ba1011", "Faktura 1011", "Faktura nr. 1011", "FAKTURANR.: 01011",
    "Fakturanummer 1011", "Invoice 1011", "Invoice no. 1011", "Invoice #1011", "INV-1011",
    "Kreditnota 1011", "CN-1011", "KN1011", "Credit note 1011", "Faktura 10-1011", "RM-10-Nr. 1011",
)  # fmt: skip


@pytest.mark.parametrize(("dressed", "plain"), SAME.items())
def test_what_looks_the_same_is_one_identifier(dressed: str, plain: str) -> None:
    assert read_identifier(dressed) == tidy_identifier(dressed) == plain


@pytest.mark.parametrize(("dressed", "reason"), REFUSED.items())
def test_what_a_program_has_changed_is_refused_with_what_to_do(dressed: str, reason: str) -> None:
    with pytest.raises(BadIdentifier, match=reason) as refusal:
        read_identifier(dressed)
    assert re.search("write|retype|save", str(refusal.value))


@pytest.mark.parametrize("text", NO_VALUES)
def test_what_programs_write_where_there_is_no_value_names_nothing(text: str) -> None:
    with pytest.raises(BadIdentifier, match=r"no value: .*; write what RecMan shows"):
        read_identifier(text)


@pytest.mark.parametrize("text", ["-", "\u2014", ".", "\u2026", "*", "( )", "\u200b-"])
def test_what_has_neither_a_letter_nor_a_digit_names_nothing(text: str) -> None:
    with pytest.raises(BadIdentifier, match="neither a letter nor a digit"):
        read_identifier(text)


@pytest.mark.parametrize("text", ["Nils", "NAV", "Sand", "#1011", "#A1", "1011!", "trueno", "0"])
def test_what_only_resembles_a_program_s_word_is_an_identifier(text: str) -> None:
    assert read_identifier(text) == text


@pytest.mark.parametrize("one", ITS_NUMBERS)
def test_a_number_as_it_is_shown_sent_or_called_is_like_the_bare_one(one: str) -> None:
    for other in ITS_NUMBERS:
        shared = read_number_ways(one, "10") & read_number_ways(other, "10")
        assert "1011" in shared, (one, other)
        assert document_likeness("10", other) in list_like_numbers("10", one), (one, other)


@pytest.mark.parametrize(
    "other", ["F-1011", "11-1011", "1012", "notat 1011", "Nord 1011", "A1011", "101", "RM-11-1012"]
)
def test_another_word_or_series_in_front_makes_another_number(other: str) -> None:
    assert read_number_ways("1011", "10").isdisjoint(read_number_ways(other, "10"))


@given(
    number=st.text("0123456789-/ AB#", min_size=1, max_size=8),
    other=st.text("0123456789-/ AB#", min_size=1, max_size=8),
    series=st.sampled_from(["10", "1", "A", "10-A"]),
)
@example("10-11", "1011", "10")
@example("1011", "10-11", "10")
@example("1 011", "1011", "1")
@example("Nr. 0101", "101", "10")
def test_what_people_may_take_for_one_number_is_found_by_it(
    number: str, other: str, series: str
) -> None:
    if not read_number_ways(number, series).isdisjoint(read_number_ways(other, series)):
        assert document_likeness(series, other) in list_like_numbers(series, number)


@given(number=st.text("012", min_size=1, max_size=6), series=st.text("012", min_size=1, max_size=3))
@example("100", "10")
@example("10", "10")
@example("000", "0")
def test_numbers_of_digits_alone_are_looked_for_by_the_same_rule(number: str, series: str) -> None:
    by_digits = list_like_numbers.__wrapped__(series, number)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(identifiers, "_is_plain_number", lambda text: False)
        assert list_like_numbers.__wrapped__(series, number) == by_digits


def test_letters_of_another_alphabet_that_look_the_same_are_like_them() -> None:
    assert likeness("\u0410-1011") == likeness("\u0391-1011") == likeness("A-1011")


@pytest.mark.parametrize(
    ("dressed", "bare"),
    [
        ("1013.0", "1013"),
        ("1 013,00", "1013"),
        ('"1013"', "1013"),
        ("1.001.013,0", "1001013"),
        ("'1013", "1013"),
        ("1,013E+03", "1013"),
        ("1.5E+99", "1.5E+99"),
    ],
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
