"""Watches a page for what nobody should ever see: errors, forbidden scripts, calls elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from playwright.sync_api import ConsoleMessage, Page

_VIOLATIONS = """addEventListener("securitypolicyviolation", each =>
    console.error(`policy: ${each.violatedDirective} by ${each.blockedURI}`))"""
# Streamlit looks for itself below a deep link before it looks above it, and is not found there.
_OF_A_DEEP_LINK = ("/_stcore/health", "/_stcore/host-config")
# Vega's word about the bars of a chart; it cannot be zoomed, and need not be
_OF_A_CHART = "Scale bindings are currently only supported for scales with unbinned"


@contextmanager
def watching(page: Page, own: str) -> Iterator[None]:
    """Fail at the end if anything went wrong in the page, or if it asked another address than ours.

    ``own``: where the app is.
    """
    seen: list[str] = []

    def note_words(message: ConsoleMessage) -> None:
        where = message.location.get("url", "")
        is_search = "404" in message.text and where.endswith(_OF_A_DEEP_LINK)
        is_chart = message.type == "warning" and _OF_A_CHART in message.text
        if message.type in ("error", "warning") and not is_search and not is_chart:
            seen.append(f"{message.type}: {message.text} ({where})")

    def note_address(address: str) -> None:
        parts = urlsplit(address)
        if parts.scheme not in ("data", "blob") and parts.netloc != urlsplit(own).netloc:
            seen.append(f"asked {address}")

    page.add_init_script(_VIOLATIONS)
    page.on("console", note_words)
    page.on("pageerror", lambda error: seen.append(f"thrown: {error}"))
    page.on("request", lambda request: note_address(request.url))
    page.on("websocket", lambda socket: note_address(socket.url))
    yield
    assert not seen, "\n".join(seen)
