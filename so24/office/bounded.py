"""Connections that give up on a status line and headers that never end.

requests knows a deadline for each silence only: a peer that sends a byte now and then could hold
a call for hours before its body begins. The body's own deadline is kept by ``transport``.
"""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection


class BoundedAdapter(HTTPAdapter):
    """An adapter without repeats whose connections wait ``seconds`` at most for the headers."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        super().__init__(pool_connections=1, max_retries=0)

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        """Give each pool connections that know the deadline."""
        super().init_poolmanager(*args, **options)
        seconds = self._seconds

        class Connection(HTTPConnection):
            def getresponse(self) -> Any:
                with _hang_up_after(seconds, self.sock):
                    return super().getresponse()

        class SecureConnection(HTTPSConnection):
            def getresponse(self) -> Any:
                with _hang_up_after(seconds, self.sock):
                    return super().getresponse()

        class Pool(HTTPConnectionPool):
            ConnectionCls = Connection

        class SecurePool(HTTPSConnectionPool):
            ConnectionCls = SecureConnection

        self.poolmanager.pool_classes_by_scheme = {"http": Pool, "https": SecurePool}


@contextlib.contextmanager
def _hang_up_after(seconds: float, connection: Any) -> Iterator[None]:
    late = threading.Event()

    def hang_up() -> None:
        late.set()
        # Not the method of a TLS socket: it would take TLS from under a read that is going on.
        with contextlib.suppress(OSError):
            socket.socket.shutdown(connection, socket.SHUT_RDWR)

    timer = threading.Timer(seconds, hang_up)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
    if late.is_set():
        # Headers that were cut off would pass for complete ones.
        raise TimeoutError
