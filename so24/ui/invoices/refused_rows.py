"""The rows of an import that did not come in: each with its whole reason."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from so24.amounts import format_count
from so24.sources.documents.documents import RefusedRow
from so24.ui.frame.text import escape_markdown
from so24.ui.parts.csv_file import write_csv

_SHOWN = 100  # a table wraps its texts but draws every row; a grid draws few and cuts the texts
_TALL = 6  # rows from which the table scrolls
_HEIGHT = 320


def show_refused_rows(filename: str, refused: Sequence[RefusedRow], place: int) -> None:
    """Draw the first hundred rows, their reasons wrapped; all of them are in a file.

    ``place`` is the file's among those shown, whose names may be equal.
    """
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
