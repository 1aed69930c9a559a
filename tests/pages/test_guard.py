"""The guard in front of the application: who gets through to what, and what the others hear."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping
from typing import Any

import httpx
import jwt
import pytest
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import Message, Receive, Scope, Send
from streamlit import config
from streamlit.web.server.starlette import starlette_routes

from so24.installation import Installation
from so24.people import logins
from so24.store.people import people
from so24.store.tables.people_tables import Role
from so24.ui.frame import browser, cookie, strangers
from so24.ui.frame.refused_uploads import MOST_TABS, RefusedUploads
from so24.ui.frame.strangers import Strangers
from so24.ui.guard import guard, hosts, uploads
from so24.ui.guard.guard import Guard
from so24.ui.guard.message_sizes import LONGEST_OF_STRANGERS
from tests.pages.conftest import NAMES

OURS = "http://127.0.0.1:8501"
UPLOAD = "/_stcore/upload_file/tab-1/file-1"
STREAM = "/_stcore/stream"


class Behind:
    """What stands behind the guard, in place of Streamlit: it notes what gets through to it."""

    def __init__(self) -> None:
        self.seen: list[Scope] = []
        self.received: list[Message] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer everything, and take one message of each connection."""
        self.seen.append(scope)
        if scope["type"] == "websocket":
            await send({"type": "websocket.accept"})
            self.received.append(await receive())
            return
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"through"})


@pytest.fixture
def behind() -> Behind:
    """What stands behind the guard."""
    return Behind()


@pytest.fixture
def guarded(installation: Installation, behind: Behind) -> Guard:
    """The guard of this installation."""
    return Guard(behind)


@pytest.fixture(autouse=True)
def refused(monkeypatch: pytest.MonkeyPatch) -> RefusedUploads:
    """What has been refused in the test; nobody visits when it begins."""
    refused = RefusedUploads()
    monkeypatch.setattr(guard, "strangers", Strangers())
    monkeypatch.setattr(guard, "refused_uploads", refused)
    return refused


def cookies_of(installation: Installation, role: Role) -> dict[str, str]:
    """The login cookie of this role's user."""
    name = NAMES[role]
    content = {"username": name, "sid": logins.open_session(installation, name)}
    key = installation.settings.cookie_key.get_secret_value()
    return {cookie.COOKIE: jwt.encode(content, key, algorithm="HS256")}


def ask(
    guarded: Guard, method: str, path: str, cookies: Mapping[str, str] = {}, **headers: str
) -> httpx.Response:
    """What the guard, or what is behind it, answers."""

    async def send() -> httpx.Response:
        served = httpx.ASGITransport(guarded)
        async with httpx.AsyncClient(
            transport=served, base_url=OURS, cookies=dict(cookies)
        ) as client:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            return await client.request(method, path, headers=named)

    return asyncio.run(send())


def connect(
    guarded: Guard,
    cookies: Mapping[str, str] = {},
    sent: bytes = b"",
    path: str = STREAM,
    source: str = "192.0.2.1",
    **headers: str,
) -> list[Message]:
    """Open a connection, send one message, and leave; what the guard or the one behind it says."""
    said: list[Message] = []
    given = {"host": "127.0.0.1:8501", "origin": OURS, **headers}
    if cookies:
        given["cookie"] = "; ".join(f"{name}={value}" for name, value in cookies.items())
    scope: dict[str, Any] = {
        "type": "websocket", "path": path, "client": (source, 1), "query_string": b"",
        "headers": [(name.encode(), value.encode()) for name, value in given.items()],
        "extensions": {"websocket.http.response": {}}, "subprotocols": [],
    }  # fmt: skip

    async def receive() -> Message:
        return {"type": "websocket.receive", "bytes": sent}

    async def send(message: Message) -> None:
        said.append(message)

    asyncio.run(guarded(scope, receive, send))
    return said


def status_of(said: list[Message]) -> int:
    """101 where the connection was taken, else the status of the refusal."""
    return 101 if said[0]["type"] == "websocket.accept" else int(said[0]["status"])


