"""Requests written ahead: the next one is written while the answer to another is waited for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait

from so24.office.outcomes import WrittenOrders

Write = Callable[[], WrittenOrders]


class WritingAhead:
    """Requests by their purpose and the things that they carry; each is used once or not at all."""

    def __init__(self) -> None:
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="so24-writer")
        self._planned: list[tuple[object, tuple[object, ...], Write]] = []
        self._begun: list[tuple[object, tuple[object, ...], Future[WrittenOrders]]] = []

    def plan(self, purpose: object, carried: Sequence[object], write: Write) -> None:
        """Have a request written in another thread, as soon as :meth:`begin` says so."""
        self._planned.append((purpose, tuple(carried), write))

    def begin(self) -> None:
        """Begin to write what is planned: a call leaves now, and its answer will take a while."""
        for purpose, carried, write in self._planned:
            self._begun.append((purpose, carried, self._writer.submit(write)))
        self._planned.clear()

    def take(self, purpose: object, carried: Sequence[object]) -> WrittenOrders | None:
        """The request for this purpose and just these things, waited for; None without one.

        One that could not be written is left to be written again, where its refusal is expected.
        """
        wanted = (purpose, tuple(carried))
        for place, (*known, request) in enumerate(self._begun):
            if tuple(known) == wanted:
                del self._begun[place]
                wait([request])
                return None if request.exception() else request.result()
        return None

    def close(self) -> None:
        """Write nothing more."""
        self._writer.shutdown(cancel_futures=True)
