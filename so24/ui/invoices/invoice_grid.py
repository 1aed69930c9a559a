"""The grid of the invoice overview: which columns it has, and how wide they are.

What identifies a document and its amount come first, so that they are on the screen of a telephone
as well; what would say the same in each row, or nothing, is left out. Net and VAT are in the
detail.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import streamlit as st
from pandas.io.formats.style import Styler

from so24.language.said import say
from so24.language.telling import tell
from so24.ledger.payments.words import NOT_READ, PAYMENT_CHOICES, tell_payment
from so24.reasons import Reason
from so24.store.documents.overview import InvoiceFilter, InvoiceRow
from so24.store.tables.document_tables import DocumentKind
from so24.ui.invoices.finding_view import chip_colours, chip_of
from so24.ui.parts.headings import total_in
from so24.ui.parts.opening import number_column
from so24.ui.parts.tables import (
    amount_column,
    chips_column,
    currencies_of,
    date_column,
    status_column,
    status_of_row,
    with_amounts,
)

KIND_WORDS = {DocumentKind.INVOICE: say("Invoice"), DocumentKind.CREDIT_NOTE: say("Credit note")}
_ASSUMED, _EXCLUDED, _HELD = say("date to confirm"), say("excluded"), say("held")
_CHANGED, _APART = say("changed after export"), say("total differs from the source")
_SENDABLE = say("can be sent now")  # has failed, for a cause that is no more
REMARKS = {
    _ASSUMED: "orange",
    _EXCLUDED: "gray",
    _HELD: "orange",
    _CHANGED: "red",
    _APART: "orange",
    _SENDABLE: "green",
}
WIDTHS = {
    "Number": 70, "Customer": 140, "Total": 100, "Currency": 62, "Date": 84, "Status": 118,
    "Why": 200, "Paid": 124, "Remarks": 220, "Kind": 84, "Department": 110, "Due": 84,
}  # fmt: skip
_TEXTS = ("Customer", "Currency", "Why", "Paid", "Kind", "Department")
_CELLS: dict[str, Callable[[InvoiceRow], Any]] = {
    "Number": lambda row: row.number,
    "Customer": lambda row: row.customer,
    "Total": lambda row: row.total,
    "Currency": lambda row: row.currency,
    "Date": lambda row: row.invoice_date,
    "Status": lambda row: [tell(status_of_row(row))],
    "Why": lambda row: tell(row.excluded_reason),
    "Paid": lambda row: tell(tell_payment(row)),
    "Kind": lambda row: tell(KIND_WORDS[row.kind]),
    "Department": lambda row: row.department,
    "Due": lambda row: row.due_date,
}


@dataclass(frozen=True)
class Grid:
    """The rows of a filter as the grid shows them, and the configuration of its columns."""

    frame: Styler
    columns: dict[str, Any]


def grid_of(
    rows: Sequence[InvoiceRow],
    chips: Mapping[int, list[str]],
    wanted: InvoiceFilter,
    causes: Mapping[int, Reason],
) -> Grid:
    """The filter's rows, told; ``chips`` are what was found in them, by id.

    ``causes`` are why those that have failed are problems now, none where they are none any more.
    """
    cells = {name: [cell(row) for row in rows] for name, cell in _CELLS.items()}
    cells["Remarks"] = [_chips(row, chips.get(row.id, ()), causes) for row in rows]
    told = {name: cells[name] for name in WIDTHS if not _is_told_already(name, cells[name], wanted)}
    columns = _columns_of(rows, cells)
    frame = with_amounts(pd.DataFrame(told), ("Total",), repeated=_TEXTS)
    return Grid(frame, {name: columns[name] for name in told})


def _is_told_already(name: str, cells: Sequence[Any], wanted: InvoiceFilter) -> bool:
    """Whether a column would say nothing, or what the filter or the total's heading says."""
    if not any(cells):
        return True
    if name == "Why" and not wanted.left_out:
        return True  # in the detail
    if name == "Due" and not wanted.payments:
        return True  # in the detail
    if any(each != cells[0] for each in cells):
        return False
    return {
        "Paid": wanted.payments == PAYMENT_CHOICES[NOT_READ],
        "Status": wanted.unsent or len(wanted.states) == 1,
        "Currency": True,  # in the heading of the total
        "Kind": len(wanted.kinds) == 1 or cells[0] == tell(KIND_WORDS[DocumentKind.INVOICE]),
        "Department": True,  # in the filter and in the detail
    }.get(name, False)


def _columns_of(rows: Sequence[InvoiceRow], cells: Mapping[str, Sequence[Any]]) -> dict[str, Any]:
    """The configuration of the columns; the total's heading names the one currency."""
    remarks = REMARKS | chip_colours()
    currency = currencies_of(row.currency for row in rows)
    texts = {name: st.column_config.TextColumn(tell(name), width=WIDTHS[name]) for name in _TEXTS}
    return {
        **texts,
        "Number": number_column(
            [row.id for row in rows], key="invoices_open", width=WIDTHS["Number"]
        ),
        "Status": status_column(width=WIDTHS["Status"], cells=cells["Status"]),
        "Remarks": chips_column(tell("Remarks"), WIDTHS["Remarks"], remarks, cells["Remarks"]),
        **{name: date_column(tell(name), width=WIDTHS[name]) for name in ("Date", "Due")},
        "Total": amount_column(total_in(currency), width=WIDTHS["Total"]),
    }


def _chips(row: InvoiceRow, found: Sequence[str], causes: Mapping[int, Reason]) -> list[str]:
    failed = [_tell_cause(causes[row.id])] if row.id in causes else []
    return list(dict.fromkeys(map(tell, (*_remarks(row), *failed, *found))))


def _tell_cause(cause: Reason) -> str:
    return chip_of(cause) if cause is not Reason.NONE else _SENDABLE


def _remarks(row: InvoiceRow) -> Iterator[str]:
    if row.date_assumed:
        yield _ASSUMED
    if row.excluded:
        yield _EXCLUDED
    if row.held or row.question:
        yield _HELD
    if row.changed_after_export:
        yield _CHANGED
    if row.stated_total is not None and row.stated_total != row.total:
        yield _APART


def height_of(rows: int) -> int:
    """All rows, of 33 pixels, where they are few; else a window that leaves room for the bar."""
    return min(33 * (rows + 1) + 3, 560)
