"""The documents that wait for an answer about a customer or a product; a press opens one."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from so24.invoices.overview import list_documents
from so24.language.said import join_said, say_count
from so24.language.telling import tell
from so24.store.documents.overview import InvoiceFilter
from so24.ui.frame.session import acting_desk
from so24.ui.parts.opening import HOW_TO_OPEN, number_column, offer_the_only_one
from so24.ui.parts.tables import (
    amount_column,
    currencies_of,
    date_column,
    status_column,
    status_of_row,
    with_amounts,
)

SHOWN = 100
_ROW, _HEAD, _MOST = 35, 38, 260  # pixels


def show_waiting(ids: Sequence[int]) -> None:
    """Draw these documents, the newest of many only."""
    rows = list_documents(acting_desk(), InvoiceFilter(ids=frozenset(ids[:SHOWN])))
    words = say_count(
        "{number} document waits for the answer.",
        "{number} documents wait for the answer.",
        len(ids),
    )
    st.caption(tell(join_said([words, HOW_TO_OPEN])))
    currency = currencies_of(row.currency for row in rows)
    total = tell("Total {currency}", currency=currency) if currency else tell("Total")
    frame = pd.DataFrame(
        {
            "Number": [row.number for row in rows],
            "Customer": [row.customer for row in rows],
            "Total": [row.total for row in rows],
            "Currency": [row.currency for row in rows],
            "Date": [row.invoice_date for row in rows],
            "Status": [[tell(status_of_row(row))] for row in rows],
        }
    )
    if currency:
        del frame["Currency"]
    st.dataframe(
        with_amounts(frame, ("Total",)),
        key=f"customers_waiting_{hash(tuple(row.id for row in rows))}",
        hide_index=True,
        placeholder="",
        height=min(_ROW * len(rows) + _HEAD, _MOST),
        column_config={
            "Number": number_column([row.id for row in rows], key="customers_open"),
            "Customer": st.column_config.TextColumn(tell("Customer"), width=180),
            "Total": amount_column(total, width=100),
            "Currency": tell("Currency"),
            "Date": date_column(tell("Date"), width=85),
            "Status": status_column(width=120),
        },
        alt=tell("Documents that wait for the answer"),
    )
    offer_the_only_one([(row.id, row.number) for row in rows], key="customers_open_it")
