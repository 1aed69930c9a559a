"""The sign, on every page, that a run is under way, and the title of the browser's tab.

Both are drawn anew every few seconds while one is. The page around them is not, for that would
close a dialog in which somebody writes.
"""

from __future__ import annotations

import streamlit as st

from so24.errors import NotAllowed
from so24.language.telling import tell, tell_count
from so24.store.tables.ground import now
from so24.transfer.progress import Progress, RunUnderWay
from so24.transfer.under_way import read_runs_under_way
from so24.ui.frame.session import RECEIPT, acting_desk

EVERY_SECONDS = 3.0


def show_run_badge(title: str, *, tells_progress: bool) -> None:
    """Draw the badge while a run is under way; ``title`` is the page's.

    ``tells_progress``: where not, the page itself says how far the run is that it shows, and the
    sign does not say it a moment later.
    """
    runs = read_runs_under_way(acting_desk())
    set_title(title)
    if not runs:
        return

    def draw() -> None:
        # a fragment runs without the page's guard: who may look is asked each time
        try:
            current = read_runs_under_way(acting_desk())
        except NotAllowed:
            st.rerun()
        if tells_progress:
            set_title(title, current[0].progress if len(current) == 1 else None)
        draw_badge(current, tells_progress=tells_progress)

    st.fragment(draw, run_every=EVERY_SECONDS)()


def set_title(title: str, progress: Progress | None = None) -> None:
    """Give the browser's tab the page's title, and how far the run is."""
    told = f" {progress.count}" if progress else ""
    st.set_page_config(page_title=f"so24 · {title}{told}".replace("\u00a0", " "))


def draw_badge(runs: list[RunUnderWay], *, tells_progress: bool) -> None:
    """Draw the sign of these runs; where they have ended since the page was drawn, a way anew."""
    with st.container(key="run_badge"):
        if not runs:
            st.markdown(f":green-badge[:material/check: {tell('The run has ended')}]")
            # not by itself: that would close a dialog in which somebody writes
            if st.button(
                tell("Show how things are now"), key="run_badge_anew", icon=":material/refresh:",
                help=tell("What this page shows is from before the run's end."), type="tertiary",
            ):  # fmt: skip
                st.rerun()
        elif len(runs) == 1:
            words = runs[0].describe(now())
            told = tell("Run: {progress}", progress=words) if tells_progress else ""
            st.page_link(
                RECEIPT,
                label=told or tell("A run is under way"),
                icon=":material/sync:",
                query_params={"run": runs[0].run_id},
            )
        else:
            st.page_link(
                RECEIPT,
                label=tell_count(
                    "{number} run is under way", "{number} runs are under way", len(runs)
                ),
                icon=":material/sync:",
                query_params={"run": runs[0].run_id},
            )
