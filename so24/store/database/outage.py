"""An outage of the database, told twice: when it begins and when it is over.

Everything that works in the background notices it, some of it every second; the log is for people.
"""

from __future__ import annotations

import logging
import threading

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

OUTAGES = (OperationalError, InterfaceError)

log = logging.getLogger("so24.outage")


class Outage:
    """Whether one process reaches one database; all its threads tell what they see."""

    def __init__(self) -> None:
        self._lost = False
        self._lock = threading.Lock()

    def begin(self, error: DBAPIError) -> None:
        """The database does not answer; one line, however often it is said."""
        with self._lock:
            known, self._lost = self._lost, True
        if not known:
            cause = str(error.orig).partition("\n")[0].rstrip(".")
            log.warning("The database does not answer (%s); it is waited for.", cause)

    def end(self) -> None:
        """Something was read or written; one line, where it was lost before."""
        with self._lock:
            lost, self._lost = self._lost, False
        if lost:
            log.warning("The database answers again.")
