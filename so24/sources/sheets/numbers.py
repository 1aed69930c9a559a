"""Reading numbers, percentages and dates from cells, Norwegian or English; never a guess.

A cell is text as it stands in the file, or what a workbook states exactly: a number or a date.
All functions raise :class:`BadCell` with the reason, which completes "this cell …".
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from itertools import repeat
from typing import Any, Self, TypeVar

from so24.dates import OSLO
from so24.identifiers import (
    BadIdentifier,
    find_no_value,
    guess_identifier,
    is_reordered,
    is_scientific,
    read_identifier,
    undress_text,
)
from so24.language.said import say

T = TypeVar("T")
Cell = str | Decimal | dt.date


class _NumberWithText(Decimal):
    """A number that keeps a text of its cell, also where it is copied or put on disk."""

    shown: str

    def __new__(cls, number: Decimal, shown: str) -> Self:
        """The number with what the cell shows."""
        made = super().__new__(cls, number)
        made.shown = shown
        return made

    def __reduce__(self) -> Any:  # that of a decimal forgets what is shown
        return type(self), (Decimal(self), self.shown)


class ShownNumber(_NumberWithText):
    """A number whose cell shows other signs than its digits: leading zeros, say."""


class ScaledNumber(Decimal):
    """A number whose cell shows other digits than it has: thousands of it, or it rounded."""


class CurrencyNumber(_NumberWithText):
    """An amount whose cell shows a currency beside it, by its sign or its three letters."""

    @property
    def currency(self) -> str:
        """The currency that the cell shows."""
        return self.shown

    def may_be_in(self, currency: str) -> bool:
        """Whether the cell shows this currency; its sign may be that of several."""
        return currency in CURRENCY_SIGNS.get(self.currency, (self.currency,))


# signs that only these currencies have; kr is that of many
CURRENCY_SIGNS = {
    "€": ("EUR",),
    "£": ("GBP",),
    "¥": ("JPY", "CNY"),
    "$": ("USD", "CAD", "AUD", "NZD", "SGD", "HKD"),
    "zł": ("PLN",),
    "₽": ("RUB",),
    "₹": ("INR",),
    "₺": ("TRY",),
    "₴": ("UAH",),
    "₪": ("ILS",),
    "₩": ("KRW",),
    "₫": ("VND",),
    "฿": ("THB",),
    "₱": ("PHP",),
    "R$": ("BRL",),
    "Kč": ("CZK",),
    "Ft": ("HUF",),
    "лв": ("BGN",),
    "лв.": ("BGN",),
}
EARLIEST, LATEST = dt.date(2000, 1, 1), dt.date(2099, 12, 31)
_LARGEST = Decimal(10) ** 12
_STEPS = {decimals: Decimal(1).scaleb(-decimals) for decimals in range(8)}
_ORDINARY = re.compile(r"-?\d{1,12}(?:[.,]\d\d?)?", re.ASCII)  # surely one number
_ORDINARY_ONES = re.compile(rf"(?:{_ORDINARY.pattern}\n)*+{_ORDINARY.pattern}", re.ASCII)
_SHOWN = 40
EMPTY = say("is empty")
# templates of what is told where it is so
_MADE_DATE = say(
    "is the date {text}, of which Excel has made one; format the column as text and write it again"
)
_MADE_TIME = say(
    "is the time {text}, of which Excel has made one; format the column as text and write it again"
)
_NO_NUMBER = say("must be a number, not {text}")
_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015"  # hyphens and dashes, which are no minus
_SIXTH, _ORE = Decimal("0.000001"), Decimal("0.01")

_BLANKS = {"\u00a0": " ", "\u202f": " ", "\u2009": " ", "\u2007": " ", "\u2212": "-"}
# signs of control that are no blanks: nobody sees them, and XML cannot hold them
_CONTROLS = dict.fromkeys(sign for sign in map(chr, (*range(32), 127)) if not sign.isspace())
# what nobody sees, and which changes nothing of a text (unlike a joiner within an emoji)
_UNSEEN = dict.fromkeys("\u00ad\u061c\u180e\u200b\u200e\u200f\u2060\ufeff")
_UNSEEN_SIGNS = str.maketrans(_UNSEEN)
_TIDY = str.maketrans({**_BLANKS, **_CONTROLS, **_UNSEEN})
_FULL_WIDTH = {0xFF01 + place: 0x21 + place for place in range(94)}
_PLAIN = re.compile(r"\d+", re.ASCII)
_ONE_SIGN = re.compile(r"(\d+)[.,](\d+)", re.ASCII)
_NO_WHOLE = re.compile(r"[.,](\d+)", re.ASCII)
_GROUPED = re.compile(r"\d{1,3}(?:([ .,])\d{3})(?:\1\d{3})*(?:([.,])(\d+))?", re.ASCII)
_AMBIGUOUS = re.compile(r"[1-9]\d{0,2}[.,]\d{3}", re.ASCII)
_DATES = (
    re.compile(r"(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>\d{4})", re.ASCII),
    re.compile(r"(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})", re.ASCII),
)
_MONTH = (
    r"(?:jan(?:uar|uary)?|feb(?:ruar|ruary)?|mars?|march|apr(?:il)?|mai|may|juni?|june|juli?|july"
    r"|aug(?:ust)?|sept?(?:ember)?|o[kc]t(?:ober)?|nov(?:ember)?|de[sc](?:ember)?)"
)
_YEAR = r"(?:19|20)\d\d"
_CLOCK = re.compile(r"\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?: ?[ap]\.?m\.?)?", re.IGNORECASE)
# as Excel shows what it takes for a date or a time, in Norwegian and English
_MADE_A_DATE = re.compile(
    rf"(?:\d{{1,2}}[./]\d{{1,2}}[./](?:\d{{2}}|{_YEAR})|\d{{1,2}}-\d{{1,2}}-{_YEAR}"
    rf"|{_YEAR}[-./]\d{{1,2}}[-./]\d{{1,2}}"
    rf"|\d{{1,2}}[-. /]{{1,2}}{_MONTH}\.?(?:[-. /]{{1,2}}(?:\d{{2}}|{_YEAR}))?"
    rf"|{_MONTH}[-. /]{{1,2}}(?:\d{{1,2}}|{_YEAR}))"
    rf"(?:[ T]{_CLOCK.pattern}(?:Z|[+-]\d\d:?\d\d)?)?|{_CLOCK.pattern}",
    re.IGNORECASE,
)
# what UTF-8 looks like as Windows' letters, Norwegian letters of Mac and DOS, and Polish ones
_GARBLED = re.compile(
    r"\ufffd|[\x80-\x9f]|Ã[¡-¿†˜…‰–„œŸ]|Â[¡-¿]|â€|(?<=[^\W\d_])[¿¾›†³¹£¥¯](?=[^\W\d_])"
)
_LONGEST_KEPT = 100
_MOMENT = re.compile(
    r"(?P<date>\S+?)[ T](?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d+)?)? ?"
    r"(?:Z|UTC|GMT|(?P<sign>[+-])(?P<hours>\d{2}):?(?P<minutes>\d{2})?)",
    re.ASCII,
)
_ZONE_OF_A_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})(?:Z|[+-]\d{2}:\d{2})$", re.ASCII)
_TIME = re.compile(r"[ T]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?$")


class BadCell(ValueError):
    """A cell cannot be read; the message is the reason, for the import's report."""

    @property
    def words(self) -> str:
        """The reason as it was said."""
        return self.args[0] if self.args and isinstance(self.args[0], str) else str(self)


