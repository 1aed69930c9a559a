"""The page's own files are compressed once, for browsers that take it."""

from __future__ import annotations

import asyncio
import gzip

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from streamlit import file_util

from so24.ui.guard.small_files import SmallFiles

TEXT = "Æ Ø Å " * 1_000
CACHED = "public, immutable, max-age=31536000"


def serve(asked: list[tuple[str, dict[str, str]]]) -> list[httpx.Response]:
    """The answers, as they came, of one application with some files, to these requests."""

    async def write(request: Request) -> Response:
        kind = request.path_params["kind"]
        body = TEXT if kind != "short" else "short"
        media = "image/png" if kind == "image" else "text/javascript"
        code = 404 if kind == "lost" else 200
        headers = {"Cache-Control": CACHED, "ETag": f'"{kind}"'}
        return PlainTextResponse(body, code, headers, media_type=media)

    files = [Route(f"/{folder}/{{kind}}", write) for folder in ("static/js", "media")]
    app = SmallFiles(Starlette(routes=files))

    async def ask() -> list[httpx.Response]:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            return [await client.get(path, headers=headers) for path, headers in asked]

    return asyncio.run(ask())


def test_a_file_is_smaller_on_its_way_and_the_same_when_it_is_there() -> None:
    (answer,) = serve([("/static/js/page", {"Accept-Encoding": "gzip, br"})])
    assert answer.headers["content-encoding"] == "gzip"
    assert int(answer.headers["content-length"]) < len(TEXT) / 10
    assert answer.text == TEXT
    assert answer.headers["vary"] == "Accept-Encoding"
    assert answer.headers["cache-control"] == CACHED
    assert answer.headers["etag"] == 'W/"page"'


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/static/js/page", {"Accept-Encoding": "identity"}),
        ("/static/js/page", {"Accept-Encoding": "gzip", "Range": "bytes=0-10"}),
        ("/static/js/image", {"Accept-Encoding": "gzip"}),
        ("/static/js/short", {"Accept-Encoding": "gzip"}),
        ("/static/js/lost", {"Accept-Encoding": "gzip"}),
        ("/media/page", {"Accept-Encoding": "gzip"}),
    ],
)
def test_what_would_not_be_smaller_or_is_no_file_of_the_page_passes_untouched(
    path: str, headers: dict[str, str]
) -> None:
    (answer,) = serve([(path, headers)])
    assert "content-encoding" not in answer.headers
    assert answer.text in (TEXT, "short")


def test_a_file_is_compressed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    compressed: list[int] = []
    compress = gzip.compress

    def note(body: bytes, mtime: int) -> bytes:
        compressed.append(len(body))
        return compress(body, mtime=mtime)

    monkeypatch.setattr("so24.ui.guard.small_files.gzip.compress", note)
    answers = serve([("/static/js/page", {"Accept-Encoding": "gzip"})] * 3)
    assert [each.text for each in answers] == [TEXT] * 3
    assert len(compressed) == 1


def test_streamlit_s_own_files_are_where_they_are_looked_for() -> None:
    folder = file_util.get_static_dir()
    app = SmallFiles(Starlette(routes=[Mount("/", StaticFiles(directory=folder, html=True))]))

    async def ask() -> list[httpx.Response]:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            page = await client.get("/")
            names = [each.split('"')[0] for each in page.text.split('src="./')[1:]]
            return [await client.get(f"/{name}") for name in names if name.endswith(".js")]

    answers = asyncio.run(ask())
    assert answers
    assert all(each.headers["content-encoding"] == "gzip" for each in answers)
