"""The browser that a run draws for, as the login wants to know it: where it is, and since when."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st
from starlette.requests import HTTPConnection
from starlette.responses import Response

from so24.installation import Installation
from so24.people.known_browsers import KEPT_DAYS, number_of_browser, remember_name
from so24.people.visitors import HERE, Visitor, find_source, name_browser
from so24.ui.frame import session
from so24.ui.frame.browser import full_name

KNOWN_BROWSER = "so24_known"


@dataclass(frozen=True)
class AskingBrowser:
    """What the connection tells of itself; nothing of Streamlit's is needed to ask it further."""

    source: str
    browser: str
    token: str

    def as_visitor(self, opened: Installation, name: str) -> Visitor:
        """The visitor who asks to be let in by this name."""
        return Visitor(self.source, self.browser, number_of_browser(opened, self.token, name))


def read_browser() -> AskingBrowser:
    """Who is at the other end of the connection of this run."""
    settings, visitor = session.installation().settings, session.visitor()
    return AskingBrowser(
        source=visitor.source,
        browser=visitor.browser,
        token=st.context.cookies.get(full_name(settings, KNOWN_BROWSER), ""),
    )


def source_of(asked: HTTPConnection) -> AskingBrowser:
    """Who is at the other end of a request, or of a connection that is asked for."""
    settings = session.installation().settings
    forwarded = ", ".join(asked.headers.getlist("x-forwarded-for"))
    peer = asked.client.host if asked.client else HERE
    return AskingBrowser(
        source=find_source(peer, forwarded, settings.trusted_proxies),
        browser=name_browser(asked.headers.get("user-agent", "")),
        token=asked.cookies.get(full_name(settings, KNOWN_BROWSER), ""),
    )


def mark_browser(response: Response, token: str, opened: Installation, name: str) -> None:
    """Let the browser, whose ``token`` this is, keep that this user has signed in with it."""
    response.set_cookie(
        full_name(opened.settings, KNOWN_BROWSER),
        remember_name(opened, token, name),
        max_age=KEPT_DAYS * 24 * 3600,
        secure=opened.settings.secure_cookie,
        httponly=True,
        samesite="strict",
    )
