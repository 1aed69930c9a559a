"""The icon font is a small one, with every icon that may be shown."""

from __future__ import annotations

import asyncio

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from so24.ui.frame.shell import ENTRIES
from so24.ui.guard.icon_font import IconFont, icon_names, stands_in_for
from tests.make_icons import full_font, named_icons

AGAIN = "make the font anew: python -m tests.make_icons"
# Streamlit's scripts name some that its own font has not
UNKNOWN = {"speed_1_75", "star_filled"}


def ask(name: str, method: str = "GET", **headers: str) -> httpx.Response:
    """The answer of an application whose own file says that it is another one."""

    async def tell(_request: Request) -> Response:
        return PlainTextResponse("Streamlit's own")

    app = IconFont(Starlette(routes=[Route("/static/media/{name}", tell)]))

    async def get() -> httpx.Response:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            return await client.request(method, f"/static/media/{name}", headers=headers)

    return asyncio.run(get())


def test_it_goes_out_in_place_of_streamlit_s_and_once_only() -> None:
    answer = ask(stands_in_for())
    assert answer.headers["content-type"] == "font/woff2"
    assert answer.content.startswith(b"wOF2")
    assert len(answer.content) < full_font().stat().st_size / 5
    assert answer.headers["cache-control"] == "public, no-cache"
    again = ask(stands_in_for(), **{"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert ask(stands_in_for(), **{"If-None-Match": '"another"'}).status_code == 200


def test_another_font_is_streamlit_s_own() -> None:
    assert ask("MaterialSymbols-Rounded.Another1.woff2").text == "Streamlit's own"


def test_it_has_every_icon_that_our_pages_and_streamlit_s_scripts_name() -> None:
    assert stands_in_for() == full_font().name, AGAIN
    ours = {entry.icon for entry in ENTRIES}
    assert (named_icons() | ours) - icon_names() <= UNKNOWN, AGAIN
