"""Amounts, dates and other people's texts as the screen shows them."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal

import pytest

from so24 import identifiers
from so24.amounts import format_amount, format_count
from so24.dates import format_date, format_moment
from so24.ui.frame.flash import escape_markdown


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        ("0", "0,00"),
        ("1234.5", "1 234,50"),
        ("-1234567.89", "−1 234 567,89"),
        ("9999999999999999.99", "9 999 999 999 999 999,99"),
        ("0.125", "0,13"),
    ],
)
def test_amounts_are_norwegian_and_exact(amount: str, shown: str) -> None:
    assert format_amount(Decimal(amount)) == shown.replace(" ", "\u00a0")


def test_an_amount_may_carry_its_currency_and_none_is_empty() -> None:
    assert format_amount(Decimal("10"), "NOK") == "10,00\u00a0NOK"
    assert format_amount(None, "NOK") == ""
    assert format_count(12345) == "12\u00a0345"


def test_dates_are_norwegian() -> None:
    assert format_date(dt.date(2026, 1, 2)) == "02.01.2026"
    assert format_date(None) == ""


@pytest.mark.parametrize(
    ("moment", "shown"),
    [
        (dt.datetime(2026, 1, 1, 23, 30, tzinfo=dt.UTC), "02.01.2026 00:30"),
        (dt.datetime(2026, 7, 1, 22, 30, tzinfo=dt.UTC), "02.07.2026 00:30"),
    ],
)
def test_moments_are_shown_in_the_time_of_oslo(moment: dt.datetime, shown: str) -> None:
    assert format_moment(moment) == shown
    assert format_moment(moment, seconds=True) == f"{shown}:00"


def test_a_moment_without_a_time_zone_is_a_bug_and_not_a_guess() -> None:
    with pytest.raises(ValueError, match="time zone"):
        format_moment(dt.datetime(2026, 1, 1))  # noqa: DTZ001 - that is the point
    assert format_moment(None) == ""


@pytest.mark.parametrize(
    "text",
    [
        "![x](http://evil.invalid/x.png)",
        "<b>Bold & Co</b>",
        ":material/delete: $x$ `code`",
        "# Heading\n- item\n1. one",
        "AS ~Strøm~ | _Ås_ *Ærlig*",
    ],
)
def test_marks_in_other_peoples_texts_lose_their_meaning(text: str) -> None:
    escaped = escape_markdown(text)
    assert escaped.replace("\\", "").replace("\u2060", "") == text
    for position, letter in enumerate(escaped):
        if letter in "`*_{}[]()#+-.!|<>~$:":
            assert escaped[position - 1] == "\\"


def test_marks_of_direction_in_other_peoples_texts_turn_no_words_around_them() -> None:
    assert escape_markdown("B\u202etxt.exe") == "B\\\\u202etxt\\.exe"


@pytest.mark.parametrize(
    "text",
    [
        "http://evil.invalid/x",
        "HTTPS://evil.invalid",
        "www.evil.invalid",
        "a@evil.invalid",
        "see mailto:a@evil.invalid",
        "xmpp:a",
        "ftp://evil.invalid",
    ],
)
def test_an_address_in_other_peoples_texts_is_parted_so_that_no_link_is_made_of_it(
    text: str,
) -> None:
    bare = escape_markdown(text).replace("\\", "")
    assert not re.search(r"(?i)(https?|ftp|xmpp|mailto):|www\.|@\w", bare)
    assert identifiers.tidy_identifier(bare) == text
