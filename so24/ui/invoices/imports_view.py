"""The imports that there have been: filters, the list of them, and one import's report."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from so24.amounts import format_count
from so24.dates import format_moment
from so24.invoices.overview import read_overview
from so24.language.said import say
from so24.language.telling import tell
from so24.people.desk import Desk
from so24.people.roles import Permission
from so24.sources.import_reports import PastImport, import_choices, read_report
from so24.store.documents.overview import InvoiceFilter
from so24.store.people.audit import LogFilter
from so24.ui.frame.flash import escape_markdown
from so24.ui.invoices.import_report_view import show_report
from so24.ui.invoices.invoice_grid import KIND_WORDS
from so24.ui.invoices.originals_view import show_import_files
from so24.ui.parts.headings import CHANGED_AFTER_EXPORT, ROWS_REFUSED, headings_of
from so24.ui.parts.opening import number_column
from so24.ui.parts.tables import amount_column, date_column, pick_log_filter, with_amounts

SHOWN = 500
# what fits a screen of 1280 points: the rest is in the report below
_WIDTHS = {
    "Import": 60, "When": 122, "File": 175, "Kind": 110, ROWS_REFUSED: 95, "Added": 65,
    "Updated": 72, "User": 95, "Remark": 150,
}  # fmt: skip
_COUNTS = ("Added", "Updated", "Unchanged", CHANGED_AFTER_EXPORT, ROWS_REFUSED)
_UNFINISHED = say("cut off, or under way")


def pick_filter(desk: Desk) -> LogFilter:
    """Draw the filters and read them."""
    return pick_log_filter("imports", *import_choices(desk), tell("Kind"), tell("All kinds"))


def import_cells(past: PastImport) -> dict[str, object]:
    """An import as the downloaded file has it, told; counts that are not known are None."""
    counts = (past.added, past.updated, past.unchanged, past.flagged, past.refused)
    known = counts if past.finished else [None] * len(counts)
    return {
        "Import": past.import_id,
        "When": past.at,
        "User": past.actor,
        "File": past.filename,
        "Kind": tell(past.kind),
        **dict(zip(_COUNTS, known, strict=True)),
        "Remark": "" if past.finished else tell(_UNFINISHED),
    }


def tick_import(imports: Sequence[PastImport]) -> PastImport | None:
    """Draw one page of imports; the one that the user has ticked."""
    frame = pd.DataFrame([import_cells(past) for past in imports])
    frame["When"] = [format_moment(past.at) for past in imports]
    ticked = st.dataframe(
        with_amounts(frame, (), ("Import", *_COUNTS)),
        # a tick must not move to another import
        key=f"imports_{imports[0].import_id}_{imports[-1].import_id}_{len(imports)}",
        hide_index=True,
        placeholder="",
        on_select="rerun",
        selection_mode="single-row",
        column_order=list(_WIDTHS),
        column_config={
            name: st.column_config.Column(tell(name), width=width)
            for name, width in _WIDTHS.items()
        },
        alt=tell("Imports, newest first"),
    ).selection.rows
    return imports[ticked[0]] if ticked else None


def show_details(desk: Desk, past: PastImport) -> None:
    """One import: its whole report, and the documents that are as they came with it."""
    _, report = read_report(desk, past.import_id)
    st.caption(
        tell(
            "Import {import_id}, {date}, {user}",
            import_id=past.import_id,
            date=format_moment(past.at),
            user=escape_markdown(past.actor),
        )
    )
    if past.finished:
        show_report(report, past.import_id)
    else:
        words = tell(
            "{file} was cut off, or is under way: its counts are not known. Import the file again; "
            "what has landed already does not land twice.",
            file=escape_markdown(past.filename),
        )
        st.warning(words, icon=":material/warning:")
    show_import_files(desk, past.import_id)
    if desk.actor.may(Permission.SEE_INVOICES):
        _show_documents(desk, past.import_id)


def _show_documents(desk: Desk, import_id: int) -> None:
    page = read_overview(desk, InvoiceFilter(import_id=import_id, limit=SHOWN))
    if not page.rows:
        st.markdown(tell("No document is as it came with this import."))
        return
    count = format_count(page.found)
    st.markdown(tell("**Documents that are as they came with it: {count}**", count=count))
    frame = pd.DataFrame(
        {
            "Number": [row.number for row in page.rows],
            "Kind": [tell(KIND_WORDS[row.kind]) for row in page.rows],
            "Date": [row.invoice_date for row in page.rows],
            "Department": [row.department for row in page.rows],
            "Customer": [row.customer for row in page.rows],
            "Total": [row.total for row in page.rows],
            "Currency": [row.currency for row in page.rows],
        }
    )
    st.dataframe(
        with_amounts(frame, ("Total",)),
        key=f"imports_documents_{import_id}",
        hide_index=True,
        placeholder="",
        column_config={
            **headings_of(frame.columns),
            "Number": number_column([row.id for row in page.rows], key="imports_open"),
            "Date": date_column(tell("Date"), width=95),
            "Total": amount_column(tell("Total")),
        },
        alt=tell("Documents that are as they came with this import"),
    )
    if page.found > len(page.rows):
        st.caption(tell("The newest {count} are shown.", count=format_count(len(page.rows))))
