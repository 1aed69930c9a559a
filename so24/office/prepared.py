"""Requests written ahead: zeep writes the next one while the answer to another is waited for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor

from so24.office.values import NewOrder


class PreparedRequests:
    """Requests by the very orders that they carry; each is used once or not at all."""

    def __init__(self) -> None:
        self._writer: ThreadPoolExecutor | None = None
        self._written: list[tuple[tuple[NewOrder, ...], Future[bytes]]] = []

    def begin(self, orders: Sequence[NewOrder], write: Callable[[], bytes]) -> None:
        """Have a request written in another thread."""
        if self._writer is None:
            self._writer = ThreadPoolExecutor(1, thread_name_prefix="so24-writer")
        self._written.append((tuple(orders), self._writer.submit(write)))

    def find(self, orders: Sequence[NewOrder]) -> Callable[[], bytes] | None:
        """What gives the request for just these orders; it raises what the writing raised."""
        wanted = tuple(orders)
        for place, (carried, request) in enumerate(self._written):
            if carried == wanted:
                del self._written[place]
                return request.result
        return None

    def close(self) -> None:
        """Write nothing more."""
        if self._writer is not None:
            self._writer.shutdown(cancel_futures=True)