@pytest.mark.parametrize(
    ("method", "path", "nobody", "analyst", "finance"),
    [
        ("GET", "/", 200, 200, 200),
        ("GET", "/users", 200, 200, 200),
        ("GET", "/static/js/index.js", 200, 200, 200),
        ("GET", "/so24/ready", 200, 200, 200),
        ("GET", "/so24/metrics", 200, 200, 200),
        ("GET", "/so24/cookie", 200, 200, 200),
        ("GET", "/so24/company/back", 200, 200, 200),
        ("GET", "/_stcore/health", 200, 200, 200),
        ("GET", "/_stcore/host-config", 200, 200, 200),
        ("GET", "/media/0f.csv", 403, 200, 200),
        ("HEAD", "/media/0f.csv", 403, 200, 200),
        ("GET", "/component/some.thing/index.html", 403, 200, 200),
        ("GET", "/_stcore/bidi-components/some/main.js", 403, 200, 200),
        ("PUT", UPLOAD, 403, 403, 200),
        ("DELETE", UPLOAD, 403, 403, 200),
        ("OPTIONS", UPLOAD, 403, 403, 200),
        ("GET", "/_stcore/metrics", 404, 404, 404),
        ("GET", "/_stcore/metrics?families=x", 404, 404, 404),
        ("GET", "/_stcore/metrics/", 404, 404, 404),
        ("GET", "/_stcore/script-health-check", 404, 404, 404),
        ("POST", "/_stcore/agent/interact", 404, 404, 404),
        ("GET", "/_stcore/what-comes-with-the-next-version", 404, 404, 404),
        ("GET", "/_stcore", 404, 404, 404),
    ],
)
def test_each_path_is_for_those_it_is_for(
    guarded: Guard,
    installation: Installation,
    method: str,
    path: str,
    nobody: int,
    analyst: int,
    finance: int,
) -> None:
    answers = [
        ask(guarded, method, path, cookies).status_code
        for cookies in (
            {},
            cookies_of(installation, Role.ANALYST),
            cookies_of(installation, Role.FINANCE),
        )
    ]
    assert answers == [nobody, analyst, finance]


@pytest.mark.parametrize("path", ["/media/0f.csv", "/component/x/index.html"])
def test_what_only_who_is_signed_in_gets_is_kept_nowhere(
    guarded: Guard, installation: Installation, path: str
) -> None:
    for cookies in ({}, cookies_of(installation, Role.ANALYST)):
        assert ask(guarded, "GET", path, cookies).headers["cache-control"] == "no-store"
    assert "cache-control" not in ask(guarded, "GET", "/static/js/index.js").headers


