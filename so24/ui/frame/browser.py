"""The browser, known again by a cookie of its own from before anybody signs in with it.

Streamlit hands the session of a tab to whoever names its id, and the id stands in addresses. So the
server tells Streamlit, as the header of a proxy that it trusts, which browser opens a connection:
Streamlit then gives a session to no other browser than the one that began it.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Mapping

import streamlit as st
from starlette.responses import Response
from streamlit import config

from so24.settings import Settings

COOKIE = "so24_browser"
HEADER = "X-So24-Browser"
_IDENTITY = "browser"
_DAYS = 365
_VALUE = re.compile(r"[A-Za-z0-9_-]{43}")  # 32 random bytes


def full_name(settings: Settings, name: str) -> str:
    """The name of a cookie of ours: by its prefix, browsers take it from this host by https only.

    Without https there is no prefix; ``secure_cookie`` says whether there is any.
    """
    return f"__Host-{name}" if settings.secure_cookie else name


def is_known(settings: Settings, cookies: Mapping[str, str]) -> bool:
    """Whether the browser holds its cookie already."""
    return bool(_VALUE.fullmatch(cookies.get(full_name(settings, COOKIE), "")))


def introduce(settings: Settings, response: Response) -> None:
    """Have the answer give the browser its cookie, out of reach for scripts and other sites."""
    response.set_cookie(
        full_name(settings, COOKIE),
        secrets.token_urlsafe(32),
        max_age=_DAYS * 24 * 3600,
        secure=settings.secure_cookie,
        httponly=True,
        samesite="strict",
    )


def mark_of(settings: Settings, cookies: Mapping[str, str]) -> str:
    """A mark of the browser that holds these cookies, from which the cookie cannot be told.

    Without its cookie it is another browser each time: nobody can be taken for it.
    """
    value = cookies.get(full_name(settings, COOKIE), "")
    known = value if is_known(settings, cookies) else secrets.token_urlsafe(32)
    return hashlib.sha256(known.encode()).hexdigest()


def present_mark() -> str:
    """The mark of the browser to which this run draws; "" where there is none."""
    return str(st.context.headers.get(HEADER) or "")


def bind_sessions() -> None:
    """Have Streamlit compare the browser's mark when a session is resumed.

    It must run before the first connection. Nobody may send the header but the guard.
    """
    config.set_option("server.trustedUserHeaders", {HEADER: _IDENTITY})
