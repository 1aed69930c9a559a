"""How much of what is uploaded may lie in memory at once, in one tab and in all.

Streamlit bounds the size of one file only, and keeps it until its tab is left.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from starlette.datastructures import Headers
from streamlit import config
from streamlit.runtime import Runtime, get_instance

from so24.language.said import say

MEGABYTE = 2**20
# times the size of the largest file
FILES_OF_A_TAB = 5
FILES_IN_ALL = 15


class UploadSpace:
    """Counts what has been uploaded together with what is on its way."""

    def __init__(self) -> None:
        self._coming: Counter[str] = Counter()

    def judge(self, session_id: str, size: int) -> str:
        """Why there is no room for a file of this size, and what can be done; "" where there is."""
        kept = bytes_kept()
        of_tab = kept[session_id] + self._coming[session_id]
        if of_tab + size > FILES_OF_A_TAB * largest_file():
            return say(
                "This tab has {size} MB of files that are not imported yet. Import them, or reload "
                "the page, and upload the rest then.",
                size=of_tab // MEGABYTE,
            )
        if kept.total() + self._coming.total() + size > FILES_IN_ALL * largest_file():
            return say("Too many files are being imported at this moment. Try again in a minute.")
        return ""

    @contextmanager
    def holding(self, session_id: str, size: int) -> Iterator[None]:
        """Keep room for a file of this size while it comes in."""
        self._coming[session_id] += size
        try:
            yield
        finally:
            self._coming[session_id] -= size
            self._coming += Counter()  # forgets the tabs with nothing on its way


def announced_size(headers: Headers) -> int:
    """The size that an upload's headers announce, or the largest there may be.

    Where it comes in chunks it may be of any length, whatever else is announced.
    """
    announced = headers.get("content-length", "")
    is_known = announced.isdecimal() and "transfer-encoding" not in headers
    return int(announced) if is_known else largest_file()


def largest_file() -> int:
    """How many bytes Streamlit takes as one file."""
    return int(config.get_option("server.maxUploadSize")) * MEGABYTE


def bytes_kept() -> Counter[str]:
    """How many bytes of uploaded files Streamlit keeps, by session."""
    if not Runtime.exists():
        return Counter()
    files = get_instance().uploaded_file_mgr.file_storage  # type: ignore[attr-defined] # in memory
    return Counter(
        {
            session_id: sum(len(each.data) for each in list(some.values()))
            for session_id, some in list(files.items())
        }
    )
