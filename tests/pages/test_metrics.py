"""``/so24/metrics`` answers whoever brings the token, and administrators."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import httpx
import pytest
from pydantic import SecretStr, ValidationError
from starlette.applications import Starlette
from starlette.routing import Route

from so24.installation import Installation
from so24.settings import Settings
from so24.store.tables.people_tables import Role
from so24.ui.guard import metrics
from tests.pages.test_guard import cookies_of

TOKEN = "a-token-of-enough-characters"


def ask(
    cookies: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None
) -> httpx.Response:
    """The answer of the address, as it is served."""

    async def fetch() -> httpx.Response:
        app = Starlette(routes=[Route(metrics.PATH, metrics.serve_metrics)])
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(
            transport=transport, base_url="http://127.0.0.1", cookies=dict(cookies or {})
        ) as client:
            return await client.get(metrics.PATH, headers=dict(headers or {}))

    return asyncio.run(fetch())


@pytest.mark.parametrize(
    ("token", "given", "status"),
    [
        (TOKEN, f"Bearer {TOKEN}", 200),
        (TOKEN, f"Bearer {TOKEN}x", 403),
        (TOKEN, TOKEN, 403),
        (TOKEN, "", 403),
        ("", "Bearer ", 403),
        ("", "", 403),
    ],
)
def test_the_figures_are_for_whoever_brings_the_token(
    installation: Installation, monkeypatch: pytest.MonkeyPatch, token: str, given: str, status: int
) -> None:
    monkeypatch.setattr(installation.settings, "metrics_token", SecretStr(token))
    answer = ask(headers={"Authorization": given})
    assert answer.status_code == status
    assert ("so24_jobs_run" in answer.text) == (status == 200)
    assert TOKEN not in answer.text


@pytest.mark.parametrize(
    ("role", "status"), [(Role.ADMIN, 200), (Role.FINANCE, 403), (Role.ANALYST, 403)]
)
def test_an_administrator_sees_them_in_the_browser(
    installation: Installation, role: Role, status: int
) -> None:
    assert ask(cookies_of(installation, role)).status_code == status


def test_a_short_token_is_refused() -> None:
    with pytest.raises(ValidationError, match="at least 24 characters"):
        Settings(metrics_token=SecretStr("short"))
