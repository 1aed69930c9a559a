"""The shortcuts' script is in every page that a browser opens, and its language; nowhere else."""

from __future__ import annotations

import asyncio
import re

import httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import HTTPConnection, Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route
from streamlit.testing.v1 import AppTest

from so24.installation import Installation
from so24.language.reader import choose_language, speaking
from so24.language.telling import tell
from so24.people import logins
from so24.people.languages import choose_own_language
from so24.store.tables.people_tables import Role
from so24.ui.frame.cookie import write_login
from so24.ui.frame.shell import ENTRIES
from so24.ui.guard.headers import index_page
from so24.ui.guard.keyboard_script import KeyboardScript, address, script, serve_script
from so24.ui.guard.page_language import language_of_page
from so24.ui.keyboard.shortcuts import OFF, PAGES, SEARCHES, SINGLE_KEYS
from so24.ui.tab.language import MARKS
from tests.language.bokmal import bokmal  # noqa: F401 - a fixture
from tests.pages.conftest import OpenApp, open_by_address

BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
TAG = re.compile(r'<script src="(/so24/keyboard\.js\?v=[0-9a-f]{16})" defer></script></head>')


async def language_asked_for(asked: HTTPConnection) -> str:
    """As where nobody has chosen another one."""
    return choose_language(asked.headers.get("accept-language", ""))


def ask(path: str, headers: dict[str, str]) -> httpx.Response:
    """The answer of an application that serves Streamlit's page, for whom it changed long ago."""

    async def page(request: Request) -> Response:
        if "if-none-match" in request.headers:
            return Response(status_code=304)
        return HTMLResponse(index_page(), headers={"ETag": '"page"', "Last-Modified": "long ago"})

    routes = [Route(address(), serve_script), Route("/{path:path}", page)]

    async def get() -> httpx.Response:
        # Streamlit compresses the page for some addresses
        within = Starlette(routes=routes, middleware=[Middleware(GZipMiddleware)])
        transport = httpx.ASGITransport(KeyboardScript(within, language_asked_for))
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            return await client.get(path, headers=headers)

    return asyncio.run(get())


def test_a_page_that_is_opened_has_the_script_and_the_script_is_there() -> None:
    opened = ask("/receipt?run=1", BROWSER)
    found = TAG.search(opened.text)
    assert found is not None
    assert len(opened.content) == int(opened.headers["content-length"])
    served = ask(found[1], {})
    assert served.headers["content-type"].startswith("text/javascript")
    assert "immutable" in served.headers["cache-control"]
    assert served.text.startswith("const SO24 = ")


def test_a_browser_that_takes_compressed_pages_gets_the_script_too() -> None:
    assert TAG.search(ask("/history", BROWSER | {"Accept-Encoding": "gzip"}).text)


def test_a_page_that_was_kept_without_the_script_is_sent_again() -> None:
    again = ask("/", BROWSER | {"If-None-Match": '"page"'})
    assert TAG.search(again.text)
    assert "etag" not in again.headers
    assert "last-modified" not in again.headers


@pytest.mark.parametrize(("accepted", "language"), [("nb-NO", "nb"), ("en-GB", "en")])
def test_the_page_says_in_which_language_it_will_be(accepted: str, language: str) -> None:
    opened = ask("/", BROWSER | {"Accept-Language": accepted})
    assert f'<html lang="{language}">' in opened.text
    assert "Accept-Language" in opened.headers["vary"]


def test_a_page_is_in_the_language_of_who_is_signed_in_before_that_of_the_browser(
    installation: Installation,
) -> None:
    secret = logins.open_session(installation, "fia")
    choose_own_language(installation, secret, "nb")
    cookies = Response()
    write_login(cookies, installation, secret, "")
    signed_in = cookies.headers["set-cookie"].partition(";")[0]

    def language(*headers: tuple[str, str]) -> str:
        raw = [(name.encode(), value.encode()) for name, value in headers]
        return asyncio.run(language_of_page(HTTPConnection({"type": "http", "headers": raw})))

    assert language(("accept-language", "en")) == "en"
    assert language(("accept-language", "en"), ("cookie", signed_in)) == "nb"


@pytest.mark.usefixtures("bokmal")
def test_the_script_knows_how_the_page_marks_each_language_and_how_searches_are_called() -> None:
    with speaking("nb"):
        assert tell("Search the help").startswith(SEARCHES)
    assert "Search the help".startswith(SEARCHES)
    assert [f"st-key-{mark}" in script() for mark in MARKS.values()] == [True, True]


def test_all_else_passes_untouched() -> None:
    assert ask("/static/page", {"Accept": "*/*"}).text == index_page()
    assert ask("/", {"If-None-Match": '"page"'}).status_code == 304


def test_each_letter_leads_to_a_page_by_the_name_that_help_says() -> None:
    titles = {entry.name: entry.title for entry in ENTRIES}
    told = dict(SINGLE_KEYS)
    for letter, name in PAGES.items():
        assert told[f"G, then {letter.upper()}"].startswith(titles[name])


def test_shortcuts_of_one_key_can_be_turned_off_and_stay_off(app: OpenApp) -> None:
    def is_marked(at: AppTest) -> bool:
        return any(OFF in str(each.proto) for each in at.sidebar.children.values())

    at = app(Role.ANALYST, "help")
    assert not is_marked(at)
    at.toggle(key="help_single_keys").set_value(False).run()
    open_by_address(at, "receipt")
    assert is_marked(at.run())
