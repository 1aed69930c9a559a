"""What a handler is given, and the counts that tests read."""

from __future__ import annotations

import datetime as dt
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from so24.sandbox.books.books import Books
from so24.sandbox.wire.refusals import UNPROCESSED, CallFault

if TYPE_CHECKING:
    from so24.sandbox.books.identities import Session
    from so24.sandbox.wire.quota import LoginThrottle


class Clock:
    """The sandbox's own time: the machine's, plus what a test has added."""

    def __init__(self) -> None:
        self._ahead = dt.timedelta()

    def now(self) -> dt.datetime:
        """The present, aware UTC."""
        return dt.datetime.now(dt.UTC) + self._ahead

    def advance(self, seconds: float) -> None:
        """Let ``seconds`` pass at once, so that no test has to wait."""
        self._ahead += dt.timedelta(seconds=seconds)


@dataclass
class Call:
    """One request on its way through a handler.

    ``hide_reads`` keeps orders made by this call out of that many look-ups (-1: until revealed);
    ``cookie`` is a session id that the answer must set. ``acting_client`` is set where no session
    is needed: a hand at the books, or a call that lands late.
    """

    books: Books
    now: dt.datetime
    session: Session | None = None
    logins: LoginThrottle | None = None
    session_seconds: int = 0
    hide_reads: int = 0
    cookie: str | None = None
    acting_client: int | None = None

    @property
    def client(self) -> int:
        """The client whose books the call works on; raises :class:`CallFault` without session."""
        return self.acting_client if self.acting_client is not None else self.current().client

    def current(self) -> Session:
        """The session of the call; raises :class:`CallFault` where there is none."""
        if self.session is None:
            raise CallFault(f"{UNPROCESSED}Session is not authenticated")
        return self.session


@dataclass
class CallCounts:
    """How many calls of each operation came, and how many of one session ran at the same time."""

    operations: Counter[str] = field(default_factory=Counter)
    overlap: int = 0
    seconds: float = 0
    _running: Counter[str] = field(default_factory=Counter)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def running(self, operation: str, session: str | None) -> Iterator[None]:
        """Count a call while it runs; calls without a session do not count as overlapping."""
        with self._lock:
            self.operations[operation] += 1
            if session:
                self._running[session] += 1
                self.overlap = max(self.overlap, self._running[session])
        try:
            yield
        finally:
            if session:
                with self._lock:
                    self._running[session] -= 1

    def spend(self, seconds: float) -> None:
        """Add the time from a request's arrival until its answer had left."""
        with self._lock:
            self.seconds += seconds

    def report(self) -> dict[str, Any]:
        """The counts as JSON: ``operations`` by name, ``requests`` in all, ``overlap``.

        ``seconds`` is the time spent on all of them, the delay of the answers included.
        """
        with self._lock:
            return {
                "operations": dict(self.operations),
                "requests": self.operations.total(),
                "overlap": self.overlap,
                "seconds": self.seconds,
            }

    def reset(self) -> None:
        """Start counting from nought."""
        with self._lock:
            self.operations.clear()
            self.overlap = 0
            self.seconds = 0
