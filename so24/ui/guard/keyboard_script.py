"""Brings our scripts and the reader's language into the page that Streamlit serves.

The script comes from an address of ours: the content security policy allows scripts from there
only, none that stands in the page.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Awaitable, Callable
from functools import cache

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from so24.language.reader import LANGUAGES
from so24.ui.frame.cookie import served_at
from so24.ui.guard import page_language, streamlit_words
from so24.ui.guard.streamlit_words import words_in
from so24.ui.help.reading import ASKED, TEXTS
from so24.ui.keyboard.shortcuts import HELP, OFF, PAGES, SCRIPT, SEARCHES
from so24.ui.tab.address import HELP_PLACE, LIST
from so24.ui.tab.basket import ADDRESS as TICKS
from so24.ui.tab.language import MARKS

_PATH = "/so24/keyboard.js"
_END = b"</head>"
# what comes by these is not there, or compressed, and nothing could be added to it
_NOT_ASKED = (b"if-none-match", b"if-modified-since", b"accept-encoding")
# the address tells the content
_LASTING = "public, immutable, max-age=31536000"  # in English: a header


class KeyboardScript:
    """Adds both to each page that a browser opens; all else passes untouched."""

    def __init__(
        self,
        app: ASGIApp,
        find_language: Callable[[HTTPConnection], Awaitable[str]] = page_language.language_of_page,
    ) -> None:
        self._app, self._find_language = app, find_language

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer the request."""
        if not _is_for_a_page(scope):
            await self._app(scope, receive, send)
            return
        language = await self._find_language(HTTPConnection(scope))
        begun: list[Message] = []
        parts: list[bytes] = []

        async def send_with_script(message: Message) -> None:
            """Hold the answer back until it is whole, and send it with the script."""
            if message["type"] == "http.response.start":
                begun.append(message)
                return
            parts.append(message.get("body", b""))
            if not message.get("more_body", False):
                body = _complete(begun[0], b"".join(parts), language)
                await send(begun[0])
                await send({"type": "http.response.body", "body": body})

        # whole and plain each time: a browser may have kept the page as it was without the script
        kept = [(name, value) for name, value in scope["headers"] if name not in _NOT_ASKED]
        await self._app({**scope, "headers": kept}, receive, send_with_script)


def address() -> str:
    """The path at which the app serves :func:`serve_script`."""
    return served_at(_PATH)


async def serve_script(_request: Request) -> Response:
    """The scripts, after what they know."""
    return Response(script(), media_type="text/javascript", headers={"Cache-Control": _LASTING})


@cache
def script() -> str:
    """The script as browsers get it."""
    known = {"pages": PAGES, "help": HELP, "off": OFF, "list": PAGES["i"], "ticks": TICKS,
             "asked": LIST, "languages": {f"st-key-{mark}": each for each, mark in MARKS.items()},
             "search": SEARCHES, "texts": TEXTS,
             "place": {"asked": HELP_PLACE, "name": ASKED},
             "words": {each: words for each in LANGUAGES if (words := words_in(each))}}  # fmt: skip
    parts = (each.read_text(encoding="utf-8") for each in (SCRIPT, streamlit_words.SCRIPT))
    return "\n".join((f"const SO24 = {json.dumps(known)};", *parts))


@cache
def _tag() -> bytes:
    version = hashlib.sha256(script().encode()).hexdigest()[:16]
    return f'<script src="{address()}?v={version}" defer></script>'.encode()


def _is_for_a_page(scope: Scope) -> bool:
    """Browsers say so where somebody opens an address, and nowhere else."""
    if scope["type"] != "http" or scope["method"] != "GET":
        return False
    return Headers(scope=scope).get("accept", "").startswith("text/html")


def _complete(start: Message, body: bytes, language: str) -> bytes:
    headers = MutableHeaders(scope=start)
    if not headers.get("content-type", "").startswith("text/html") or _END not in body:
        return body
    added = page_language.put_into(body.replace(_END, _tag() + _END, 1), language)
    headers.add_vary_header(page_language.VARIES_BY)
    headers["Content-Length"] = str(len(added))
    for name in ("ETag", "Last-Modified"):
        del headers[name]
    return added
