"""What a person may want to look at first of what goes: the warnings of the checks."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pandas as pd
import streamlit as st

from so24.language.telling import tell, tell_count
from so24.transfer.checks.finding import Finding
from so24.transfer.preview.preview import Preview
from so24.ui.parts.headings import headings_of
from so24.ui.parts.opening import number_column
from so24.ui.parts.tables import with_amounts

_WARNINGS = "export_warnings"
_MOST = 300  # pixels
Warnings = Mapping[int, tuple[Finding, ...]]


def show_warnings(
    preview: Preview, going: Preview, warnings: Warnings, on_open: Callable[[int], None]
) -> None:
    """What a person may want to look at first of what goes by all that is known by now.

    ``on_open`` gets the id of a document whose number is pressed.
    """
    ids = {each for lane in going.lanes for each in lane.invoice_ids}
    found = {each: told for each, told in warnings.items() if each in ids}
    if not found:
        return
    opened = st.expander(
        tell_count(
            "{number} document goes in spite of warnings",
            "{number} documents go in spite of warnings",
            len(found),
        ),
        icon=":material/warning:",
        key=_WARNINGS,
        on_change="rerun",
    )
    if not opened.open:  # they may be twenty thousand, which few people want to read
        return
    with opened:
        told = [(preview.rows[each], one) for each, findings in found.items() for one in findings]
        columns = {
            "Number": [row.number for row, _ in told],
            "Customer": [row.customer for row, _ in told],
            "Field": [tell(finding.field) for _, finding in told],
            "Warning": [tell(finding.sentence) for _, finding in told],
        }
        height = min(38 + 35 * len(told), _MOST)
        texts = ("Customer", "Field", "Warning")
        st.dataframe(
            with_amounts(pd.DataFrame(columns), (), repeated=texts),
            hide_index=True,
            height=height,
            column_config={
                **headings_of(columns),
                **{name: st.column_config.TextColumn(tell(name)) for name in texts},
                "Number": number_column(
                    [row.id for row, _ in told],
                    key="export_open_warned",
                    on_open=on_open,
                ),
            },
            alt=tell("Warnings of the checks"),
        )
