"""RecMan's texts become amounts and dates exactly, or are refused; never guessed."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from so24.sources.recman import answers
from so24.sources.recman.row_reading import find_difference
from so24.sources.sheets.cells.cell import BadCell
from tests.sources.recman.by_hand import source_line


@pytest.mark.parametrize(
    ("value", "number"),
    [
        ("1234.50", "1234.50"),
        ("1.234", None),
        ("-0.01", "-0.01"),
        ("100.0000", "100.00"),
        (Decimal("12.5"), "12.50"),
        ("1,50", None),
        ("1 234.50", None),
        ("1e3", None),
        ("+1", None),
        ("", None),
        (None, None),
        (True, None),
        ([], None),
        ("0.005", None),
        ("9" * 13, None),
        ("٣", None),
    ],
)
def test_an_amount_is_exact_or_refused(value: Any, number: str | None) -> None:
    if number is None:
        with pytest.raises(BadCell):
            answers.read_number(value, decimals=2)
    else:
        assert answers.read_number(value, decimals=2) == Decimal(number)


def test_three_decimals_are_a_quantity_and_no_thousand() -> None:
    assert answers.read_number("1.234", decimals=6) == Decimal("1.234")


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("2026-11-22", dt.date(2026, 11, 22)),
        ("2026-11-22 23:59:59", dt.date(2026, 11, 22)),
        ("2026-11-22T00:30:00", dt.date(2026, 11, 22)),
        ("0000-00-00", None),
        ("0000-00-00 00:00:00", None),
        ("", None),
        (None, None),
    ],
)
def test_a_date_is_the_one_that_is_written(value: Any, day: dt.date | None) -> None:
    assert answers.read_date(value) == day


@pytest.mark.parametrize(
    "value", ["22.11.2026", "2026-02-30", "1763769600", "2026-11-22T00:30Z", "x"]
)
def test_another_date_is_refused(value: str) -> None:
    with pytest.raises(BadCell):
        answers.read_date(value)


@pytest.mark.parametrize(("value", "found"), [("0", ""), ("", ""), (None, ""), (Decimal(7), "7")])
def test_no_id_is_written_in_several_ways(value: Any, found: str) -> None:
    assert answers.read_id(value) == found


@pytest.mark.parametrize(
    ("value", "credit"),
    [
        ("creditNote", True),
        ("Kreditnota", True),
        ("invoice", False),
        ("Faktura", False),
        (None, None),
    ],
)
def test_a_word_says_what_a_document_is(value: Any, credit: bool | None) -> None:
    assert answers.calls_credit_note(value) is credit


@pytest.mark.parametrize("value", ["1", "0", "", True, "order", Decimal(2)])
def test_a_number_is_no_word_for_it(value: Any) -> None:
    with pytest.raises(BadCell):
        answers.calls_credit_note(value)


@pytest.mark.parametrize("value", ["a\u0000b", "\ud800", "a\u0007"])
def test_what_no_database_keeps_is_refused(value: str) -> None:
    with pytest.raises(BadCell):
        answers.read_text(value)


def test_lines_are_read_from_both_forms() -> None:
    assert answers.read_parts({"9": {"a": "1"}}) == answers.read_parts([{"a": "1"}]) == [{"a": "1"}]
    assert answers.read_parts([]) == answers.read_parts(None) == answers.read_parts("") == []
    for wrong in ({"net": "1"}, ["x"], "x", Decimal(1)):
        with pytest.raises(BadCell):
            answers.read_parts(wrong)


@pytest.mark.parametrize(
    ("net", "vat", "total", "words"),
    [
        ("300.00", "75.00", "375.00", ""),
        ("300.01", "75.00", "375.01", "lines add up to 300,00, but its net is 300,01"),
        ("300.00", "75.00", "375.01", "add up to 375,00, but its total is 375,01"),
        ("300.00", "75.02", "375.02", ""),
        ("300.00", "75.03", "375.03", "give a VAT of 75,00, but its VAT is 75,03"),
        ("-300.00", "-75.00", "-375.00", "lines add up to 300,00"),
    ],
)
def test_totals_hold_together_or_the_difference_is_said(
    net: str, vat: str, total: str, words: str
) -> None:
    lines = [source_line("100.00"), source_line("200.00")]
    said = find_difference(lines, Decimal(net), Decimal(vat), Decimal(total))
    assert bool(said) == bool(words)
    assert words in said
