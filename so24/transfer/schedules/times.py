"""When a schedule is due: weekdays and a time of Oslo, each once whatever the clocks do (pure).

A time that does not exist, in the night in which the clocks go forward, is due as much later as
they have gone; one that exists twice is due the first time.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from so24.dates import OSLO
from so24.errors import WrongUse
from so24.language.said import join_said, say

GRACE = dt.timedelta(hours=6)  # so long after its time it is still done; later it is told as missed
FURTHEST_BACK = dt.timedelta(days=31)  # what was missed longer ago is not told
_A_DAY, _WEEK = dt.timedelta(days=1), 7
_TOGETHER = 3  # so many days in a row are told as from-to
DAY_WORDS = {
    1: say("Mon"), 2: say("Tue"), 3: say("Wed"), 4: say("Thu"), 5: say("Fri"), 6: say("Sat"),
    7: say("Sun"),
}  # fmt: skip
_TYPED = (
    ("mon", "man"), ("tue", "tir"), ("wed", "ons"), ("thu", "tor"), ("fri", "fre"), ("sat", "lør"),
    ("sun", "søn"),
)  # fmt: skip
_NAMES = {name: day for day, names in enumerate(_TYPED, 1) for name in names}
_CLOCK = re.compile(r"([01]?\d|2[0-3])[:.]([0-5]\d)")


@dataclass(frozen=True)
class WeekTimes:
    """These weekdays (Monday is 1), at this minute of the day in Oslo."""

    days: frozenset[int]
    minute: int

    @property
    def clock(self) -> dt.time:
        """The time of the day."""
        return dt.time(*divmod(self.minute, 60))

    @property
    def stored_days(self) -> str:
        """The days as the store keeps them."""
        return "".join(map(str, sorted(self.days)))

    @classmethod
    def stored(cls, days: str, minute: int) -> WeekTimes:
        """What the store has kept."""
        return cls(frozenset(map(int, days)), minute)

    def __str__(self) -> str:
        return describe_times(self)


def make_times(days: Sequence[int], clock: dt.time) -> WeekTimes:
    """The times on these days; raises :class:`WrongUse` where there is none."""
    chosen = frozenset(days)
    if not chosen or not chosen <= DAY_WORDS.keys():
        raise WrongUse(say("Choose at least one weekday."))
    return WeekTimes(chosen, clock.hour * 60 + clock.minute)


def read_times(text: str) -> WeekTimes:
    """What somebody types: ``mon-fri 06:30``, ``mon,thu 22:00``, ``daily 05:15``.

    Raises :class:`WrongUse` for anything else.
    """
    days, _, clock = text.strip().lower().rpartition(" ")
    found = _CLOCK.fullmatch(clock)
    chosen = [day for part in days.split(",") for day in _read_days(part.strip())]
    if found is None or not chosen or 0 in chosen:
        raise WrongUse(
            say(
                "“{text}” is no time of a schedule; write it like mon-fri 06:30, mon,thu 22:00 or "
                "daily 05:15.",
                text=text.strip()[:40],
            )
        )
    return make_times(chosen, dt.time(int(found[1]), int(found[2])))


def _read_days(part: str) -> list[int]:
    """The days of ``mon``, ``mon-fri`` or ``daily``; a 0 for what is none."""
    if part in ("daily", "daglig"):
        return list(DAY_WORDS)
    first, dash, last = (each.strip() for each in part.partition("-"))
    begin, end = _NAMES.get(first[:3], 0), _NAMES.get(last[:3], 0)
    if not dash:
        return [begin]
    if not begin or not end:
        return [0]
    return [(day - 1) % _WEEK + 1 for day in range(begin, begin + (end - begin) % _WEEK + 1)]


def describe_times(times: WeekTimes) -> str:
    """``Mon–Fri 06:30``."""
    parts: list[str] = []
    for _, group in groupby(enumerate(sorted(times.days)), lambda each: each[1] - each[0]):
        days = [day for _, day in group]
        if len(days) >= _TOGETHER:
            parts.append(join_said([DAY_WORDS[days[0]], DAY_WORDS[days[-1]]], "–"))
        else:
            parts += [DAY_WORDS[day] for day in days]
    told = say("Daily") if len(times.days) == _WEEK else join_said(parts, ", ")
    return say("{days} {time}", days=told, time=f"{times.clock:%H:%M}")


def moment_on(day: dt.date, times: WeekTimes) -> dt.datetime:
    """The moment at which a schedule is due on this day, aware UTC."""
    return dt.datetime.combine(day, times.clock, OSLO).astimezone(dt.UTC)


def next_time(times: WeekTimes, after: dt.datetime) -> dt.datetime:
    """The first moment after this one at which a schedule is due, both aware UTC."""
    return next(_times_after(times, after))


def times_between(times: WeekTimes, after: dt.datetime, until: dt.datetime) -> list[dt.datetime]:
    """All moments after ``after``, up to and with ``until``; none of more than a month ago."""
    found = []
    for moment in _times_after(times, max(after, until - FURTHEST_BACK)):
        if moment > until:
            break
        found.append(moment)
    return found


def is_too_late(moment: dt.datetime, at: dt.datetime) -> bool:
    """Whether what was due at ``moment`` is not done any more at ``at``."""
    return at - moment > GRACE


def _times_after(times: WeekTimes, after: dt.datetime) -> Iterator[dt.datetime]:
    day = after.astimezone(OSLO).date() - _A_DAY
    while True:
        if day.isoweekday() in times.days and (moment := moment_on(day, times)) > after:
            yield moment
        day += _A_DAY
