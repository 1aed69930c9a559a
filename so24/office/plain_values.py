"""Times as the service has them, and dates in Norway."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

NORWAY = ZoneInfo("Europe/Oslo")


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
