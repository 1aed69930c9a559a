"""Norwegian organization numbers and their check digit."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from so24.norwegian_numbers import bare_number, is_norwegian_number

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
