"""Values as text: the .NET way of leaving out, and Norwegian time."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from so24.sandbox.wire.codec import read_number, read_time, read_truth, read_whole, write_value


def test_the_smallest_values_mean_not_given() -> None:
    assert read_whole("-2147483648") is None
    assert read_number("-79228162514264337593543950335") is None
    assert read_time("0001-01-01T00:00:00") is None


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2026-01-01T00:00:00", "2025-12-31T23:00:00Z"),
        ("2026-07-01T00:00:00", "2026-06-30T22:00:00Z"),
        ("2026-07-01T00:00:00Z", "2026-07-01T00:00:00Z"),
        ("2026-07-01T00:00:00+02:00", "2026-06-30T22:00:00Z"),
        ("2026-07-01T00:00:00.1234567", "2026-06-30T22:00:00.123456Z"),
    ],
)
def test_a_time_without_a_zone_is_norwegian_and_every_answer_is_utc(text: str, utc: str) -> None:
    time = read_time(text)
    assert time is not None
    assert write_value(time) == utc


def test_a_time_that_the_clocks_skip_does_not_exist() -> None:
    with pytest.raises(ValueError, match="does not exist"):
        read_time("2026-03-29T02:30:00")
    assert read_time("2026-10-25T02:30:00") == dt.datetime(2026, 10, 25, 0, 30, tzinfo=dt.UTC)


@pytest.mark.parametrize("text", ["INF", "NaN", "12,50", ""])
def test_what_is_no_finite_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="number"):
        read_number(text)


def test_numbers_are_written_without_an_exponent() -> None:
    assert write_value(Decimal("1E+3")) == "1000"
    assert write_value(Decimal("0.10")) == "0.10"


def test_truth_has_two_spellings() -> None:
    assert [read_truth(text) for text in ("true", "1", "false", "0")] == [True, True, False, False]
    with pytest.raises(ValueError, match="not a boolean"):
        read_truth("nei")


def test_text_is_escaped_and_a_carriage_return_survives() -> None:
    assert write_value("<a> & ]]>\r\n") == "&lt;a&gt; &amp; ]]&gt;&#13;\n"
