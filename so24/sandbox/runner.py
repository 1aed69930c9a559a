"""One running sandbox: its books, its HTTP server and the thread that serves."""

from __future__ import annotations

import threading
from pathlib import Path
from types import TracebackType

from so24.errors import ConfigurationError
from so24.sandbox.books.books import Books
from so24.sandbox.books.seed import seed_demo
from so24.sandbox.server import HttpServer
from so24.sandbox.service import Sandbox
from so24.sandbox.wire.faults import Faults
from so24.sandbox.wire.quota import Limits
from so24.sandbox.wire.recording import Recorder

LOOK_UP_SECONDS = 3600.0  # the loop is woken by requests, and to stop by HttpServer.stop


class SandboxServer:
    """A sandbox that serves inside a ``with``, on a free port of this machine unless given.

    ``books_path`` None keeps the books in memory; ``demo`` False leaves new books empty; ``world``
    names the demo's figures. ``sandbox`` has the books, faults, clock and counts for tests.
    Raises :class:`ConfigurationError` when the port is taken.
    """

    def __init__(
        self,
        books_path: Path | None = None,
        port: int = 0,
        *,
        demo: bool = True,
        world: Path | None = None,
        record: Path | None = None,
        latency_ms: float = 0,
        limits: Limits | None = None,
        folder: str = "",
    ) -> None:
        books = Books(books_path)
        if demo:
            seed_demo(books, world)
        self.sandbox = Sandbox(
            books, limits or Limits(), Faults(latency_ms), recorder=Recorder(record)
        )
        try:
            self._http = HttpServer(self.sandbox, port, folder)
        except OSError as error:
            self._close_files()
            raise ConfigurationError(
                f"The sandbox cannot use port {port}: {error.strerror}."
            ) from error
        self._thread = threading.Thread(
            target=self._http.serve_forever, args=(LOOK_UP_SECONDS,), name="sandbox", daemon=True
        )

    @property
    def address(self) -> str:
        """The base address; the service paths follow it."""
        return self._http.address

    @property
    def faults(self) -> Faults:
        """What shall go wrong."""
        return self.sandbox.faults

    @property
    def alive(self) -> bool:
        """Whether requests are taken."""
        return self._thread.is_alive()

    def start(self) -> SandboxServer:
        """Begin to serve."""
        self._thread.start()
        return self

    def stop(self) -> None:
        """Stop serving and close the books."""
        self._http.stop()
        self._thread.join()
        self._close_files()

    def _close_files(self) -> None:
        self.sandbox.recorder.close()
        self.sandbox.books.close()

    def __enter__(self) -> SandboxServer:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()
