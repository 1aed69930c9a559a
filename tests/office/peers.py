"""A peer on this machine that answers every request with the bytes a test chose."""

from __future__ import annotations

import gzip
import re
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

import pytest

from so24.errors import OfficeError
from so24.office.gateway import Office
from so24.office.limits import Pace
from so24.office.transport import Deadlines
from so24.office.values import NewProduct

APPLICATION = "11111111-2222-4333-8444-555555555555"
PASSWORD = "correct-horse-battery"
SESSION = "sess10nsess10nsess10n"
NAMESPACE = "http://24sevenOffice.com/webservices"
ENVELOPE = "http://schemas.xmlsoap.org/soap/envelope/"

PRODUCT = NewProduct("100", "Work", 7)
SPOKEN_LIMIT = "Limit exceeded by 1. Request is blocked. Quarantine ends at 2027-01-01T10:00:00Z"

Reply = bytes | Callable[[socket.socket], None]


class Peer:
    """Listens on a free port; the n-th request gets the n-th reply, the last one repeats."""

    def __init__(self, *replies: Reply) -> None:
        self.requests: list[bytes] = []
        self._replies = replies
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._closing = threading.Event()
        self.address = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._closing.set()
        # A thread that waits in accept() does not notice a close; a last caller wakes it.
        socket.create_connection(self._socket.getsockname()).close()
        self._thread.join()
        self._socket.close()

    def hold(self) -> None:
        """Wait, as a peer that does not answer, until the test is over."""
        self._closing.wait(10)

    def _serve(self) -> None:
        while True:
            connection, _ = self._socket.accept()
            with connection:
                if self._closing.is_set():
                    return
                request = _receive(connection)
                if not request:
                    continue
                self.requests.append(request)
                place = min(len(self.requests), len(self._replies)) - 1
                self._answer(connection, self._replies[place])

    def _answer(self, connection: socket.socket, reply: Reply) -> None:
        try:
            if callable(reply):
                reply(connection)
            else:
                connection.sendall(reply)
        except OSError:
            # The client may hang up on a hostile answer: that is what some tests are about.
            return


def _receive(connection: socket.socket) -> bytes:
    received = b""
    while b"\r\n\r\n" not in received:
        piece = connection.recv(65536)
        if not piece:
            return received
        received += piece
    head, _, body = received.partition(b"\r\n\r\n")
    length = re.search(rb"(?i)content-length: *(\d+)", head)
    while length and len(body) < int(length[1]):
        body += connection.recv(65536)
    return head + b"\r\n\r\n" + body


@contextmanager
def peer(*replies: Reply) -> Iterator[Peer]:
    """A peer for one test."""
    opened = Peer(*replies)
    try:
        yield opened
    finally:
        opened.close()


def office_at(address: str, **options: object) -> Office:
    """An Office with a session, short deadlines and no pace to wait for."""
    settings: dict[str, object] = {
        "session": SESSION,
        "deadlines": Deadlines(connect=1, read=0.4, total=0.8),
        "pace": Pace(1000, 1000),
    }
    return Office(address, APPLICATION, "ada@example.no", PASSWORD, **(settings | options))  # type: ignore[arg-type]  # a table of options for tests


def http(
    body: bytes | str,
    status: str = "200 OK",
    kind: str = "text/xml; charset=utf-8",
    headers: Mapping[str, str] | None = None,
    packed: bool = False,
) -> bytes:
    """A complete HTTP answer that closes the connection."""
    content = body.encode() if isinstance(body, str) else body
    extra = dict(headers or {})
    if packed:
        content = gzip.compress(content)
        extra["Content-Encoding"] = "gzip"
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {kind}", f"Content-Length: {len(content)}"]
    lines += ["Connection: close", *(f"{name}: {value}" for name, value in extra.items())]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + content


def envelope(content: str) -> str:
    """A SOAP 1.1 message with this body."""
    return (
        f'<?xml version="1.0" encoding="utf-8"?><s:Envelope xmlns:s="{ENVELOPE}" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<s:Body>{content}</s:Body></s:Envelope>"
    )


def result(operation: str, content: str) -> str:
    """The answer of an operation whose result element holds ``content``."""
    name = f"{operation}Response"
    inner = f"<{operation}Result>{content}</{operation}Result>"
    return envelope(f'<{name} xmlns="{NAMESPACE}">{inner}</{name}>')


def soap(operation: str, content: str) -> bytes:
    """The same as a complete HTTP answer."""
    return http(result(operation, content))


def fault(words: str, status: str = "500 Internal Server Error") -> bytes:
    """A SOAP fault as the service writes it."""
    parts = f"<faultcode>s:Server</faultcode><faultstring>{words}</faultstring><detail/>"
    return http(envelope(f"<s:Fault>{parts}</s:Fault>"), status)


def refusal_of(reply: Reply) -> OfficeError:
    """How a write ends that gets this reply."""
    with peer(reply) as other, office_at(other.address) as office:
        with pytest.raises(OfficeError) as caught:
            office.create_products([PRODUCT])
        assert len(other.requests) == 1, "a write is never repeated by itself"
        assert office.calls == 1
    return caught.value
