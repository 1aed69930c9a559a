"""Why an upload was refused, in words, for the tab to show.

The browser's part of Streamlit shows of a refusal no more than its number.
"""

from __future__ import annotations

import threading

from streamlit.runtime.scriptrunner import get_script_run_ctx

MOST_TABS = 100  # of which the words are kept; the oldest go first


class RefusedUploads:
    """The last refusal of each tab, until the tab has shown it."""

    def __init__(self) -> None:
        self._words: dict[str, str] = {}
        self._lock = threading.Lock()

    def note(self, session_id: str, words: str) -> None:
        """Keep the words for the tab whose session has this id."""
        with self._lock:
            self._words.pop(session_id, None)
            self._words[session_id] = words
            while len(self._words) > MOST_TABS:
                del self._words[next(iter(self._words))]

    def take(self) -> str:
        """The words for the tab to which this run draws, once; "" where there are none."""
        run = get_script_run_ctx(suppress_warning=True)
        with self._lock:
            return self._words.pop(run.session_id, "") if run is not None else ""


refused_uploads = RefusedUploads()
