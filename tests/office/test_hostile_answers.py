"""Whatever comes over the wire in answer to a write or a read: one request, one clear outcome.

A write that may have been done is never called refused or not sent, and nothing that is no whole
answer to this very call is taken for one.
"""

from __future__ import annotations

import gzip
import re
import socket
import zlib
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pytest

from so24.errors import OfficeError, Refused, SessionLost, Throttled, Unknown
from so24.office.gateway import Office
from tests.office.peers import (
    ENVELOPE,
    NAMESPACE,
    PRODUCT,
    SPOKEN_LIMIT,
    Reply,
    envelope,
    fault,
    http,
    office_at,
    peer,
    result,
)

TAKEN = None
CONTENT = "<Product><Id>5</Id><No>100</No></Product>"
PAGE = "<!DOCTYPE html><html><body><h1>Down</h1><br></body></html>"
Outcome = type[OfficeError] | None
Make = Callable[[str], Reply]


@dataclass(frozen=True)
class Kind:
    """An answer to an operation, and how a write and a read end that get it."""

    make: Make
    write: Outcome = Unknown
    read: Outcome = Unknown


def bare(head: str, body: bytes = b"") -> bytes:
    """An answer with just these lines before the body."""
    return "\r\n".join(head.splitlines()).encode() + b"\r\n\r\n" + body


def good(operation: str) -> bytes:
    """The body that is taken."""
    return result(operation, CONTENT).encode()


def packed(body: bytes, encoding: str) -> bytes:
    """A body that was packed already, with what the header says of it."""
    return http(body, headers={"Content-Encoding": encoding})


def of(content: str) -> Make:
    """A whole answer with this in its result."""
    return lambda operation: http(result(operation, content))


def edited(pattern: str, by: str) -> Make:
    """The good body with something replaced."""

    def make(operation: str) -> bytes:
        text, count = re.subn(pattern, by, result(operation, CONTENT))
        assert count
        return http(text)

    return make


def body(content: bytes | str, status: str = "200 OK", kind: str = "text/xml") -> Make:
    """Always the same, whatever is called."""
    return lambda _operation: http(content, status, kind)


def chunks(operation: str, *, size: str = "", end: bytes = b"0\r\n\r\n") -> bytes:
    """The good body in one chunk, of its true size or of another one."""
    content = good(operation)
    head = "HTTP/1.1 200 OK\nContent-Type: text/xml\nTransfer-Encoding: chunked\nConnection: close"
    size = size or f"{len(content):x}"
    return bare(head, size.encode() + b"\r\n" + content + b"\r\n" + end)


def endless(piece: bytes, first: bytes = b"HTTP/1.1 200 OK\r\n") -> Make:
    """Sends without end, until the other side hangs up."""

    def send(connection: socket.socket) -> None:
        connection.sendall(first)
        while True:
            connection.sendall(piece)

    return lambda _operation: send


def _laughs() -> str:
    levels = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    return f'<!DOCTYPE a [<!ENTITY e0 "ha">{levels}]><a>&e9;</a>'


