"""One call over HTTP: an address, a time and a size that are never exceeded, and no detours.

Secrets travel in such a call, and the HTTP library's errors carry the request. So no such error is
ever raised from here, not even as a cause: why there is no answer is a value.
"""

from __future__ import annotations

import enum
import logging
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import httpcore
import httpx

_LOGGERS = ("httpx", "httpcore.connection", "httpcore.http11", "httpcore.http2", "httpcore.proxy")
_CONNECTED = ("connect_tcp.complete", "start_tls.complete")
_quiet: ContextVar[bool] = ContextVar("so24_quiet_calls", default=False)


class NoAnswer(enum.Enum):
    """Why there is no answer."""

    UNREACHED = enum.auto()
    LATE = enum.auto()
    BROKEN = enum.auto()
    COMPRESSED = enum.auto()
    TOO_LARGE = enum.auto()


@dataclass(frozen=True)
class WebAnswer:
    """What came back: the HTTP status and the whole body."""

    status: int
    body: bytes


@dataclass(frozen=True)
class CallLimits:
    """How long a connection and a whole call may take, in seconds, and how large an answer is."""

    connect_seconds: float
    call_seconds: float
    most_bytes: int = 50_000_000


@dataclass(frozen=True)
class OutgoingCall:
    """What is asked, and of whom; never shown, because secrets may be anywhere in it.

    ``parameters`` go into the address; ``form`` is sent as the body of a form, or ``content`` as it
    is.
    """

    address: str
    method: str = "GET"
    parameters: Mapping[str, str] = field(default_factory=dict)
    form: Mapping[str, str] | None = None
    content: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)

    def __repr__(self) -> str:
        return "OutgoingCall()"


def make_call(call: OutgoingCall, limits: CallLimits) -> WebAnswer | NoAnswer:
    """Make the call, and return the whole answer or why there is none.

    Redirects and the environment's proxies are not followed, compressed answers not accepted, and
    nothing of it is logged.
    """
    with silence(), _hang_up_after(limits.call_seconds) as watch:
        found: WebAnswer | NoAnswer
        try:
            found = _exchange(call, limits, watch)
        except (httpx.ConnectError, httpx.ConnectTimeout):
            found = NoAnswer.UNREACHED
        except httpx.TimeoutException:
            found = NoAnswer.LATE
        except (httpx.HTTPError, httpx.StreamError, httpx.InvalidURL):
            found = NoAnswer.BROKEN
    return NoAnswer.LATE if watch.late else found


@contextmanager
def silence() -> Iterator[None]:
    """Within it, the HTTP libraries log nothing of this thread's calls: they log addresses."""
    token = _quiet.set(True)
    try:
        yield
    finally:
        _quiet.reset(token)


def _let_pass(_record: logging.LogRecord) -> bool:
    return not _quiet.get()


for _name in _LOGGERS:
    logging.getLogger(_name).addFilter(_let_pass)


def _exchange(call: OutgoingCall, limits: CallLimits, watch: _Watch) -> WebAnswer | NoAnswer:
    timeout = httpx.Timeout(limits.call_seconds, connect=limits.connect_seconds)
    headers = {"Accept": "application/json", "Accept-Encoding": "identity", "Connection": "close"}
    with (
        httpx.Client(
            verify=_trusted(), trust_env=False, follow_redirects=False, timeout=timeout
        ) as client,
        client.stream(
            call.method,
            call.address,
            params=dict(call.parameters) or None,
            data=None if call.form is None else dict(call.form),
            content=call.content,
            headers={**headers, **call.headers},
            extensions={"trace": watch.note},
        ) as response,
    ):
        if response.headers.get("Content-Encoding", "identity").lower() != "identity":
            return NoAnswer.COMPRESSED
        body = bytearray()
        for part in response.iter_raw():
            body += part
            if len(body) > limits.most_bytes:
                return NoAnswer.TOO_LARGE
        return WebAnswer(response.status_code, bytes(body))


@cache
def _trusted() -> ssl.SSLContext:
    """What certificates are held against, read once: it takes longer than a call to the office."""
    return httpx.create_ssl_context(trust_env=False)


class _Watch:
    """Ends a call's connection when its time is over: the library knows silences only."""

    def __init__(self, seconds: float) -> None:
        self._deadline = time.monotonic() + seconds
        self._socket: socket.socket | None = None
        self._ended = False

    @property
    def late(self) -> bool:
        """Whether the time was over before the call had ended."""
        return self._ended

    def note(self, event: str, info: Mapping[str, Any]) -> None:
        """Learn of the connection; for the library's tracing."""
        if event.endswith(_CONNECTED):
            stream = info["return_value"]
            self._socket, read = stream.get_extra_info("socket"), stream.read

            def read_in_time(most: int, timeout: float | None = None) -> bytes:
                # what comes fast enough is read on even from a connection that was shut down
                if time.monotonic() > self._deadline:
                    self._ended = True
                    raise httpcore.ReadTimeout
                return bytes(read(most, timeout))

            stream.read = read_in_time
            if time.monotonic() > self._deadline:
                self.end()

    def end(self) -> None:
        """Hang up."""
        self._ended = True
        if self._socket is not None:
            with suppress(OSError):
                # not the method of a TLS socket, which a read may be using at this moment
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)


@contextmanager
def _hang_up_after(seconds: float) -> Iterator[_Watch]:
    watch = _Watch(seconds)
    timer = threading.Timer(seconds, watch.end)
    timer.daemon = True
    timer.start()
    try:
        yield watch
    finally:
        timer.cancel()
