"""Plain XSD values on the wire and in Python, with the service's own words for "not set"."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from decimal import Decimal
from zoneinfo import ZoneInfo

from so24.errors import Unknown

NORWAY = ZoneInfo("Europe/Oslo")

_MINIMUM_INTEGERS = {"short": -(2**15), "int": -(2**31), "long": -(2**63)}
_MINIMUM_DECIMAL = Decimal("-79228162514264337593543950335")
_NO_DATES = ("0001-01-01", "9999-12-31")
_EMPTY_GUID = "00000000-0000-0000-0000-000000000000"

_INTEGER = re.compile(r"[+-]?[0-9]{1,20}")
_DECIMAL = re.compile(r"[+-]?([0-9]{1,40}(\.[0-9]{0,40})?|\.[0-9]{1,40})")
_TIME = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:T([0-9]{2}:[0-9]{2}:[0-9]{2})(?:\.([0-9]+))?)?"
    r"(Z|[+-][0-9]{2}:[0-9]{2})?"
)
_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")

Plain = str | int | bool | Decimal | dt.datetime | None


def read_plain(kind: str, text: str | None, name: str) -> Plain:
    """The value of an element's ``text`` as XSD type ``kind``, or None for "not set".

    Raises Unknown, naming the element, where the text is no such value.
    """
    if kind == "string":
        return text or None
    trimmed = (text or "").strip()
    if not trimmed:
        return None
    try:
        return _READERS[kind](kind, trimmed)
    except (ValueError, OverflowError):
        raise Unknown(f"The answer's {name} is no {kind}.") from None


def norwegian_date(time: dt.datetime | None) -> dt.date | None:
    """The date in Norway of a time as read; a time without zone is Norwegian already."""
    if time is None or time.tzinfo is None:
        return None if time is None else time.date()
    return time.astimezone(NORWAY).date()


def local_midnight(date: dt.date) -> dt.datetime:
    """A date as the service wants it: midnight without zone, which no border can move."""
    return dt.datetime(date.year, date.month, date.day)  # noqa: DTZ001 - naive on purpose


def search_time(time: dt.datetime) -> dt.datetime:
    """An aware time as a search limit: UTC without zone, a minute early.

    The service cuts to the minute, and whether it takes the limit for UTC or Norwegian time is
    not documented; read as Norwegian it only reaches further back.
    """
    return time.astimezone(dt.UTC).replace(tzinfo=None) - dt.timedelta(minutes=1)


def _read_integer(kind: str, text: str) -> int | None:
    if not _INTEGER.fullmatch(text):
        raise ValueError
    number = int(text)
    return None if number == _MINIMUM_INTEGERS[kind] else number


def _read_decimal(_kind: str, text: str) -> Decimal | None:
    if not _DECIMAL.fullmatch(text):
        raise ValueError
    number = Decimal(text)
    return None if number == _MINIMUM_DECIMAL else number


def _read_boolean(_kind: str, text: str) -> bool:
    if text not in ("true", "false", "1", "0"):
        raise ValueError
    return text in ("true", "1")


def _read_time(_kind: str, text: str) -> dt.datetime | None:
    match = _TIME.fullmatch(text)
    if match is None:
        raise ValueError
    date, clock, fraction, zone = match.groups()
    if date in _NO_DATES:
        return None
    # .NET writes seven digits of a second, Python keeps six.
    digits = (fraction or "0")[:6].ljust(6, "0")
    return dt.datetime.fromisoformat(f"{date}T{clock or '00:00:00'}.{digits}{zone or ''}")


def _read_guid(_kind: str, text: str) -> str | None:
    guid = text.lower()
    if not _GUID.fullmatch(guid):
        raise ValueError
    return None if guid == _EMPTY_GUID else guid


_READERS: dict[str, Callable[[str, str], Plain]] = {
    "short": _read_integer,
    "int": _read_integer,
    "long": _read_integer,
    "decimal": _read_decimal,
    "boolean": _read_boolean,
    "dateTime": _read_time,
    "guid": _read_guid,
}
