"""What the address of a page says beside its path."""

from __future__ import annotations

import streamlit as st

LIST = "list"  # of Today: which list is open below its tiles, and what its place begins with
HELP_PAGE = "about"  # of Help: which page of it is open
HELP_PLACE = "place"  # of Help: which place on that page is brought in sight


def tell_address(name: str, value: str) -> None:
    """Have the page's address say this, and nothing of that name where it is empty.

    An address that says so already is left alone: to write it costs a message to the browser.
    """
    if st.query_params.get(name, "") == value:
        return
    if value:
        st.query_params[name] = value
    else:
        del st.query_params[name]
