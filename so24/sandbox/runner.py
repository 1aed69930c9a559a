"""One running sandbox: its books, its HTTP server, and its own addresses for tests and tools."""

from __future__ import annotations

import json
import threading
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Any

from so24.errors import ConfigurationError, WrongUse
from so24.sandbox.admin import edit
from so24.sandbox.books.books import Books
from so24.sandbox.books.seed import seed_demo
from so24.sandbox.server import HttpServer
from so24.sandbox.service import Sandbox
from so24.sandbox.wire.faults import Fault, Faults
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

    def set_series(self, numbers: Mapping[int, int]) -> None:
        """Let the invoice series of these clients go on with these numbers.

        Raises :class:`WrongUse` for a client that is not there.
        """
        for client, number in numbers.items():
            edit(self.sandbox, "set_invoice_series", client, number=number)

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


# The machine's proxy settings have no business between two processes of one machine.
_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class Control:
    """Reads and steers the sandbox at ``address``.

    Every method raises :class:`OSError` when nobody answers there, and :class:`WrongUse` with
    the sandbox's sentence when it refuses.
    """

    def __init__(self, address: str, timeout: float = 5) -> None:
        self.address = address
        self._timeout = timeout

    def ready(self) -> dict[str, Any]:
        """``{"ready": true, "folder": …}``."""
        return self._ask("ready")

    def books(self) -> dict[int, dict[str, Any]]:
        """Every client by id, with ``companies``, ``products`` and ``orders``; amounts as text."""
        return {client["id"]: client for client in self._ask("books")["clients"]}

    def calls(self) -> dict[str, Any]:
        """``operations`` by name, ``requests`` in all, ``overlap`` of one session at most."""
        return self._ask("calls")

    def reset_calls(self) -> None:
        """Count from nought."""
        self._ask("calls", {})

    def arm(self, *faults: Fault) -> None:
        """Let these faults happen."""
        self.set(arm=[asdict(fault) for fault in faults])

    def set(self, **switches: object) -> dict[str, Any]:
        """Set any of the switches of ``POST /sandbox/faults``; what is armed then."""
        return self._ask("faults", switches)

    def edit(self, action: str, client: int, **parameters: object) -> dict[str, Any]:
        """Do something by hand in a client's books."""
        return self._ask("edit", {"action": action, "client": client, **parameters})

    def _ask(self, name: str, given: dict[str, Any] | None = None) -> dict[str, Any]:
        request = urllib.request.Request(  # noqa: S310 - always http, to this machine
            f"{self.address}/sandbox/{name}",
            None if given is None else json.dumps(given).encode(),
            {"Content-Type": "application/json"},
        )
        try:
            with _DIRECT.open(request, timeout=self._timeout) as response:
                result: dict[str, Any] = json.load(response)
        except urllib.error.HTTPError as error:
            with error:
                raise WrongUse(json.load(error)["error"]) from None
        return result
