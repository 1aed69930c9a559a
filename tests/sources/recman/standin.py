"""A RecMan on this machine: the documented envelope over real HTTP, with all that it may do wrong.

It shares no code with what reads it. Its invoices have names of its own invention, since RecMan's
are not public.
"""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

KEY = "Sekret+Key/4711=abcdef"

Rows = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Wire:
    """An answer as it goes out; ``write`` replaces the sending of the body."""

    body: bytes
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    write: Callable[[Any], None] | None = None


@dataclass
class StandIn:
    """What it holds, how it behaves, and what it was asked (without the key)."""

    scopes: dict[str, Rows]
    key: str = KEY
    page_size: int = 1000
    as_list: bool = False
    repeats: bool = False
    num_rows: int | None = None
    unknown_fields: set[str] = field(default_factory=set)
    refused_scopes: set[str] = field(default_factory=set)
    wires: dict[int, Wire] = field(default_factory=dict)
    asked: list[dict[str, str]] = field(default_factory=list)
    accepted: list[str] = field(default_factory=list)
    address: str = ""

    def calls(self, scope: str) -> int:
        """How many calls asked for this scope."""
        return sum(each["scope"] == scope for each in self.asked)

    def answer(self, path: str, query: dict[str, str]) -> Wire:
        """The answer to one call; ``wires`` replaces the call with that number, from 1."""
        given = query.pop("key", "")
        self.asked.append(query)
        if wire := self.wires.get(len(self.asked)):
            return wire
        if path != "/v2/get/":
            return Wire(b"<html>Not found</html>", 404)
        if given != self.key:
            return refusal({"error": [{"code": 3, "message": f"Invalid key {given}"}]})
        if query["scope"] not in self.scopes or query["scope"] in self.refused_scopes:
            return refusal({"error": [{"message": "Invalid scope"}]})
        return self.page(query)

    def page(self, query: dict[str, str]) -> Wire:
        """One page of rows, with the fields that were asked for or all of them."""
        wanted = set(query["fields"].split(",")) if "fields" in query else None
        if wanted and wanted & self.unknown_fields:
            return refusal({"errors": [f"Unknown field: {min(wanted & self.unknown_fields)}"]})
        rows = list(self.scopes[query["scope"]].items())
        number = int(query["page"]) - 1
        if self.repeats:
            number = min(number, max(len(rows) - 1, 0) // self.page_size)
        part = rows[number * self.page_size : (number + 1) * self.page_size]
        shown = {row_id: _only(row, wanted) for row_id, row in part}
        own = f"{query['scope']}Id"
        data = [{own: each, **row} for each, row in shown.items()] if self.as_list else shown
        total = len(rows) if self.num_rows is None else self.num_rows
        # PHP writes an empty object as a list
        return Wire(as_json({"success": True, "numRows": total, "data": data or []}))


def refusal(errors: dict[str, Any]) -> Wire:
    """RecMan says no with HTTP 200."""
    return Wire(as_json({"success": False, **errors}))


def as_json(content: object) -> bytes:
    """A body."""
    return json.dumps(content).encode()


def _only(row: dict[str, Any], wanted: set[str] | None) -> dict[str, Any]:
    return {name: value for name, value in row.items() if wanted is None or name in wanted}


@contextmanager
def serving(recman: StandIn, tls: ssl.SSLContext | None = None) -> Iterator[StandIn]:
    """Serve it on a free port of loopback, plainly or by TLS."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            query = {name: many[0] for name, many in parse_qs(parts.query).items()}
            recman.accepted.append(self.headers.get("Accept-Encoding", ""))
            wire = recman.answer(parts.path, query)
            try:
                if wire.write is not None:
                    wire.write(self)
                    return
                self.send_response(wire.status)
                for name, value in wire.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(wire.body)))
                self.end_headers()
                self.wfile.write(wire.body)
            except OSError:
                return  # the other side has hung up, which is what is tested

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - its name there
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        if tls is not None:
            server.socket = tls.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        recman.address = f"{'https' if tls else 'http'}://127.0.0.1:{server.server_address[1]}"
        yield recman
        server.shutdown()
        thread.join()
