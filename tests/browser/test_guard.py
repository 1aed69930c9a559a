"""The running app from outside: sessions in other hands, uploads, hosts, what pages load."""

from __future__ import annotations

import uuid
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, expect
from streamlit.proto.BackMsg_pb2 import BackMsg
from websockets.exceptions import InvalidStatus

from so24.people.roles import Actor
from so24.people.users import DEMO_USERS
from so24.ui.frame import browser as browser_cookie
from so24.ui.frame import cookie
from so24.ui.frame.shell import ENTRIES
from so24.ui.guard.message_sizes import LONGEST_OF_STRANGERS
from so24.ui.guard.uploads import FILES_OF_A_TAB, MEGABYTE
from tests.browser.conftest import RunningApp, open_browser_page, sign_in, wait_until_settled
from tests.browser.tabs import cookies_of, greet, open_tab
from tests.browser.tampering import sign_in as sign_in_by_form

pytestmark = pytest.mark.slow

ADA, FIA, ANN = DEMO_USERS
SIGNED_IN = "**ada**"  # the lower part of the sidebar
LOGIN = "Forgotten your password?"
ADD_SCRIPT = """() => {
    const script = document.createElement("script");
    script.textContent = "window.reached = true";
    document.head.append(script);
    return window.reached === undefined;
}"""
REPORT_VIOLATIONS = """document.addEventListener("securitypolicyviolation", (violation) =>
    console.error(`violation of ${violation.violatedDirective} by ${violation.blockedURI}`));"""


def test_a_session_belongs_to_the_browser_that_began_it(web_app: RunningApp) -> None:
    hers = cookies_of(web_app, ADA.name)
    with open_tab(web_app, hers) as tab:
        assert SIGNED_IN in tab.run("users")
        thieves = {
            "without a cookie": {},
            "with a browser of his own": greet(web_app),
            "with a login of his own": cookies_of(web_app, FIA.name),
            "with a made up browser": {browser_cookie.COOKIE: "x" * 43},
        }
        for who, cookies in thieves.items():
            with open_tab(web_app, cookies, tab.session_id) as thief:
                drawn = thief.run("users")
                assert SIGNED_IN not in drawn, who
                assert thief.session_id != tab.session_id
        assert SIGNED_IN in tab.run("users")  # nor has anybody pushed her out
    with open_tab(web_app, greet(web_app), tab.session_id) as thief:
        assert LOGIN in thief.run("users")  # nor after she has left
    with open_tab(web_app, hers, tab.session_id) as again:
        assert SIGNED_IN in again.run("users")
        assert again.session_id == tab.session_id  # her own tab comes back as it was


def test_nobody_uploads_without_a_login(web_app: RunningApp) -> None:
    anybody = greet(web_app)
    with open_tab(web_app, anybody) as tab:
        tab.run()
        assert upload(web_app, anybody, tab.session_id).status_code == 403
        analyst = {**anybody, cookie.COOKIE: cookies_of(web_app, ANN.name)[cookie.COOKIE]}
        assert upload(web_app, analyst, tab.session_id).status_code == 403
        finance = {**anybody, cookie.COOKIE: cookies_of(web_app, FIA.name)[cookie.COOKIE]}
        assert upload(web_app, finance, tab.session_id).status_code == 204
        sizes = [19 * MEGABYTE] * (FILES_OF_A_TAB + 1)
        codes = [upload(web_app, finance, tab.session_id, size).status_code for size in sizes]
        assert codes == [204] * FILES_OF_A_TAB + [413]


def upload(
    web_app: RunningApp, cookies: dict[str, str], session_id: str, size: int = 1000
) -> httpx.Response:
    """Put a file into the memory of a session."""
    address = f"{web_app.url}/_stcore/upload_file/{session_id}/{uuid.uuid4()}"
    headers = {"X-Xsrftoken": cookies["_streamlit_xsrf"], "Origin": web_app.url}
    files = {"file": ("report.csv", b"x" * size)}
    return httpx.put(address, files=files, cookies=cookies, headers=headers, timeout=60)


def test_emptying_the_caches_does_not_open_the_installation_anew(web_app: RunningApp) -> None:
    with open_tab(web_app, greet(web_app)) as tab:
        tab.run()
        before = open_files(web_app)
        for _ in range(5):
            clear = BackMsg()
            clear.clear_cache = True
            tab.send(clear)
            assert LOGIN in tab.run()
        assert open_files(web_app) <= before


def open_files(web_app: RunningApp) -> int:
    """How often the app's process has its database open."""
    of_process = Path(f"/proc/{web_app.process.pid}/fd")
    found = [file.readlink().name for file in of_process.iterdir() if file.is_symlink()]
    return sum(name.startswith("so24.db") for name in found)


