"""The warnings of the checks in the question before an export; they stop nothing."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from so24.amounts import format_count
from so24.transfer.checks.finding import Finding
from so24.transfer.preview.preview import Preview
from so24.transfer.review import find_warnings
from so24.ui.frame.session import acting_desk

_KEPT = "so24_preview_warnings"
_MOST = 300  # pixels


def show_warnings(preview: Preview) -> None:
    """What a person may want to look at first, document by document; nothing without any."""
    found = _keep_warnings(preview)
    if not found:
        return
    count = format_count(len(found))
    words = "document goes" if len(found) == 1 else "documents go"
    with st.expander(f"{count} {words} in spite of warnings", icon=":material/warning:"):
        rows = [
            {
                "Number": preview.rows[invoice_id].number,
                "Customer": preview.rows[invoice_id].customer,
                "Field": finding.field,
                "Warning": finding.sentence,
            }
            for invoice_id, findings in found.items()
            for finding in findings
        ]
        st.dataframe(pd.DataFrame(rows), hide_index=True, height=min(38 + 35 * len(rows), _MOST))


def _keep_warnings(preview: Preview) -> dict[int, tuple[Finding, ...]]:
    """Checked once for what is shown, not at every press of a button."""
    shown = preview.shown.fingerprint
    if st.session_state.get(_KEPT, ("",))[0] != shown:
        ids = [each for lane in preview.lanes for each in lane.invoice_ids]
        st.session_state[_KEPT] = (shown, find_warnings(acting_desk(), ids))
    found: dict[int, tuple[Finding, ...]] = st.session_state[_KEPT][1]
    return found
