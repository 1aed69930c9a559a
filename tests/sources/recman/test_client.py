"""The client reads what RecMan documents and survives what it does not."""

from __future__ import annotations

import gzip
import json
import threading
from collections.abc import Callable
from contextlib import suppress
from decimal import Decimal
from typing import Any

import pytest

from so24.calls.bounded import CallLimits, WebAnswer
from so24.errors import BudgetSpent, RecManError, RecManRefused
from so24.sources.recman.answers import read_envelope
from so24.sources.recman.client import RecManAccess, RecManClient
from tests.sources.recman.conftest import LIMITS
from tests.sources.recman.papers import invoice, stand_in
from tests.sources.recman.standin import KEY, StandIn, Wire, as_json, serving


def client_of(recman: StandIn, limits: CallLimits = LIMITS, key: str = KEY) -> RecManClient:
    """A client of the stand-in that counts nothing."""
    return RecManClient(RecManAccess(recman.address, key), limits, lambda: None)


@pytest.mark.parametrize("as_list", [False, True])
@pytest.mark.parametrize("repeats", [False, True])
@pytest.mark.parametrize("num_rows", [None, 0, 3, 99_999])
def test_all_pages_are_read_whatever_is_said_of_their_number(
    as_list: bool, repeats: bool, num_rows: int | None
) -> None:
    papers = [invoice(str(1001 + each)) for each in range(7)]
    behaviour: dict[str, Any] = {"as_list": as_list, "repeats": repeats, "num_rows": num_rows}
    with serving(stand_in(*papers, page_size=3, **behaviour)) as recman:
        rows = client_of(recman).read_all("invoice")
    assert [row.members["invoiceNumber"] for row in rows] == [str(1001 + each) for each in range(7)]
    assert [each["page"] for each in recman.asked] == ["1", "2", "3", "4"]


def test_a_scope_without_rows_is_one_call(recman: StandIn) -> None:
    recman.scopes["invoice"] = {}
    assert client_of(recman).read_all("invoice") == []
    assert len(recman.asked) == 1


def test_pages_keyed_by_position_are_refused_and_not_cut_off(recman: StandIn) -> None:
    for page in (1, 2):
        rows = {"0": invoice(f"{page}001"), "1": invoice(f"{page}002")}
        recman.wires[page] = Wire(as_json({"success": True, "data": rows}))
    with pytest.raises(RecManError, match="repeats the ids of an earlier page with other"):
        client_of(recman).read_all("invoice")


def test_pages_without_end_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("so24.sources.recman.client.MOST_PAGES", 3)
    papers = [invoice(str(1001 + each)) for each in range(9)]
    with serving(stand_in(*papers, page_size=2)) as recman:
        with pytest.raises(RecManError, match="more than 3 pages"):
            client_of(recman).read_all("invoice")
        assert len(recman.asked) == 3


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ({"success": False, "error": [{"code": 7, "message": "Invalid scope"}]}, "Invalid scope"),
        ({"success": False, "errors": ["Unknown field: x"]}, "Unknown field: x"),
        ({"error": {"code": 1, "message": "No access"}}, "No access"),
        ({"success": False, "error": "Closed"}, "Closed"),
        ({"success": False}, "it gives no reason"),
        ({"success": True, "errors": ["a", "b"], "data": []}, "a; b"),
    ],
)
def test_a_refusal_with_http_200_carries_recmans_words(
    recman: StandIn, content: object, words: str
) -> None:
    recman.wires[1] = Wire(as_json(content))
    with pytest.raises(RecManRefused, match=words):
        client_of(recman).read_page("invoice")


@pytest.mark.parametrize(
    "wire",
    [
        Wire(as_json({"success": False, "error": [{"message": "Daily limit exceeded"}]})),
        Wire(as_json({"success": False, "errors": ["Too many requests"]})),
        Wire(as_json({"success": False}), 429),
    ],
)
def test_a_limit_says_try_tomorrow_and_is_not_tried_again(recman: StandIn, wire: Wire) -> None:
    recman.wires[1] = wire
    with pytest.raises(BudgetSpent, match="try tomorrow"):
        client_of(recman).read_all("invoice")
    assert len(recman.asked) == 1


