"""The key stands in no log, no exception, no audit row, no sentence and no byte of the store."""

from __future__ import annotations

import json
import logging
import traceback
from urllib.parse import quote, quote_plus

import pytest

from so24.calls.bounded import CallLimits
from so24.errors import RecManError, RecManRefused, So24Error, WrongUse
from so24.installation import Installation
from so24.people.desk import Desk
from so24.people.roles import Actor
from so24.sources.recman.client import RecManAccess, RecManClient
from so24.sources.recman.connection import confirm_map, connect, try_connection, view_connection
from so24.sources.recman.fetch import fetch_documents
from so24.sources.recman.transport import redact
from so24.store.people.audit import latest_events
from tests.keys.traces import everything_kept
from tests.sources.recman.standin import KEY, StandIn, Wire, refusal

SPELLINGS = (KEY, quote(KEY, safe=""), quote_plus(KEY), quote(KEY))
LIBRARIES = ("httpx", "httpcore", "httpcore.connection", "httpcore.http11")


def assert_hidden(text: str) -> None:
    """No spelling of the key is in the text."""
    assert not [form for form in SPELLINGS if form.casefold() in text.casefold()]


def assert_error_hides_it(error: BaseException) -> None:
    """Neither the error nor anything it was raised from or beside shows the key."""
    seen: list[BaseException] = []
    waiting: list[BaseException | None] = [error]
    while waiting:
        each = waiting.pop()
        if each is None or each in seen:
            continue
        seen.append(each)
        assert isinstance(each, So24Error), f"{type(each)} carries what it was asked"
        assert_hidden(f"{each!s} {each!r} {each.args!r} {vars(each)!r}")
        waiting += [each.__cause__, each.__context__]
    assert_hidden("".join(traceback.format_exception(error)))


@pytest.fixture
def logs(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """Everything that anybody logs."""
    caplog.set_level(logging.DEBUG)
    for name in LIBRARIES:
        caplog.set_level(logging.DEBUG, logger=name)
    return caplog


def test_a_whole_connection_logs_and_keeps_no_key(
    near: Installation, admin: Actor, recman: StandIn, logs: pytest.LogCaptureFixture
) -> None:
    shown = repr(connect(Desk(near, admin), f" {KEY}\n"))
    shown += repr(confirm_map(Desk(near, admin))) + repr(try_connection(Desk(near, admin)))
    shown += repr(fetch_documents(Desk(near, admin))) + repr(view_connection(Desk(near, admin)))
    assert len(recman.asked) == 25
    assert_hidden(shown)
    assert_hidden(logs.text)
    assert [each for each in logs.records if each.name.startswith("http")] == []
    with near.db.reading() as session:
        for event in latest_events(session):
            assert_hidden(f"{event.action} {event.subject} {event.detail}")
    kept = everything_kept(near)
    assert not [form for form in SPELLINGS if form.encode() in kept]
    assert b"invoiceNumber" in kept  # what is searched does hold what is no secret


WIRES = {
    "echo": refusal({"error": [{"message": f"Invalid key {KEY}"}]}),
    "quoted echo": refusal({"errors": [f"GET ?key={quote(KEY, safe='')}"]}),
    "redirect": Wire(b"", 302, {"Location": f"http://127.0.0.1:9/?key={quote(KEY)}"}),
    "html": Wire(f"<html>{KEY}</html>".encode(), 500),
    "broken": Wire(f'{{"{KEY}'.encode()),
    "headers": Wire(b"{}", headers={"X-Echo": KEY, "Set-Cookie": f"k={KEY}"}),
    "cut off": Wire(b"", write=lambda handler: handler.wfile.write(f"HTTP/1.1 {KEY}".encode())),
    "no status": Wire(b"", write=lambda handler: handler.wfile.write(f"{KEY}\r\n\r\n".encode())),
    "lies": Wire(b"", write=lambda handler: handler.wfile.write(
        f"HTTP/1.1 200 OK\r\nContent-Length: {KEY}\r\n\r\n".encode())),
}  # fmt: skip


@pytest.mark.parametrize("wire", WIRES.values(), ids=WIRES)
def test_no_error_shows_the_key(
    recman: StandIn, wire: Wire, logs: pytest.LogCaptureFixture
) -> None:
    recman.wires[1] = wire
    client = RecManClient(RecManAccess(recman.address, KEY), CallLimits(2, 5), lambda: None)
    with pytest.raises(RecManError) as raised:
        client.read_page("invoice")
    assert_error_hides_it(raised.value)
    assert_hidden(logs.text)


@pytest.mark.parametrize(
    "row",
    [
        {"companyId": KEY},
        {"net": KEY},
        {"note": f"see {quote(KEY, safe='')}"},
        {"lines": {"1": {"texts": ["a", {"b": KEY}]}}},
        {"lines": {KEY: {}}},
        {f"{KEY} x": ""},
    ],
)
def test_an_answer_that_holds_the_key_is_not_read_and_not_kept(
    recman: StandIn, row: dict[str, object]
) -> None:
    """Its parts would stand in refused rows, and the whole in what is kept as it came."""
    told = json.dumps({"success": True, "data": {"4000": row}}).replace("/", "\\/")  # as PHP does
    recman.wires[1] = Wire(told.encode())
    client = RecManClient(RecManAccess(recman.address, KEY), CallLimits(2, 5), lambda: None)
    with pytest.raises(RecManError, match="holds the key that opens it") as raised:
        client.read_page("invoice")
    assert_error_hides_it(raised.value)
    assert client.answers == []


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:9", "https://127.0.0.1:9", "http://nowhere.invalid"]
)
def test_an_unreachable_address_does_not_show_it(
    address: str, logs: pytest.LogCaptureFixture
) -> None:
    client = RecManClient(RecManAccess(address, KEY), CallLimits(0.5, 1), lambda: None)
    with pytest.raises(RecManError) as raised:
        client.read_page("invoice")
    assert_error_hides_it(raised.value)
    assert_hidden(logs.text + repr(client) + repr(RecManAccess(address, KEY)))


def test_a_refused_key_is_not_kept(near: Installation, admin: Actor) -> None:
    wrong = "another-key-4712"
    with pytest.raises(RecManRefused, match=r"Invalid key \[key\]") as raised:
        connect(Desk(near, admin), wrong)
    assert wrong not in "".join(traceback.format_exception(raised.value))
    assert view_connection(Desk(near, admin)) is None
    assert wrong.encode() not in everything_kept(near)


@pytest.mark.parametrize("text", ["short", "", "with a blank inside", "nøkkel-4711", "x" * 301])
def test_what_is_no_key_is_refused_without_being_quoted(
    near: Installation, admin: Actor, recman: StandIn, text: str
) -> None:
    with pytest.raises(WrongUse) as raised:
        connect(Desk(near, admin), text)
    assert not text or text not in str(raised.value)
    assert recman.asked == []


def test_others_may_still_log_their_own_calls(logs: pytest.LogCaptureFixture) -> None:
    logging.getLogger("httpx").info("HTTP Request: GET https://example.com")
    assert "example.com" in logs.text


def test_the_key_is_found_in_every_spelling() -> None:
    for form in (*SPELLINGS, KEY.upper()):
        assert_hidden(redact(f"a {form} b", KEY))
    assert redact("nothing here", KEY) == "nothing here"
