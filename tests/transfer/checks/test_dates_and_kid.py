"""The check of a KID by modulus 10 and 11."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn

from so24.transfer.checks.particulars import is_kid, mod11_check, passes_mod10, passes_mod11

DIGITS = st.text("0123456789", min_size=1, max_size=24)
CHANGES = st.tuples(st.integers(0, 24), st.integers(1, 9))


def change_digit(kid: str, change: tuple[int, int]) -> str:
    """The KID with another digit, never its hyphen, in one place."""
    digits = len(kid.removesuffix("-"))
    place = change[0] % digits
    return f"{kid[:place]}{(int(kid[place]) + change[1]) % 10}{kid[place + 1 :]}"


@pytest.mark.parametrize(
    ("kid", "right"),
    [
        ("602243", True),  # modulus 10
        ("1234567892", True),  # modulus 11
        ("0000602243", True),  # leading zeros belong to it
        ("60 2243", True),
        ("6-", True),  # modulus 11 gives 10: 6 x 2 = 12, rest 1
        ("", False),
        ("5", False),
        ("602244", False),
        ("6022-43", False),
        ("7-", False),
        ("0000", False),
        ("60224A", False),
        ("1" * 26, False),
        ("\u0666\u0660\u0662\u0662\u0664\u0663", False),
    ],
)
def test_a_kid_is_right_by_either_rule(kid: str, right: bool) -> None:
    assert is_kid(kid) is right


@pytest.mark.parametrize(
    ("digits", "check"),
    # 7x2 + 6x3 + 5x4 + 4x5 + 3x6 + 2x7 + 1x2 = 106, rest 7: the seventh weighs 2 again
    [("123456", "0"), ("1234567", "4"), ("6", "-"), ("1", "9"), ("0", "0")],
)
def test_weights_go_from_two_to_seven_from_the_right(digits: str, check: str) -> None:
    assert mod11_check(digits) == check


@given(DIGITS, CHANGES)
def test_every_change_of_one_digit_is_found_by_modulus_10(
    digits: str, change: tuple[int, int]
) -> None:
    kid = digits + luhn.calc_check_digit(digits)
    assert passes_mod10(kid)
    assert not passes_mod10(change_digit(kid, change))


@given(DIGITS, CHANGES)
def test_every_change_of_one_digit_is_found_by_modulus_11(
    digits: str, change: tuple[int, int]
) -> None:
    kid = digits + mod11_check(digits)
    assert passes_mod11(kid)
    assert not passes_mod11(change_digit(kid, change))
