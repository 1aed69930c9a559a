"""The settings of the checks: a closed period and the known VAT rates, from the environment."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest

from so24.errors import ConfigurationError
from so24.settings import Settings, read_settings


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SO24_DATA_DIR", str(tmp_path))


@pytest.mark.parametrize(("text", "day"), [("2026-10-31", dt.date(2026, 10, 31)), ("", None)])
def test_a_period_is_closed_until_a_date(
    monkeypatch: pytest.MonkeyPatch, text: str, day: dt.date | None
) -> None:
    monkeypatch.setenv("SO24_CLOSED_UNTIL", text)
    assert read_settings().closed_until == day


def test_the_norwegian_rates_are_known_unless_told_otherwise(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert Settings().known_vat_rates == {
        Decimal(each) for each in ("25", "15", "12", "11.11", "0")
    }
    monkeypatch.setenv("SO24_VAT_RATES", " 25.00 ,8,")
    assert read_settings().known_vat_rates == {Decimal(25), Decimal(8)}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SO24_CLOSED_UNTIL", "soon"),
        ("SO24_VAT_RATES", "25 15"),
        ("SO24_VAT_RATES", "high"),
        ("SO24_VAT_RATES", "NaN"),
        ("SO24_VAT_RATES", "-25"),
    ],
)
def test_what_cannot_be_read_is_refused_by_its_name(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ConfigurationError, match=name):
        read_settings()
