"""A thread that does its round again and again, whatever one of them meets.

All that works in the background of a process is such a thread: one that ended with its first
unforeseen error would leave a process that looks alive and does nothing.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from so24.language.said import say
from so24.store.database.engine import OUTAGES, Outage

STUCK_SECONDS = 300.0  # longer than any lock, statement or call that a round may wait for
TELL_AGAIN_SECONDS = 3600.0
AFTER_FAILURE_SECONDS = 1.0

log = logging.getLogger("so24.rounds")


class Rounds:
    """Does ``work`` every so many ``seconds`` until it is stopped.

    ``work`` may return how many seconds the next round shall wait. An error of any class costs its
    round only; the log is told once an hour of each class. What an outage of the database is,
    ``outage`` is told.
    """

    def __init__(
        self,
        name: str,
        work: Callable[[], float | None],
        seconds: float,
        outage: Outage,
        wake: Callable[[], None] | None = None,
    ) -> None:
        """``wake`` ends what a round may wait for, so that it can be stopped."""
        self.name = name
        self._wake = wake
        self._work = work
        self._seconds = seconds
        self._outage = outage
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._begun: float | None = None
        self._failure = ""
        self._told: dict[str, float] = {}

    def start(self) -> Rounds:
        """Begin; the first round comes after the usual wait."""
        self._stopping.clear()
        self._thread = threading.Thread(target=self._go_round, name=self.name, daemon=True)
        self._thread.start()
        return self

    def stop(self) -> None:
        """End after the round that is under way."""
        self._stopping.set()
        if self._wake is not None:
            self._wake()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    @property
    def trouble(self) -> str:
        """Why the work is not done at this moment, in a sentence; empty where it is."""
        thread, begun = self._thread, self._begun
        if thread is None or self._stopping.is_set():
            return ""
        if not thread.is_alive():
            return say("The thread {thread} has ended.", thread=self.name)
        if begun is not None and time.monotonic() - begun > STUCK_SECONDS:
            return say(
                "The thread {thread} has been stuck for {seconds} s.",
                thread=self.name,
                seconds=f"{time.monotonic() - begun:.0f}",
            )
        return self._failure

    def _go_round(self) -> None:
        seconds = self._seconds
        while not self._stopping.wait(seconds):
            seconds = self._seconds or AFTER_FAILURE_SECONDS
            self._begun = time.monotonic()
            try:
                seconds = self._work() or self._seconds
            except OUTAGES as error:
                self._outage.begin(error)
                self._failure = say("The database does not answer ({thread}).", thread=self.name)
            except Exception as error:
                self._tell(error)
            else:
                self._failure = ""
            finally:
                self._begun = None

    def _tell(self, error: Exception) -> None:
        kind = type(error).__name__
        self._failure = say(
            "The thread {thread} fails ({kind}); it goes on trying.", thread=self.name, kind=kind
        )
        last = self._told.get(kind)
        if last is None or time.monotonic() - last > TELL_AGAIN_SECONDS:
            self._told[kind] = time.monotonic()
            log.error("%s: %s; it goes on trying", self.name, error, exc_info=error)
