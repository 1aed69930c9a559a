"""The guard: decides of every request and connection whether Streamlit gets to see it.

Without a login it lets through what the login page needs: the page and its files, the connection
that draws it, the request that fetches the cookie. Everything else of Streamlit's is for people
who are signed in, and what is there for hosts of many apps is for nobody.
"""

from __future__ import annotations

import asyncio
import enum
from functools import partial

import streamlit as st
from starlette.requests import HTTPConnection
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocket

from so24.language.said import say
from so24.language.telling import told_in
from so24.people.logins import SignedIn
from so24.people.roles import Permission
from so24.settings import Settings
from so24.ui.frame import browser, cookie
from so24.ui.frame.asking_browser import source_of
from so24.ui.frame.refused_uploads import refused_uploads
from so24.ui.frame.session import installation
from so24.ui.frame.strangers import strangers
from so24.ui.guard import hosts
from so24.ui.guard.headers import keep_nowhere
from so24.ui.guard.message_sizes import receive_little, take_more
from so24.ui.guard.page_language import language_of
from so24.ui.guard.uploads import UploadSpace, announced_size

_READING = frozenset({"GET", "HEAD", "OPTIONS"})
_SIGN_IN = say("Nobody is signed in in this browser any more: reload the page and sign in.")
_NOT_FOUND = "Not found"  # in English: as Streamlit answers it
# As Streamlit answers it, but for the list of hosts that may hold our pages in a frame of theirs.
HOST_CONFIG = {
    "allowedOrigins": [],
    "useExternalAuthToken": False,
    "enableCustomParentMessages": False,
    "enforceDownloadInNewTab": False,
    "metricsUrl": "",
    "blockErrorDialogs": False,
    "resourceCrossOriginMode": None,
}


class Door(enum.Enum):
    """Who may go through to what a path leads to."""

    EVERYBODY = enum.auto()
    HOST_CONFIG = enum.auto()
    SIGNED_IN = enum.auto()
    IMPORTERS = enum.auto()
    NOBODY = enum.auto()


def door_to(path: str) -> Door:
    """The door before a path, which begins behind the base path; new parts of Streamlit's: nobody.

    What is not listed is the page itself, its files, or a route of ours.
    """
    first, _, rest = path.lstrip("/").partition("/")
    if first in ("media", "component"):
        return Door.SIGNED_IN
    if first != "_stcore":
        return Door.EVERYBODY
    return {
        "health": Door.EVERYBODY,
        "stream": Door.EVERYBODY,
        "host-config": Door.HOST_CONFIG,
        "bidi-components": Door.SIGNED_IN,
        "upload_file": Door.IMPORTERS,
    }.get(rest.partition("/")[0], Door.NOBODY)


