"""What comes back from the wire decides what may be repeated, and never leaks a secret."""

from __future__ import annotations

import socket
import threading
import time
import traceback
import zlib
from collections.abc import Callable
from urllib.parse import quote

import pytest

from so24.errors import (
    AnsweredOtherwise,
    LoginRefused,
    NotSent,
    OfficeError,
    Refused,
    SessionLost,
    Throttled,
    Unknown,
)
from so24.office import calls, transport
from so24.office.answers import read_answer
from so24.office.interface.description import service_interface
from tests.office.peers import (
    APPLICATION,
    ENVELOPE,
    NAMESPACE,
    PASSWORD,
    PRODUCT,
    SESSION,
    SPOKEN_LIMIT,
    Reply,
    envelope,
    fault,
    http,
    office_at,
    peer,
    refusal_of,
    result,
    soap,
)

SAVED = "<Product><Id>5</Id><No>100</No></Product>"
HTML = "<!DOCTYPE html><html><body><h1>Down</h1><br></body></html>"
XHTML = '<html xmlns="http://www.w3.org/1999/xhtml"><body><p>Down</p></body></html>'


def _drip(whole: bytes, begin: int) -> Reply:
    """Sends a good answer's first bytes at once and then one byte every 50 ms."""

    def send(connection: socket.socket) -> None:
        connection.sendall(whole[:begin])
        pause = threading.Event()
        for place in range(begin, len(whole)):
            connection.sendall(whole[place : place + 1])
            pause.wait(0.05)

    return send


def _reset(connection: socket.socket) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    connection.close()


def _bomb() -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    packed = b"".join(packer.compress(bytes(2**20)) for _ in range(100)) + packer.flush()
    head = (
        "HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Encoding: gzip\r\n"
        f"Content-Length: {len(packed)}\r\nConnection: close\r\n\r\n"
    )
    return head.encode() + packed


DEFAULT_NAMESPACE_FAULT = (
    f'<Envelope xmlns="{ENVELOPE}"><Body><Fault><faultcode>Server</faultcode>'
    "<faultstring>No such category.</faultstring></Fault></Body></Envelope>"
)
WHOLE = soap("SaveProducts", SAVED)

ODD_ANSWERS: list[tuple[str, Reply, type[OfficeError]]] = [
    ("an HTML page with 200", http(HTML, kind="text/html"), Unknown),
    ("an HTML page that claims to be XML", http(HTML), Unknown),
    ("a redirect", http("", "302 Found", headers={"Location": "/login"}), Unknown),
    ("an HTML page with 500", http(HTML, "500 Oops", "text/html"), Unknown),
    ("an XHTML page with 500", http(XHTML, "500 Oops"), Unknown),
    ("an XHTML page with 500 as such", http(XHTML, "500 Oops", "application/xhtml+xml"), Unknown),
    ("not found", http(HTML, "404 Not Found", "text/html"), Unknown),
    ("half an answer", WHOLE[:-40], Unknown),
    ("half an answer without a length", WHOLE.replace(b"Content-Length", b"X-Was")[:-40], Unknown),
    ("another operation's answer", soap("GetProducts", SAVED), Unknown),
    ("no body at all", http(b""), Unknown),
    ("an empty SOAP body", http(envelope("")), Unknown),
    ("two elements in the SOAP body", http(envelope("<a/><b/>")), Unknown),
    ("no SOAP body", http(f'<s:Envelope xmlns:s="{ENVELOPE}"/>'), Unknown),
    ("a good answer with status 500", http(result("SaveProducts", SAVED), "500 Oops"), Unknown),
    ("a document type", http("<!DOCTYPE a>" + result("SaveProducts", SAVED)[38:]), Unknown),
    ("latin-1 that claims to be UTF-8", http("<æ/>".encode("latin-1")), Unknown),
    ("a number that is none", soap("SaveProducts", "<Product><Id>five</Id></Product>"), Unknown),
    ("an element twice", soap("SaveProducts", "<Product><Id>5</Id><Id>6</Id></Product>"), Unknown),
    ("an empty result", soap("SaveProducts", ""), Unknown),
    ("no result", http(envelope(f'<SaveProductsResponse xmlns="{NAMESPACE}"/>')), Unknown),
    ("one answer too many", soap("SaveProducts", SAVED + SAVED), Unknown),
    ("a nil answer", soap("SaveProducts", '<Product xsi:nil="true"/>'), Unknown),
    ("neither id nor reason", soap("SaveProducts", "<Product><No>100</No></Product>"), Unknown),
    (
        "another product's answer",
        soap("SaveProducts", SAVED.replace("100", "101")),
        AnsweredOtherwise,
    ),
    ("silence after the request", lambda connection: None, Unknown),
    ("a hard reset", _reset, Unknown),
    ("no HTTP at all", b"220 mail.example.no ESMTP\r\n\r\n", Unknown),
    ("too many calls", http("slow down", "429 Too Many", "text/plain"), Throttled),
    ("too many calls, in SOAP", fault("slow down", "429 Too Many"), Throttled),
    ("not now", http(HTML, "503 Unavailable", "text/html"), Throttled),
    ("a limit in a page", http(SPOKEN_LIMIT, kind="text/plain"), Throttled),
    ("a limit in a fault", fault(SPOKEN_LIMIT), Throttled),
    ("a fault", fault("The category does not exist."), Refused),
    ("a fault with status 200", fault("The category does not exist.", "200 OK"), Refused),
    ("a fault in a default namespace", http(DEFAULT_NAMESPACE_FAULT, "500 Oops"), Refused),
    ("a fault without words", fault(""), Unknown),
    ("a fault about time", fault("Server was unable ---&gt; Timeout expired."), Unknown),
    ("no session", fault("x ---&gt; Session is not authenticated"), SessionLost),
    ("a session elsewhere", fault("Client is not authenticated on this identity"), SessionLost),
]