LENGTH = rb"Content-Length: \d+\r\n"
# good content in odd clothing: taken
ODDLY_DRESSED: Mapping[str, Make] = {
    "as it is": lambda op: http(good(op)),
    "UTF-16": lambda op: http(result(op, CONTENT).replace("utf-8", "utf-16").encode("utf-16")),
    "UTF-16 that claims to be UTF-8": lambda op: http(result(op, CONTENT).encode("utf-16")),
    "latin-1": edited('encoding="utf-8"', 'encoding="iso-8859-1"'),
    "a mark of the byte order": lambda op: http(b"\xef\xbb\xbf" + good(op)),
    "packed": lambda op: http(good(op), packed=True),
    "deflated": lambda op: packed(zlib.compress(good(op)), "deflate"),
    "packed twice": lambda op: packed(gzip.compress(gzip.compress(good(op))), "gzip, gzip"),
    "in chunks": chunks,
    "without a length": lambda op: re.sub(LENGTH, b"", http(good(op))),
    "HTTP/1.0": lambda op: http(good(op)).replace(b"HTTP/1.1", b"HTTP/1.0"),
    "headers in small letters": lambda op: http(good(op)).replace(b"Content-Type", b"content-type"),
    "after 100 Continue": lambda op: b"HTTP/1.1 100 Continue\r\n\r\n" + http(good(op)),
    "an instruction": edited("<s:Body>", "<?x y?><s:Body>"),
    "comments": edited("<Product>", "<!-- x --><Product><!-- y -->"),
    "a comment within a number": edited("<Id>5</Id>", "<Id><!-- x -->5</Id>"),
    "CDATA": edited("<No>100</No>", "<No><![CDATA[100]]></No>"),
    "a reference of a sign": edited("<Id>5", "<Id>&#53;"),
    "another prefix": lambda op: http(
        re.sub(r"\bs:", "q:", result(op, CONTENT)).replace("xmlns:s=", "xmlns:q=")
    ),
    "a SOAP header": edited("<s:Body>", "<s:Header><a/></s:Header><s:Body>"),
    "blanks around": edited("<Id>5</Id>", "<Id>\n 5 \n</Id>"),
    "unknown elements": edited("<Id>", "<Mood>good</Mood><Id>"),
    "an unknown element of a braced namespace": edited(
        "<Id>", '<Mood xmlns="a}}"/><Mood xmlns="u"/><Id>'
    ),
    "attributes": edited("<Id>", '<Id mood="good">'),
}

