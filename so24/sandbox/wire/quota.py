"""How much a caller may ask: requests an hour, requests a second, logins a minute.

7 200 an hour, the two headers and the text are documented or seen in clients; that it is counted
for all callers together follows from the vendor raising it "by IP address"; the number of logins
is not published and merely plausible here.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections import deque
from dataclasses import dataclass

from so24.sandbox.wire.codec import write_time
from so24.sandbox.wire.refusals import HttpRefusal

_HOUR = dt.timedelta(hours=1)


@dataclass(frozen=True)
class Limits:
    """What the sandbox allows; ``requests_per_second`` 0 means no limit on bursts."""

    requests_per_hour: int = 7200
    requests_per_second: int = 0
    logins_per_minute: int = 30
    session_seconds: int = 1200


class HourlyQuota:
    """Counts requests in windows of one hour that begin with the first request."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._used = 0
        self._ends = dt.datetime.min.replace(tzinfo=dt.UTC)
        self._recent: deque[dt.datetime] = deque()
        self._lock = threading.Lock()

    def spend(self, now: dt.datetime) -> dict[str, str]:
        """Count one request; the headers of its answer.

        Raises :class:`HttpRefusal` 429 with the same headers once the quota is used up.
        """
        with self._lock:
            if now >= self._ends:
                self._used, self._ends = 0, (now + _HOUR).replace(microsecond=0)
            self._used += 1
            over = self._used - self.limits.requests_per_hour
            headers = {
                "APILimitRemaining": str(max(-over, 0)),
                "APILimitReset": write_time(self._ends),
            }
            if over > 0:
                raise HttpRefusal(
                    429,
                    f"Limit exceeded by {over}. Request is blocked. "
                    f"Quarantine ends at {write_time(self._ends)}",
                    headers,
                )
            self._hold_burst(now, headers)
            return headers

    def _hold_burst(self, now: dt.datetime, headers: dict[str, str]) -> None:
        most = self.limits.requests_per_second
        if not most:
            return
        while self._recent and now - self._recent[0] >= dt.timedelta(seconds=1):
            self._recent.popleft()
        if len(self._recent) >= most:
            raise HttpRefusal(429, "Too many requests.", headers | {"Retry-After": "1"})
        self._recent.append(now)


class LoginThrottle:
    """Counts logins of each user name, refused ones included."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._logins: dict[str, list[dt.datetime]] = {}

    def count(self, username: str, now: dt.datetime) -> None:
        """Count one login; raises :class:`HttpRefusal` 429 when there were too many."""
        minute_ago = now - dt.timedelta(minutes=1)
        recent = [time for time in self._logins.get(username, []) if time > minute_ago]
        self._logins[username] = [*recent, now]
        if len(recent) >= self._limits.logins_per_minute:
            raise HttpRefusal(429, "Too many logins with these credentials.", {"Retry-After": "60"})
