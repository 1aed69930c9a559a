"""The glossary of states, which is a file in words, and the reasons, which are the catalogue's."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pandas as pd
import streamlit as st

from so24.language.reader import language
from so24.language.telling import tell
from so24.reasons import Reason

HELP = Path(__file__).resolve().parents[2] / "help"


def read_glossary() -> str:
    """The page of states in the reader's language, as Markdown."""
    return _read_states(language())


@cache
def _read_states(wanted: str) -> str:
    return (HELP / wanted / "states.md").read_text(encoding="utf-8")


def reason_rows() -> list[dict[str, str]]:
    """Every reason that people can meet: what happened, what to do, who does it, and *Retry*."""
    return [
        {
            tell("What happened"): tell(each.card.title),
            tell("What to do"): tell(each.card.remedy),
            tell("Who"): tell(each.card.who),
            tell("Retry"): _tell_retry(each),
        }
        for each in Reason
        if each.card.title
    ]


def show_reasons() -> None:
    """The catalogue of reasons, which can be searched."""
    st.header(tell("Reasons"), anchor=False)
    st.markdown(
        tell("A state says where a document stands, a reason why. These are all there are.")
    )
    wanted = st.text_input(tell("Search the reasons"), icon=":material/search:", width=360)
    rows = [
        row
        for row in reason_rows()
        if (wanted or "").casefold() in " ".join(row.values()).casefold()
    ]
    if not rows:
        st.info(tell("No reason has these words."), icon=":material/search_off:")
        return
    st.table(pd.DataFrame(rows).set_index(tell("What happened")), border="horizontal")


def _tell_retry(reason: Reason) -> str:
    if reason.card.doubt:
        return tell("a warning only: it is sent")
    return tell("once that is done") if reason.card.retry else tell("does not help")