# nothing that can be read as this call's whole answer
NOT_AN_ANSWER: Mapping[str, Make] = {
    # of HTTP
    "a page": body(PAGE, kind="text/html"),
    "a page that claims to be XML": body(PAGE),
    "a page with 404": body(PAGE, "404 Not Found", "text/html"),
    "a page with 500": body(PAGE, "500 Oops", "text/html"),
    "a page with 502": body(PAGE, "502 Bad Gateway", "text/html"),
    "a page with 504": body(PAGE, "504 Timeout", "text/html"),
    "forbidden": body("", "403 Forbidden", "text/plain"),
    "unauthorized": body("", "401 Unauthorized", "text/plain"),
    "moved": lambda op: http(good(op), "302 Found", headers={"Location": "/login"}),
    "moved with the method kept": lambda op: http(good(op), "307 x", headers={"Location": "/"}),
    "moved for good": lambda op: http(good(op), "308 x", headers={"Location": "http://[::1]/"}),
    "accepted only": lambda op: http(good(op), "202 Accepted"),
    "no content": lambda op: bare("HTTP/1.1 204 No Content\nContent-Type: text/xml"),
    "a part of it": lambda op: http(good(op), "206 Partial Content"),
    "a good body with 500": lambda op: http(good(op), "500 Oops"),
    "a good body with 400": lambda op: http(good(op), "400 Bad"),
    "a status that is none": lambda op: http(good(op)).replace(b"200 OK", b"abc"),
    "a status of 999": lambda op: http(good(op)).replace(b"200 OK", b"999 x"),
    "a good body as JSON": lambda op: http(good(op), kind="application/json"),
    "a good body of SOAP 1.2": lambda op: http(good(op), kind="application/soap+xml"),
    "no type": lambda op: re.sub(rb"Content-Type: [^\r]*\r\n", b"", http(good(op))),
    "JSON": body('{"d": 5}', kind="application/json"),
    "no body": body(b""),
    "a blank": body(" "),
    "cut off": lambda op: http(good(op))[:-40],
    "cut off without a length": lambda op: re.sub(LENGTH, b"", http(good(op)))[:-40],
    "a length too short": lambda op: re.sub(LENGTH, b"Content-Length: 99\r\n", http(good(op))),
    "a length too long": lambda op: re.sub(LENGTH, b"Content-Length: 9999\r\n", http(good(op))),
    "two lengths": lambda op: http(good(op), headers={"content-length": "3"}),
    "a chunk too long": lambda op: chunks(op, size="fffff"),
    "a chunk of no size": lambda op: chunks(op, size="xyz"),
    "no last chunk": lambda op: chunks(op, end=b""),
    "packed and cut off": lambda op: packed(gzip.compress(good(op))[:-20], "gzip"),
    "packed, it says": lambda op: packed(good(op), "gzip"),
    "no HTTP": lambda op: b"220 mail.example.no ESMTP\r\n\r\n",
    "an alert of TLS": lambda op: b"\x15\x03\x01\x00\x02\x02\x28",
    "a status line alone": lambda op: b"HTTP/1.1 200 OK",
    "nothing": lambda op: b"",
    "many headers": lambda op: bare("HTTP/1.1 200 OK\n" + "X: y\n" * 500 + "Z: z", good(op)),
    "a long header": lambda op: http(good(op), headers={"X": "y" * 100_000}),
    "headers without end": endless(b"X: y\r\n" * 1000),
    "promises without end": endless(b"HTTP/1.1 100 Continue\r\n\r\n" * 100, b""),
    "a body without end": endless(
        b"<a/>" * 9000, b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n\r\n"
    ),
    # of XML
    "no XML": body("x"),
    "broken XML": lambda op: http(good(op).replace(b"</Id>", b"")),
    "two roots": lambda op: http(good(op) + b"<a/>"),
    "bytes that are no UTF-8": lambda op: http(good(op).replace(b"100", b"1\xff0")),
    "a sign in more bytes than it needs": lambda op: http(good(op).replace(b"100", b"1\xc0\xb00")),
    "a sign that is none": edited("100", "1&#0;0"),
    "an entity that nobody knows": edited("100", "1&x;0"),
    "a document type": lambda op: http("<!DOCTYPE a>" + result(op, CONTENT)[38:]),
    "entities by the billion": body(_laughs()),
    "a file's entity": body('<!DOCTYPE a [<!ENTITY f SYSTEM "file:///etc/passwd">]><a>&f;</a>'),
    "ten thousand levels": body("<a>" * 10_000 + "</a>" * 10_000),
    "ten thousand attributes": lambda op: http(
        good(op).replace(b"<Product>", b"<Product%s>" % b' a="b"' * 10_000)
    ),
    # of SOAP
    "another root": body("<a/>"),
    "SOAP 1.2": lambda op: http(
        result(op, CONTENT).replace(ENVELOPE, "http://www.w3.org/2003/05/soap-envelope")
    ),
    "no SOAP body": body(f'<s:Envelope xmlns:s="{ENVELOPE}"/>'),
    "an empty SOAP body": body(envelope("")),
    "two answers in a body": lambda op: http(envelope(f"<a/>{result(op, CONTENT)[38:]}")),
    "another operation's answer": lambda op: http(good("GetCategories")),
    "the request": lambda op: http(envelope(f'<{op} xmlns="{NAMESPACE}"/>')),
    "a namespace with a brace": lambda op: http(
        result(op, CONTENT + '<a xmlns="u"/>').replace(NAMESPACE, "a}}")
    ),
    "another namespace": lambda op: http(result(op, CONTENT).replace(NAMESPACE, "urn:x")),
    "two results": edited("<(\\w+Result)>(.*)</\\w+Result>", r"<\1>\2</\1><\1>\2</\1>"),
    "a fault with a part of a braced namespace": lambda op: fault(
        'Timeout</faultstring><a xmlns="b}}"/><a xmlns="u"/><faultstring>Timeout expired'
    ),
    "a fault without words": lambda op: fault(""),
    "a fault about time": lambda op: fault("Server was unable ---&gt; Timeout expired."),
    "a fault about a deadlock": lambda op: fault("Transaction was deadlocked"),
    # of the values
    "an id that is a word": of("<Product><Id>five</Id><No>100</No></Product>"),
    "an id with decimals": of("<Product><Id>5.0</Id><No>100</No></Product>"),
    "an id with a power": of("<Product><Id>5e0</Id><No>100</No></Product>"),
    "an id of other digits": of("<Product><Id>٥</Id><No>100</No></Product>"),
    "an id twice": of("<Product><Id>5</Id><Id>6</Id><No>100</No></Product>"),
    "an element instead of an id": of("<Product><Id><a/></Id><No>100</No></Product>"),
}
# what a write does not take, and a read does: it lists what there is
ANOTHER_LIST: Mapping[str, Make] = {
    "no result": lambda op: http(envelope(f'<{op}Response xmlns="{NAMESPACE}"/>')),
    "an empty result": of(""),
    "one too many": of(CONTENT + "<Product><Id>6</Id><No>101</No></Product>"),
    "the same twice": of(CONTENT * 2),
    "a nil": of('<Product xsi:nil="true"/>'),
    "another one's": of(CONTENT.replace("100", "101")),
}
NO_ID: Mapping[str, Make] = {
    "neither id nor reason": of("<Product><No>100</No></Product>"),
    "an id of none": of("<Product><Id>-2147483648</Id><No>100</No></Product>"),
}
NOT_NOW: Mapping[str, Make] = {
    "too many calls": body("slow down", "429 Too Many", "text/plain"),
    "too many calls, in SOAP": lambda op: fault("slow down", "429 Too Many"),
    "not now": body(PAGE, "503 Unavailable", "text/html"),
    "not now, with a good body": lambda op: http(good(op), "503 Unavailable"),
    "a limit in a page": body(SPOKEN_LIMIT, kind="text/plain"),
    "a limit in a fault": lambda op: fault(SPOKEN_LIMIT),
}
SAID_NO: Mapping[str, Make] = {
    "a fault": lambda op: fault("The category does not exist."),
    "a fault with 200": lambda op: fault("The category does not exist.", "200 OK"),
    "a fault in a default namespace": body(
        f'<Envelope xmlns="{ENVELOPE}"><Body><Fault><faultcode>Server</faultcode>'
        "<faultstring>No such category.</faultstring></Fault></Body></Envelope>",
        "500 Oops",
    ),
}
GONE: Mapping[str, Make] = {
    "no session": lambda op: fault("x ---&gt; Session is not authenticated"),
    "a session elsewhere": lambda op: fault("Client is not authenticated on this identity"),
}
KINDS: Mapping[str, Kind] = {
    **{name: Kind(make, TAKEN, TAKEN) for name, make in ODDLY_DRESSED.items()},
    **{name: Kind(make) for name, make in NOT_AN_ANSWER.items()},
    **{name: Kind(make, Unknown, TAKEN) for name, make in ANOTHER_LIST.items()},
    **{name: Kind(make) for name, make in NO_ID.items()},
    **{name: Kind(make, Throttled, Throttled) for name, make in NOT_NOW.items()},
    **{name: Kind(make, Refused, Refused) for name, make in SAID_NO.items()},
    **{name: Kind(make, SessionLost, SessionLost) for name, make in GONE.items()},
}