def read_text(cell: Cell) -> str:
    """The cell as one line of text, blanks single, without signs of control and what nobody sees.

    Numbers have no ``.0``. A formula that only holds a text is that text (``="Oslo"``).
    """
    if isinstance(cell, str):
        return _tidy(cell) if len(cell) <= _LONGEST_KEPT else _tidy.__wrapped__(cell)
    if isinstance(cell, ShownNumber):
        return cell.shown
    if isinstance(cell, Decimal):
        whole = cell.to_integral_value()
        return format(whole if cell == whole else cell.normalize(), "f")
    return f"{cell:%d.%m.%Y}"


def read_identifying(cell: Cell) -> str:
    """The cell as what names something, in canonical form (:mod:`so24.identifiers`); may be empty.

    A date or time is refused, also one that is written as text, as a program saves it in a CSV
    file: Excel makes one of what was a number (``10-11``). So is a number that is shown scaled:
    nobody sees which one it is.
    """
    text = read_text(cell)
    if isinstance(cell, ScaledNumber):
        raise BadCell(
            say(
                "is the number {number}, which its format shows otherwise; format the column as "
                "text and write it again",
                number=text[:_SHOWN],
            )
        )
    if isinstance(cell, dt.date) or _MADE_A_DATE.fullmatch(text):
        raise BadCell(say(_MADE_TIME if _CLOCK.fullmatch(text) else _MADE_DATE, text=text))
    try:
        return read_identifier(text)
    except BadIdentifier as reason:
        raise BadCell(reason.args[0]) from None


