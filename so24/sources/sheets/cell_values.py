"""What one cell of a workbook holds: text, an exact number or a date.

Excel keeps 15 significant digits of a number and writes 17, so that the last two are binary noise
(349.9 stands in the file as 349.90000000000003): a number is its text rounded to 15 digits. A
decimal of up to 15 digits survives the way through a float unchanged, so no amount is altered.
"""

from __future__ import annotations

import datetime as dt
import enum
import re
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache

from so24.language.said import say
from so24.sources.documents.packed import PackedTexts
from so24.sources.sheets.numbers import (
    CURRENCY_SIGNS,
    Cell,
    CurrencyNumber,
    ScaledNumber,
    ShownNumber,
)
from so24.sources.sheets.xml_stream import Damage

TEXTS = ("str", "inlineStr")  # kinds of cells that hold their text themselves
LONGEST_TEXT = 32_767  # characters of a cell, Excel's own
TOO_LONG = say(
    "holds more than {most} characters, which Excel cannot; shorten it", most=LONGEST_TEXT
)
SIGNIFICANT = 15  # digits
_LARGEST_POWER = 20
_LONGEST_NUMBER = 40
_MOST_DIGITS = 400  # some programs write all that a float has, half a hundred digits mostly
_LONGEST_FORMAT = 255  # Excel's own
_LAST_SERIAL = 2_958_465  # 31.12.9999
_FIRST_SURE_DAY = dt.date(1900, 3, 1)  # Excel counts a 29 February 1900 that never was
_NO_DATE = say("is formatted as a date but is none")
_NO_NUMBER = say("is marked as a number but holds none")
_BEYOND = say("holds a number beyond any amount")
_UNSEEN = say("is a number that its format hides; format it as a number")
_TIME = say(
    "is a time, neither a number nor a date; format it as what it is, and write 7 hours and "
    "30 minutes as 7.5"
)
_ZONE = re.compile(r"T.*(?:Z|[+-]\d\d:?\d\d)$", re.IGNORECASE)
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,4})?", re.ASCII)
_HIDDEN = re.compile(r"\[[^\]]*\]|[_*].")  # colours, conditions, and blanks of a width
_THOUSANDS = re.compile(r"[#?0]{1,3}([ \u00a0\u202f'][#?0]{3})+")
_PART = re.compile(r'"[^"]*"|\\.|.', re.DOTALL)
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
# a half of a pair that stands alone, and what is no character
_NO_SIGN = re.compile("[\ud800-\udfff\ufffe\uffff]")
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


class Texts:
    """The shared texts of a workbook by their places, None where one is too long."""

    def __init__(self) -> None:
        self._texts = PackedTexts()
        self._too_long: set[int] = set()

    def append(self, text: str | None) -> None:
        """Add a text."""
        if text is None:
            self._too_long.add(len(self._texts))
        self._texts.append(text or "")

    def __len__(self) -> int:
        return len(self._texts)

    def __getitem__(self, place: int) -> str | None:
        return self._texts[place] if place not in self._too_long else None


@dataclass
class Book:
    """What the cells of a workbook refer to: its texts (None: too long), looks and first day."""

    texts: list[str | None] | Texts = field(default_factory=Texts)
    looks: list[Look | Places | CurrencyLook] = field(default_factory=list)
    epoch: dt.date = dt.date(1899, 12, 30)


class NoValue(Exception):
    """A cell that holds no value; the message is the reason."""


def unescape(text: str) -> str:
    """The text with the signs that XML cannot hold, which stand as ``_xHHHH_`` (ST_Xstring).

    What is no character becomes the sign of a lost letter.
    """
    if "_x" not in text:
        return text
    signs = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    if signs.isascii():
        return signs
    pairs = signs.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
    return _NO_SIGN.sub("\ufffd", pairs)


