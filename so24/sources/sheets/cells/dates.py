"""Reading dates from cells, Norwegian or ISO; the day is that of Norway."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal

from so24.dates import OSLO
from so24.language.said import say
from so24.sources.sheets.cells.cell import EMPTY, SHOWN, BadCell, Cell
from so24.sources.sheets.cells.texts import quote_cell, read_signs

EARLIEST, LATEST = dt.date(2000, 1, 1), dt.date(2099, 12, 31)
_DATES = (
    re.compile(r"(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>\d{4})", re.ASCII),
    re.compile(r"(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})", re.ASCII),
)
_MOMENT = re.compile(
    r"(?P<date>\S+?)[ T](?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d+)?)? ?"
    r"(?:Z|UTC|GMT|(?P<sign>[+-])(?P<hours>\d{2}):?(?P<minutes>\d{2})?)",
    re.ASCII,
)
_ZONE_OF_A_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})(?:Z|[+-]\d{2}:\d{2})$", re.ASCII)
_TIME = re.compile(r"[ T]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?$")


def read_date(cell: Cell) -> dt.date:
    """The cell as a date: a workbook's date, ``22.11.2026`` or ``2026-11-22``, time left out.

    With a time zone it is a moment, and the date is that of Norway. Programs write a date as its
    midnight, by UTC (``2026-11-22T00:00:00Z``) or by Oslo's own (``2026-11-21T23:00:00Z``): both
    are 22 November. Any other moment that falls on two days, by its own zone and in Norway, is
    refused, for nobody knows which of them was meant.
    """
    if isinstance(cell, dt.date):
        return _in_range(cell)
    text = read_signs(cell)
    if not text:
        raise BadCell(EMPTY)
    if isinstance(cell, Decimal):
        raise BadCell(
            say(
                "must be a date, not the number {number}; format it as a date in Excel",
                number=text[:SHOWN],
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
                raise BadCell(
                    say("is no day of the calendar: {text}", text=quote_cell(cell))
                ) from None
            return _in_range(day)
    raise BadCell(
        say("must be a date such as 22.11.2026 or 2026-11-22, not {text}", text=quote_cell(cell))
    )


def _find_day_in_norway(day: dt.date, moment: re.Match[str], cell: Cell) -> dt.date:
    hour, minute, second = (int(moment[name] or 0) for name in ("hour", "minute", "second"))
    ahead = dt.timedelta(hours=int(moment["hours"] or 0), minutes=int(moment["minutes"] or 0))
    try:
        zone = dt.timezone(-ahead if moment["sign"] == "-" else ahead)
        there = dt.datetime.combine(day, dt.time(hour, minute, second), zone).astimezone(OSLO)
    except ValueError:
        raise BadCell(say("is no time of day: {text}", text=quote_cell(cell))) from None
    if there.date() == day or there.time() == dt.time():
        return _in_range(there.date())
    raise BadCell(
        say(
            "is {own} by its own time zone and {norwegian} in Norway: {text}; write the date alone",
            own=f"{day:%d.%m.%Y}",
            norwegian=f"{there:%d.%m.%Y}",
            text=quote_cell(cell),
        )
    )


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
