"""In which language whoever asks is answered, before any page is drawn: the page's own, refusals.

A browser learns the language of the page that it opens from the page itself; from then on the
page's script follows what is drawn in it.
"""

from __future__ import annotations

import asyncio
import re

from starlette.requests import HTTPConnection

from so24.people.languages import language_for
from so24.people.logins import SignedIn
from so24.ui.frame import cookie
from so24.ui.frame.session import installation

_TAG = re.compile(rb'<html lang="[a-z-]*"')
VARIES_BY = "Accept-Language"


def language_of(asked: HTTPConnection, user: SignedIn | None = None) -> str:
    """The language of the user, where one is known, else of the installation or the browser."""
    accepted = asked.headers.get("accept-language", "")
    return language_for(user, installation().settings, accepted)


async def language_of_page(asked: HTTPConnection) -> str:
    """The language of whoever opens a page: by the login in its cookie, or else of the browser."""
    user = await asyncio.to_thread(cookie.user_in, asked.cookies) if asked.cookies else None
    return language_of(asked, user)


def put_into(page: bytes, language: str) -> bytes:
    """The page that Streamlit serves, which says of itself that it is in this language."""
    tag = f'<html lang="{language}"'  # in English: of the page itself
    return _TAG.sub(tag.encode(), page, count=1)
