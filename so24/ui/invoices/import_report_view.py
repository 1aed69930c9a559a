"""What became of one import: its counts, sellers and warnings, and the rows refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd
import streamlit as st

from so24.amounts import format_count
from so24.language.said import SaidText, say_as
from so24.language.telling import tell
from so24.people.roles import Permission
from so24.sources.documents.documents import RefusedRow
from so24.sources.import_reports import ImportReport
from so24.ui.frame.flash import escape_markdown
from so24.ui.parts.downloads import show_download
from so24.ui.parts.headings import headings_of

REPORTS = "import_reports"  # of the last import, in the session
_SHOWN = 100  # a table wraps its texts but draws every row; a grid draws few and cuts the texts
_TOLD = 8  # warnings that stand in the open
_TALL = 6  # rows from which the table scrolls
_HEIGHT = 320


def show_report(report: ImportReport, place: int) -> None:
    """What became of one import: its counts, sellers and warnings, and the rows refused.

    ``place`` tells it from others that are shown, whose files may have one name.
    """
    counts = [
        f"{format_count(count)} {tell(words)}" for count, words in report.tell_counts() if count
    ]
    nothing = tell("nothing of it came in") if report.warnings else tell("nothing in it")
    name, kind = escape_markdown(report.filename), tell(report.kind)
    st.markdown(f"**{name}** ({kind}): {', '.join(counts) or nothing}")
    if report.sellers:
        sellers = ", ".join(report.sellers)
        st.caption(escape_markdown(tell("Seller: {sellers}", sellers=sellers)))
    for warning in report.warnings[:_TOLD]:
        st.markdown(f":material/warning: {escape_markdown(tell(warning))}")
    if rest := report.warnings[_TOLD:]:
        label = tell("{count} more", count=format_count(len(rest)))
        with st.expander(label, icon=":material/warning:"):
            st.markdown("\n".join(f"- {escape_markdown(tell(each))}" for each in rest))
    if report.refused:
        _show_rows(report.filename, report.refused, place)


def note_answered(question: str, told: str) -> None:
    """Let the reports that are shown say in a question's place what its answer has done."""
    reports: Sequence[ImportReport] = st.session_state.get(REPORTS, ())
    if reports:
        st.session_state[REPORTS] = [
            replace(each, warnings=tuple(_renew(words, question, told) for words in each.warnings))
            for each in reports
        ]


def _renew(words: str, question: str, told: str) -> str:
    """What was done, for a warning that is the question, or names a document with it."""
    values = words.values if isinstance(words, SaidText) else {}
    return told if question in (words, values.get("question")) else words


def _show_rows(filename: str, refused: Sequence[RefusedRow], place: int) -> None:
    """Draw the first hundred rows, their reasons wrapped; all of them are in a file."""
    rows = [
        {
            "Sheet": row.sheet,
            "Row": str(row.row),
            "Column": row.column,
            "Reason": tell(row.reason),
        }
        for row in refused
    ]
    frame = pd.DataFrame(rows[:_SHOWN]).map(escape_markdown)
    st.table(
        frame.rename(columns=headings_of(frame.columns)),
        border="horizontal",
        height=_HEIGHT if len(rows) > _TALL else "content",
        hide_index=True,
        alt=tell("Rows of {file} that were refused", file=filename),
    )
    if len(rows) > _SHOWN:
        with st.container(horizontal=True, vertical_alignment="center"):
            shown, whole = (len({(row.sheet, row.row) for row in each})
                            for each in (refused[:_SHOWN], refused))  # fmt: skip
            st.caption(
                tell(
                    "The first {shown} of {all} refused rows.",
                    shown=shown,
                    all=format_count(whole),
                )
            )
            show_download(
                lambda _asking: rows,
                Permission.SEE_IMPORTS,
                name=say_as("file name", "refused-{file}", file=filename),
                label=tell("All refused rows"),
                key=f"refused_rows_{place}",
                style="tertiary",
            )
