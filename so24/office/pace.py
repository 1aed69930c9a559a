"""Keeps a key within the service's quota: a token bucket in front of every call."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable


class Pace:
    """Lets ``burst`` calls pass at once and ``per_second`` after that; threads may share it.

    The service allows 7,200 calls an hour, hence two a second. ``clock`` gives seconds and
    ``wait`` sleeps that many.
    """

    def __init__(
        self,
        per_second: float = 2.0,
        burst: int = 20,
        *,
        clock: Callable[[], float] = time.monotonic,
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        if per_second <= 0 or burst < 1:
            raise ValueError("a pace needs a positive rate and room for at least one call")
        self._rate = per_second
        self._burst = float(burst)
        self._clock = clock
        self._wait = wait
        self._lock = threading.Lock()
        self._tokens = float(burst)
        self._seen = clock()

    def take(self) -> float:
        """Take one call's token, waiting for it where needed; returns the seconds waited."""
        with self._lock:
            now = self._clock()
            grown = self._tokens + max(0.0, now - self._seen) * self._rate
            # A debt below zero is the queue: whoever comes later waits for those before as well.
            self._tokens = min(self._burst, grown) - 1
            self._seen = now
            due = max(0.0, -self._tokens / self._rate)
        if due:
            self._wait(due)
        return due