def test_under_a_base_path_the_same_holds(
    installation: Installation, behind: Behind, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("streamlit.get_option", {"server.baseUrlPath": "/money/so24/"}.get)
    guarded = Guard(behind)
    for path, status in {"/media/0f.csv": 403, "/_stcore/metrics": 404, "/users": 200}.items():
        assert ask(guarded, "GET", f"/money/so24{path}").status_code == status


@pytest.mark.parametrize("end", ["revoked", "must change", "made up"])
def test_a_login_that_is_none_opens_nothing(
    guarded: Guard, installation: Installation, end: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    cookies = cookies_of(installation, Role.FINANCE)
    if end == "revoked":
        secret = jwt.decode(cookies[cookie.COOKIE], options={"verify_signature": False})["sid"]
        logins.close_session(installation, secret)
    elif end == "made up":
        cookies = {cookie.COOKIE: jwt.encode({"username": "fia", "sid": "x"}, "k" * 40)}
    else:
        with installation.db.writing() as session:
            user = people.user_named(session, "fia")
            assert user is not None
            user.must_change = True
    assert ask(guarded, "PUT", UPLOAD, cookies).status_code == 403
    assert ask(guarded, "GET", "/media/0f.csv", cookies).status_code == 403


@pytest.mark.parametrize(
    ("host", "allowed"),
    [
        ("localhost", True),
        ("LOCALHOST.:8501", True),
        ("127.0.0.1:1", True),
        ("[::1]:8501", True),
        ("evil.example", False),
        ("localhost.evil.example", False),
        ("127.0.0.1.evil.example", False),
        ("user@localhost", False),
        ("localhost:port", False),
        ("localhost/", False),
        ("", False),
    ],
)
def test_only_the_names_that_are_set_are_answered(guarded: Guard, host: str, allowed: bool) -> None:
    for path in ("/", "/so24/ready", "/static/x.js"):
        answer = ask(guarded, "GET", path, host=host)
        assert answer.status_code == (200 if allowed else 421)
    assert "SO24_HOSTS" in ask(guarded, "GET", "/", host="evil.example").text
    assert status_of(connect(guarded, host=host, origin=f"http://{host}")) == (
        101 if allowed else 421
    )


def test_other_names_are_a_setting(
    guarded: Guard, installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(installation.settings, "hosts", "So24.example, 10.0.0.7")
    for host, status in {"so24.example": 200, "10.0.0.7:80": 200, "localhost": 421}.items():
        assert ask(guarded, "GET", "/", host=host).status_code == status
    monkeypatch.setattr(installation.settings, "hosts", "*")
    assert ask(guarded, "GET", "/", host="whatever.example").status_code == 200


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        (OURS, 101),
        ("http://127.0.0.1:9999", 403),
        ("http://localhost:8501", 403),
        ("http://127.0.0.1", 403),
        ("https://share.streamlit.io", 403),
        ("null", 403),
        ("http://[", 403),
    ],
)
def test_only_our_own_pages_may_connect_or_upload(
    guarded: Guard, installation: Installation, origin: str, status: int
) -> None:
    finance = cookies_of(installation, Role.FINANCE)
    assert status_of(connect(guarded, finance, origin=origin)) == status
    uploaded = ask(guarded, "PUT", UPLOAD, finance, origin=origin)
    assert uploaded.status_code == (200 if status == 101 else status)


@pytest.mark.parametrize(
    ("origin", "host", "ours"),
    [
        ("https://so24.example", "so24.example", True),
        ("http://so24.example", "so24.example", False),  # somebody on the way, without TLS
        ("ws://so24.example", "so24.example", False),
        ("http://127.0.0.1:8501", "127.0.0.1:8501", True),
        ("http://[::1]:8501", "[::1]:8501", True),
        ("http://localhost.:8501", "localhost.:8501", True),
        ("https://localhost.evil.example", "localhost", False),
    ],
)
def test_behind_https_a_page_under_our_name_that_came_by_http_is_not_ours(
    guarded: Guard,
    installation: Installation,
    monkeypatch: pytest.MonkeyPatch,
    origin: str,
    host: str,
    ours: bool,
) -> None:
    monkeypatch.setattr(installation.settings, "hosts", "so24.example, localhost, 127.0.0.1, [::1]")
    monkeypatch.setattr(installation.settings, "tls_cookie", True)
    assert status_of(connect(guarded, host=host, origin=origin)) == (101 if ours else 403)


def test_a_program_names_no_page() -> None:
    assert hosts.is_own_page(None, "localhost")


def test_the_browser_is_told_to_streamlit_by_the_guard_alone(
    guarded: Guard, behind: Behind, installation: Installation
) -> None:
    known = {browser.COOKIE: "k" * 43}
    forged: dict[str, Any] = {browser.HEADER.lower(): "a" * 64}
    for cookies in (known, known, {browser.COOKIE: "K" * 43}, {}, {}, {browser.COOKIE: "short"}):
        connect(guarded, cookies, **forged)
    marks = []
    for scope in behind.seen:
        [mark] = [value for name, value in scope["headers"] if name == b"x-so24-browser"]
        marks.append(mark)
    assert marks[0] == marks[1]
    assert len(set(marks)) == 5  # without a cookie it is another browser each time
    assert b"a" * 64 not in marks


def test_streamlit_is_told_to_compare_browsers(monkeypatch: pytest.MonkeyPatch) -> None:
    before = config.get_option("server.trustedUserHeaders")
    try:
        browser.bind_sessions()
        assert config.get_option("server.trustedUserHeaders") == {browser.HEADER: "browser"}
    finally:
        config.set_option("server.trustedUserHeaders", before)


def test_a_browser_gets_its_cookie_before_it_connects_and_keeps_it(
    guarded: Guard, installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = ask(guarded, "GET", "/_stcore/host-config")
    written = answer.headers["set-cookie"]
    assert written.startswith(f"{browser.COOKIE}=")
    assert "HttpOnly" in written
    assert "SameSite=strict" in written
    again = ask(guarded, "GET", "/_stcore/host-config", answer.cookies)
    assert "set-cookie" not in again.headers
    monkeypatch.setattr(installation.settings, "tls_cookie", True)
    behind_https = ask(guarded, "GET", "/_stcore/host-config").headers["set-cookie"]
    assert behind_https.startswith(f"__Host-{browser.COOKIE}=")
    assert "Secure" in behind_https
    assert "Path=/;" in behind_https


def test_the_answer_on_hosts_is_streamlits_without_any_host() -> None:
    [route] = starlette_routes.create_host_config_routes("")
    asked = Request({"type": "http", "method": "GET", "headers": []})
    theirs = asyncio.run(route.endpoint(asked))  # type: ignore[attr-defined] # a Route
    expected = httpx.Response(200, content=theirs.body).json()
    assert {**expected, "allowedOrigins": []} == guard.HOST_CONFIG


def test_so_many_may_look_at_the_login_page_and_no_more(
    guarded: Guard, installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(strangers, "MOST_OF_A_SOURCE", 2)
    monkeypatch.setattr(strangers, "MOST_IN_ALL", 3)
    assert [status_of(connect(guarded)) for _ in range(3)] == [101, 101, 429]
    assert status_of(connect(guarded, source="192.0.2.2")) == 101
    assert status_of(connect(guarded, source="192.0.2.3")) == 429
    assert status_of(connect(guarded, cookies_of(installation, Role.ANALYST))) == 101


def test_whoever_signs_in_is_no_visitor_any_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(strangers, "MOST_OF_A_SOURCE", 1)
    here = Strangers()
    first = here.admit("a", "mark")
    assert first is not None
    assert here.is_stranger(first)
    assert here.admit("a", "other") is None
    here.welcome("mark")
    assert not here.is_stranger(first)
    second = here.admit("a", "other")
    assert second is not None
    here.part(second)
    assert here.admit("a", "third") is not None


def test_a_visitor_sends_little(guarded: Guard, behind: Behind, installation: Installation) -> None:
    long, most = b"x" * (LONGEST_OF_STRANGERS + 1), b"x" * LONGEST_OF_STRANGERS
    connect(guarded, sent=most)
    said = connect(guarded, sent=long)
    assert said[-1] == {"type": "websocket.close", "code": 1009}
    connect(guarded, cookies_of(installation, Role.ANALYST), sent=long)
    assert [message.get("bytes") for message in behind.received] == [most, None, long]


def test_nothing_but_the_stream_is_connected_to(guarded: Guard) -> None:
    assert status_of(connect(guarded, path="/_stcore/metrics")) == 404
    assert status_of(connect(guarded, path=UPLOAD)) == 404


def test_what_lies_in_memory_of_one_tab_and_of_all_is_bounded(
    guarded: Guard, installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    finance = cookies_of(installation, Role.FINANCE)
    largest = uploads.largest_file()
    kept = Counter({"tab-1": (uploads.FILES_OF_A_TAB - 1) * largest})
    monkeypatch.setattr(uploads, "bytes_kept", lambda: kept)

    def upload(tab: str, size: int) -> int:
        path = f"/_stcore/upload_file/{tab}/file"
        return ask(guarded, "PUT", path, finance, content_length=str(size)).status_code

    assert upload("tab-1", largest) == 200
    assert upload("tab-1", largest + 1) == 413
    kept["tab-1"] += 1
    assert upload("tab-2", largest) == 200
    kept["tab-3"] = uploads.FILES_IN_ALL * largest
    refused = ask(guarded, "PUT", UPLOAD, finance, content_length=str(largest))
    assert refused.status_code == 413
    assert "Import them, or reload the page" in refused.text
    assert upload("tab-2", 1) == 413


def test_whoever_does_not_say_how_much_comes_counts_as_the_largest() -> None:
    sizes = [
        uploads.announced_size(Headers(each))
        for each in (
            {"Content-Length": "5"},
            {},
            {"Content-Length": "-5"},
            {"Content-Length": "5", "Transfer-Encoding": "chunked"},
        )
    ]
    assert sizes == [5, *[uploads.largest_file()] * 3]


def test_what_is_on_its_way_counts_as_well() -> None:
    space = uploads.UploadSpace()
    largest = uploads.largest_file()
    with space.holding("tab-1", uploads.FILES_OF_A_TAB * largest):
        assert "This tab has" in space.judge("tab-1", 1)
        assert not space.judge("tab-2", 1)
    assert not space.judge("tab-1", 1)


def test_a_refusal_waits_for_its_tab(
    guarded: Guard, installation: Installation, refused: RefusedUploads
) -> None:
    ask(guarded, "PUT", UPLOAD, cookies_of(installation, Role.ANALYST))
    words = "ann, who is signed in in this browser, may not import."
    assert refused._words == {"tab-1": words}
    ask(guarded, "PUT", UPLOAD)
    assert refused._words["tab-1"].startswith("Nobody is signed in")
    for number in range(MOST_TABS * 2):
        ask(guarded, "PUT", f"/_stcore/upload_file/tab-{number}/file")
    assert len(refused._words) == MOST_TABS
    assert refused.take() == ""  # no tab is drawn here
