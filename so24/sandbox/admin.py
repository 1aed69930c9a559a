"""The sandbox's own addresses, for tests and people: JSON over HTTP, from this machine only.

=========================  =======================================================================
``GET  /sandbox/ready``    ``{"ready": true, "folder": …}``; folder identifies the installation
``GET  /sandbox/books``    every client with its companies, products and orders
``GET  /sandbox/calls``    counts: ``operations``, ``requests``, ``overlap``; ``POST`` resets them
``GET  /sandbox/faults``   what is armed
``POST /sandbox/faults``   any of ``clear`` (true), ``arm`` (list of faults), ``latency_ms``,
                           ``land`` (true: all late writes now), ``reveal`` (true: all hidden
                           orders), ``expire_sessions`` (true), ``advance_seconds``
``POST /sandbox/edit``     one action of :mod:`so24.sandbox.books.edits`
=========================  =======================================================================
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from so24.errors import WrongUse
from so24.sandbox.books.books import Call, unpack
from so24.sandbox.books.edits import carry_out
from so24.sandbox.books.identities import expire_sessions
from so24.sandbox.service import Sandbox
from so24.sandbox.wire.codec import Fields, write_value
from so24.sandbox.wire.faults import read_fault
from so24.sandbox.wire.refusals import Page

PREFIX = "/sandbox/"


def answer_admin(sandbox: Sandbox, folder: str, method: str, path: str, body: bytes) -> Page:
    """Answer one request below ``/sandbox/``; refusals are 400 with a sentence in ``error``."""
    try:
        given = _read_json(body) if method == "POST" else {}
        result = _answer(sandbox, folder, method, path.removeprefix(PREFIX), given)
    except WrongUse as error:
        return _json(400, {"error": str(error)})
    if result is None:
        return _json(404, {"error": f"There is no {method} {path}."})
    return _json(200, result)


def _answer(
    sandbox: Sandbox, folder: str, method: str, name: str, given: dict[str, Any]
) -> Fields | None:
    match method, name:
        case "GET", "ready":
            return {"ready": True, "folder": folder}
        case "GET", "books":
            return read_books(sandbox)
        case "GET", "calls":
            return sandbox.calls.report()
        case "POST", "calls":
            sandbox.calls.reset()
            return sandbox.calls.report()
        case "GET", "faults":
            return _describe_faults(sandbox)
        case "POST", "faults":
            _set_faults(sandbox, given)
            return _describe_faults(sandbox)
        case "POST", "edit":
            return edit(sandbox, **given)
        case _:
            return None


def _set_faults(sandbox: Sandbox, given: Mapping[str, Any]) -> None:
    known = {
        "clear", "arm", "latency_ms", "land", "reveal", "expire_sessions", "advance_seconds"
    }  # fmt: skip
    if unknown := sorted(set(given) - known):
        raise WrongUse(f"'{unknown[0]}' is none of {', '.join(sorted(known))}.")
    if given.get("clear"):
        sandbox.faults.clear()
    sandbox.faults.arm(*(read_fault(fault) for fault in given.get("arm", ())))
    if "latency_ms" in given:
        sandbox.faults.latency_ms = float(given["latency_ms"])
    sandbox.clock.advance(float(given.get("advance_seconds", 0)))
    if given.get("land"):
        sandbox.land()
    with sandbox.books.transaction():
        if given.get("reveal"):
            sandbox.books.change("update orders set hidden = 0")
        if given.get("expire_sessions"):
            expire_sessions(sandbox.books)


def _describe_faults(sandbox: Sandbox) -> Fields:
    with sandbox.books.transaction():
        late = sandbox.books.row("select count(*) from late")[0]
        hidden = sandbox.books.row("select count(*) from orders where hidden != 0")[0]
    return {
        "armed": sandbox.faults.armed(),
        "latency_ms": sandbox.faults.latency_ms,
        "late": late,
        "hidden": hidden,
    }


def edit(sandbox: Sandbox, action: str = "", client: int = 0, **parameters: Any) -> Fields:
    """Do something by hand in a client's books; raises :class:`WrongUse` when it is refused."""
    with sandbox.books.transaction():
        if sandbox.books.row("select 1 from client where id = ?", client) is None:
            raise WrongUse(f"There is no client {client}.")
        call = Call(sandbox.books, sandbox.clock.now(), acting_client=client)
        return carry_out(call, action, parameters)


def read_books(sandbox: Sandbox) -> Fields:
    """Everything in the books, late writes that are due included; ``clients`` by id."""
    sandbox.land(sandbox.clock.now())
    books = sandbox.books
    with books.transaction():
        clients = books.rows("select id, name, maintenance from client order by id")
        return {
            "clients": [
                {
                    "id": client,
                    "name": name,
                    "maintenance": bool(maintenance),
                    "companies": _records(sandbox, "company", client),
                    "products": _records(sandbox, "product", client),
                    "orders": _records(sandbox, "orders", client),
                }
                for client, name, maintenance in clients
            ]
        }


def _records(sandbox: Sandbox, table: str, client: int) -> list[Fields]:
    extra = {"company": "active", "orders": "hidden"}.get(table, "null")
    # both are fixed words
    sql = f"select record, {extra} from {table} where client = ? order by id"  # noqa: S608
    rows = sandbox.books.rows(sql, client)
    known = {"company": "Active", "orders": "hidden"}.get(table)
    return [unpack(text) | ({known: value} if known else {}) for text, value in rows]


def _read_json(body: bytes) -> dict[str, Any]:
    try:
        given = json.loads(body or b"{}")
    except ValueError:
        raise WrongUse("The body is not JSON.") from None
    if not isinstance(given, dict):
        raise WrongUse("The body must be a JSON object.")
    return given


def _json(status: int, result: Fields) -> Page:
    text = json.dumps(result, default=_as_text, ensure_ascii=False)
    return Page(status, text.encode(), "application/json; charset=utf-8")


def _as_text(value: object) -> str:
    if isinstance(value, Decimal):
        return str(value)
    return write_value(value)  # type: ignore[arg-type]  # records hold nothing else
