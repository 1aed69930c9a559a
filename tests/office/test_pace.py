"""The pace keeps a key within the quota, and is exact about it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from so24.office.limits import Pace


class Clock:
    """A clock that moves only when somebody waits or a test says so."""

    def __init__(self) -> None:
        self.now = 100.0

    def read(self) -> float:
        return self.now

    def wait(self, seconds: float) -> None:
        self.now += seconds


def _pace(clock: Clock, per_second: float = 2, burst: int = 20) -> Pace:
    return Pace(per_second, burst, clock=clock.read, wait=clock.wait)


def test_a_burst_passes_at_once_and_the_next_call_waits_its_share() -> None:
    pace = _pace(Clock())
    assert [pace.take() for _ in range(20)] == [0] * 20
    assert pace.take() == pytest.approx(0.5)
    assert pace.take() == pytest.approx(0.5)


def test_a_pause_fills_the_bucket_again_but_not_beyond_the_burst() -> None:
    clock = Clock()
    pace = _pace(clock, burst=3)
    for _ in range(3):
        pace.take()
    clock.now += 3600
    assert [pace.take() for _ in range(4)] == [0, 0, 0, pytest.approx(0.5)]


@given(pauses=st.lists(st.floats(0, 3), min_size=1, max_size=200))
def test_no_stretch_of_time_sees_more_than_burst_plus_rate(pauses: list[float]) -> None:
    clock = Clock()
    pace = _pace(clock, burst=5)
    passed = []
    for pause in pauses:
        clock.now += pause
        pace.take()
        passed.append(clock.now)
    for first, begin in enumerate(passed):
        for count, end in enumerate(passed[first:], start=1):
            assert count <= 5 + 2 * (end - begin) + 1e-6


def test_a_pace_that_lets_nothing_through_is_refused() -> None:
    with pytest.raises(ValueError, match="positive rate"):
        Pace(0)
