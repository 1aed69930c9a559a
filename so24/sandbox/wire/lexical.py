"""Text of an XML element <-> Python value, by XSD type, the way a .NET service in Oslo does it.

Times without a zone are Norwegian local time; every time is answered in UTC with ``Z``. The .NET
minimum values mean "not given" and are read as None. Numbers with decimals are ``Decimal``.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from zoneinfo import ZoneInfo

OSLO = ZoneInfo("Europe/Oslo")
NOT_GIVEN = frozenset({"-2147483648", "-79228162514264337593543950335", "-32768"})

Value = str | int | Decimal | bool | dt.datetime


def read_text(text: str) -> str:
    """A string as it stands."""
    return text


def read_whole(text: str) -> int | None:
    """An int, long or short; None for the minimum value. ValueError when it is no number."""
    return None if text in NOT_GIVEN else int(text)


def read_number(text: str) -> Decimal | None:
    """A decimal or double; None for the minimum value. ValueError when it is not finite."""
    if text in NOT_GIVEN:
        return None
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise ValueError(f"'{text}' is not a number") from None
    if not number.is_finite():
        raise ValueError(f"'{text}' is not a finite number")
    return number


def read_truth(text: str) -> bool:
    """A boolean, in either of its two spellings."""
    if text.strip() in ("true", "1"):
        return True
    if text.strip() in ("false", "0"):
        return False
    raise ValueError(f"'{text}' is not a boolean")


@lru_cache(maxsize=4096)
def read_time(text: str) -> dt.datetime | None:
    """A dateTime as aware UTC; None for year 1.

    ValueError when it is no time, or a Norwegian local time that the clocks skip in spring.
    """
    time = dt.datetime.fromisoformat(text.strip())
    if time.year == 1:
        return None
    if time.tzinfo is not None:
        return time.astimezone(dt.UTC)
    utc = time.replace(tzinfo=OSLO).astimezone(dt.UTC)
    if utc.astimezone(OSLO).replace(tzinfo=None) != time:
        raise ValueError(f"'{text}' does not exist in the time zone of the server")
    return utc


READERS: dict[str, Callable[[str], Value | None]] = {
    "int": read_whole,
    "long": read_whole,
    "short": read_whole,
    "decimal": read_number,
    "double": read_number,
    "boolean": read_truth,
    "dateTime": read_time,
}

_SPECIAL = re.compile("[&<>\r]")
_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"}


def write_value(value: Value) -> str:
    """The value as XML text, escaped; a time must be aware."""
    if isinstance(value, str):
        return _SPECIAL.sub(lambda match: _ESCAPES[match[0]], value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, dt.datetime):
        return write_time(value)
    return str(value)


def write_time(time: dt.datetime) -> str:
    """An aware time as UTC with ``Z``."""
    return time.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")
