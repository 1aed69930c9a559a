"""Invoice dates so far from today that a person is asked before anything is booked by them.

Such a date is mostly a mistyped year. What is booked by it stands in a period that nobody looks at,
and its file is kept for decades.
"""

from __future__ import annotations

import datetime as dt

from so24.dates import today

# Bookkeeping keeps five years; what is nearer may be late, or early, and is only warned of.
MOST_AHEAD, MOST_BACK = dt.timedelta(days=366), dt.timedelta(days=5 * 366)


def is_far(day: dt.date) -> bool:
    """Whether a day is more than a year ahead of today, or more than five years back."""
    return not -MOST_BACK <= day - today() <= MOST_AHEAD
