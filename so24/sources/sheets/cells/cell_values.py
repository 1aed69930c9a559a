"""What one cell of a workbook holds: text, an exact number or a date.

Excel keeps 15 significant digits of a number and writes 17, so that the last two are binary noise
(349.9 stands in the file as 349.90000000000003): a number is its text rounded to 15 digits. A
decimal of up to 15 digits survives the way through a float unchanged, so no amount is altered.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from decimal import Decimal

from so24.language.said import say
from so24.sources.documents.content import Damage
from so24.sources.documents.packed import PackedTexts
from so24.sources.sheets.cells.cell import (
    Cell,
    CurrencyNumber,
    ScaledNumber,
    ShownNumber,
)
from so24.sources.sheets.cells.number_formats import CurrencyLook, Look, Places

TEXTS = ("str", "inlineStr")  # kinds of cells that hold their text themselves
LONGEST_TEXT = 32_767  # characters of a cell, Excel's own
TOO_LONG = say(
    "holds more than {most} characters, which Excel cannot; shorten it", most=LONGEST_TEXT
)
SIGNIFICANT = 15  # digits
_LARGEST_POWER = 20
_LONGEST_NUMBER = 40
_MOST_DIGITS = 400  # some programs write all that a float has, half a hundred digits mostly
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
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
# a half of a pair that stands alone, and what is no character
_NO_SIGN = re.compile("[\ud800-\udfff\ufffe\uffff]")


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
