"""Who asks to be let in, as far as that is known before: from where, and with which browser."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Sequence
from dataclasses import dataclass

from so24.addresses import Network
from so24.language.said import say
from so24.store.people.origins import UNKNOWN_SOURCE, Origin

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

HERE = "127.0.0.1"
_NEIGHBOURS = 64  # bits of an IPv6 address that one customer of a provider is given
_BROWSERS = (
    ("Edge", "Edg"),
    ("Opera", "OPR/"),
    ("Firefox", "Firefox/"),
    ("Chrome", "Chrome/"),
    ("Safari", "Safari/"),
)
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("macOS", "Mac OS X"),
    ("Linux", "Linux"),
)


@dataclass(frozen=True)
class Visitor:
    """A browser that asks: its address, how it is called, and what it is known by.

    ``known``: what tells a browser apart that the same user has signed in with before, else empty.
    ``login``: the mark of the login in which it asks, where there is one already.
    """

    source: str = UNKNOWN_SOURCE
    browser: str = ""
    known: str = ""
    login: str = ""

    @property
    def origin(self) -> Origin:
        """From where it asks, as the audit trail keeps it."""
        return Origin(self.source, self.login, self.browser)

    @property
    def place(self) -> str:
        """Whose failures count together: a known browser's own, else all of the address."""
        return f"browser {self.known}" if self.known else f"source {self.source}"


def find_source(peer: str, forwarded: str, proxies: Sequence[Network]) -> str:
    """The address of whoever asks, by the ``peer`` of the connection and ``X-Forwarded-For``.

    Where the peer is a trusted proxy it is the last hop that is none; what stands before that one
    may be made up by it. Without trusted proxies nobody is believed. The server in front of us
    believes whoever connects from this machine, and gives the hop that it has read there for the
    peer: then that one is this machine itself, unless proxies on it are trusted.
    """
    hops = [_read_address(each) for each in forwarded.split(",")] if forwarded.strip() else []
    here = _read_address(peer)
    if here in hops and not _is_among(_read_address(HERE), proxies):
        here = _read_address(HERE)
    while hops and _is_among(here, proxies):
        here = hops.pop()
    return UNKNOWN_SOURCE if here is None else _shorten(here)


def name_browser(user_agent: str) -> str:
    """The browser in short, such as *Firefox on Windows*, as far as it says so itself."""
    browser = next((name for name, mark in _BROWSERS if mark in user_agent), say("another browser"))
    system = next((name for name, mark in _SYSTEMS if mark in user_agent), "")
    return say("{browser} on {system}", browser=browser, system=system) if system else browser


def _read_address(text: str) -> Address | None:
    text = text.strip()
    with_port = re.fullmatch(r"\[([^\]]+)\](?::\d+)?|(\d+(?:\.\d+){3}):\d+", text)
    bare = next(filter(None, with_port.groups())) if with_port else text
    try:
        found = ipaddress.ip_address(bare)
    except ValueError:
        return None
    mapped = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
    return mapped or found


def _is_among(address: Address | None, networks: Sequence[Network]) -> bool:
    return address is not None and any(address in each for each in networks)


def _shorten(address: Address) -> str:
    if isinstance(address, ipaddress.IPv4Address) or address.is_loopback:
        return str(address)
    return str(ipaddress.ip_network((int(address), _NEIGHBOURS), strict=False))
