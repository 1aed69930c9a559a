"""One call to RecMan: an address, a time and a size that are never exceeded, and no detours.

The key is part of the address, and the HTTP library's errors carry the request. So no such error
is ever raised from here, not even as a cause: it becomes a sentence first.
"""

from __future__ import annotations

import logging
import re
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import quote, quote_plus

import httpx

from so24.errors import RecManError, WrongUse

SHORTEST, LONGEST = 8, 300
HIDDEN = "[key]"
_LOGGERS = ("httpx", "httpcore.connection", "httpcore.http11", "httpcore.http2", "httpcore.proxy")
_quiet: ContextVar[bool] = ContextVar("so24_recman_quiet", default=False)


def read_key(text: str) -> str:
    """The key as it was pasted, without blanks around it.

    Raises :class:`WrongUse`, which does not quote it, where it can be no key.
    """
    key = text.strip()
    if not SHORTEST <= len(key) <= LONGEST or not re.fullmatch(r"[!-~]+", key):
        raise WrongUse(
            f"This is no key of RecMan: a key has {SHORTEST} to {LONGEST} letters and digits "
            "and no blanks. Copy it from System Settings > Database > API."
        )
    return key


def redact(text: str, key: str) -> str:
    """The text without the key, however it is quoted or spelled."""
    forms = {key, quote(key, safe=""), quote_plus(key), quote(key)}
    pattern = "|".join(re.escape(form) for form in sorted(forms, key=len, reverse=True))
    return re.sub(pattern, HIDDEN, text, flags=re.IGNORECASE)


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


MOST_BYTES = 50_000_000
_PATH = "/v2/get/"
_CONNECTED = ("connect_tcp.complete", "start_tls.complete")
_UNREACHED = "RecMan cannot be reached. Check the network, and try again later."
_BROKEN = "The connection to RecMan broke off before its answer was complete. Try again later."


@dataclass(frozen=True)
class RecManAnswer:
    """What came back: the HTTP status and the whole body."""

    status: int
    body: bytes


@dataclass(frozen=True)
class CallLimits:
    """How long a connection and a whole call may take, in seconds, and how large an answer is."""

    connect_seconds: float
    call_seconds: float
    most_bytes: int = MOST_BYTES


def get(address: str, parameters: Mapping[str, str], limits: CallLimits) -> RecManAnswer:
    """Call RecMan at ``address`` with these parameters, the key among them.

    Redirects and the environment's proxies are not followed, compressed answers not accepted.
    Raises :class:`RecManError` where no whole answer came.
    """
    with silence():
        found = _try(address, parameters, limits)
    if isinstance(found, str):
        raise RecManError(found)
    return found


def _try(address: str, parameters: Mapping[str, str], limits: CallLimits) -> RecManAnswer | str:
    """The answer, or the sentence why there is none."""
    late = f"RecMan did not answer within {limits.call_seconds:g} seconds. Try again later."
    with _hang_up_after(limits.call_seconds) as watch:
        try:
            found = _exchange(address, parameters, limits, watch)
        except (httpx.ConnectError, httpx.ConnectTimeout):
            found = _UNREACHED
        except httpx.TimeoutException:
            found = late
        except (httpx.HTTPError, httpx.StreamError, httpx.InvalidURL):
            found = _BROKEN
    return late if watch.late else found


def _exchange(
    address: str, parameters: Mapping[str, str], limits: CallLimits, watch: _Watch
) -> RecManAnswer | str:
    timeout = httpx.Timeout(limits.call_seconds, connect=limits.connect_seconds)
    headers = {"Accept": "application/json", "Accept-Encoding": "identity", "Connection": "close"}
    with (
        httpx.Client(
            verify=_trusted(), trust_env=False, follow_redirects=False, timeout=timeout
        ) as client,
        client.stream(
            "GET",
            address + _PATH,
            params=dict(parameters),
            headers=headers,
            extensions={"trace": watch.note},
        ) as response,
    ):
        if response.headers.get("Content-Encoding", "identity").lower() != "identity":
            return "RecMan's answer is compressed, which was not asked for."
        body = bytearray()
        for part in response.iter_raw():
            body += part
            if len(body) > limits.most_bytes:
                return f"RecMan's answer is larger than {limits.most_bytes // 1_000_000} MB."
        return RecManAnswer(response.status_code, bytes(body))


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
            self._socket = info["return_value"].get_extra_info("socket")
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
