"""What a workbook's number format shows of a number: all of it, a date, places, a currency."""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from so24.sources.sheets.cells.cell import (
    CURRENCY_SIGNS,
)

_LONGEST_FORMAT = 255  # Excel's own
_HIDDEN = re.compile(r"\[[^\]]*\]|[_*].")  # colours, conditions, and blanks of a width
_THOUSANDS = re.compile(r"[#?0]{1,3}([ \u00a0\u202f'][#?0]{3})+")
_PART = re.compile(r'"[^"]*"|\\.|.', re.DOTALL)
_ELAPSED = re.compile(r"\[(hh?|mm?|ss?)\]", re.IGNORECASE)
_UNREAD = re.compile(r'".*?"|\[[^\]]*\]')  # texts; colours, conditions, languages
_CALENDAR = re.compile(r"(?<![_\\])[dmhys]", re.IGNORECASE)
# commas behind the last place for a digit, or before its decimals: each shows a thousandth
_SCALING = re.compile(r"[#0?],+(?![#0?,])")
_NO_PLACE = re.compile(r"[^#0?.,]")
_LITERAL = re.compile(r'"[^"]*"|\[[^\]]*\]|[\\_*].')  # of a number format: what is only shown

_CONDITION = re.compile(r"\[[<>=]")
_A_NUMBER = re.compile(r"[#0?@]|general", re.IGNORECASE)
_NO_WHOLE_ONE = re.compile(r"[.%/eE@]|general", re.IGNORECASE)
# [$€-407] with its language, "EUR" in quotation marks, a sign alone
_SHOWN_CURRENCY = re.compile(r'\[\$([^\]-]*)[^\]]*\]|"([^"]*)"|\\?([€£¥$₽₹₺₴₪₩₫฿₱])')
_THREE = re.compile("[A-Z]{3}")
_CURRENCIES = frozenset(
    ("NOK", "SEK", "DKK", "EUR", "USD", "GBP", "CHF", "PLN", "ISK",
     "JPY", "CNY", "CAD", "AUD", "CZK", "HUF", "RON")
)  # fmt: skip


class Look(enum.Enum):
    """What a number format makes of a number."""

    PLAIN = "plain"
    PERCENT = "percent"
    DATE = "date"
    SPAN = "span"
    SCALED = "scaled"
    WHOLE = "whole"
    NOTHING = "nothing"


@dataclass(frozen=True)
class Places:
    """A number format that shows a whole number by a place for each digit, with what is between.

    ``signs`` are its signs from left to right; ``None`` is a place that shows a zero where the
    number has no digit (``0``), an empty text one that shows nothing then (``#``).
    """

    signs: tuple[str | None, ...]

    def show(self, number: Decimal) -> str:
        """What the cell shows of the number; empty where that are its digits, or a rounded one."""
        if number < 0 or number != number.to_integral_value():
            return ""
        digits = list(format(number.to_integral_value(), "f"))
        shown: list[str] = []
        first = next(place for place, sign in enumerate(self.signs) if not sign)
        for place in range(len(self.signs) - 1, -1, -1):
            sign = self.signs[place]
            if sign:
                shown.append(sign)
            elif digits:
                shown.append(digits.pop())
                if place == first:
                    shown.extend(reversed(digits))
            elif sign is None:
                shown.append("0")
        return "".join(reversed(shown))


@dataclass(frozen=True)
class CurrencyLook:
    """A number format that shows a currency beside the number."""

    currency: str


@lru_cache(1_000)
def look_of(number_format: str) -> Look | Places | CurrencyLook:
    """What a number format shows."""
    bare = number_format[:_LONGEST_FORMAT]
    positive = bare.split(";")[0]
    if _ELAPSED.search(positive):
        return Look.SPAN
    if _CALENDAR.search(_UNREAD.sub("", positive)):
        return Look.DATE
    if "%" in _LITERAL.sub("", bare):
        return Look.PERCENT
    sections = _LITERAL.sub("", bare).split(";")
    if any(map(_SCALING.search, map(_keep_places, sections))):
        return Look.SCALED  # by the sign or size of the number perhaps; it may be shown so
    if _CONDITION.search(bare):  # which section shows the number depends on it
        return Look.SCALED if any(map(_read_places, bare.split(";"))) else Look.PLAIN
    if not _A_NUMBER.search(sections[0]):
        return Look.NOTHING
    return _read_places(bare) or _read_currency(bare) or _look_of_whole(sections[0])


def _look_of_whole(section: str) -> Look:
    """What a format without signs and currencies shows: a rounded number, or all of it perhaps."""
    return Look.PLAIN if _NO_WHOLE_ONE.search(section) else Look.WHOLE


def _read_currency(number_format: str) -> CurrencyLook | None:
    """The currency that the format shows, where it surely shows one."""
    shown = _SHOWN_CURRENCY.findall(number_format)
    texts = [next(filter(None, each), "").strip() for each in shown]
    known = {each for each in texts if each in CURRENCY_SIGNS or each in _CURRENCIES}
    known |= {each[0] for each in shown if _THREE.fullmatch(each[0])}
    return CurrencyLook(known.pop()) if len(known) == 1 else None


def _keep_places(section: str) -> str:
    """A section of a format, without literals, with only the signs that place and scale digits."""
    return _NO_PLACE.sub("", section)


def _read_places(number_format: str) -> Places | None:
    """The format's places for digits; None where it shows a number as any amount is shown."""
    shape = number_format.split(";")[0]
    if _THOUSANDS.fullmatch(shape):
        return None
    signs: list[str | None] = []
    for part in _PART.findall(_HIDDEN.sub("", shape)):
        if part in "0#?":
            signs.append({"0": None, "#": "", "?": ""}[part])
        elif part[0] in '"\\':
            signs.append(part[1:].removesuffix('"') if part[0] == '"' else part[1:])
        elif part in " -()/:+$":
            signs.append(part)
        else:  # decimals, thousands, an exponent, or General
            return None
    places = [sign for sign in signs if not sign]
    plain = len(places) < 2 and len(signs) == len(places)
    return None if plain or None not in signs else Places(tuple(signs))
