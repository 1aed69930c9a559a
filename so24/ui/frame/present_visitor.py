"""Who is at the other end of the connection of this run, as far as the connection tells."""

from __future__ import annotations

import streamlit as st

from so24.people.visitors import HERE, Visitor, find_source, name_browser
from so24.settings import Settings


def present_visitor(settings: Settings) -> Visitor:
    """The address, as far as the trusted proxies tell it, and the browser of this run."""
    headers = st.context.headers
    peer = str(st.context.ip_address or HERE)  # Streamlit tells no address of this machine
    forwarded = ", ".join(headers.get_all("X-Forwarded-For"))
    return Visitor(
        find_source(peer, forwarded, settings.trusted_proxies),
        name_browser(headers.get("User-Agent", "")),
    )
