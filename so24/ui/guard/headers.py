"""What browsers are told to allow on our pages: nothing from elsewhere, no script but Streamlit's.

The policy names the inline scripts of the page that is served by their hashes, which are computed
when the app starts, so that another version of Streamlit brings its own along.
"""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import file_util

from so24.ui.frame.session import installation

_OFF = ("camera", "display-capture", "geolocation", "microphone", "midi", "payment", "usb")


class SecurityHeaders:
    """Puts the headers on every answer; connections and streams pass through untouched."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer the request, with the headers."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(security_headers())
                if installation().settings.secure_cookie:
                    _secure_cookies(message)
            await send(message)

        await self._app(scope, receive, send_with_headers)


def keep_nowhere(send: Send) -> Send:
    """Send an answer that neither browser nor proxy keeps: it is for who is signed in now."""

    async def send_once(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message)["Cache-Control"] = "no-store"
        await send(message)

    return send_once


def _secure_cookies(start: Message) -> None:
    """Have Streamlit's own cookies, too, sent by https only."""
    start["headers"] = [
        (name, value + b"; Secure")
        if name.lower() == b"set-cookie" and b"; secure" not in value.lower()
        else (name, value)
        for name, value in start["headers"]
    ]


@cache
def security_headers() -> dict[str, str]:
    """The headers of every answer."""
    return {
        "Content-Security-Policy": content_policy(index_page()),
        "Permissions-Policy": ", ".join(f"{each}=()" for each in _OFF),
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "X-Frame-Options": "SAMEORIGIN",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
    }


def index_page() -> str:
    """The page that Streamlit serves, in which it then draws everything."""
    return (Path(file_util.get_static_dir()) / "index.html").read_text(encoding="utf-8")


def content_policy(page: str) -> str:
    """The content security policy for this page.

    Styles may stand inline, because the grids and React set them on elements. WebAssembly may be
    compiled, by our scripts only: the library that reads Streamlit's messages tries whether it is
    there. No text becomes a script.
    """
    hashes = "".join(f" '{_hash(script)}'" for script in inline_scripts(page))
    return (
        f"default-src 'none'; script-src 'self'{hashes} 'wasm-unsafe-eval'; "
        "style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; "
        "connect-src 'self'; manifest-src 'self'; frame-src 'self'; frame-ancestors 'self'; "
        "object-src 'none'; base-uri 'self'; form-action 'self'"
    )


def inline_scripts(page: str) -> list[str]:
    """The texts of the scripts that stand in a page itself."""
    reader = _ScriptReader()
    reader.feed(page)
    return reader.scripts


def _hash(script: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}"


class _ScriptReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.scripts: list[str] = []
        self._is_inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._is_inside = tag == "script" and "src" not in dict(attrs)
        if self._is_inside:
            self.scripts.append("")

    def handle_endtag(self, tag: str) -> None:
        self._is_inside = False

    def handle_data(self, data: str) -> None:
        if self._is_inside:
            self.scripts[-1] += data
