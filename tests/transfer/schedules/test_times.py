"""When a schedule is due: each time once, whatever the clocks do."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from so24.dates import OSLO
from so24.errors import WrongUse
from so24.language.reader import speaking
from so24.language.telling import tell
from so24.transfer.schedules.times import (
    FURTHEST_BACK,
    GRACE,
    WeekTimes,
    describe_times,
    is_too_late,
    moment_on,
    next_time,
    read_times,
    times_between,
)
from tests.transfer.schedules.nights import oslo

MOMENTS = st.integers(0, 8 * 366 * 24 * 60).map(
    lambda minutes: dt.datetime(2024, 1, 1, tzinfo=dt.UTC) + dt.timedelta(minutes=minutes)
)
TIMES = st.builds(
    WeekTimes,
    st.frozensets(st.integers(1, 7), min_size=1),
    st.integers(0, 24 * 60 - 1),
)


def utc(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("typed", "after", "due"),
    [
        ("mon-fri 06:30", "2026-12-01 06:29", "2026-12-01 06:30"),
        ("mon-fri 06:30", "2026-12-01 06:30", "2026-12-02 06:30"),  # it is due once
        ("mon-fri 06:30", "2026-12-04 07:00", "2026-12-07 06:30"),  # over the weekend
        ("sun 23:59", "2026-12-06 23:58", "2026-12-06 23:59"),
        ("mon 00:00", "2026-12-06 23:58", "2026-12-07 00:00"),
        ("fri-mon 12:00", "2026-12-04 12:00", "2026-12-05 12:00"),
        ("daily 06:30", "2027-03-27 06:30", "2027-03-28 06:30"),  # the clocks go forward
        ("daily 06:30", "2026-10-24 06:30", "2026-10-25 06:30"),  # and back
    ],
)
def test_the_next_time_is_the_first_after_the_moment(typed: str, after: str, due: str) -> None:
    assert next_time(read_times(typed), oslo(after)) == oslo(due)


@pytest.mark.parametrize(
    ("day", "clock", "due"),
    [
        ("2027-03-28", "01:59", "2027-03-28 00:59"),
        ("2027-03-28", "02:00", "2027-03-28 01:00"),  # does not exist: 03:00 it is
        ("2027-03-28", "02:30", "2027-03-28 01:30"),  # does not exist: 03:30 it is
        ("2027-03-28", "03:00", "2027-03-28 01:00"),
        ("2026-10-25", "01:59", "2026-10-24 23:59"),
        ("2026-10-25", "02:30", "2026-10-25 00:30"),  # exists twice: the first one
        ("2026-10-25", "03:00", "2026-10-25 02:00"),
    ],
)
def test_a_time_that_the_clocks_skip_or_repeat_is_due_once(day: str, clock: str, due: str) -> None:
    times = read_times(f"daily {clock}")
    assert moment_on(dt.date.fromisoformat(day), times) == utc(due)
    first = dt.datetime.fromisoformat(f"{day}T00:00").replace(tzinfo=OSLO)
    last = first + dt.timedelta(days=1)  # of Oslo, as long as that day is
    found = times_between(
        times, first.astimezone(dt.UTC) - dt.timedelta(seconds=1), last.astimezone(dt.UTC)
    )
    assert [each for each in found if each < last] == [utc(due)]


@given(TIMES, MOMENTS, st.lists(st.integers(1, 3000), max_size=30))
def test_looks_at_whatever_moments_find_each_time_once(
    times: WeekTimes, begin: dt.datetime, minutes: list[int]
) -> None:
    found: list[dt.datetime] = []
    at = begin
    for each in minutes:
        later = at + dt.timedelta(minutes=each)
        found += times_between(times, at, later)
        at = later
    assert found == times_between_without_bound(times, begin, at)
    assert all(first < second for first, second in pairwise(found))


def times_between_without_bound(
    times: WeekTimes, after: dt.datetime, until: dt.datetime
) -> list[dt.datetime]:
    """The same by walking through all days of the calendar."""
    day = after.astimezone(OSLO).date() - dt.timedelta(days=2)
    last = until.astimezone(OSLO).date() + dt.timedelta(days=2)
    found = []
    while day <= last:
        if day.isoweekday() in times.days:
            found.append(moment_on(day, times))
        day += dt.timedelta(days=1)
    return [each for each in found if after < each <= until]


@given(TIMES, MOMENTS)
def test_between_two_times_lies_never_more_than_a_week_and_an_hour(
    times: WeekTimes, moment: dt.datetime
) -> None:
    due = next_time(times, moment)
    assert moment < due <= moment + dt.timedelta(days=7, hours=1)
    assert due.astimezone(OSLO).isoweekday() in times.days


def test_what_was_missed_long_ago_is_not_told_day_by_day() -> None:
    at = oslo("2026-12-01 06:30")
    found = times_between(read_times("daily 06:30"), at - dt.timedelta(days=400), at)
    assert len(found) == FURTHEST_BACK.days


def test_what_is_late_is_done_for_six_hours() -> None:
    due = oslo("2026-12-01 06:30")
    assert not is_too_late(due, due + GRACE)
    assert is_too_late(due, due + GRACE + dt.timedelta(seconds=1))


@pytest.mark.parametrize(
    ("typed", "told", "in_norwegian"),
    [
        ("mon-fri 06:30", "Mon–Fri 06:30", "man.–fre. 06:30"),
        ("Mon,Thu 6.05", "Mon, Thu 06:05", "man., tor. 06:05"),
        ("man-fre 22:00", "Mon–Fri 22:00", "man.–fre. 22:00"),
        ("saturday,sunday 23:59", "Sat, Sun 23:59", "lør., søn. 23:59"),
        ("fri-mon 00:00", "Mon, Fri–Sun 00:00", "man., fre.–søn. 00:00"),
        ("daily 05:15", "Daily 05:15", "Daglig 05:15"),
    ],
)
def test_times_are_read_as_people_type_them_and_told(
    typed: str, told: str, in_norwegian: str
) -> None:
    times = read_times(typed)
    assert describe_times(times) == told
    with speaking("nb"):
        assert tell(describe_times(times)) == in_norwegian
    assert WeekTimes.stored(times.stored_days, times.minute) == times


@pytest.mark.parametrize(
    "typed", ["", "06:30", "mon", "mon 24:00", "mon 6:5", "mon-x 06:30", "x 06:30", "mon 06:30:00"]
)
def test_anything_else_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(WrongUse, match="mon-fri 06:30"):
        read_times(typed)
