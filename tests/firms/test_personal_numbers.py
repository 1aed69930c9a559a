"""Personal numbers are hidden wherever they stand; other numbers stay."""

from __future__ import annotations

import pytest

from so24.firms.norwegian_numbers import HIDDEN, hide_personal_numbers


@pytest.mark.parametrize(
    "number",
    [
        "01019012345",
        "010190 12345",
        "010190\u00a012345",
        "010190-12345",
        "010190.12345",
        "01 01 90 123 45",
        "01.01.90 12345",
        "01/01/90-12345",
        "01.01.90 - 12345",
        "31129999999",
        "41019012345",  # a D-number: the day and 40
        "71129912345",
        "01419012345",  # a help number: the month and 40
        "01819012345",  # a test person of the tax administration: the month and 80
        "01669012345",  # another one: the month and 65
    ],
)
def test_a_personal_number_is_hidden(number: str) -> None:
    assert hide_personal_numbers(f"Kari ({number}), ærlig") == f"Kari ({HIDDEN}), ærlig"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "923609016",  # an organization number
        "00019012345",  # no day
        "32019012345",
        "72019012345",
        "01009012345",  # no month
        "01139012345",
        "0101901234",  # ten digits
        "010190123456",  # twelve
        "1234.56.78901",  # an account
        "11.11.2026 12345",
        "2026-11-20 12345",
        "22 33 44 55",
        "10-11 12.5",
    ],
)
def test_another_number_stays(text: str) -> None:
    assert hide_personal_numbers(text) == text


def test_all_of_them_are_hidden() -> None:
    assert hide_personal_numbers("01019012345, 02019012345") == f"{HIDDEN}, {HIDDEN}"
