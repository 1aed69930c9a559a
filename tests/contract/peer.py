"""An independent 24SevenOffice over SOAP and HTTP, built on the vendor's interface files alone.

It is right by the schema (unless told not to be) and has other manners than so24's own sandbox:
other prefixes, nothing that was not asked for, amounts without trailing zeros, times with a zone,
chunked or HTTP/1.0 answers, cookies with attributes.
"""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import dataclass
from http.cookies import SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self

from lxml import etree

from tests.contract.doorkeeper import Account, Refusal
from tests.contract.foreign_books import ForeignBooks
from tests.contract.vendor import Service, read_services
from tests.contract.wire import ENVELOPE, Manners, read_request, write_answer, write_fault

_SECRET_COOKIE = "ASP.NET_SessionId"
_PIECE = 700


@dataclass(frozen=True)
class Reply:
    """Status, body, and the session that has just begun."""

    status: int
    body: bytes
    session: str | None = None


class Peer:
    """The peer, serving inside a ``with`` on a free port; ``calls`` counts operations."""

    def __init__(self, account: Account, application: str, manners: Manners) -> None:
        self.books = ForeignBooks(account, application, manners)
        self.manners = manners
        self.calls: Counter[str] = Counter()
        self.complaints: list[str] = []
        self._services = read_services()
        self._one_at_a_time = threading.Lock()
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._http.daemon_threads = True
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True)

    @property
    def address(self) -> str:
        """The base address."""
        return f"http://127.0.0.1:{self._http.server_port}"

    @property
    def writes(self) -> int:
        """How many Save calls have arrived."""
        return sum(count for name, count in self.calls.items() if name.startswith("Save"))

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    def answer(self, path: str, action: str, cookie: str, body: bytes) -> Reply:
        """The reply to one request."""
        service = self._services[path.lower()]
        operation = service.operations[action.strip('"')]
        with self._one_at_a_time:
            self.calls[operation] += 1
            try:
                payload = self._open(service, operation, body)
                held = SimpleCookie(cookie).get(_SECRET_COOKIE)
                session = held.value if held else None
                parameters = read_request(service, payload)
                result = self.books.carry_out(operation, parameters, session)
                answer = write_answer(service, operation, result, self.manners)
                return Reply(200, answer, result if operation == "Login" else None)
            except Refusal as refusal:
                return Reply(500, write_fault(str(refusal), self.manners))

    def _open(self, service: Service, operation: str, body: bytes) -> etree._Element:
        """The request's payload; what the vendor's schema does not allow is a complaint."""
        [payload] = next(etree.fromstring(body).iter(f"{{{ENVELOPE}}}Body"))
        name = etree.QName(payload).localname
        fault = service.fault_of(payload) if name == operation else f"{name} is another call"
        if fault:
            self.complaints.append(f"{operation}: {fault}")
            raise Refusal(f"Instance validation error: {fault}")
        return payload

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        peer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.0" if peer.manners.answers_with == "close" else "HTTP/1.1"

            def do_POST(self) -> None:
                given = self.headers
                body = self.rfile.read(int(given["Content-Length"]))
                cookie = given.get("Cookie", "")
                reply = peer.answer(self.path, given["SOAPAction"], cookie, body)
                self.send_response(reply.status)
                charset = peer.manners.encoding
                self.send_header("Content-Type", f'Text/XML; charset="{charset}"; action="x"')
                self._set_cookie("lb", "a1b2")
                if reply.session:
                    self._set_cookie(_SECRET_COOKIE, reply.session)
                self.send_header("Cache-Control", "private, max-age=0")
                self._send(reply.body)

            def _set_cookie(self, name: str, value: str) -> None:
                attributes = "Path=/; Secure; HttpOnly; SameSite=Lax"
                self.send_header("Set-Cookie", f"{name}={value}; {attributes}")

            def _send(self, answer: bytes) -> None:
                how = peer.manners.answers_with
                if how == "length":
                    self.send_header("Content-Length", str(len(answer)))
                elif how == "chunks":
                    self.send_header("Transfer-Encoding", "chunked")
                    pieces = [answer[at : at + _PIECE] for at in range(0, len(answer), _PIECE)]
                    answer = b"".join(b"%x\r\n%s\r\n" % (len(p), p) for p in [*pieces, b""])
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - inherited
                """Say nothing: the test's own words matter."""

        return Handler