class Guard:
    """Stands in front of the application; see the module."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._base = "/" + str(st.get_option("server.baseUrlPath") or "").strip("/")
        self._space = UploadSpace()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the request or connection through, or answer it."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        asked = HTTPConnection(scope)
        is_page = scope["type"] == "http" and scope["method"] in _READING
        refusal = _judge_source(asked, installation().settings, may_be_asked_by_others=is_page)
        if refusal is not None:
            await _refuse(scope, receive, send, refusal)
        elif scope["type"] == "http":
            await self._answer(asked, receive, send)
        else:
            await self._connect(asked, receive, send)

    async def _answer(self, asked: HTTPConnection, receive: Receive, send: Send) -> None:
        path = self._path(asked)
        door = door_to(path)
        if door is Door.IMPORTERS:
            await self._take_upload(asked, path, receive, send)
            return
        refusal: Response | None = None
        if door is Door.NOBODY:
            refusal = PlainTextResponse(_NOT_FOUND, 404)
        elif door is Door.HOST_CONFIG:
            refusal = _tell_host_config(asked)
        elif door is Door.SIGNED_IN:
            send = keep_nowhere(send)
            if await _find_user(asked) is None:
                refusal = _refusal(asked, _SIGN_IN, 403)
        await (refusal or self._app)(asked.scope, receive, send)

    async def _take_upload(
        self, asked: HTTPConnection, path: str, receive: Receive, send: Send
    ) -> None:
        session_id = path.split("/")[3] if path.count("/") > 2 else ""
        size = announced_size(asked.headers)
        code, words = _judge_importer(await _find_user(asked))
        if not words and asked.scope["method"] == "PUT":
            code, words = 413, self._space.judge(session_id, size)
        if words:
            refused_uploads.note(session_id, words)
            await _refusal(asked, words, code)(asked.scope, receive, send)
            return
        with self._space.holding(session_id, size):
            await self._app(asked.scope, receive, send)

    async def _connect(self, asked: HTTPConnection, receive: Receive, send: Send) -> None:
        if door_to(self._path(asked)) is not Door.EVERYBODY:
            refusal: Response = PlainTextResponse(_NOT_FOUND, 404)
            await _refuse(asked.scope, receive, send, refusal)
            return
        mark = browser.mark_of(installation().settings, asked.cookies)
        scope = _introduce_browser(asked.scope, mark)
        take_all = take_more(receive)
        if await _find_user(asked) is not None:
            take_all()
            await self._app(scope, receive, send)
            return
        visit = strangers.admit(source_of(asked).source, mark, take_all)
        if visit is None:
            words = say("Too many login pages are open. Close some, or try again in a minute.")
            await _refuse(scope, receive, send, _refusal(asked, words, 429))
            return
        received = receive_little(partial(strangers.is_stranger, visit), receive, send)
        try:
            await self._app(scope, received, send)
        finally:
            # Streamlit keeps the session for so long
            kept = float(st.get_option("server.disconnectedSessionTTL") or 0)
            asyncio.get_running_loop().call_later(kept, strangers.part, visit)

    def _path(self, asked: HTTPConnection) -> str:
        path: str = asked.scope["path"]
        return path.removeprefix(self._base) if self._base != "/" else path


def _judge_source(
    asked: HTTPConnection, settings: Settings, *, may_be_asked_by_others: bool
) -> Response | None:
    """The refusal where the request names another host than ours, or comes from another's page."""
    host = asked.headers.get("host", "")
    if not hosts.is_allowed(host, settings.allowed_hosts):
        name = hosts.name_in(host)
        words = say(
            "so24 does not answer at this name: {name}. Whoever runs so24 adds the name to "
            "SO24_HOSTS and starts it again.",
            name=name or say("no name of a host"),
        )
        return _refusal(asked, words, 421)
    origin, by_https = asked.headers.get("origin"), settings.secure_cookie
    if may_be_asked_by_others or hosts.is_own_page(origin, host, by_https=by_https):
        return None
    return _refusal(asked, say("This is for so24's own pages only."), 403)


def _refusal(asked: HTTPConnection, words: str, code: int) -> Response:
    """An answer in words, for who reads it in the browser."""
    return PlainTextResponse(told_in(language_of(asked), words), code)


async def _refuse(scope: Scope, receive: Receive, send: Send, refusal: Response) -> None:
    if scope["type"] == "http":
        await refusal(scope, receive, send)
    else:
        await WebSocket(scope, receive, send).send_denial_response(refusal)


async def _find_user(asked: HTTPConnection) -> SignedIn | None:
    """Who is signed in by the cookie of this request; the store is asked each time."""
    if not asked.cookies:
        return None
    return await asyncio.to_thread(cookie.user_in, asked.cookies)


def _judge_importer(user: SignedIn | None) -> tuple[int, str]:
    """The refusal's code and words where this user may not upload; no words where he may."""
    if user is None:
        return 403, _SIGN_IN
    if user.actor.may(Permission.IMPORT):
        return 403, ""
    return 403, say("{name}, who is signed in in this browser, may not import.", name=user.name)


def _tell_host_config(asked: HTTPConnection) -> Response:
    """Streamlit's page asks for it before it connects: the moment to make the browser known."""
    answer = JSONResponse(HOST_CONFIG, headers={"Cache-Control": "no-store"})
    settings = installation().settings
    if not browser.is_known(settings, asked.cookies):
        browser.introduce(settings, answer)
    return answer


def _introduce_browser(scope: Scope, mark: str) -> Scope:
    """The scope with the browser's mark in its header, which nobody else may have written."""
    ours = browser.HEADER.lower().encode()
    headers = [each for each in scope["headers"] if each[0].lower() != ours]
    return {**scope, "headers": [*headers, (ours, mark.encode())]}