def read_name(cell: Cell) -> str:
    """The cell as the name of a firm or a person, as :func:`read_text`; may be empty.

    What programs write where there is no value is refused.
    """
    text = read_text(cell)
    if reason := find_no_value(text):
        raise BadCell(reason)
    return text


def guess_identifying(cell: Cell) -> str:
    """What the cell may name though it cannot be read; only to say whose row it may be."""
    return guess_identifier(read_text(cell))


def drop_unseen(text: str) -> str:
    """The text without signs that nobody sees and that change nothing of it."""
    return text if text.isascii() else text.translate(_UNSEEN_SIGNS)


def is_garbled(text: str) -> bool:
    """Whether letters of the text were lost, because a program took one encoding for another."""
    return not text.isascii() and _GARBLED.search(text) is not None


@lru_cache(10_000)  # the rows of a report repeat most of their texts
def _tidy(text: str) -> str:
    plain = text.isascii() and text.isprintable()
    return undress_text(" ".join((text if plain else text.translate(_TIDY)).split()))


def _read_signs(cell: Cell) -> str:
    """The text of a number or a date, its full-width signs plain."""
    text = read_text(cell)
    if text.isascii():
        return text
    if is_reordered(text):
        raise BadCell(
            say(
                "holds characters that show it in another order than it stands: {text}; retype it",
                text=_quote(cell),
            )
        )
    return " ".join(text.translate(_FULL_WIDTH).split())


def read_given(cell: Cell, read: Callable[[Cell], T]) -> T | None:
    """The cell through ``read``; None where it is empty."""
    filled = cell[:1].isalnum() if type(cell) is str else type(cell) is Decimal  # nearly all are
    return read(cell) if filled or read_text(cell) else None


def read_exact(cell: Cell) -> Decimal:
    """The cell as an exact number, however many decimals it has; what is too large is refused."""
    value = cell if isinstance(cell, Decimal) else _parse(cell)
    if abs(value) >= _LARGEST:
        raise BadCell(say("is larger than any amount that can be kept"))
    return value


def read_decimal(cell: Cell, *, decimals: int) -> Decimal:
    """The cell as an exact number with ``decimals`` decimals; more decimals are refused.

    Text may group by blanks, points or commas. One point or comma before exactly three digits
    (``1.234``) means two different numbers in Norwegian and English and is refused.
    """
    value = read_exact(cell)
    exact = value.quantize(_STEPS[decimals])
    if exact != value:
        raise BadCell(
            say("has more than {most} decimals: {text}", most=decimals, text=_quote(cell))
        )
    return exact or abs(exact)  # no minus before a zero


