"""The button that fetches from RecMan's API, with what it costs of the day's calls."""

from __future__ import annotations

import streamlit as st

from so24.dates import format_date
from so24.errors import So24Error
from so24.people.desk import Desk
from so24.sources.import_reports import ImportReport
from so24.sources.recman.fetch import Offer, fetch_documents, offer_fetch
from so24.ui.frame.text import escape_markdown


def show_fetch(desk: Desk) -> list[ImportReport]:
    """Draw the button where RecMan is connected; what came in when it was pressed, else nothing.

    RecMan is called by a press only, never by a rerun.
    """
    offer = offer_fetch(desk)
    if offer is None:
        return []
    with st.container(horizontal=True, vertical_alignment="center"):
        pressed = st.button(
            "Fetch from RecMan",
            icon=":material/cloud_download:",
            key="recman_fetch",
            disabled=bool(offer.reason),
        )
        st.caption(escape_markdown(_describe(offer)))
    return _fetch(desk) if pressed else []


def _describe(offer: Offer) -> str:
    since = (
        f" Invoices dated before {format_date(offer.since)} are left out." if offer.since else ""
    )
    used = f"{offer.budget.used} of today's {offer.budget.most} calls to RecMan are used"
    return (
        f"{offer.reason} {used}."
        if offer.reason
        else f"Takes about {offer.cost} calls; {used}.{since}"
    )


def _fetch(desk: Desk) -> list[ImportReport]:
    with st.spinner("Reading from RecMan …"):
        try:
            return [fetch_documents(desk)]
        except So24Error as error:
            st.error(escape_markdown(str(error)), icon=":material/error:")
    return []
