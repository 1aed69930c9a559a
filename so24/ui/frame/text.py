"""Texts of others, made safe for places where Streamlit reads Markdown."""

from __future__ import annotations

import re

_MARKS = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>~$:])")


def escape_markdown(text: str) -> str:
    """The text as it is, shown literally: no link, no image from elsewhere, no formatting.

    Needed for every name or message that comes from a file, 24SevenOffice or a user and goes into
    ``st.markdown``, ``st.error``, labels, captions or toasts; cells of grids show text literally.
    """
    return _MARKS.sub(r"\\\1", text)
