"""The glossary of states, which is a file in words, and the reasons, which are the catalogue's."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pandas as pd
import streamlit as st

from so24.reasons import Reason

STATES = Path(__file__).resolve().parents[2] / "help" / "en" / "states.md"


@cache
def read_glossary() -> str:
    """The page of states, as Markdown."""
    return STATES.read_text()


def reason_rows() -> list[dict[str, str]]:
    """Every reason that people can meet: what happened, what to do, who does it, and *Retry*."""
    return [
        {
            "What happened": each.card.title,
            "What to do": each.card.remedy,
            "Who": each.card.who,
            "Retry": _tell_retry(each),
        }
        for each in Reason
        if each.card.title
    ]


def show_reasons() -> None:
    """The catalogue of reasons, which can be searched."""
    st.header("Reasons", anchor=False)
    st.markdown("A state says where a document stands, a reason why. These are all there are.")
    wanted = st.text_input("Search the reasons", icon=":material/search:", width=360)
    rows = [
        row
        for row in reason_rows()
        if (wanted or "").casefold() in " ".join(row.values()).casefold()
    ]
    if not rows:
        st.info("No reason has these words.", icon=":material/search_off:")
        return
    st.table(pd.DataFrame(rows).set_index("What happened"), border="horizontal")


def _tell_retry(reason: Reason) -> str:
    if reason.card.doubt:
        return "a warning only: it is sent"
    return "once that is done" if reason.card.retry else "does not help"
