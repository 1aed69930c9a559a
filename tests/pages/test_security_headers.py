"""What browsers are told to allow, and of which scripts."""

from __future__ import annotations

import asyncio
import base64
import hashlib

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from so24.installation import Installation
from so24.ui.guard import headers
from so24.ui.guard.headers import SecurityHeaders, content_policy, index_page, inline_scripts


def answer_of(path: str = "/") -> httpx.Response:
    """The answer of an application with the headers in front, which writes a cookie."""

    async def write(_request: Request) -> Response:
        response = Response("")
        response.set_cookie("_streamlit_xsrf", "x")
        return response

    async def ask() -> httpx.Response:
        served = httpx.ASGITransport(SecurityHeaders(Starlette(routes=[Route("/", write)])))
        async with httpx.AsyncClient(transport=served, base_url="http://localhost") as client:
            return await client.get(path)

    return asyncio.run(ask())


@pytest.mark.parametrize("path", ["/", "/not-there"])
def test_every_answer_has_them(installation: Installation, path: str) -> None:
    answer = answer_of(path)
    for name, value in headers.security_headers().items():
        assert answer.headers[name] == value
    assert answer.headers["cross-origin-opener-policy"] == "same-origin"
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"
    assert "camera=()" in answer.headers["permissions-policy"]


def test_nothing_is_allowed_but_what_is_named() -> None:
    policy = dict(each.split(" ", 1) for each in content_policy("<p>No script</p>").split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == "'self' 'wasm-unsafe-eval'"
    for name in ("connect-src", "frame-ancestors", "base-uri", "form-action"):
        assert policy[name] == "'self'"
    assert "http" not in " ".join(policy.values())


def test_the_scripts_in_the_page_are_allowed_by_what_they_say() -> None:
    page = (
        '<script>one()</script><script src="./x.js"></script>'
        '\n<SCRIPT type="module">\ntwo()</SCRIPT>'
    )
    assert inline_scripts(page) == ["one()", "\ntwo()"]
    for script in inline_scripts(page):
        digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in content_policy(page)


def test_the_page_that_is_served_has_one() -> None:
    assert len(inline_scripts(index_page())) == 1


def test_behind_https_every_cookie_is_sent_encrypted_only(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "secure" not in answer_of().headers["set-cookie"].lower()
    monkeypatch.setattr(installation.settings, "tls_cookie", True)
    assert answer_of().headers["set-cookie"].endswith("; Secure")
