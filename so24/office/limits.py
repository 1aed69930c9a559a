"""How much the service allows, and how a key keeps within it.

Quota headers and the ways in which the service says "not now" are read here; a token bucket in
front of every call keeps a key within 7,200 calls an hour and bursts of 25 a second.
"""

from __future__ import annotations

import datetime as dt
import re
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

from so24.language.said import say
from so24.office.values import Quota

_LIMIT = re.compile(
    r"limit exceeded.{0,200}?quarantine ends at\s*([0-9][0-9T:. /+Z-]*)?", re.I | re.S
)
_PEEK = 4096


@dataclass(frozen=True)
class Wait:
    """The service refuses for now; ``until`` is an aware UTC time where it named one."""

    sentence: str
    until: dt.datetime | None


def read_quota(headers: Mapping[str, str], before: Quota) -> Quota:
    """The quota after an answer; what the answer does not say stays as it was ``before``."""
    left = headers.get("APILimitRemaining", "").strip()
    resets = _read_time(headers.get("APILimitReset", ""))
    return Quota(
        remaining=int(left) if re.fullmatch(r"[0-9]{1,9}", left) else before.remaining,
        resets_at=resets or before.resets_at,
    )


def announced_wait(status: int, headers: Mapping[str, str], words: str) -> Wait | None:
    """The wait that an answer announces by status (429, 503) or in its words, or None.

    ``words`` must be the service's own (a fault or an error page), never the text of an invoice.
    """
    match = _LIMIT.search(words[:_PEEK])
    if status not in (429, 503) and not match:
        return None
    # the reset stands on every answer; it is the end of this wait only if the quota is the cause
    left = headers.get("APILimitRemaining", "0" if status == 429 else "").strip()
    used_up = match is not None or left == "0"
    until = (
        _retry_after(headers.get("Retry-After", ""))
        or (_read_time(match[1] or "") if match else None)
        or (_read_time(headers.get("APILimitReset", "")) if used_up else None)
    )
    reason = (
        say("its limit of calls is used up")
        if match
        else say("it answered HTTP {status}", status=status)
    )
    return Wait(say("24SevenOffice asks us to wait: {reason}.", reason=reason), until)


def _retry_after(text: str) -> dt.datetime | None:
    text = text.strip()
    if re.fullmatch(r"[0-9]{1,6}", text):
        return dt.datetime.now(dt.UTC) + dt.timedelta(seconds=int(text))
    try:
        return _as_utc(parsedate_to_datetime(text))
    except (ValueError, OverflowError):
        return None


def _read_time(text: str) -> dt.datetime | None:
    try:
        return _as_utc(dt.datetime.fromisoformat(text.strip(" .")))
    except (ValueError, OverflowError):
        return None


def _as_utc(time: dt.datetime) -> dt.datetime:
    if time.tzinfo is None:
        return time.replace(tzinfo=dt.UTC)
    return time.astimezone(dt.UTC)


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