def read_plain_decimals(cells: Sequence[Cell], *, decimals: int) -> list[Decimal] | None:
    """What :func:`read_decimal` gives of each cell; None where one is to be read by itself."""
    kinds = set(map(type, cells))
    if kinds == {str}:
        joined = "\n".join(cells)  # type: ignore[arg-type] # texts alone
        if joined.count("\n") >= len(cells) or not _ORDINARY_ONES.fullmatch(joined):
            return None  # a cell of several lines is none
        values = list(map(Decimal, joined.replace(",", ".").split("\n")))
    elif kinds == {Decimal}:
        values = list(cells)  # type: ignore[arg-type] # decimals alone
        if not -_LARGEST < min(values) <= max(values) < _LARGEST:
            return None
    else:
        return None
    exact = list(map(Decimal.quantize, values, repeat(_STEPS[decimals])))
    return [each or abs(each) for each in exact] if exact == values else None


def read_quantity(cell: Cell, price: Decimal, net: Decimal) -> Decimal:
    """A quantity with six decimals; more are rounded where all of them give the line's sum.

    7 hours and 20 minutes are 7.33333333333333 hours: no number of decimals is enough. What would
    change the sum by more than an øre, for which it is sent at another price, is refused.
    """
    exact = read_exact(cell)
    rounded = exact.quantize(_SIXTH, ROUND_HALF_UP)
    given, kept = ((each * price).quantize(_ORE, ROUND_HALF_UP) for each in (exact, rounded))
    if kept == net or (given == net and abs(given - kept) == _ORE):
        return read_decimal(rounded, decimals=6)
    return read_decimal(cell, decimals=6)


def find_decimal_sign(cell: Cell) -> str | None:
    """The sign that surely begins the decimals of a number written as text: a comma or a point."""
    if not isinstance(cell, str):
        return None
    text = read_text(cell).translate(_FULL_WIDTH).lstrip("+- ")
    if _ONE_SIGN.fullmatch(text) and not _AMBIGUOUS.fullmatch(text):
        return "," if "," in text else "."
    grouped = _GROUPED.fullmatch(text)
    if grouped is None or grouped[1] == grouped[2]:
        return None
    if grouped[2]:
        return grouped[2]
    # thousands by points leave the comma for the decimals
    return {".": ",", ",": "."}.get(grouped[1]) if text.count(grouped[1]) > 1 else None


def read_rate(cell: Cell) -> Decimal:
    """The cell as a percentage from 0 to 100 (``25``, ``25 %``, ``11,11``)."""
    value = Decimal(cell) if isinstance(cell, ShownNumber) else cell
    text = _read_signs(value).removesuffix("%").strip()
    plain = _ONE_SIGN.fullmatch(text) or _PLAIN.fullmatch(text)
    rate = Decimal(text.replace(",", ".")) if plain else read_decimal(text, decimals=6)
    if not 0 <= rate <= 100:
        raise BadCell(say("must be a percentage from 0 to 100, not {text}", text=_quote(cell)))
    if 0 < rate < 1:
        raise BadCell(
            say("must be a percentage such as 25, not a fraction such as {text}", text=_quote(cell))
        )
    return read_decimal(rate, decimals=6)


def read_date(cell: Cell) -> dt.date:
    """The cell as a date: a workbook's date, ``22.11.2026`` or ``2026-11-22``, time left out.

    With a time zone it is a moment, and the date is that of Norway. Programs write a date as its
    midnight, by UTC (``2026-11-22T00:00:00Z``) or by Oslo's own (``2026-11-21T23:00:00Z``): both
    are 22 November. Any other moment that falls on two days, by its own zone and in Norway, is
    refused, for nobody knows which of them was meant.
    """
    if isinstance(cell, dt.date):
        return _in_range(cell)
    text = _read_signs(cell)
    if not text:
        raise BadCell(EMPTY)
    if isinstance(cell, Decimal):
        raise BadCell(
            say(
                "must be a date, not the number {number}; format it as a date in Excel",
                number=text[:_SHOWN],
            )
        )
    if moment := _MOMENT.fullmatch(text):
        return _find_day_in_norway(_read_day(moment["date"], cell), moment, cell)
    return _read_day(_ZONE_OF_A_DAY.sub(r"\1", _TIME.sub("", text)), cell)


