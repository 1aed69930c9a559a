"""The icons go out as a font of their own, with those that are shown: 56 KB in place of 375.

Streamlit's font has 4,000 icons and is a fifth of a first visit. Ours stands in for the very file
that it was made from (``icons.txt``; ``python -m tests.make_icons``); another version of Streamlit
brings its own font along. It is asked for at each visit whether it is still the same, for its
address is Streamlit's and does not tell.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

import streamlit as st
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

_HERE = Path(__file__).parent


class IconFont:
    """Answers for the icon font of this Streamlit; all else passes untouched."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        base = str(st.get_option("server.baseUrlPath") or "").strip("/")
        folder = f"/{base}/static/media" if base else "/static/media"
        self._path = f"{folder}/{stands_in_for()}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer the request."""
        is_ours = scope["type"] == "http" and scope["path"] == self._path
        if not is_ours or scope["method"] not in ("GET", "HEAD"):
            await self._app(scope, receive, send)
            return
        await _answer(Headers(scope=scope))(scope, receive, send)


def stands_in_for() -> str:
    """The name of Streamlit's file from which the font was made."""
    return _read_list()[0]


def icon_names() -> frozenset[str]:
    """The icons that the font has."""
    return frozenset(_read_list()[1:])


def _answer(asked: Headers) -> Response:
    font = (_HERE / "icons.woff2").read_bytes()
    mark = f'"{hashlib.blake2b(font, digest_size=12).hexdigest()}"'
    lasting = "public, no-cache"  # in English: a header
    headers = {"Cache-Control": lasting, "ETag": mark}
    if mark in asked.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(font, headers=headers, media_type="font/woff2")


@cache
def _read_list() -> tuple[str, ...]:
    return tuple((_HERE / "icons.txt").read_text(encoding="utf-8").split())
