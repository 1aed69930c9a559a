"""Calls to RecMan are counted by the database, so that no two processes count one call as one."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest

from so24.installation import Installation
from so24.store.keys.keys import calls_on, take_call

pytestmark = pytest.mark.both

DAY = dt.date(2026, 11, 22)


def test_calls_are_counted_up_to_the_most_and_not_beyond(installation: Installation) -> None:
    with installation.db.writing() as session:
        assert [take_call(session, DAY, most=3) for _ in range(5)] == [True] * 3 + [False] * 2
    with installation.db.reading() as session:
        assert calls_on(session, DAY) == 3
        assert calls_on(session, DAY + dt.timedelta(days=1)) == 0


def test_those_who_count_at_the_same_time_share_one_budget(installation: Installation) -> None:
    def take(_: int) -> bool:
        with installation.db.lane_writing() as session:
            return take_call(session, DAY, most=20)

    with ThreadPoolExecutor(8) as threads:
        taken = list(threads.map(take, range(40)))
    assert sum(taken) == 20
    with installation.db.reading() as session:
        assert calls_on(session, DAY) == 20
