"""Whether and when something is attempted again: one decision, and a lane's waits by it.

What may end by itself is attempted again, at longer and longer distances and not for ever. What
only a person can mend is left to that person: while a key is parked (see :mod:`so24.keys.routing`)
neither its lanes nor its planned looks are attempted.
"""

from __future__ import annotations

import datetime as dt
import enum
import time
from collections.abc import Callable
from dataclasses import dataclass

from so24.errors import NotSent, OfficeError, SessionLost, Throttled, Unknown
from so24.keys.routing import Parked
from so24.language.said import say
from so24.states import MOST_RETRIES, tell_wait
from so24.store.tables.ground import now

MayCall = Callable[[], None]  # asked before each call to 24SevenOffice; may raise to stop the lane

ZERO = dt.timedelta()
SHORTEST_PAUSE = dt.timedelta(seconds=0.25)
LONGEST_PAUSE = dt.timedelta(seconds=5)
LONGEST_ANNOUNCED_WAIT = dt.timedelta(hours=1, minutes=5)
MOST_ANNOUNCED_WAITS = 3 * LONGEST_ANNOUNCED_WAIT  # in a row, without any progress between them
GONE_BY_NO_CLOCK = dt.timedelta(minutes=1)
LONGEST_DELAY = dt.timedelta(minutes=5)
LAST_LOOK_AFTER = dt.timedelta(days=1)  # since the write; nobody knows how late one may land
LONGEST_APPROVAL_WAIT = dt.timedelta(days=1)  # between two looks at orders that wait for approval
FAILED_LOOK_AGAIN = dt.timedelta(minutes=5)
FAILED_LOOK_LONGEST = dt.timedelta(hours=6)
LAST_FAILED_LOOK_AFTER = dt.timedelta(days=30)
# after the end of a lane that has given up, and after that of each retry; a day at most together
RETRY_DISTANCES = tuple(dt.timedelta(minutes=each) for each in (2, 10, 30, 120, 360, 720))
LONGEST_ANNOUNCED_RETRY = dt.timedelta(days=1)
_SLICE_SECONDS = 0.5


def always() -> None:
    """Let every call begin."""


class Cause(enum.Enum):
    """Why what was attempted has not come to its end; the values are for who reads the code."""

    # in English: for who reads the code
    TROUBLE = "24SevenOffice cannot be reached, or does not show what was sent"
    # in English: for who reads the code
    ASKED_TO_WAIT = "24SevenOffice has announced when it takes calls again"
    # in English: for who reads the code
    LEFT_OPEN = "a job of the lane has ended, and transfers of it are open"
    # in English: for who reads the code
    MAY_LAND = "a look found what there was, but a lost write may land later still"
    # in English: for who reads the code
    MAY_BE_APPROVED = "a look found an order that still waits for approval"
    # in English: for who reads the code
    NOT_LOOKED = "a look did not come to its end"
    # in English: for who reads the code
    GIVEN_UP = "a lane has given up on what may pass, and nothing of the document is under way"


@dataclass(frozen=True)
class SoFar:
    """What there was: ``attempts``, and the time ``gone``.

    That is since the first trouble or the write, or in announced waits since the last progress.

    ``announced`` is how long 24SevenOffice asks to wait from now, ``most`` how long trouble is
    borne, in a lane; what is ``endless`` is looked at for as long as it takes.
    """

    attempts: int = 0
    gone: dt.timedelta = ZERO
    announced: dt.timedelta = ZERO
    most: dt.timedelta = ZERO
    endless: bool = False


@dataclass(frozen=True)
class After:
    """The next attempt comes when this time has gone by since the last one."""

    wait: dt.timedelta


@dataclass(frozen=True)
class Person:
    """Nothing is attempted before somebody has mended the key."""

    parked: Parked


@dataclass(frozen=True)
class Over:
    """Nothing is attempted again by itself."""


