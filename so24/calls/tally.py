"""How many calls to 24SevenOffice this process has made, by operation and outcome."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import dataclass


@dataclass(frozen=True)
class OfficeCall:
    """An operation, and how it ended: ``HTTP 200``, ``no answer``."""

    operation: str
    outcome: str


_made: Counter[OfficeCall] = Counter()
_lock = threading.Lock()


def tally_call(operation: str, outcome: str) -> None:
    """One more call has been made and has ended so; may be called from any thread."""
    with _lock:
        _made[OfficeCall(operation, outcome)] += 1


def calls_made() -> dict[OfficeCall, int]:
    """The calls since the process began."""
    with _lock:
        return dict(_made)
