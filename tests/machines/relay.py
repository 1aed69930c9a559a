"""The way to a database, which can be frozen: connections stay, but nothing comes through."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from sqlalchemy.engine import make_url

PIECE = 65536


class Relay:
    """Passes bytes on between whoever connects to ``port`` and the server behind it."""

    def __init__(self, server: tuple[str, int]) -> None:
        self._server = server
        self._open = threading.Event()
        self._open.set()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._sockets: list[socket.socket] = [self._listener]
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def port(self) -> int:
        """Where to connect instead of to the server."""
        return int(self._listener.getsockname()[1])

    def freeze(self) -> None:
        """Let nothing through, as a broken network does; nobody is told."""
        self._open.clear()

    def thaw(self) -> None:
        """Let everything through again, what has waited included."""
        self._open.set()

    def close(self) -> None:
        """Cut all connections."""
        self._open.set()
        for each in self._sockets:
            with suppress(OSError):  # the other side may have gone first
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    def _accept(self) -> None:
        with suppress(OSError):  # the listener is closed at the end
            while True:
                near, _ = self._listener.accept()
                far = socket.create_connection(self._server)
                self._sockets += [near, far]
                for source, target in ((near, far), (far, near)):
                    threading.Thread(
                        target=self._pass_on, args=(source, target), daemon=True
                    ).start()

    def _pass_on(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):  # either side may go at any time
            while piece := source.recv(PIECE):
                self._open.wait()
                target.sendall(piece)
            target.shutdown(socket.SHUT_WR)


@contextmanager
def relay_to(url: str) -> Iterator[tuple[Relay, str]]:
    """A relay to the server of this database, and the database's address by way of it."""
    address = make_url(url)
    relay = Relay((address.host or "127.0.0.1", address.port or 5432))
    try:
        there = address.set(host="127.0.0.1", port=relay.port)
        yield relay, there.render_as_string(hide_password=False)
    finally:
        relay.close()
