"""RecMan's answers: bent, read by the real client in place of the wire, compared as plain JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from random import Random
from typing import Any
from unittest.mock import patch

from so24.calls.bounded import CallLimits, WebAnswer
from so24.sources.documents.documents import SourceFile
from so24.sources.recman import client as clients
from so24.sources.recman.client import RecManAccess, RecManClient
from so24.sources.recman.fetch import _read_source
from so24.sources.recman.field_map import guess_map
from so24.sources.recman.findings import dump_findings, look_at_scopes, members_of
from so24.store.tables.key_tables import RecManConnection
from tests.fuzz.bending import bend_json, bend_often
from tests.fuzz.running import Target
from tests.fuzz.seen import as_seen
from tests.sources.recman.papers import invoice, line, stand_in
from tests.sources.recman.standin import KEY, StandIn

LIMITS = CallLimits(5, 5)
STATUSES = (200,) * 8 + (201, 204, 302, 400, 403, 429, 500)
INVOICES = [
    invoice(),
    invoice("1002", line(), line("250.50", "15")),
    invoice("1003", line("-1000.00"), companyId="72"),
]


@dataclass(frozen=True)
class Wire:
    """What comes in place of the network: the stand-in's answers, one scope's being another one."""

    recman: StandIn
    scope: str = ""
    answer: WebAnswer | None = None

    def get(self, address: str, parameters: dict[str, str], limits: CallLimits) -> WebAnswer:
        """Answer a call."""
        if self.answer is not None and parameters["scope"] == self.scope:
            return self.answer if parameters["page"] == "1" else _empty()
        told = self.recman.answer("/v2/get/", dict(parameters))
        return WebAnswer(told.status, told.body)


def _empty() -> WebAnswer:
    return WebAnswer(200, b'{"success": true, "data": []}')


class Reading:
    """Reads a whole account of which one answer was bent.

    An input is a line with the scope and the status, and after it the body.
    """

    def __init__(self) -> None:
        self._recman = stand_in(*INVOICES)
        wire = Wire(self._recman)
        with patch.object(clients, "get", wire.get):
            found = look_at_scopes(self._client())
        self._row = RecManConnection(
            address="", key_sealed="", findings=dump_findings(found),
            field_map=json.dumps(guess_map(members_of(found), {})), connected_by="",
        )  # fmt: skip
        self.good = [
            f"{scope} 200\n".encode() + self._recman.answer("/v2/get/", asked).body
            for scope in self._recman.scopes
            for asked in [{"key": KEY, "scope": scope, "page": "1"}]
        ]
        refused = {"success": False, "error": [{"code": 3, "message": f"Invalid key {KEY}"}]}
        self.good.append(b"invoice 200\n" + json.dumps(refused).encode())

    def read(self, content: bytes) -> SourceFile:
        """What a fetch makes of it."""
        head, _, body = content.partition(b"\n")
        scope, status = head.decode().split()
        wire = Wire(self._recman, scope, WebAnswer(int(status), body))
        with patch.object(clients, "get", wire.get):
            return _read_source(self._client(), self._row)

    def _client(self) -> RecManClient:
        return RecManClient(RecManAccess("", KEY), LIMITS, lambda: None)


def bend(random: Random, content: bytes) -> bytes:
    """Bend the body, and sometimes the status."""
    head, _, body = content.partition(b"\n")
    scope = head.split()[0]
    if random.random() < 0.02:
        body = body.replace(b"1000.00", KEY.encode())
    status = str(random.choice(STATUSES)).encode()
    return scope + b" " + status + b"\n" + bend_often(bend_json)(random, body)


def compare(content: bytes, source: SourceFile) -> str:
    """Each document's number and sums stand in one object of the answer."""
    if any(KEY in each.reason for each in source.refused):
        return "a refused row shows the key"
    head, _, body = content.partition(b"\n")
    if not head.startswith(b"invoice "):
        return ""
    try:
        data = json.loads(body.decode("utf-8-sig"), parse_float=str, parse_int=str)["data"]
    except (ValueError, RecursionError, KeyError, TypeError):
        return "json does not read it, and documents came in" if source.documents else ""
    if not isinstance(data, dict | list):
        return "there are no rows, and documents came in" if source.documents else ""
    rows = [set(_scalars(each)) for each in (data.values() if isinstance(data, dict) else data)]
    for document in source.documents:
        wanted = {document.particulars.total, *(each.net for each in document.lines)} - {None}
        if not any(
            as_seen(document.number) in row and all(_has(row, amount) for amount in wanted)
            for row in rows
        ):
            return f"no object says {document.number} and {wanted}"
    return ""


def _has(row: set[str], amount: Decimal | None) -> bool:
    return any(_amount(text) in (amount, -(amount or 0)) for text in row)


def _amount(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def _scalars(value: Any) -> Iterator[str]:
    if isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _scalars(each)
    elif value is not None:
        yield as_seen(str(value))


def targets() -> list[Target]:
    """The answers of all scopes."""
    reading = Reading()
    return [Target("RecMan answers", 22, reading.good, bend, reading.read, compare, [KEY])]