def write(office: Office) -> object:
    """One product is made."""
    return office.create_products([PRODUCT])


def read(office: Office) -> object:
    """The list of products."""
    return office.products()


def outcome_of(reply: Reply, work: Callable[[Office], object]) -> Outcome:
    """How the work ends that gets this reply, in one request."""
    with peer(reply) as other, office_at(other.address) as office:
        try:
            work(office)
        except OfficeError as error:
            return next(each for each in (Unknown, type(error)) if isinstance(error, each))
        finally:
            assert len(other.requests) == 1
    return TAKEN


@pytest.mark.parametrize("name", KINDS)
def test_a_write_ends_as_the_kind_of_its_answer_says(name: str) -> None:
    assert outcome_of(KINDS[name].make("SaveProducts"), write) is KINDS[name].write


@pytest.mark.parametrize("name", KINDS)
def test_a_read_ends_as_the_kind_of_its_answer_says(name: str) -> None:
    assert outcome_of(KINDS[name].make("GetProducts"), read) is KINDS[name].read


def test_so_many_kinds_end_in_each_way() -> None:
    """The figures of the security page."""
    ends = Counter(end for kind in KINDS.values() for end in (kind.write, kind.read))
    assert len(KINDS) >= 78
    assert ends == {TAKEN: 54, Unknown: 160, Throttled: 12, Refused: 6, SessionLost: 4}
