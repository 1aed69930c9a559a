"""How long a lane keeps trying when 24SevenOffice cannot be reached or does not show a write."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable

from so24.errors import OfficeError, Throttled
from so24.store.tables.ground import now

PAUSE_SECONDS = 0.25
LONGEST_PAUSE_SECONDS = 5.0
LONGEST_ANNOUNCED_WAIT = dt.timedelta(hours=1, minutes=5)
_SLICE_SECONDS = 0.5


class Patience:
    """Waits between passes, longer each time, until ``seconds`` of trouble have gone by.

    It begins with the first trouble since the last progress; a slow call, the settling of a write
    and a wait that 24SevenOffice has announced cost nothing.
    """

    def __init__(self, seconds: float, note: Callable[[str], None]) -> None:
        """``note`` is told the sentence to be shown while the lane waits."""
        self._seconds = seconds
        self._note = note
        self.renew()

    def renew(self) -> None:
        """Begin anew, after progress."""
        self._troubled_since: float | None = None
        self._pause = PAUSE_SECONDS

    def rest_until(self, moment: dt.datetime) -> None:
        """Wait for an aware moment without losing patience."""
        began = time.monotonic()
        # in slices, so that a clock that is set right counts
        while (left := (moment - now()).total_seconds()) > 0:
            time.sleep(min(left, _SLICE_SECONDS))
        if self._troubled_since is not None:
            self._troubled_since += time.monotonic() - began

    def wait(self, trouble: OfficeError | None) -> bool:
        """Wait before the next pass; False when patience has ended."""
        until = trouble.until if isinstance(trouble, Throttled) else None
        if until is not None and until - now() <= LONGEST_ANNOUNCED_WAIT:
            self._note(f"24SevenOffice asks us to wait until {until:%H:%M:%S} UTC.")
            self.rest_until(until)
            return True
        if self._troubled_since is None:
            self._troubled_since = time.monotonic()
        if time.monotonic() - self._troubled_since + self._pause > self._seconds:
            return False
        if trouble is not None:
            self._note(f"Trying again: {trouble}")
        time.sleep(self._pause)
        self._pause = min(self._pause * 2, LONGEST_PAUSE_SECONDS)
        return True
