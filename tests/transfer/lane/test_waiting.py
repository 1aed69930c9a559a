"""Whether and when something is attempted again: one decision, by its table."""

from __future__ import annotations

import datetime as dt

import pytest

from so24.errors import NotSent, Throttled
from so24.keys.routing import Parked
from so24.reasons import Reason
from so24.store.tables.ground import now
from so24.transfer.lane import waiting
from so24.transfer.lane.waiting import After, Cause, Over, Person, RetryWait, SoFar, next_attempt

REFUSED = Parked(Reason.LOGIN_REFUSED, "The password was refused.")
DELETED = Parked(Reason.KEY_UNUSABLE, "The key was deleted.", for_good=True)


def seconds(number: float) -> dt.timedelta:
    return dt.timedelta(seconds=number)


def hours(number: float) -> dt.timedelta:
    return dt.timedelta(hours=number)


@pytest.mark.parametrize(
    ("cause", "so_far", "parked", "following"),
    [
        # a lane whose job has ended: at once, then at longer distances, but not for longer than
        # an outage may last unnoticed
        (Cause.LEFT_OPEN, SoFar(0), None, After(seconds(0))),
        (Cause.LEFT_OPEN, SoFar(1), None, After(seconds(0))),
        (Cause.LEFT_OPEN, SoFar(2), None, After(seconds(2))),
        (Cause.LEFT_OPEN, SoFar(5), None, After(seconds(16))),
        (Cause.LEFT_OPEN, SoFar(9), None, After(seconds(256))),
        (Cause.LEFT_OPEN, SoFar(10_000), None, After(seconds(300))),
        (Cause.LEFT_OPEN, SoFar(0), REFUSED, Person(REFUSED)),
        (Cause.LEFT_OPEN, SoFar(7), DELETED, Person(DELETED)),
        # a look: at four times the age of the write, the last one a day after it
        (Cause.MAY_LAND, SoFar(gone=hours(1)), None, After(hours(4))),
        (Cause.MAY_LAND, SoFar(gone=hours(10)), None, After(hours(14))),
        (Cause.MAY_LAND, SoFar(gone=hours(24)), None, Over()),
        (Cause.MAY_LAND, SoFar(gone=hours(-1)), None, After(dt.timedelta(minutes=4))),
        (Cause.MAY_BE_APPROVED, SoFar(gone=hours(-1)), None, After(dt.timedelta(minutes=4))),
        (Cause.MAY_LAND, SoFar(gone=hours(1)), DELETED, Over()),
        # a look that failed: after five minutes, then rarer, and not for ever
        (Cause.NOT_LOOKED, SoFar(gone=seconds(1)), None, After(seconds(300))),
        (Cause.NOT_LOOKED, SoFar(gone=hours(4)), None, After(hours(1))),
        (Cause.NOT_LOOKED, SoFar(gone=hours(200)), None, After(hours(6))),
        (Cause.NOT_LOOKED, SoFar(gone=hours(720)), None, Over()),
        (Cause.NOT_LOOKED, SoFar(gone=hours(900)), REFUSED, Person(REFUSED)),
        (Cause.NOT_LOOKED, SoFar(), DELETED, Over()),
        # in a lane: at longer distances, as long as trouble is borne
        (Cause.TROUBLE, SoFar(0, most=seconds(6)), None, After(seconds(0.25))),
        (Cause.TROUBLE, SoFar(2, seconds(2), most=seconds(6)), None, After(seconds(1))),
        (Cause.TROUBLE, SoFar(9, seconds(60), most=seconds(120)), None, After(seconds(5))),
        (Cause.TROUBLE, SoFar(9, seconds(116), most=seconds(120)), None, Over()),
        (Cause.TROUBLE, SoFar(0), None, Over()),
        (Cause.TROUBLE, SoFar(0, most=seconds(6)), REFUSED, Person(REFUSED)),
        (Cause.ASKED_TO_WAIT, SoFar(announced=hours(1)), None, After(hours(1))),
        (Cause.ASKED_TO_WAIT, SoFar(announced=seconds(-3)), None, Over()),
        (Cause.ASKED_TO_WAIT, SoFar(announced=hours(2)), None, Over()),
        (Cause.ASKED_TO_WAIT, SoFar(gone=hours(2), announced=hours(1)), None, After(hours(1))),
        (Cause.ASKED_TO_WAIT, SoFar(gone=hours(3), announced=hours(1)), None, Over()),
    ],
)
def test_when_it_is_attempted_again_or_by_whom(
    cause: Cause, so_far: SoFar, parked: Parked | None, following: After | Person | Over
) -> None:
    assert next_attempt(cause, so_far, parked) == following


def test_a_lane_waits_at_longer_distances_until_trouble_has_lasted_too_long() -> None:
    told: list[str] = []
    wait = RetryWait(0.5, told.append)
    assert wait.wait(NotSent("24SevenOffice cannot be reached."))
    assert not wait.wait(NotSent("24SevenOffice cannot be reached."))
    assert told == ["Trying again: 24SevenOffice cannot be reached."]
    wait.renew()
    assert wait.wait(None)


def test_announcements_that_take_no_end_are_trouble(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "MOST_ANNOUNCED_WAITS", seconds(0.5))
    wait = RetryWait(0.2, lambda _: None)
    waits = 0
    while wait.wait(Throttled("Wait.", now() + seconds(0.2))):
        waits += 1
        assert waits < 10
    assert waits == 2


def test_an_announced_wait_is_no_trouble() -> None:
    told: list[str] = []
    wait = RetryWait(0.3, told.append)
    for _ in range(3):
        assert wait.wait(Throttled("Wait.", now() + seconds(0.15)))
    assert told[0].startswith("24SevenOffice asks us to wait until")
