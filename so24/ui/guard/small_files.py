"""The page's own files go out compressed: each is compressed once and kept as it was sent.

Streamlit leaves that to a proxy, because it would compress a file anew for each browser. Browsers
keep the files for good, for their names tell their content, but the first visit over a thin line
takes as long as they are large.
"""

from __future__ import annotations

import asyncio
import gzip

import streamlit as st
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_FOLDER = "/static/"
_TEXTS = ("text/", "application/javascript", "application/json", "image/svg+xml")
_SMALLEST = 1_000  # bytes: below, the headers are what counts
_MOST_KEPT = 1_000  # files; Streamlit has some 320


class SmallFiles:
    """Compresses the files of the page for browsers that take it; all else passes untouched."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        base = str(st.get_option("server.baseUrlPath") or "").strip("/")
        self._folder = f"/{base}{_FOLDER}" if base else _FOLDER
        self._kept: dict[tuple[str, str], bytes] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer the request."""
        if not self._is_for_a_file(scope):
            await self._app(scope, receive, send)
            return
        begun: list[Message] = []
        parts: list[bytes] = []

        async def send_compressed(message: Message) -> None:
            """Hold the answer back until it is whole, and send it smaller."""
            if message["type"] == "http.response.start":
                begun.append(message)
                return
            parts.append(message.get("body", b""))
            if not message.get("more_body", False):
                body = await self._shrink(scope["path"], begun[0], b"".join(parts))
                await send(begun[0])
                await send({"type": "http.response.body", "body": body})

        await self._app(scope, receive, send_compressed)

    def _is_for_a_file(self, scope: Scope) -> bool:
        if scope["type"] != "http" or scope["method"] != "GET":
            return False
        asked = Headers(scope=scope)
        takes = "gzip" in asked.get("accept-encoding", "")
        return takes and "range" not in asked and scope["path"].startswith(self._folder)

    async def _shrink(self, path: str, start: Message, body: bytes) -> bytes:
        """The body as it goes out; where it is compressed, the headers say so."""
        headers = MutableHeaders(scope=start)
        is_text = headers.get("content-type", "").startswith(_TEXTS)
        if start["status"] != 200 or not is_text or len(body) < _SMALLEST:
            return body
        version = (path, headers.get("etag", "") or str(hash(body)))
        if version not in self._kept:
            if len(self._kept) >= _MOST_KEPT:
                self._kept.clear()
            self._kept[version] = await asyncio.to_thread(gzip.compress, body, mtime=0)
        small = self._kept[version]
        headers["Content-Encoding"] = "gzip"
        headers["Content-Length"] = str(len(small))
        headers.add_vary_header("Accept-Encoding")
        if etag := headers.get("etag"):
            headers["ETag"] = f"W/{etag.removeprefix('W/')}"  # the same file, not the same bytes
        return small
