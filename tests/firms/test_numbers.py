"""Organization numbers, Norwegian and foreign ones."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from so24.firms.norwegian_numbers import bare_number, is_norwegian_number
from so24.firms.numbers import read_firm_number

WEIGHTS = (3, 2, 7, 6, 5, 4, 3, 2)


@st.composite
def valid_numbers(draw: st.DrawFn) -> str:
    """A number whose check digit is right."""
    digits = draw(st.integers(1, 99_999_999).map("{:08d}".format))
    weighed = sum(int(digit) * weight for digit, weight in zip(digits, WEIGHTS, strict=True))
    check = -weighed % 11
    assume(check < 10)
    return f"{digits}{check}"


@pytest.mark.parametrize(
    "text",
    ["123456785", "123 456 785", "NO123456785MVA", "no 123 456 785 mva", "123.456.785"],
)
def test_all_its_forms_are_one_number(text: str) -> None:
    assert bare_number(text) == "123456785"
    assert is_norwegian_number(text)


@pytest.mark.parametrize(
    "text",
    ["", "123456786", "12345678", "1234567850", "000000000", "ABCDEFGHI", "SE5560001712",
     "\u0661\u0662\u0663\u0664\u0665\u0666\u0667\u0668\u0665"],
)  # fmt: skip
def test_what_is_no_norwegian_number_is_found_out(text: str) -> None:
    assert not is_norwegian_number(text)


@given(valid_numbers(), st.integers(0, 8), st.integers(1, 9))
def test_every_change_of_one_digit_is_found(number: str, place: int, step: int) -> None:
    assert is_norwegian_number(number)
    changed = (int(number[place]) + step) % 10
    assert not is_norwegian_number(f"{number[:place]}{changed}{number[place + 1 :]}")


@pytest.mark.parametrize(
    ("text", "country", "number"),
    [
        ("123 456 785", "NO", ("NO", "123456785")),
        ("NO 123 456 785 MVA", "", ("NO", "123456785")),
        ("123456785", "", ("NO", "123456785")),  # it passes Norway's check
        ("123456785", "PT", ("PT", "123456785")),
        ("DE136695976", "", ("DE", "136695976")),
        ("136695976", "DE", ("DE", "136695976")),
        ("SE556703748501", "SE", ("SE", "5567037485")),
        ("556703-7485", "SE", ("SE", "5567037485")),
        ("FR40303265045", "", ("FR", "303265045")),
        ("BE428759497", "BE", ("BE", "0428759497")),
        ("CHE-107.787.577 IVA", "CH", ("CH", "107787577")),
        ("EL094259216", "GR", ("GR", "094259216")),
        ("XI980780684", "", ("GB", "980780684")),
        ("ATU13585627", "AT", ("AT", "U13585627")),
        ("HRB 86891", "DE", ("DE", "HRB86891")),  # no Croatian number
        ("１２３４５６７８５", "NO", ("NO", "123456785")),
    ],
)
def test_a_number_is_read_in_its_country_in_one_form(
    text: str, country: str, number: tuple[str, str]
) -> None:
    read = read_firm_number(text, country)
    assert read is not None
    assert (read.country, read.text, read.doubt) == (*number, "")


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("999999999", "DK"),
        ("0000000000", "SE"),
        ("123456789", "SE"),
        ("12345678", "FI"),
        ("987654321", ""),
        ("12345", "DE"),
        ("123456786", "NO"),  # the check digit is wrong
        ("1234567850", "NO"),
        ("DE123456785", "DE"),
        ("SE556703748401", "SE"),
        ("DE136695976", "NO"),  # prefix and address name two countries
        ("NO123456785", "DE"),
        ("5567037485", ""),  # nothing says whose it is
    ],
)
def test_a_number_by_which_no_firm_can_be_told_says_why(text: str, country: str) -> None:
    read = read_firm_number(text, country)
    assert read is not None
    assert read.doubt


@pytest.mark.parametrize("text", ["", " ", "n/a", "ukjent", "-"])
def test_without_digits_there_is_no_number(text: str) -> None:
    assert read_firm_number(text, "NO") is None
