"""HTTP for the sandbox: the standard library's threaded server, kept connections, loopback only."""

from __future__ import annotations

import logging
import socket
import struct
import sys
import threading
import time
from http.cookies import CookieError, SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from so24.sandbox.admin import PREFIX, answer_admin
from so24.sandbox.books.identities import COOKIE
from so24.sandbox.service import Reply, Request, Sandbox
from so24.sandbox.wire.refusals import Page, html_page

log = logging.getLogger(__name__)

LOOPBACK = "127.0.0.1"
_NAMES = frozenset({LOOPBACK, "localhost"})
_LARGEST = 32 * 2**20
_HARD_CLOSE = struct.pack("ii", 1, 0)


class HttpServer(ThreadingHTTPServer):
    """Serves one sandbox; :meth:`stop` also ends the connections that clients keep open.

    ``folder`` is told at ``/sandbox/ready``, so that others know whose sandbox this is.
    """

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, sandbox: Sandbox, port: int, folder: str = "") -> None:
        super().__init__((LOOPBACK, port), _Handler)
        self.sandbox = sandbox
        self.folder = folder
        self._open: set[socket.socket] = set()
        self._changed = threading.Condition()

    @property
    def address(self) -> str:
        """The base address, without a slash at the end."""
        return f"http://{LOOPBACK}:{self.server_port}"

    def stop(self) -> None:
        """Stop serving: no new request is taken, those under way are given five seconds."""
        self.sandbox.stopping.set()
        _hang_up(self.socket)  # wakes the loop, which else looks up twice a second only
        self.shutdown()
        self.server_close()
        with self._changed:
            for connection in self._open:
                _hang_up(connection)
            self._changed.wait_for(lambda: not self._open, timeout=5)

    def opened(self, connection: socket.socket) -> None:
        """A connection has begun."""
        with self._changed:
            self._open.add(connection)

    def closed(self, connection: socket.socket) -> None:
        """A connection has ended."""
        with self._changed:
            self._open.discard(connection)
            self._changed.notify_all()

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is no event; anything else is logged."""
        if not isinstance(sys.exception(), OSError):
            log.exception("The sandbox failed to answer a request")


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1  # head and body leave in one packet
    server: HttpServer

    def setup(self) -> None:
        super().setup()
        self.server.opened(self.connection)

    def finish(self) -> None:
        self.server.closed(self.connection)
        super().finish()

    def do_GET(self) -> None:
        path, _, query = self.path.partition("?")
        if path.startswith(PREFIX):
            self._answer_admin(path, b"")
            return
        service = self.server.sandbox.interfaces.get(path.lower())
        if service is None:
            self._send(html_page(404, "404 - File or directory not found."))
        elif query.lower() == "wsdl":
            here = self.server.address + service.path
            self._send(
                Page(200, service.description.replace(service.address.encode(), here.encode()))
            )
        else:
            self._send(html_page(200, service.service))

    def do_POST(self) -> None:
        begun = time.monotonic()
        length = self.headers.get("Content-Length", "")
        if not length.isdigit() or int(length) > _LARGEST:
            self.close_connection = True
            self._send(html_page(413 if length.isdigit() else 411, "The length does not fit."))
            return
        body = self.rfile.read(int(length))
        path = self.path.partition("?")[0]
        if path.startswith(PREFIX):
            self._answer_admin(path, body)
            return
        answer = self.server.sandbox.answer(
            Request(
                path,
                self.headers.get("SOAPAction"),
                self.headers.get("Content-Type", ""),
                _session_cookie(self.headers.get("Cookie", "")),
                body,
            )
        )
        self._give(answer)
        self.server.sandbox.calls.spend(time.monotonic() - begun)

    def _answer_admin(self, path: str, body: bytes) -> None:
        # A page in a browser can reach this port under another name, but cannot hide that name,
        # nor send JSON without asking first.
        named = self.headers.get("Host", "").rpartition(":")[0] in _NAMES
        kind = self.headers.get("Content-Type", "").partition(";")[0].strip()
        if not named or (self.command == "POST" and kind != "application/json"):
            self._send(html_page(403, "Only from this machine, and as application/json."))
            return
        server = self.server
        self._send(answer_admin(server.sandbox, server.folder, self.command, path, body))

    def _give(self, answer: Reply) -> None:
        if answer.page is not None and not answer.cut:
            self._send(answer.page)
            return
        self.close_connection = True
        if answer.page is not None:
            self._send(answer.page, len(answer.page.body) // 2)
        self.server.sandbox.stopping.wait(answer.hold)
        if answer.reset:
            # closed here, before the server's polite shutdown, so that a reset is what is sent
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _HARD_CLOSE)
            self.connection.close()
        else:
            self.wfile.flush()
            _hang_up(self.connection)

    def _send(self, page: Page, cut_at: int | None = None) -> None:
        self.send_response(page.status)
        self.send_header("Content-Type", page.content_type)
        for name, value in page.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(page.body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(page.body[:cut_at])
        self.wfile.flush()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Nothing: whoever wants the traffic records it."""


def _session_cookie(header: str) -> str | None:
    try:
        cookie = SimpleCookie(header).get(COOKIE)
    except CookieError:
        return None
    return None if cookie is None else cookie.value


def _hang_up(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # the other side was quicker
