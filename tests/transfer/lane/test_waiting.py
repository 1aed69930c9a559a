"""Whether and when something is attempted again: one decision, by its table."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from so24.errors import (
    AnsweredOtherwise,
    BadRequest,
    CompanyMoved,
    LoginRefused,
    NotSent,
    OfficeError,
    Refused,
    SessionLost,
    Throttled,
    Unknown,
    WrongCompany,
)
from so24.keys.routing import Parked
from so24.reasons import Reason
from so24.states import MOST_RETRIES
from so24.store.tables.ground import now
from so24.transfer.lane import waiting
from so24.transfer.lane.waiting import (
    RETRY_DISTANCES,
    After,
    Cause,
    Over,
    Person,
    RetryWait,
    SoFar,
    may_pass,
    next_attempt,
)

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
        # what was not sent: at growing distances, six times, later where a time was announced
        (Cause.GIVEN_UP, SoFar(0), None, After(dt.timedelta(minutes=2))),
        (Cause.GIVEN_UP, SoFar(1), None, After(dt.timedelta(minutes=10))),
        (Cause.GIVEN_UP, SoFar(2), None, After(dt.timedelta(minutes=30))),
        (Cause.GIVEN_UP, SoFar(3), None, After(hours(2))),
        (Cause.GIVEN_UP, SoFar(4), None, After(hours(6))),
        (Cause.GIVEN_UP, SoFar(5), None, After(hours(12))),
        (Cause.GIVEN_UP, SoFar(6), None, Over()),
        (Cause.GIVEN_UP, SoFar(0, announced=hours(3)), None, After(hours(3))),
        (Cause.GIVEN_UP, SoFar(4, announced=hours(3)), None, After(hours(6))),
        (Cause.GIVEN_UP, SoFar(0, announced=hours(25)), None, Over()),
        (Cause.GIVEN_UP, SoFar(0), REFUSED, Person(REFUSED)),
        (Cause.GIVEN_UP, SoFar(3), DELETED, Person(DELETED)),
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


@given(st.integers(0, 20), st.timedeltas(dt.timedelta(), dt.timedelta(days=3)))
def test_what_was_not_sent_is_a_persons_in_the_end(attempts: int, announced: dt.timedelta) -> None:
    """Each retry comes later after its end than the one before, and after what was announced."""
    following = next_attempt(Cause.GIVEN_UP, SoFar(attempts, announced=announced), None)
    if attempts >= MOST_RETRIES or announced > hours(24):
        assert following == Over()
        return
    assert isinstance(following, After)
    assert announced <= following.wait <= hours(24)
    earlier = [next_attempt(Cause.GIVEN_UP, SoFar(each), None) for each in range(attempts)]
    assert all(isinstance(each, After) and each.wait < following.wait for each in earlier)


@pytest.mark.parametrize(
    ("trouble", "passes"),
    [
        (NotSent("No connection."), True),
        (Throttled("Wait."), True),
        (SessionLost("The session has ended."), True),
        (Unknown("No answer."), True),
        (CompanyMoved("Another company."), False),
        (AnsweredOtherwise("Another reference.", [1]), False),
        (Refused("No."), False),
        (LoginRefused("No."), False),
        (WrongCompany("Another company."), False),
        (BadRequest("Not to be sent."), False),
        (None, False),
    ],
)
def test_what_may_pass_without_anybody(trouble: OfficeError | None, passes: bool) -> None:
    assert may_pass(trouble) is passes


def test_there_is_a_distance_for_each_retry_and_all_fit_into_a_day() -> None:
    assert len(RETRY_DISTANCES) == MOST_RETRIES
    assert sum(RETRY_DISTANCES, dt.timedelta()) < hours(24)


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