def _read_day(text: str, cell: Cell) -> dt.date:
    for pattern in _DATES:
        if found := pattern.fullmatch(text):
            try:
                day = dt.date(int(found["year"]), int(found["month"]), int(found["day"]))
            except ValueError:
                raise BadCell(say("is no day of the calendar: {text}", text=_quote(cell))) from None
            return _in_range(day)
    raise BadCell(
        say("must be a date such as 22.11.2026 or 2026-11-22, not {text}", text=_quote(cell))
    )


def _find_day_in_norway(day: dt.date, moment: re.Match[str], cell: Cell) -> dt.date:
    hour, minute, second = (int(moment[name] or 0) for name in ("hour", "minute", "second"))
    ahead = dt.timedelta(hours=int(moment["hours"] or 0), minutes=int(moment["minutes"] or 0))
    try:
        zone = dt.timezone(-ahead if moment["sign"] == "-" else ahead)
        there = dt.datetime.combine(day, dt.time(hour, minute, second), zone).astimezone(OSLO)
    except ValueError:
        raise BadCell(say("is no time of day: {text}", text=_quote(cell))) from None
    if there.date() == day or there.time() == dt.time():
        return _in_range(there.date())
    raise BadCell(
        say(
            "is {own} by its own time zone and {norwegian} in Norway: {text}; write the date alone",
            own=f"{day:%d.%m.%Y}",
            norwegian=f"{there:%d.%m.%Y}",
            text=_quote(cell),
        )
    )


def _parse(cell: Cell) -> Decimal:
    if type(cell) is str and _ORDINARY.fullmatch(cell):  # nearly all are
        return Decimal(cell.replace(",", "."))
    text = _read_signs(cell)
    if not text:
        raise BadCell(EMPTY)
    if text.startswith("(") and text.endswith(")"):
        raise BadCell(say("must have a minus sign, not parentheses: {text}", text=_quote(cell)))
    if text[0] in _DASHES or (text[-1] == "-" and text[-2:-1].isdigit()):
        raise BadCell(say("must have a minus sign before it: {text}", text=_quote(cell)))
    sign = "-" if text[0] == "-" else ""
    body = text[1:].lstrip() if text[0] in "+-" else text
    if not body.isascii():
        raise BadCell(say(_NO_NUMBER, text=_quote(cell)))
    if _AMBIGUOUS.fullmatch(body):
        raise BadCell(say("can be read as two different numbers: {text}", text=_quote(cell)))
    if is_scientific(body):
        raise BadCell(
            say(
                "is in scientific notation, which may have lost digits: {text}; format the column "
                "as numbers",
                text=_quote(cell),
            )
        )
    return Decimal(sign + _without_groups(body, cell))


def _without_groups(body: str, cell: Cell) -> str:
    if _PLAIN.fullmatch(body):
        return body
    if simple := _ONE_SIGN.fullmatch(body):
        return f"{simple[1]}.{simple[2]}"
    if decimals := _NO_WHOLE.fullmatch(body):
        return f"0.{decimals[1]}"
    grouped = _GROUPED.fullmatch(body)
    if grouped is None or grouped[1] == grouped[2]:
        raise BadCell(say(_NO_NUMBER, text=_quote(cell)))
    whole = body[: grouped.start(2)] if grouped[2] else body
    return whole.replace(grouped[1], "") + (f".{grouped[3]}" if grouped[2] else "")


def _in_range(day: dt.date) -> dt.date:
    if not EARLIEST <= day <= LATEST:
        raise BadCell(
            say(
                "must be a date between {first} and {last}, not {year}",
                first=EARLIEST.year,
                last=LATEST.year,
                year=day.year,
            )
        )
    return day


def _quote(cell: Cell) -> str:
    text = read_text(cell)
    return say("“{text}”", text=text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…")
