"""Receivers of this machine: an SMTP server and a webhook, which keep what they were sent."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from aiosmtpd.controller import Controller


@dataclass
class MailBox:
    """What came by SMTP; while ``refusing`` nothing is taken."""

    mails: list[EmailMessage] = field(default_factory=list)
    refusing: bool = False
    port: int = 0
    on_mail: Callable[[], None] | None = None  # called before the sender has its answer

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        """Take a mail, as aiosmtpd asks."""
        if self.refusing:
            return "451 try again later"
        parsed = BytesParser(policy=default).parsebytes(envelope.content)
        self.mails.append(parsed)
        if self.on_mail is not None:
            self.on_mail()
        return "250 taken"


@contextmanager
def serve_mail() -> Iterator[MailBox]:
    """A real SMTP server on a port of its own."""
    box = MailBox()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        box.port = free.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=box.port)
    controller.start()
    try:
        yield box
    finally:
        controller.stop()


@dataclass
class Hook:
    """What came to the webhook: bodies, and the keys they came under."""

    bodies: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    status: int = 200
    address: str = ""


@contextmanager
def serve_webhook() -> Iterator[Hook]:
    """A real HTTP server that takes JSON."""
    hook = Hook()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if hook.status < 300:
                hook.bodies.append(json.loads(body))
                hook.keys.append(self.headers["Idempotency-Key"])
            self.send_response(hook.status)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    hook.address = f"http://127.0.0.1:{server.server_port}/services/T0/secret-part"
    try:
        yield hook
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture(name="mail")
def mail_here() -> Iterator[MailBox]:
    """An SMTP server of this machine."""
    with serve_mail() as box:
        yield box


@pytest.fixture(name="hook")
def hook_here() -> Iterator[Hook]:
    """A webhook of this machine."""
    with serve_webhook() as found:
        yield found
