"""Invoice dates so far from today that a person is asked before anything is booked by them.

Such a date is mostly a mistyped year. What is booked by it stands in a period that nobody looks at,
and its file is kept for decades.
"""

from __future__ import annotations

import datetime as dt

from so24.dates import today

MOST_AHEAD, MOST_BACK = dt.timedelta(days=31), dt.timedelta(days=366)


def is_far(day: dt.date) -> bool:
    """Whether a day is more than a month ahead of today, or more than a year back."""
    return not -MOST_BACK <= day - today() <= MOST_AHEAD
