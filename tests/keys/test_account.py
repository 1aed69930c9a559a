"""An Organization ID is read as people have it, and what is none gets a sentence."""

from __future__ import annotations

import pytest

from so24.errors import WrongUse
from so24.keys import account


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1234567", 1234567),
        (" 1234567@voucher.24sevenoffice.com\n", 1234567),
        ("1234567@Voucher.24SevenOffice.com", 1234567),
        ("1 234 567", 1234567),
    ],
)
def test_an_organization_id_is_read_as_people_paste_it(text: str, number: int) -> None:
    assert account.read_organization_id(text) == number


@pytest.mark.parametrize(
    "text", ["", "  ", "0", "NO1234", "12x", "-5", "1.5", "1@example.com", "9" * 19, "١٢٣"]
)
def test_what_is_no_organization_id_gets_a_sentence_with_the_way_to_find_it(text: str) -> None:
    with pytest.raises(WrongUse, match=r"digits only.*Administration > Settings > Retrieval"):
        account.read_organization_id(text)
