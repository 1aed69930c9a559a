"""The company login in the browser: its two routes, its cookie, its link, and what it has to say.

A route begins the trip to the provider and another one takes the browser back. What is known of a
trip is sealed in a cookie, which browsers send along when the provider leads them back (SameSite
Lax; the others are Strict). At the end the same cookie tells the page, once, what there is to say.
The login itself is the cookie of :mod:`so24.ui.frame.cookie`, as with a password.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import hashlib
import html
import json
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlencode, urlsplit

import streamlit as st
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from so24.errors import ConfigurationError
from so24.language.said import say
from so24.people.company_login.entering import CompanyArrival, come_back, set_out
from so24.people.company_login.trip import BACK, BEGIN, LASTS, begin_trip, seal_trip
from so24.people.company_login.words import LoginWord
from so24.people.half_logins import LASTS as HALF_LASTS
from so24.people.visitors import Visitor
from so24.store.tables.ground import now
from so24.ui.frame import flash, session
from so24.ui.frame.asking_browser import KNOWN_BROWSER, source_of
from so24.ui.frame.browser import full_name
from so24.ui.frame.cookie import COMPANY_COOKIE, content_in, secret_in, served_at, write_login

PROVE = "prove"
CONFIRMED = say("Confirmed: for five minutes you can make changes.")
SEEN = "so24_company_seen"
_WORD_LASTS = dt.timedelta(minutes=1)
_KIND = "what the company login has to say"  # in English: a mark within a cookie
# A provider that is slow holds threads of its own, and keeps nobody from signing in by a password.
_apart = ThreadPoolExecutor(8, "company-login")
_LOOKS = (
    "display:block;text-align:center;padding:.5rem .75rem;border:1px solid rgba(128,128,128,.5);"
    "border-radius:.5rem;color:inherit;text-decoration:none"  # in English: a style
)


@dataclass(frozen=True)
class Said:
    """What the company login has to say to a page: a word, half of a login, or a confirmation."""

    kind: Literal["word", "half", "confirmed"]
    text: str = ""
    name: str = ""


async def begin(request: Request) -> Response:
    """Lead the browser to the provider."""
    return await _do_apart(_begin, request)


async def take_back(request: Request) -> Response:
    """Take the browser back from the provider, and lead it to the page that was asked for."""
    return await _do_apart(_take_back, request)


async def _do_apart(answer: Callable[[Request], Response], request: Request) -> Response:
    # an image or a frame on a page of others shall not use up the tries of those who look at it
    if request.headers.get("sec-fetch-dest", "document") != "document":
        return Response(status_code=404)
    response = await asyncio.get_running_loop().run_in_executor(_apart, answer, request)
    response.headers["Cache-Control"] = "no-store"
    return response


def _begin(request: Request) -> Response:
    opened, asked = session.installation(), request.query_params
    # a link of another site shall not sign its visitors in
    if request.headers.get("sec-fetch-site", "none") not in ("same-origin", "none"):
        return _answer(CompanyArrival(word=LoginWord.OTHER_HOST), request)
    login = secret_in(content_in(request.cookies)) if asked.get("why") == PROVE else ""
    known = request.cookies.get(full_name(opened.settings, KNOWN_BROWSER), "")
    trip = begin_trip(_redirect_address(request), asked.get("page", ""), login, known)
    there = set_out(opened, trip, _visitor(request))
    if isinstance(there, LoginWord):
        return _answer(CompanyArrival(word=there, page=trip.page), request)
    response = RedirectResponse(there, 303)
    _keep(response, seal_trip(opened.vault, trip), LASTS, "lax")
    return response


def _take_back(request: Request) -> Response:
    opened = session.installation()
    sealed = request.cookies.get(full_name(opened.settings, COMPANY_COOKIE), "")
    given = request.query_params.multi_items()
    answer = dict(given) if len(dict(given)) == len(given) else {}  # nothing is said twice
    here = _redirect_address(request)
    return _answer(come_back(opened, sealed, answer, here, _visitor(request)), request)


def _answer(arrival: CompanyArrival, request: Request) -> Response:
    """Lead on to the page of the trip, with the login, or with what there is to say."""
    opened = session.installation()
    # a name of ours behind our own path: it leads nowhere else, whatever it says
    response = RedirectResponse(f"{served_at('/')}{arrival.page}", 303)
    if arrival.entrance.secret:
        write_login(response, opened, arrival.entrance.secret, arrival.known)
        _keep(response, "", dt.timedelta(0), "strict")
    elif arrival.entrance.half:
        said = Said("half", arrival.entrance.half, arrival.name)
        _keep(response, _seal(said), HALF_LASTS, "strict")
    elif arrival.is_proved:
        _keep(response, _seal(Said("confirmed")), _WORD_LASTS, "strict")
    elif arrival.word:
        _keep(response, _seal(Said("word", arrival.word.name)), _WORD_LASTS, "strict")
    return response


def _keep(
    response: Response, content: str, lasts: dt.timedelta, site: Literal["lax", "strict"]
) -> None:
    settings = session.installation().settings
    response.set_cookie(
        full_name(settings, COMPANY_COOKIE),
        content,
        max_age=int(lasts.total_seconds()),
        secure=settings.secure_cookie,
        httponly=True,
        samesite=site,
    )


def _redirect_address(request: Request) -> str:
    """The address to which the provider sends the browser back, at the name that was asked for.

    The guard has let the request through, so that it is one of our names.
    """
    is_secure = session.installation().settings.secure_cookie
    scheme = "https" if is_secure else request.url.scheme
    return f"{scheme}://{request.headers.get('host', '')}{served_at(BACK)}"


def _visitor(request: Request) -> Visitor:
    return source_of(request).as_visitor(session.installation(), "")


def _seal(said: Said) -> str:
    content = [_KIND, now().isoformat(), said.kind, said.text, said.name]
    return session.installation().vault.seal(json.dumps(content))


def take_said() -> Said | None:
    """What the company login has to say to this tab, once; None where there is nothing."""
    settings = session.installation().settings
    content = str(st.context.cookies.get(full_name(settings, COMPANY_COOKIE)) or "")
    mark = hashlib.sha256(content.encode()).hexdigest()
    if not content or st.session_state.get(SEEN) == mark:
        return None
    st.session_state[SEEN] = mark
    return _open(content)


def _open(content: str) -> Said | None:
    try:
        kind, at, *said = json.loads(session.installation().vault.unseal(content))
        age = now() - dt.datetime.fromisoformat(at)
        found = Said(*said)
    except (ConfigurationError, ValueError, TypeError):
        return None
    lasts = HALF_LASTS if found.kind == "half" else _WORD_LASTS
    return found if kind == _KIND and age < lasts else None


def tell_said() -> None:
    """Have the next messages of the page say what the company login has to say."""
    said = take_said()
    if said is not None and said.kind == "confirmed":
        flash.say(CONFIRMED)
    elif said is not None and (word := word_of(said)):
        flash.complain(word)


def word_of(said: Said) -> str:
    """The sentence of a word, by its name."""
    known: Mapping[str, LoginWord] = LoginWord.__members__
    word = known.get(said.text)
    return word.value if word is not None else ""


def draw_link(label: str, **asked: str) -> None:
    """Draw the link that begins the trip, from the page that is open.

    It is no button of Streamlit's: those that lead elsewhere open another tab.
    """
    query = urlencode({"page": _present_page(), **asked})
    address = html.escape(f"{served_at(BEGIN)}?{query}")
    st.html(f'<a href="{address}" style="{_LOOKS}">{html.escape(label)}</a>')


def _present_page() -> str:
    """The page that is open, by its name and query, as the trip keeps it."""
    path = urlsplit(str(st.context.url or "")).path.rstrip("/")
    name = "" if path == served_at("/").rstrip("/") else path.rsplit("/", 1)[-1]
    query = urlencode(st.query_params.to_dict())
    return f"{name}?{query}" if query else name