@pytest.mark.parametrize(
    ("reply", "expected"),
    [pytest.param(reply, kind, id=name) for name, reply, kind in ODD_ANSWERS],
)
def test_an_odd_answer_to_a_write_ends_in(reply: Reply, expected: type[OfficeError]) -> None:
    assert type(refusal_of(reply)) is expected


def test_the_answer_that_the_odd_ones_were_made_of_is_accepted() -> None:
    for reply in (WHOLE, http(result("SaveProducts", SAVED), packed=True)):
        with peer(reply) as other, office_at(other.address) as office:
            assert office.create_products([PRODUCT])[0].id == 5


def test_silence_ends_at_the_read_deadline_and_is_unknown() -> None:
    held: list[Callable[[], None]] = []
    with peer(lambda _: held[0]()) as other, office_at(other.address) as office:
        held.append(other.hold)
        with pytest.raises(Unknown, match="ReadTimeout"):
            office.create_products([PRODUCT])


@pytest.mark.parametrize(
    ("begin", "words"), [(20, "broke before an answer"), (250, r"within 0\.8 seconds")]
)
def test_a_dripping_answer_ends_at_the_total_deadline(begin: int, words: str) -> None:
    with peer(_drip(WHOLE, begin)) as other, office_at(other.address) as office:
        begun = time.monotonic()
        with pytest.raises(Unknown, match=words):
            office.create_products([PRODUCT])
        assert time.monotonic() - begun < 3


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        pytest.param(http(b"x" * 2**21), "is larger than 10", id="long"),
        pytest.param(http(b"<a/>" * 20_000), "has more than 10", id="tags"),
        pytest.param(http(("<a/>" * 20_000).encode("utf-16")), "has more than 10", id="UTF-16"),
    ],
)
def test_an_answer_to_a_write_that_is_larger_than_its_request_explains_is_given_up(
    reply: bytes, words: str
) -> None:
    refused = refusal_of(reply)
    assert type(refused) is Unknown
    assert words in str(refused)


def test_an_answer_to_a_write_that_unfolds_to_more_than_its_request_explains_is_given_up() -> None:
    refused = refusal_of(_bomb())
    assert type(refused) is Unknown
    assert "is larger than 10" in str(refused)


def test_a_list_may_be_long_but_not_without_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    products = "".join(
        f"<Product><Id>{each}</Id><No>{each}</No></Product>" for each in range(1, 9_000)
    )
    with peer(soap("GetProducts", products)) as other, office_at(other.address) as office:
        assert len(office.products()) == 8_999
    monkeypatch.setattr(calls, "OF_A_LIST", transport.Bound(2**25, 40_000))
    with (
        peer(soap("GetProducts", products)) as other,
        office_at(other.address) as office,
        pytest.raises(Unknown, match="more than 40000 tags"),
    ):
        office.products()


def test_an_answer_that_cannot_be_read_in_time_is_given_up() -> None:
    service = service_interface("ProductService")
    operation = service.operation("SaveProducts")
    body = result("SaveProducts", SAVED).encode()
    with pytest.raises(Unknown, match="before the call's time was up"):
        read_answer(body, 200, service, operation, end=time.monotonic())


