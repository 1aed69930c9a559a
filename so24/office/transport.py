"""One HTTP request, one bounded answer: the only module of so24 that talks to 24SevenOffice.

What is raised says how far the request came, because that decides what may be repeated:
``NotSent`` before the body left, ``Throttled`` when the service announced a wait, ``Unknown`` for
everything else that is not an answer in XML.
"""

from __future__ import annotations

import contextlib
import io
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse
from http.cookiejar import DefaultCookiePolicy
from typing import Any

import requests
import urllib3
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

from so24.errors import NotSent, Throttled, Unknown
from so24.language.said import say
from so24.office.interface.spec import MAIN_HOST, vendor_address
from so24.office.limits import announced_wait, read_quota
from so24.office.values import Quota
from so24.settings import OFFICE_LIVE

MOST_BEGINNINGS = 20


class _Beginning(HTTPResponse):
    """The beginning of an answer, which may announce itself (1xx) so often and no more.

    What comes fast enough is read on and on even from a connection that was shut down: Linux drops
    nothing that has arrived. Of headers there are no more than the library allows.
    """

    _read = 0

    def _read_status(self) -> tuple[str, int, str]:
        self._read += 1
        if self._read > MOST_BEGINNINGS:
            raise HTTPException("announced too often")  # in English: only its kind is told
        return super()._read_status()  # type: ignore[misc,no-any-return] # not in typeshed