def next_attempt(cause: Cause, so_far: SoFar, parked: Parked | None) -> After | Person | Over:
    """When the next attempt is made, or by whom, or that there is none (pure)."""
    # a clock that was set back would make of the time gone less than none, and of a wait no wait
    gone = so_far.gone if so_far.gone > ZERO else GONE_BY_NO_CLOCK
    look = cause in (Cause.MAY_LAND, Cause.MAY_BE_APPROVED, Cause.NOT_LOOKED)
    if parked is not None:
        return Over() if look and parked.for_good else Person(parked)
    if cause is Cause.ASKED_TO_WAIT:
        fits = ZERO < so_far.announced <= LONGEST_ANNOUNCED_WAIT
        bearable = so_far.gone + so_far.announced <= MOST_ANNOUNCED_WAITS
        return After(so_far.announced) if fits and bearable else Over()
    if cause is Cause.LEFT_OPEN:
        wait = _doubled(dt.timedelta(seconds=1), so_far.attempts - 1, LONGEST_DELAY)
        return After(wait if so_far.attempts > 1 else ZERO)
    if cause is Cause.MAY_LAND:
        left = LAST_LOOK_AFTER - so_far.gone
        return After(min(4 * gone, left)) if left > ZERO else Over()
    if cause is Cause.MAY_BE_APPROVED:
        return After(min(4 * gone, LONGEST_APPROVAL_WAIT))
    if cause is Cause.GIVEN_UP:
        fits = so_far.attempts < MOST_RETRIES and so_far.announced <= LONGEST_ANNOUNCED_RETRY
        if not fits:
            return Over()
        return After(max(RETRY_DISTANCES[so_far.attempts], so_far.announced))
    if cause is Cause.NOT_LOOKED:
        wait = min(max(so_far.gone / 4, FAILED_LOOK_AGAIN), FAILED_LOOK_LONGEST)
        ended = so_far.gone >= LAST_FAILED_LOOK_AFTER and not so_far.endless
        return Over() if ended else After(wait)
    pause = _doubled(SHORTEST_PAUSE, so_far.attempts, LONGEST_PAUSE)
    return After(pause) if so_far.gone + pause <= so_far.most else Over()


def may_pass(trouble: OfficeError | None) -> bool:
    """Whether what a lane has given up on may pass without anybody (pure).

    24SevenOffice could not be reached, did not answer, took no calls or ended each session. What it
    refuses in its own words, what it shows otherwise than it was sent (None), and a session that
    works in another company are for a person to see.
    """
    if type(trouble) is Unknown:  # and none of its kinds: those tell of something strange
        return True
    return isinstance(trouble, NotSent | Throttled | SessionLost)


def _doubled(first: dt.timedelta, times: int, longest: dt.timedelta) -> dt.timedelta:
    return min(first * 2.0 ** min(times, 20), longest)


class RetryWait:
    """A lane's waits between its passes, until ``most`` seconds of trouble have gone by.

    They begin with the first trouble since the last progress; a slow call, the settling of a write
    and a wait that 24SevenOffice has announced are not counted, unless announcements take no end.
    """

    def __init__(self, most: float, note: Callable[[str], None]) -> None:
        """``note`` is told the sentence to be shown while the lane waits."""
        self._most = dt.timedelta(seconds=most)
        self._note = note
        self.renew()

    def renew(self) -> None:
        """Begin anew, after progress."""
        self._troubled_since: float | None = None
        self._attempts = 0
        self._announced = ZERO

    def rest_until(self, moment: dt.datetime) -> None:
        """Wait for an aware moment; what is waited for here is no trouble."""
        began = time.monotonic()
        # in slices, so that a clock that is set right counts
        while (left := (moment - now()).total_seconds()) > 0:
            time.sleep(min(left, _SLICE_SECONDS))
        if self._troubled_since is not None:
            self._troubled_since += time.monotonic() - began

    def wait(self, trouble: OfficeError | None) -> bool:
        """Wait before the next pass; False where none shall follow."""
        until = trouble.until if isinstance(trouble, Throttled) else None
        if until is not None:
            announced = SoFar(gone=self._announced, announced=until - now())
            if isinstance(next_attempt(Cause.ASKED_TO_WAIT, announced, None), After):
                self._announced += announced.announced
                self._note(tell_wait(until))
                self.rest_until(until)
                return True
        if self._troubled_since is None:
            self._troubled_since = time.monotonic()
        gone = dt.timedelta(seconds=time.monotonic() - self._troubled_since)
        following = next_attempt(Cause.TROUBLE, SoFar(self._attempts, gone, most=self._most), None)
        if not isinstance(following, After):
            return False
        if trouble is not None:
            self._note(say("Trying again: {trouble}", trouble=trouble.words))
        time.sleep(following.wait.total_seconds())
        self._attempts += 1
        return True
