"""The login cookie: what it says, and how the server has the browser keep it or throw it away.

The cookie names a login session of the store, so that it ends where the session ends. A script run
cannot write it, because it speaks to the browser through a websocket. It therefore issues a
:class:`CookieTicket` and draws an image of one invisible dot whose address carries the ticket; the
answer to the browser's request for that image carries the cookie. No script in the browser can
read the cookie, and nothing on the page asks for a run of its own, which could overtake what a
person presses.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Mapping

import jwt
import streamlit as st
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import Response

from so24.installation import Installation
from so24.people import logins
from so24.people.logins import SignedIn
from so24.store.tables.ground import now
from so24.ui.frame import session
from so24.ui.frame.asking_browser import KNOWN_BROWSER, mark_browser
from so24.ui.frame.browser import full_name

COOKIE = "so24_login"
COMPANY_COOKIE = "so24_company"  # of so24.ui.frame.company_login
_PATH = "/so24/cookie"
WAIT_SECONDS = 2.0  # nobody waits longer where the browser does not ask for the image
_TICKET_SECONDS = 60.0
_ALGORITHM = "HS256"
_DOT = '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>'


class CookieTicket:
    """A ticket by which the browser brings its cookie in line with one login session.

    It fetches the cookie of an open session, and loses that of an ended one where it still holds
    it. The code is good for one request within a minute, so that it is worth nothing in a log.
    """

    def __init__(self, secret: str) -> None:
        self.secret = secret
        self.code = secrets.token_urlsafe(32)
        self.redeemed = threading.Event()
        self.is_awaited = True  # until a run has waited for it
        self._ends = time.monotonic() + _TICKET_SECONDS
        with _lock:
            for code in [code for code, ticket in _issued.items() if ticket.is_over()]:
                del _issued[code]
            _issued[self.code] = self

    def renewed(self) -> CookieTicket:
        """This ticket, or another one where its minute is over and the browser did not ask."""
        if self.redeemed.is_set() or not self.is_over():
            return self
        ticket = CookieTicket(self.secret)
        ticket.is_awaited = False  # who blocks the cookie shall not wait again and again
        return ticket

    def is_over(self) -> bool:
        """Whether the browser has redeemed it, or may not do so any more."""
        return self.redeemed.is_set() or time.monotonic() > self._ends


_lock = threading.Lock()
_issued: dict[str, CookieTicket] = {}


def draw_ticket(ticket: CookieTicket | None) -> None:
    """Draw the image of a ticket, if there is one, and wait a moment until it is redeemed.

    The wait keeps a reload that follows at once from losing the login. It is bounded: where the
    browser does not ask, its user is signed in all the same, for as long as the tab lives.
    """
    place = st.empty()  # drawn in every run, so that nothing below it moves
    if ticket is None or ticket.is_over():
        return
    place.html(f'<img alt="" src="{address()}?ticket={ticket.code}">')
    if ticket.is_awaited:
        ticket.is_awaited = False
        if ticket.redeemed.wait(WAIT_SECONDS):
            place.empty()


def redeem_ticket(request: Request) -> Response:
    """Answer the request for the image of a ticket, with the cookie; 404 where it is not good."""
    # browsers say whose page asks: that of another site shall not sign its visitors in
    ours = request.headers.get("sec-fetch-site", "same-origin") == "same-origin"
    with _lock:
        ticket = _issued.pop(request.query_params.get("ticket", ""), None) if ours else None
    if ticket is None or ticket.is_over():
        return Response(status_code=404)
    response = Response(
        _DOT,
        media_type="image/svg+xml",
        headers={"Cache-Control": "no-store"},
        background=BackgroundTask(ticket.redeemed.set),  # runs when the answer has been sent
    )
    _write(response, session.installation(), ticket.secret, request)
    return response


def address() -> str:
    """The path at which the app serves :func:`redeem_ticket`."""
    return served_at(_PATH)


def served_at(path: str) -> str:
    """Where the app serves a path of ours: behind its base path."""
    base = str(st.get_option("server.baseUrlPath") or "").strip("/")
    return f"/{base}{path}" if base else path


def content_in(cookies: Mapping[str, str]) -> str:
    """What the login cookie among these says, or "" where it is not among them."""
    return cookies.get(full_name(session.installation().settings, COOKIE), "")


def secret_in(content: str) -> str:
    """The secret of the open login session that a cookie of this content names, or "".

    A cookie counts only with our signature, and only for the user of that session.
    """
    return _verify(content)[0]


def user_in(cookies: Mapping[str, str]) -> SignedIn | None:
    """Who is signed in by the login cookie among these; nobody who has something to do first."""
    user = _verify(content_in(cookies))[1]
    return None if user is None or user.is_held else user


def _verify(content: str) -> tuple[str, SignedIn | None]:
    secret, name = _read(content)
    user = logins.verify(session.installation(), secret) if secret else None
    return (secret, user) if user is not None and user.name == name else ("", None)


def write_login(response: Response, opened: Installation, secret: str, known: str) -> bool:
    """Have the browser keep the login with this secret; False where it is none that is open.

    ``known`` is the token of the browser, if anybody has signed in with it before.
    """
    user = logins.verify(opened, secret)
    if user is None:
        return False
    content = {"username": user.name, "sid": secret}
    key = opened.settings.cookie_key.get_secret_value()
    response.set_cookie(
        full_name(opened.settings, COOKIE),
        jwt.encode(content, key, algorithm=_ALGORITHM),
        max_age=int((user.expires_at - now()).total_seconds()),
        secure=opened.settings.secure_cookie,
        httponly=True,
        samesite="strict",
    )
    mark_browser(response, known, opened, user.name)
    return True


def _write(response: Response, opened: Installation, secret: str, request: Request) -> None:
    known = request.cookies.get(full_name(opened.settings, KNOWN_BROWSER), "")
    if write_login(response, opened, secret, known):
        _delete(response, opened, request, COMPANY_COOKIE)  # what it had to say is settled
    elif _read(content_in(request.cookies))[0] == secret:  # another tab may have signed in since
        _delete(response, opened, request, COOKIE)


def _delete(response: Response, opened: Installation, request: Request, name: str) -> None:
    full, secure = full_name(opened.settings, name), opened.settings.secure_cookie
    if full in request.cookies:
        response.delete_cookie(full, secure=secure, httponly=True, samesite="strict")


def _read(cookie: str) -> tuple[str, str]:
    """The secret and the user's name in a cookie that we have signed, else two empty texts."""
    key = session.installation().settings.cookie_key.get_secret_value()
    try:
        token = jwt.decode(cookie, key, algorithms=[_ALGORITHM])
    except jwt.InvalidTokenError:
        return "", ""
    return str(token.get("sid", "")), str(token.get("username", ""))