@pytest.mark.parametrize(
    "wire",
    [
        Wire(b"<html><body>Down for maintenance</body></html>"),
        Wire(b"<html>Internal server error</html>", 500),
        Wire(as_json({"success": True, "data": []}), 503),
        Wire(b'{"success": true, "data": {"1": {"invoiceNumber": "10'),
        Wire(b""),
        Wire(b"[" * 200_000),
        Wire(b'{"success": true, "data": {"1": {"a": "1"}, "1": {"a": "2"}}}'),
        Wire(b'{"success": true, "data": {"1": {"a": NaN}}}'),
        Wire(b'{"success": true, "data": {"1": {"a": 1e999999999}}}'),
        Wire(b'{"success": true, "data": {"1": {"a": ' + b"9" * 100_000 + b"}}}"),
        Wire(b"\xff\xfe\x00"),
        Wire(b'"success"'),
        Wire(as_json({"data": []})),
        Wire(as_json({"success": True})),
        Wire(as_json({"success": True, "data": "none"})),
        Wire(as_json({"success": True, "data": ["x"]})),
        Wire(as_json({"success": True, "data": [{"invoiceNumber": "1"}]})),
        Wire(gzip.compress(as_json({"success": True, "data": []})),
             headers={"Content-Encoding": "gzip"}),
        Wire(b"", 302, {"Location": "http://127.0.0.1:9/elsewhere"}),
    ],
    ids=range(19),
)  # fmt: skip
def test_what_is_no_answer_becomes_one_sentence_and_one_call(recman: StandIn, wire: Wire) -> None:
    recman.wires[1] = wire
    with pytest.raises(RecManError, match=r"^RecMan's answer [^\n]+\.$") as raised:
        client_of(recman).read_all("invoice")
    assert type(raised.value) is RecManError
    assert len(recman.asked) == 1


def test_an_id_twice_on_a_page_is_refused(recman: StandIn) -> None:
    rows = [{"id": 1, "a": "x"}, {"id": "1", "a": "y"}]
    recman.wires[1] = Wire(as_json({"success": True, "data": rows}))
    with pytest.raises(RecManError, match="has an id twice"):
        client_of(recman).read_all("invoice")


def test_numbers_are_exact_and_never_floats() -> None:
    body = b'{"success": true, "data": {"1": {"a": 0.1, "b": 12345678901234567890, "c": "0.10"}}}'
    [row] = read_envelope("invoice", WebAnswer(200, body))
    assert row.members == {"a": Decimal("0.1"), "b": Decimal(12345678901234567890), "c": "0.10"}


def test_a_huge_answer_is_not_read_to_its_end(recman: StandIn) -> None:
    sent = threading.Event()

    def pour(handler: Any) -> None:
        handler.send_response(200)
        handler.end_headers()
        try:
            for _ in range(1000):
                handler.wfile.write(b" " * 1_000_000)
        finally:
            sent.set()

    recman.wires[1] = Wire(b"", write=pour)
    with pytest.raises(RecManError, match="larger than 2 MB"):
        client_of(recman).read_page("invoice")
    assert sent.wait(10)


def drip_headers(handler: Any, stop: threading.Event) -> None:
    """A status line and headers that never end, a byte now and then."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    while not stop.wait(0.05):
        handler.wfile.write(b"a")


def drip_body(handler: Any, stop: threading.Event) -> None:
    """A body that never ends."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 9999999\r\n\r\n")
    while not stop.wait(0.05):
        handler.wfile.write(b" ")


def say_nothing(handler: Any, stop: threading.Event) -> None:
    """No answer at all."""
    stop.wait(20)


def promise(handler: Any, stop: threading.Event) -> None:
    """Announcements of an answer, so many that there is always one more to be read."""
    with suppress(OSError):
        while not stop.is_set():
            handler.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n" * 1000)


@pytest.mark.parametrize("slowly", [drip_headers, drip_body, say_nothing, promise])
def test_a_server_that_does_not_come_to_an_end_is_left_when_the_time_is_over(
    recman: StandIn, slowly: Callable[[Any, threading.Event], None]
) -> None:
    stop = threading.Event()
    recman.wires[1] = Wire(b"", write=lambda handler: slowly(handler, stop))
    with pytest.raises(RecManError, match=r"did not answer within 0\.5 seconds"):
        client_of(recman, CallLimits(2, 0.5)).read_page("invoice")
    stop.set()


def test_a_connection_that_breaks_off_is_said(recman: StandIn) -> None:
    def break_off(handler: Any) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{")
        handler.close_connection = True

    recman.wires[1] = Wire(b"", write=break_off)
    with pytest.raises(RecManError, match="broke off"):
        client_of(recman).read_page("invoice")


def test_nobody_there_is_said() -> None:
    client = RecManClient(RecManAccess("http://127.0.0.1:9", KEY), LIMITS, lambda: None)
    with pytest.raises(RecManError, match="cannot be reached"):
        client.read_page("invoice")


def test_proxies_of_the_environment_are_not_used(
    recman: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    assert len(client_of(recman).read_page("invoice")) == 3
    assert recman.accepted == ["identity"]


def test_a_call_that_may_not_be_made_is_not_made(recman: StandIn) -> None:
    def refuse() -> None:
        raise BudgetSpent("No more today.")

    client = RecManClient(RecManAccess(recman.address, KEY), LIMITS, refuse)
    with pytest.raises(BudgetSpent, match="No more today"):
        client.read_page("invoice")
    assert recman.asked == []


def test_the_stand_in_speaks_the_documented_envelope(recman: StandIn) -> None:
    wire = recman.page({"scope": "company", "page": "1", "fields": "name,vatNumber"})
    content = json.loads(wire.body)
    assert (content["success"], content["numRows"]) == (True, 2)
    assert content["data"]["72"] == {"name": "Fjordbygg AS", "vatNumber": "123"}
    empty = json.loads(recman.page({"scope": "company", "page": "2"}).body)
    assert empty["data"] == []
