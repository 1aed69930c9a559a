"""``/so24/metrics``: figures for those who run so24, to whoever brings the token.

A System Administrator who is signed in in the browser sees them as well.
"""

from __future__ import annotations

import asyncio
import hmac

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from so24.installation import Installation
from so24.metrics.exposition import CONTENT_TYPE, write_metrics
from so24.metrics.figures import read_figures
from so24.people.roles import Permission
from so24.settings import Settings
from so24.store.database.engine import OUTAGES
from so24.ui.frame import cookie
from so24.ui.frame.session import installation

PATH = "/so24/metrics"
_BEARER = "Bearer "
_REFUSAL = "SO24_METRICS_TOKEN is needed."  # in English: for programs
_NO_DATABASE = "The database does not answer."  # in English: for programs


async def serve_metrics(request: Request) -> Response:
    """The figures, 403 for others, 503 where the database does not answer."""
    allowed = _brings_token(request, installation().settings) or await asyncio.to_thread(
        _is_administrator, request
    )
    if not allowed:
        return PlainTextResponse(_REFUSAL, 403)
    try:
        written = await asyncio.to_thread(_write, installation())
    except OUTAGES:
        return PlainTextResponse(_NO_DATABASE, 503)
    return Response(written, media_type=CONTENT_TYPE, headers={"Cache-Control": "no-store"})


def _brings_token(request: Request, settings: Settings) -> bool:
    wanted = settings.metrics_token.get_secret_value()
    given = request.headers.get("Authorization", "")
    if not wanted or not given.startswith(_BEARER):
        return False
    return hmac.compare_digest(given.removeprefix(_BEARER).encode(), wanted.encode())


def _is_administrator(request: Request) -> bool:
    user = cookie.user_in(request.cookies) if request.cookies else None
    return user is not None and user.actor.may(Permission.SEE_METRICS)


def _write(opened: Installation) -> bytes:
    return write_metrics(read_figures(opened))
