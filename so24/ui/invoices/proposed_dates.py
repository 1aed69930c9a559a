"""Invoice dates that are only proposed: each import's are seen before they are confirmed."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import streamlit as st

from so24.amounts import format_count
from so24.dates import format_date, format_moment
from so24.invoices.decisions import confirm_invoice_dates
from so24.invoices.overview import list_proposed, proposed_dates
from so24.language.said import say_count
from so24.language.telling import tell, tell_count
from so24.people.desk import Desk
from so24.sources.landing.far_dates import is_far
from so24.ui.frame import flash
from so24.ui.frame.flash import escape_markdown
from so24.ui.frame.session import acting_desk
from so24.ui.parts.tables import DATE_FORMAT, date_column

_ROW, _HEAD, _MOST = 35, 38, 320  # pixels


def show_proposed_dates(desk: Desk) -> None:
    """For each import whose invoice dates are only proposed: which they are, and the answer."""
    for each in proposed_dates(desk):
        with st.container(horizontal=True, vertical_alignment="center", border=True):
            words = tell_count(
                "{number} document of **{file}** ({date}) with an invoice date that is proposed, "
                "the latest date of the lines, or far from today: not exported before you confirm "
                "it.",
                "{number} documents of **{file}** ({date}) with an invoice date that is proposed, "
                "the latest date of the lines, or far from today: not exported before you confirm "
                "it.",
                each.documents,
                file=escape_markdown(each.filename),
                date=format_moment(each.at),
            )
            st.markdown(f":material/event: {words}", width="stretch")
            key = f"proposed_{each.import_id}"
            label = tell_count(
                "See {number} date to confirm", "See {number} dates to confirm", each.documents
            )
            opened = st.popover(label, key=key, on_change="rerun")
            if opened.open:
                with opened:
                    _show_proposed(desk, each.import_id)


def _show_proposed(desk: Desk, import_id: int) -> None:
    """The dates themselves, another one for all of them, and the button."""
    rows = sorted(list_proposed(desk, import_id), key=lambda row: not is_far(row.invoice_date))
    if rows and is_far(rows[0].invoice_date):
        st.warning(
            tell(
                "Those that are more than a year ahead of today, or more than five years back, "
                "stand first: is the year right?"
            )
        )
    st.dataframe(
        pd.DataFrame(
            {
                "Number": [row.number for row in rows],
                "Proposed": [row.invoice_date for row in rows],
                "Customer": [row.customer for row in rows],
            }
        ),
        hide_index=True,
        height=min(_ROW * len(rows) + _HEAD, _MOST),
        width=380,
        column_config={
            "Number": st.column_config.TextColumn(tell("Number"), width=80),
            "Proposed": date_column(tell("Invoice date"), width=90),
            "Customer": st.column_config.TextColumn(tell("Customer"), width=190),
        },
        alt=tell("Invoice dates to confirm"),
    )
    other = st.date_input(
        tell("Another date for all of them (optional)"), value=None, format=DATE_FORMAT,
        key=f"proposed_other_{import_id}", width=380,
    )  # fmt: skip
    label = tell_count("Confirm {number} date", "Confirm {number} dates", len(rows))
    if other:
        count = format_count(len(rows))
        label = tell("Confirm {date} for all {count}", date=format_date(other), count=count)
    st.button(label, key=f"confirm_dates_{import_id}", on_click=_confirm, args=(import_id, other))


def _confirm(import_id: int, date: dt.date | None) -> None:
    with flash.complaining():
        count = confirm_invoice_dates(acting_desk(), import_id, date)
        flash.say(
            say_count(
                "{number} invoice date confirmed.", "{number} invoice dates confirmed.", count
            )
        )