def test_what_is_too_long_for_a_login_form_ends_the_connection(web_app: RunningApp) -> None:
    with open_tab(web_app, greet(web_app)) as tab:
        tab.send_bytes(b"x" * (LONGEST_OF_STRANGERS + 1))
        assert tab.wait_for_the_end() == 1009


def test_a_strangers_long_message_is_ended_at_its_beginning(web_app: RunningApp) -> None:
    with open_tab(web_app, greet(web_app)) as tab:
        tab.announce(30 * MEGABYTE)  # and nothing of it is sent
        assert tab.wait_for_the_end() == 1009


def test_who_is_signed_in_may_send_more_than_a_stranger(web_app: RunningApp) -> None:
    with open_tab(web_app, cookies_of(web_app, ANN.name)) as tab:
        asked = BackMsg()
        asked.rerun_script.query_string = "x" * (LONGEST_OF_STRANGERS * 4)
        assert "**ann**" in tab.answer(asked)


def test_a_stranger_who_signs_in_may_send_more_from_then_on(web_app: RunningApp) -> None:
    with open_tab(web_app, greet(web_app)) as tab:
        assert "**ann**" in sign_in_by_form(tab, ANN)
        asked = BackMsg()
        asked.rerun_script.query_string = "x" * (LONGEST_OF_STRANGERS * 4)
        assert "**ann**" in tab.answer(asked)


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({"origin": "http://127.0.0.1:9999"}, 403),
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "https://share.streamlit.io"}, 403),
    ],
)
def test_pages_of_others_cannot_connect(
    web_app: RunningApp, headers: dict[str, str], code: int
) -> None:
    with pytest.raises(InvalidStatus) as refused, open_tab(web_app, {}, **headers):
        pass
    assert refused.value.response.status_code == code


def test_other_names_of_this_machine_are_not_answered(web_app: RunningApp) -> None:
    for path in ("/", "/_stcore/health", "/_stcore/stream", "/so24/ready"):
        answer = httpx.get(f"{web_app.url}{path}", headers={"Host": "rebind.evil.example"})
        assert answer.status_code == 421
        assert "SO24_HOSTS" in answer.text


def test_nobody_is_told_of_sessions_and_hosts(web_app: RunningApp) -> None:
    for cookies in ({}, cookies_of(web_app, ADA.name)):
        for path in ("metrics", "agent/openapi.json", "script-health-check"):
            answer = httpx.get(f"{web_app.url}/_stcore/{path}", cookies=cookies)
            assert answer.status_code == 404
    assert httpx.get(f"{web_app.url}/_stcore/host-config").json()["allowedOrigins"] == []


@pytest.mark.parametrize(
    "name",
    [ADA.name, *(pytest.param(each.name, marks=pytest.mark.long) for each in (FIA, ANN))],
)
def test_no_page_violates_the_policy_or_loads_anything_from_elsewhere(
    web_app: RunningApp, browser: Browser, name: str
) -> None:
    with open_browser_page(browser) as page:
        page.add_init_script(REPORT_VIOLATIONS)
        told = watch_violations(page)
        foreign = watch_requests(page, web_app)
        [user] = [each for each in DEMO_USERS if each.name == name]
        sign_in(page, web_app.url, user.name, user.password)
        for entry in ENTRIES:
            link = page.get_by_test_id("stSidebarNav").get_by_role("link", name=entry.title)
            if Actor(user.name, user.role).may(entry.permission):
                link.click()
                expect(page.get_by_role("heading", name=entry.title, level=1)).to_be_visible()
                wait_until_settled(page)
        assert told == []
        assert foreign == []


def watch_violations(page: Page) -> list[str]:
    """What the browser tells of violations of the policy from now on."""
    told: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        if "violation of" in message.text or "Content Security Policy" in message.text:
            told.append(message.text)

    page.on("console", listen)
    return told


def watch_requests(page: Page, web_app: RunningApp) -> list[str]:
    """The addresses elsewhere that the browser asks from now on."""
    ours = (web_app.url, web_app.url.replace("http", "ws", 1), "data:", "blob:")
    foreign: list[str] = []

    def listen(sent: Request) -> None:
        if not sent.url.startswith(ours):
            foreign.append(sent.url)

    page.on("request", listen)
    return foreign


def test_a_violation_would_be_told(web_app: RunningApp, page: Page) -> None:
    page.add_init_script(REPORT_VIOLATIONS)
    told = watch_violations(page)
    page.goto(web_app.url)
    wait_until_settled(page)
    assert told == []
    with page.expect_console_message(lambda message: "violation of script-src" in message.text):
        assert page.evaluate(ADD_SCRIPT)
    assert told != []
