"""Dates and moments as the screen shows them: Norwegian order, time of Oslo."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from zoneinfo import ZoneInfo

from so24.language.said import say, say_count

OSLO = ZoneInfo("Europe/Oslo")
MINUTE, HOUR, DAY = 60, 3600, 86_400  # seconds
_KNOWN_DAYS = 1000  # a list of thousands has few


def today() -> dt.date:
    """The date in Oslo at this moment."""
    return dt.datetime.now(OSLO).date()


def moments_of(
    first: dt.date | None, last: dt.date | None
) -> tuple[dt.datetime | None, dt.datetime | None]:
    """The first moment of a period of days in Oslo, and the first one after it, both aware.

    Both days are included; None leaves that end open.
    """
    after = last + dt.timedelta(days=1) if last else None
    return _midnight(first), _midnight(after)


@lru_cache(_KNOWN_DAYS)
def format_date(day: dt.date | None) -> str:
    """``22.11.2026``; an empty text for None."""
    return "" if day is None else f"{day:%d.%m.%Y}"


def format_moment(moment: dt.datetime | None, *, seconds: bool = False) -> str:
    """``22.11.2026 09:05`` in Oslo; ``moment`` is aware. An empty text for None."""
    if moment is None:
        return ""
    if moment.tzinfo is None:
        raise ValueError("a moment on screen must know its time zone")
    return moment.astimezone(OSLO).strftime("%d.%m.%Y %H:%M:%S" if seconds else "%d.%m.%Y %H:%M")


def format_soon(moment: dt.datetime, beside: dt.datetime) -> str:
    """``09:05`` where ``beside`` is of the same day in Oslo, else with its date; both are aware."""
    same_day = moment.astimezone(OSLO).date() == beside.astimezone(OSLO).date()
    told = format_moment(moment)
    return told.rpartition(" ")[2] if same_day else told


def describe_seconds(seconds: float) -> str:
    """``less than a second``, ``about 12 seconds``, ``about 3 minutes``, then hours and days."""
    if seconds < 1:
        return say("less than a second")
    if seconds < 2 * MINUTE:
        return say_count("about {number} second", "about {number} seconds", round(seconds))
    if seconds < 2 * HOUR:
        return say_count("about {number} minute", "about {number} minutes", round(seconds / MINUTE))
    if seconds < 2 * DAY:
        return say_count("about {number} hour", "about {number} hours", round(seconds / HOUR))
    return say_count("about {number} day", "about {number} days", round(seconds / DAY))


def _midnight(day: dt.date | None) -> dt.datetime | None:
    return dt.datetime.combine(day, dt.time(), OSLO) if day else None
