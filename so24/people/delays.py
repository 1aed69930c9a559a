"""When the next try may be made: a pure decision on how many have failed, and when the last one.

Nobody is locked out: a delay grows with the failures of one and the same, and ends by itself. It
counts for a name *from one place*, so that strangers elsewhere slow nobody down, and for a place
whatever the names, so that unknown ones are no way round it.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

FORGOTTEN_AFTER = dt.timedelta(days=1)  # without another failure


@dataclass(frozen=True)
class FailureCount:
    """How many tries have failed in a row, and when the last one was made (aware UTC)."""

    failures: int
    last_at: dt.datetime


@dataclass(frozen=True)
class Patience:
    """How many failures cost nothing, and how long the longest delay is after more of them."""

    free: int
    longest: dt.timedelta

    def delay_after(self, failures: int) -> dt.timedelta:
        """The delay after so many failures: none at first, then 2 s, 4 s, 8 s … to the longest."""
        over = failures - self.free
        if over <= 0:
            return dt.timedelta(0)
        seconds = self.longest.total_seconds()
        return min(self.longest, dt.timedelta(seconds=2 ** min(over, int(seconds).bit_length())))

    def earliest_try(self, tally: FailureCount | None, moment: dt.datetime) -> dt.datetime:
        """When the next try may be made, ``moment`` at the earliest.

        A clock that was put back makes no delay longer.
        """
        if not is_remembered(tally, moment) or tally is None:
            return moment
        return max(moment, min(tally.last_at, moment) + self.delay_after(tally.failures))


def is_remembered(tally: FailureCount | None, moment: dt.datetime) -> bool:
    """Whether the failures still count."""
    return tally is not None and moment - tally.last_at < FORGOTTEN_AFTER


BY_NAME = Patience(free=4, longest=dt.timedelta(minutes=15))
# many people may share one address, and a few of them mistype each morning
BY_PLACE = Patience(free=20, longest=dt.timedelta(minutes=1))
