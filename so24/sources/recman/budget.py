"""RecMan allows 200 calls a day: they are counted in the store, and so24 stops short of it.

Whether RecMan counts per key or per account and when it begins anew is not known; so24 counts all
calls of the installation per day of Oslo.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from so24.dates import OSLO, format_date
from so24.errors import BudgetSpent
from so24.installation import Installation
from so24.store.keys.recman import calls_on, take_call
from so24.store.tables.ground import now

ALLOWED = 200
MOST_CALLS = 180  # the rest is for others who use the key


@dataclass(frozen=True)
class Budget:
    """The calls of one day: how many were made, and how many so24 makes at most."""

    day: dt.date
    used: int
    most: int = MOST_CALLS

    @property
    def left(self) -> int:
        """How many may still be made."""
        return max(self.most - self.used, 0)

    @property
    def renewal(self) -> str:
        """When the count begins anew, as a sentence."""
        tomorrow = format_date(self.day + dt.timedelta(days=1))
        return f"The count begins anew at midnight: {tomorrow} 00:00, time of Oslo."


def read_budget(installation: Installation) -> Budget:
    """The calls of today; makes none."""
    day = _today()
    with installation.db.reading() as session:
        return Budget(day, calls_on(session, day))


def count_call(installation: Installation) -> None:
    """Count a call that is about to be made; raises :class:`BudgetSpent` where none is left."""
    day = _today()
    with installation.db.writing() as session:
        counted = take_call(session, day, most=MOST_CALLS)
    if not counted:
        spent = Budget(day, MOST_CALLS)
        raise BudgetSpent(
            f"Today's {MOST_CALLS} calls to RecMan are used up (RecMan allows {ALLOWED} a day, and "
            f"so24 leaves some to others). {spent.renewal}"
        )


def _today() -> dt.date:
    return now().astimezone(OSLO).date()
