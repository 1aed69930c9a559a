"""When the next try may be made: never at once after many failures, and never too late."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from so24.people.delays import (
    BY_NAME,
    BY_PLACE,
    FORGOTTEN_AFTER,
    FailureCount,
    Patience,
    is_remembered,
)

MOMENT = dt.datetime(2026, 11, 30, 12, tzinfo=dt.UTC)
PATIENCES = st.sampled_from([BY_NAME, BY_PLACE])
COUNTS = st.integers(0, 10**6)
AGES = st.timedeltas(-dt.timedelta(days=400), dt.timedelta(days=400))


@pytest.mark.parametrize(
    ("patience", "failures", "seconds"),
    [
        (BY_NAME, 0, 0), (BY_NAME, 4, 0), (BY_NAME, 5, 2), (BY_NAME, 6, 4), (BY_NAME, 7, 8),
        (BY_NAME, 13, 512), (BY_NAME, 14, 900), (BY_NAME, 1000, 900),
        (BY_PLACE, 20, 0), (BY_PLACE, 21, 2), (BY_PLACE, 25, 32), (BY_PLACE, 26, 60),
        (BY_PLACE, 10**6, 60),
    ],
)  # fmt: skip
def test_a_delay_doubles_from_the_first_failure_that_is_not_free(
    patience: Patience, failures: int, seconds: int
) -> None:
    assert patience.delay_after(failures) == dt.timedelta(seconds=seconds)


@given(PATIENCES, COUNTS, AGES)
def test_a_try_is_never_due_before_now_nor_later_than_the_longest_delay(
    patience: Patience, failures: int, age: dt.timedelta
) -> None:
    earliest = patience.earliest_try(FailureCount(failures, MOMENT - age), MOMENT)
    assert MOMENT <= earliest <= MOMENT + patience.longest


@given(PATIENCES, COUNTS, COUNTS, AGES)
def test_more_failures_are_never_followed_by_a_shorter_delay(
    patience: Patience, one: int, other: int, age: dt.timedelta
) -> None:
    few, many = sorted((one, other))
    last = MOMENT - age
    assert patience.earliest_try(FailureCount(few, last), MOMENT) <= patience.earliest_try(
        FailureCount(many, last), MOMENT
    )


@given(PATIENCES, COUNTS, AGES, AGES)
def test_who_waits_until_the_earliest_try_may_try(
    patience: Patience, failures: int, age: dt.timedelta, further: dt.timedelta
) -> None:
    tally = FailureCount(failures, MOMENT - age)
    later = patience.earliest_try(tally, MOMENT) + abs(further)
    if tally.last_at <= MOMENT:
        assert patience.earliest_try(tally, later) == later


@given(PATIENCES, COUNTS)
def test_what_failed_a_day_ago_is_forgotten(patience: Patience, failures: int) -> None:
    tally = FailureCount(failures, MOMENT - FORGOTTEN_AFTER)
    assert not is_remembered(tally, MOMENT)
    assert patience.earliest_try(tally, MOMENT) == MOMENT
    assert patience.earliest_try(None, MOMENT) == MOMENT


def test_guesses_of_a_day_at_one_name_from_one_place_are_about_a_hundred() -> None:
    moment, guesses = MOMENT, 0
    while moment < MOMENT + dt.timedelta(days=1):
        guesses += 1
        moment += BY_NAME.delay_after(guesses)
    assert guesses < 120
