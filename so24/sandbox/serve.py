"""Offering a sandbox: shared by the processes of one data folder, or in the foreground.

Sharing: the first process takes ``sandbox.lock`` and serves, the others read its address from
``address``; when it goes, the next one that calls :meth:`SandboxHandle.keep` takes over with the
same books and, where it is free, the same port. The operating system releases the lock when a
process dies in whatever way. The lock is ``flock``: Linux and macOS only, Windows is not supported.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from urllib.parse import urlsplit

from so24.errors import ConfigurationError, WrongUse
from so24.sandbox.books.seed import DEMO_WORLD
from so24.sandbox.runner import Control, SandboxServer
from so24.sandbox.wire.faults import parse_fault
from so24.sandbox.wire.quota import Limits

__all__ = ["ADDRESS_FILE", "SandboxHandle", "SandboxServer", "open_sandbox", "run_sandbox"]

ADDRESS_FILE = "address"
_PATIENCE = 10.0


class SandboxHandle:
    """This process's part in the shared sandbox of a folder."""

    def __init__(self, folder: Path, start: Callable[[int], SandboxServer]) -> None:
        self._folder = folder
        self._start = start
        self._server: SandboxServer | None = None
        self._lock: int | None = None
        self._guard = threading.Lock()
        self.address = ""
        self.keep()

    @property
    def serving(self) -> bool:
        """Whether this process is the one that serves."""
        return self._server is not None

    @property
    def server(self) -> SandboxServer | None:
        """The server, where this process serves."""
        return self._server

    def keep(self) -> str:
        """Make sure that somebody serves, this process if nobody else does; the address.

        Raises :class:`ConfigurationError` when another process holds the lock but does not answer.
        """
        with self._guard:
            if self._server is not None and not self._server.alive:
                self._stop_serving()
            if self._server is None and not self._find():
                self._take_over_or_find()
            return self.address

    def close(self) -> None:
        """Leave: stop serving if this process does, so that another may take over."""
        with self._guard:
            self._stop_serving()

    def _stop_serving(self) -> None:
        if self._server is not None:
            self._server.stop()
            self._server = None
        self._release_lock()

    def _find(self) -> bool:
        address = _read_address(self._folder)
        if not address or not _answers(address, self._folder):
            return False
        self.address = address
        return True

    def _take_over_or_find(self) -> None:
        deadline = time.monotonic() + _PATIENCE
        while time.monotonic() < deadline:
            if self._take_lock():
                self._serve()
                return
            if self._find():
                return
            time.sleep(0.02)
        raise ConfigurationError(
            f"Another process holds the sandbox in {self._folder} but does not answer. Stop it."
        )

    def _take_lock(self) -> bool:
        lock = os.open(self._folder / "sandbox.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(lock)
            return False
        self._lock = lock
        return True

    def _release_lock(self) -> None:
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def _start_at_old_port(self) -> SandboxServer:
        # The same port again, so that the others need not even notice.
        try:
            return self._start(urlsplit(_read_address(self._folder)).port or 0)
        except ConfigurationError:
            return self._start(0)

    def _serve(self) -> None:
        try:
            self._server = self._start_at_old_port().start()
        except BaseException:
            self._release_lock()
            raise
        self.address = self._server.address
        draft = self._folder / f"{ADDRESS_FILE}.new"
        draft.write_text(f"{self.address}\n", encoding="utf-8")
        draft.replace(self._folder / ADDRESS_FILE)


def open_sandbox(
    folder: Path,
    *,
    port: int = 0,
    record: Path | None = None,
    latency_ms: float = 0,
    limits: Limits | None = None,
    world: Path | None = DEMO_WORLD,
) -> SandboxHandle:
    """Join the sandbox of ``folder``, or be the process that serves it; close the handle at last.

    A fresh folder is filled with the demo world. ``record``, ``latency_ms`` and ``limits`` count
    only where this process serves. Raises :class:`ConfigurationError`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    mark = _mark_of(folder)

    def start(wanted: int) -> SandboxServer:
        return SandboxServer(
            folder / "books.db", port or wanted, world=world, record=record,
            latency_ms=latency_ms, limits=limits, folder=mark,
        )  # fmt: skip

    return SandboxHandle(folder, start)


def run_sandbox(
    *,
    port: int = 8024,
    latency_ms: float = 0,
    record: Path | None = None,
    faults: Iterable[str] = (),
    books_path: Path | None = None,
    world: Path | None = DEMO_WORLD,
    series: Mapping[int, int] = MappingProxyType({}),
    announce: Callable[[str], object] = lambda address: None,
) -> None:
    """Serve in the foreground until Ctrl-C; ``announce`` is told the address.

    ``faults`` are texts as :func:`so24.sandbox.wire.faults.parse_fault` reads them, ``series`` the
    next invoice numbers by client. Raises :class:`WrongUse` for a fault it cannot read or a client
    that is not there, :class:`ConfigurationError` when the port is taken.
    """
    armed = [parse_fault(text) for text in faults]
    server = SandboxServer(books_path, port, world=world, record=record, latency_ms=latency_ms)
    server.faults.arm(*armed)
    with server:
        try:
            server.set_series(series)
            announce(server.address)
            threading.Event().wait()
        except KeyboardInterrupt:
            return


def _read_address(folder: Path) -> str:
    try:
        return (folder / ADDRESS_FILE).read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return ""


def _answers(address: str, folder: Path) -> bool:
    # The port of a sandbox that has gone may belong to anything by now, even another sandbox.
    try:
        return Control(address, timeout=2).ready().get("folder") == _mark_of(folder)
    except (OSError, ValueError, KeyError, AttributeError, WrongUse):
        return False


def _mark_of(folder: Path) -> str:
    return hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:16]