@pytest.mark.parametrize("dress", [str, quote, repr])
def test_a_refusal_of_one_item_or_a_fault_is_told_without_secrets_and_control_characters(
    dress: Callable[[str], str],
) -> None:
    echo = f"{'x' * 590} {dress(PASSWORD)} {APPLICATION}, {SESSION}"
    turned = "\u202egpj.exe\u009b31m"
    exception = f"<APIException><Type>Bad</Type><Message>{turned} {echo}</Message></APIException>"
    reply = soap("SaveProducts", f"<Product>{exception}</Product>")
    with peer(reply) as other, office_at(other.address) as office:
        [outcome] = office.create_products([PRODUCT])
    assert outcome.problem is not None
    for words in (outcome.problem.message, str(refusal_of(fault(f"{turned} {echo}")))):
        assert "\\u202egpj.exe\\u009b31m" in words
        for secret in (PASSWORD, APPLICATION, SESSION):
            assert secret[:8] not in words
    assert "•••" in outcome.problem.message


def test_a_content_type_is_named_only_where_it_is_a_known_one() -> None:
    words = str(refusal_of(http("x", kind=f"text/{PASSWORD}")))
    assert PASSWORD[:6] not in words
    assert "one that is not known" in words
    assert "text/html" in str(refusal_of(http(HTML, kind="text/html; charset=x")))


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


@pytest.mark.parametrize(
    "address",
    [f"http://127.0.0.1:{_free_port()}", "http://nowhere.invalid", "https://127.0.0.1:1"],
    ids=["nobody listens", "no such host", "no such port"],
)
def test_what_did_not_reach_the_service_is_not_sent(address: str) -> None:
    with office_at(address) as office, pytest.raises(NotSent, match="nothing was sent"):
        office.create_products([PRODUCT])


def test_plain_text_where_tls_is_wanted_is_not_sent() -> None:
    with peer(WHOLE) as other:
        office = office_at(other.address.replace("http", "https"))
        with office, pytest.raises(NotSent):
            office.create_products([PRODUCT])


def test_the_session_travels_as_the_one_cookie_and_no_other_is_kept() -> None:
    setting = {"Set-Cookie": "ASP.NET_SessionId=other; path=/"}
    reply = http(result("GetCategories", ""), headers=setting)
    with peer(reply) as other, office_at(other.address) as office:
        office.categories()
        office.categories()
    for request in other.requests:
        assert request.count(b"ASP.NET_SessionId") == 1
        assert f"Cookie: ASP.NET_SessionId={SESSION}\r\n".encode() in request


def test_without_a_session_no_cookie_is_sent_whatever_was_set_before() -> None:
    setting = {"Set-Cookie": "ASP.NET_SessionId=other; path=/"}
    reply = http(result("GetCategories", ""), headers=setting)
    with peer(reply) as other, office_at(other.address, session=None) as office:
        office.categories()
        office.categories()
    assert all(b"cookie:" not in request.lower() for request in other.requests)


def test_no_error_shows_a_secret_even_when_the_service_repeats_it() -> None:
    echo = f"bad credential {PASSWORD} {APPLICATION} {SESSION}"
    replies = [fault(echo), http(echo, "500 Oops", "text/html"), http(echo), WHOLE[:-40]]
    for reply in replies:
        with peer(reply) as other, office_at(other.address) as office:
            for call in (office.account.login, office.account.current_identity):
                with pytest.raises(OfficeError) as caught:
                    call()
                shown = "".join(traceback.format_exception(caught.value))
                for secret in (PASSWORD, APPLICATION):
                    assert secret not in shown
    with peer(fault(echo)) as other, office_at(other.address) as office:
        with pytest.raises(SessionLost) as lost:
            office.account.current_identity()
        assert SESSION not in str(lost.value)


def test_a_session_that_was_given_up_is_not_shown_either() -> None:
    """It may still be good: whoever logs in anew has not ended it."""
    with peer(fault(f"{SESSION} is in use")) as other, office_at(other.address) as office:
        with pytest.raises(LoginRefused) as caught:
            office.account.login()
        assert str(caught.value) == "24SevenOffice refused: ••• is in use"


def test_a_refused_login_is_told_apart_from_a_lost_one() -> None:
    for reply in (soap("Login", ""), fault("Wrong credentials")):
        with peer(reply) as other, office_at(other.address) as office:
            with pytest.raises(LoginRefused):
                office.account.login()
            assert office.session is None


def test_the_wait_for_an_answer_is_used_from_the_moment_the_request_has_left() -> None:
    used = threading.Event()

    def answer_when_used(connection: socket.socket) -> None:
        used.wait(5)
        connection.sendall(soap("GetInvoices", ""))

    with peer(answer_when_used) as other, office_at(other.address) as office:
        office.use_waits(used.set)
        assert office.orders([1]) == []
        assert used.is_set()