class BoundedAdapter(HTTPAdapter):
    """An adapter without repeats whose connections wait ``seconds`` at most for the headers."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        super().__init__(pool_connections=1, max_retries=0)

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        """Give each pool connections that know the deadline."""
        super().init_poolmanager(*args, **options)
        seconds = self._seconds

        class Connection(HTTPConnection):
            response_class = _Beginning

            def getresponse(self) -> Any:
                with _hang_up_after(seconds, self.sock):
                    return super().getresponse()

        class SecureConnection(HTTPSConnection):
            response_class = _Beginning

            def getresponse(self) -> Any:
                with _hang_up_after(seconds, self.sock):
                    return super().getresponse()

        class Pool(HTTPConnectionPool):
            ConnectionCls = Connection

        class SecurePool(HTTPSConnectionPool):
            ConnectionCls = SecureConnection

        self.poolmanager.pool_classes_by_scheme = {"http": Pool, "https": SecurePool}


@contextlib.contextmanager
def _hang_up_after(seconds: float, connection: Any) -> Iterator[None]:
    late = threading.Event()

    def hang_up() -> None:
        late.set()
        # Not the method of a TLS socket: it would take TLS from under a read that is going on.
        with contextlib.suppress(OSError):
            socket.socket.shutdown(connection, socket.SHUT_RDWR)

    timer = threading.Timer(seconds, hang_up)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
    if late.is_set():
        # Headers that were cut off would pass for complete ones.
        raise TimeoutError


# the vendor's hosts that a session may be shown to; both want its cookie
VENDOR_HOSTS = frozenset({"api", "webservices"})
_PIECE = 2**16
# any other one is not repeated: it may say what it should not
_KNOWN_TYPES = frozenset(
    ("", "text/html", "text/plain", "application/json", "application/xml", "application/soap+xml")
)
_BROKEN = (urllib3.exceptions.HTTPError, requests.RequestException, OSError)


@dataclass(frozen=True)
class Deadlines:
    """Seconds for the connection, for each silence of the other side, and for the whole call."""

    connect: float = 5.0
    read: float = 120.0
    total: float = 300.0


@dataclass(frozen=True)
class Bound:
    """The most that an answer may bring: in bytes, unpacked, and in tags, which cost the most."""

    size: int
    tags: int


# a list of all companies: some 600 bytes and 30 tags each
OF_A_LIST = Bound(32 * 2**20, 1_500_000)


def bound_of_save(request: bytes) -> Bound:
    """The bound for the answer to this request, which repeats it with what it has become."""
    return Bound(
        min(2**20 + 20 * len(request), OF_A_LIST.size),
        min(10_000 + 20 * request.count(b"<"), OF_A_LIST.tags),
    )


@dataclass(frozen=True)
class Answer:
    """The status and the complete body of an answer in XML, to be read before ``end``.

    That is on the monotonic clock.
    """

    status: int
    body: bytes
    end: float


class Transport:
    """The connections of one key to one base address; ``quota`` is what was last announced.

    No redirects (they would turn the call into another one), no proxies or passwords from the
    environment, TLS verified, no cookie jar: the session travels as an explicit header.
    """

    def __init__(self, address: str, deadlines: Deadlines | None = None) -> None:
        self._address = address.rstrip("/")
        self._deadlines = deadlines or Deadlines()
        self.quota = Quota()
        self._http = requests.Session()
        self._http.trust_env = False
        for scheme in ("http://", "https://"):
            self._http.mount(scheme, BoundedAdapter(self._deadlines.total))
        self._http.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))

    def close(self) -> None:
        """Give the connections back."""
        self._http.close()

    def post(
        self,
        path: str,
        action: str,
        body: bytes,
        session: str | None,
        while_waiting: Callable[[], None] | None = None,
        *,
        host: str = MAIN_HOST,
        bound: Bound = OF_A_LIST,
    ) -> Answer:
        """Send one SOAP 1.1 request and read the whole answer, which may bring ``bound`` at most.

        ``host`` is the vendor's that has the service. ``while_waiting`` is called as soon as the
        request has left; it must return at once.
        Raises NotSent, Throttled or Unknown; the texts name no address parameters, no header
        and no part of the answer, so they may be logged.
        """
        headers = {
            "Content-Type": "text/xml; charset=utf-8",  # in English: the protocol's
            "SOAPAction": f'"{action}"',
            "Accept-Encoding": "gzip",
        }
        if session:
            headers["Cookie"] = f"ASP.NET_SessionId={session}"
        end = time.monotonic() + self._deadlines.total
        address = service_address(self._address, host) + path
        response = self._send(address, _Outgoing(body, while_waiting), headers)
        answer = self._receive(response, end, bound)
        self._check(response, answer)
        return Answer(response.status_code, answer, end)

    def _send(
        self, address: str, outgoing: _Outgoing, headers: dict[str, str]
    ) -> requests.Response:
        waits = (self._deadlines.connect, self._deadlines.read)
        try:
            return self._http.post(
                address, data=outgoing, headers=headers, timeout=waits,
                allow_redirects=False, stream=True,
            )  # fmt: skip
        except _BROKEN as error:
            kind = type(error).__name__
            if not outgoing.has_left:
                raise NotSent(
                    say("24SevenOffice could not be reached ({kind}); nothing was sent.", kind=kind)
                ) from None
            raise Unknown(
                say(
                    "The connection to 24SevenOffice broke before an answer came ({kind}).",
                    kind=kind,
                )
            ) from None

    def _receive(self, response: requests.Response, end: float, bound: Bound) -> bytes:
        received = bytearray()
        tags = 0
        complete = False
        try:
            # read1 hands out what has arrived, so that a dripping answer meets the deadline.
            while piece := response.raw.read1(_PIECE, decode_content=True):
                received += piece
                tags += piece.count(b"<")
                if len(received) > bound.size:
                    raise Unknown(say("The answer is larger than {size} bytes.", size=bound.size))
                if tags > bound.tags:
                    raise Unknown(say("The answer has more than {tags} tags.", tags=bound.tags))
                if time.monotonic() > end:
                    raise Unknown(
                        say(
                            "No complete answer came within {total} seconds.",
                            total=f"{self._deadlines.total:g}",
                        )
                    )
            complete = True
        except _BROKEN as error:
            raise Unknown(
                say("The answer broke off ({error}).", error=type(error).__name__)
            ) from None
        finally:
            if complete:
                response.raw.release_conn()
            else:
                response.close()
        return bytes(received)

    def _check(self, response: requests.Response, body: bytes) -> None:
        self.quota = read_quota(response.headers, self.quota)
        status = response.status_code
        if 300 <= status < 400:
            raise Unknown(
                say(
                    "24SevenOffice redirects (HTTP {status}); redirects are not followed.",
                    status=status,
                )
            )
        kind = response.headers.get("Content-Type", "").split(";")[0].strip().lower()
        page = "" if kind == "text/xml" else body.decode("utf-8", "replace")
        wait = announced_wait(status, response.headers, page)
        if wait is not None:
            raise Throttled(wait.sentence, wait.until)
        if kind != "text/xml":
            told = kind if kind in _KNOWN_TYPES else say("one that is not known")
            raise Unknown(
                say(
                    "HTTP {status} brought no SOAP answer (Content-Type: {told}).",
                    status=status,
                    told=told,
                )
            )


def service_address(base: str, host: str) -> str:
    """The base address of a service that the vendor keeps on this host of its own.

    Only at the vendor itself: a sandbox, or whatever stands at another address, serves them all.
    """
    if base != OFFICE_LIVE or host not in VENDOR_HOSTS:
        return base
    return vendor_address(host)


class _Outgoing(io.BytesIO):
    """A request body that knows whether its first byte was taken: before that, nothing was sent.

    Headers leave first, but a POST whose body never follows is not carried out.
    """

    has_left = False

    def __init__(self, body: bytes, when_sent: Callable[[], None] | None) -> None:
        super().__init__(body)
        self._when_sent = when_sent

    def read(self, size: int | None = -1, /) -> bytes:
        self.has_left = True
        piece = super().read(size)
        if not piece and self._when_sent is not None:
            self._when_sent()
        return piece
