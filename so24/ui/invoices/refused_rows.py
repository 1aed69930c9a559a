"""The report of an import: what landed, and each row that did not, with its whole reason."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from so24.amounts import format_count
from so24.sources.documents.documents import RefusedRow
from so24.sources.import_reports import ImportReport
from so24.ui.frame.text import escape_markdown
from so24.ui.parts.csv_file import write_csv

_SHOWN = 100  # a table wraps its texts but draws every row; a grid draws few and cuts the texts
_TALL = 6  # rows from which the table scrolls
_HEIGHT = 320


def show_report(report: ImportReport, place: int) -> None:
    """What became of one import: its counts, sellers and warnings, and the rows refused.

    ``place`` tells it from others that are shown, whose files may have one name.
    """
    counts = [
        f"{format_count(count)} {word}"
        for count, word in (
            (report.added, "added"),
            (report.updated, "updated"),
            (report.unchanged, "unchanged"),
            (report.flagged, "changed after export"),
            (len(report.refused), "rows refused"),
        )
        if count
    ]
    summary = ", ".join(counts) or "nothing in it"
    st.markdown(f"**{escape_markdown(report.filename)}** ({report.kind}): {summary}")
    if report.sellers:
        st.caption(escape_markdown(f"Seller: {', '.join(report.sellers)}"))
    for warning in report.warnings:
        st.markdown(f":material/warning: {escape_markdown(warning)}")
    if report.refused:
        _show_rows(report.filename, report.refused, place)


def _show_rows(filename: str, refused: Sequence[RefusedRow], place: int) -> None:
    """Draw the first hundred rows, their reasons wrapped; all of them are in a file."""
    rows = [
        {"Sheet": row.sheet, "Row": str(row.row), "Column": row.column, "Reason": row.reason}
        for row in refused
    ]
    st.table(
        pd.DataFrame(rows[:_SHOWN]).map(escape_markdown),
        border="horizontal",
        height=_HEIGHT if len(rows) > _TALL else "content",
        hide_index=True,
        alt=f"Rows of {filename} that were refused",
    )
    if len(rows) > _SHOWN:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(f"The first {_SHOWN} of {format_count(len(rows))} refused rows.")
            st.download_button(
                "All refused rows as CSV",
                lambda: write_csv(rows),
                file_name=f"refused-{filename}.csv",
                mime="text/csv",
                icon=":material/download:",
                key=f"refused_rows_{place}",
                on_click="ignore",
                type="tertiary",
            )