def read_value(book: Book, kind: str, style: str, text: str) -> Cell:
    """The value of a cell by its attributes ``t`` and ``s``; an empty text where it has none.

    Raises :class:`NoValue` with the reason, which completes "this cell …", and :class:`Damage`
    where the cell refers to what is not there.
    """
    if kind in TEXTS:
        return unescape(text).strip()
    text = text.strip()
    if not text:
        return ""
    if kind == "s":
        return _shared_text(book, text)
    if kind == "n":
        return _read_formatted(book, find_look(book, style), text)
    if kind == "b":
        return "FALSE" if text == "0" else "TRUE"
    if kind == "d":
        return _read_iso_day(text)
    if kind == "e":
        raise NoValue(
            say("holds the error {error}; mend it in Excel", error=text[:_LONGEST_NUMBER])
        )
    raise Damage(
        say("has a cell of a kind that does not exist ({kind})", kind=kind[:_LONGEST_NUMBER])
    )


def _read_formatted(book: Book, look: Look | Places | CurrencyLook, text: str) -> Cell:
    if look is Look.PLAIN:
        return read_number(text)
    if look is Look.SCALED:
        return ScaledNumber(read_number(text))
    if look is Look.WHOLE:
        return _as_rounded(read_number(text))
    if isinstance(look, CurrencyLook):
        return CurrencyNumber(read_number(text), look.currency)
    return _show(look, text) if isinstance(look, Places) else _read_shown(book, look, text)


def find_look(book: Book, style: str) -> Look | Places | CurrencyLook:
    """What a cell style makes of a number; one that the workbook does not have changes nothing."""
    known = style.isascii() and style.isdigit() and len(style) < 10
    return book.looks[int(style)] if known and int(style) < len(book.looks) else Look.PLAIN


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


def _shared_text(book: Book, text: str) -> str:
    if not (text.isascii() and text.isdigit() and len(text) < 10 and int(text) < len(book.texts)):
        raise Damage(
            say(
                "asks for the shared text {place}, of {number} that there are",
                place=text[:10],
                number=len(book.texts),
            )
        )
    shared = book.texts[int(text)]
    if shared is None:
        raise NoValue(TOO_LONG)
    return shared


def read_number(text: str) -> Decimal:
    """An exact number as a cell holds it; raises :class:`NoValue` where it holds none."""
    if len(text) > _MOST_DIGITS or not _NUMBER.fullmatch(text):
        raise NoValue(_NO_NUMBER)
    number = Decimal(text)
    if number and abs(number.adjusted()) > _LARGEST_POWER:
        raise NoValue(_BEYOND)
    if len(text) > SIGNIFICANT:
        number = Decimal(f"{number:.{SIGNIFICANT}g}")
    return number or Decimal(0)  # no minus before a zero


def _show(places: Places, text: str) -> Cell:
    number = read_number(text)
    shown = places.show(number)
    return ShownNumber(number, shown) if shown else _as_rounded(number)


def _as_rounded(number: Decimal) -> Decimal:
    """The number of a cell that shows no decimals."""
    return number if number == number.to_integral_value() else ScaledNumber(number)


def _read_shown(book: Book, look: Look, text: str) -> Cell:
    number = read_number(text)
    if look is Look.PERCENT:
        return f"{number * 100:f} %"
    if look is Look.NOTHING:
        if number:
            raise NoValue(_UNSEEN)
        return number
    if look is Look.SPAN or 0 < number < 1:
        raise NoValue(_TIME)
    if not 0 <= number <= _LAST_SERIAL:
        raise NoValue(_NO_DATE)
    return _sure_day(book.epoch + dt.timedelta(days=int(number)))


def _read_iso_day(text: str) -> dt.date | str:
    """The day; a moment of a time zone as it stands, for its day is not that of everywhere."""
    if _ZONE.search(text):
        return text[:_LONGEST_NUMBER]
    try:
        return _sure_day(dt.date.fromisoformat(text[:10]))
    except ValueError:
        raise NoValue(_NO_DATE) from None


def _sure_day(day: dt.date) -> dt.date:
    if day < _FIRST_SURE_DAY:
        raise NoValue(_NO_DATE)
    return day
