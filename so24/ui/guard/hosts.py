"""At which names the dashboard answers, and for whose pages a browser may ask it to act.

A page elsewhere can have its own name point to this machine (DNS rebinding); the browser then takes
us for that page's server. And a page of another port of this host is another page.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from so24.addresses import LOOPBACK
from so24.settings import ANY_HOST

_HOST = re.compile(r"(?P<name>\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(:[0-9]{1,5})?")


def name_in(host: str) -> str:
    """The name in a ``Host`` header, in small letters without the port; "" where it is none."""
    match = _HOST.fullmatch(host)
    return match["name"].lower().rstrip(".") if match else ""


def is_allowed(host: str, allowed: frozenset[str]) -> bool:
    """Whether the dashboard answers to this ``Host`` header."""
    name = name_in(host)
    return bool(name) and (name in allowed or ANY_HOST in allowed)


def is_own_page(origin: str | None, host: str, *, by_https: bool = False) -> bool:
    """Whether the page that asks is ours: of this very name and port.

    ``by_https``: ours come by https, but on this machine itself; one that has come by http under
    our name is of somebody on the way. Without an ``Origin`` header no page asks but a program,
    which could write any.
    """
    if origin is None:
        return True
    try:
        page = urlsplit(origin)
    except ValueError:
        return False
    is_safe = not by_https or page.scheme == "https" or name_in(host).strip("[]") in LOOPBACK
    return is_safe and page.netloc.lower() == host.lower()
