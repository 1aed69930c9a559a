"""The lines of receipts: the grid that shows them, their sums, and the cells of their file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

import pandas as pd
import streamlit as st

from so24.amounts import format_amount, sum_by_currency
from so24.dates import format_moment
from so24.language.said import say_count
from so24.language.telling import tell, tell_count
from so24.ledger.payments.words import STATE_WORDS, tell_payment
from so24.states import without_mark
from so24.store.tables.document_tables import DocumentKind
from so24.store.transfers.receipt_line import ReceiptLine
from so24.ui.parts.headings import (
    CUSTOMER_CARD,
    CUSTOMER_NUMBER,
    INVOICE_DATE,
    INVOICE_NO,
    OFFICE_TOTAL,
    PAYMENT_READ,
    STATED_TOTAL,
    headings_of,
    total_in,
)
from so24.ui.parts.opening import number_column
from so24.ui.parts.tables import (
    amount_column,
    currencies_of,
    status_column,
    tell_sums,
    with_amounts,
)

_AMOUNTS = ("Total", OFFICE_TOTAL, "Difference")
_NUMBERS = ("Order", INVOICE_NO)
_TEXTS = (
    "Explanation",
    "Customer",
    CUSTOMER_CARD,
    "Paid",
    "Changed",
    "Currency",
    "Department",
    "Key",
)
WIDTHS = {
    "Number": 70, "Total": 92, OFFICE_TOTAL: 92, "Difference": 80, "Status": 150,
    INVOICE_NO: 80, "Explanation": 250, "Customer": 140, "Paid": 124, "Changed": 120,
    CUSTOMER_CARD: 160, "Order": 80,
}  # fmt: skip


def show_lines(
    lines: Sequence[ReceiptLine], *, key: str, dated: bool = False, **options: Any
) -> Any:
    """The grid of receipt lines with their sums; ``options`` go to ``st.dataframe``.

    ``dated``: the lines are of several runs, so that it matters when each has changed.
    """
    currency = currencies_of(line.currency for line in lines)
    frame = line_frame(lines, dated=dated)
    return st.dataframe(
        with_amounts(frame, _AMOUNTS, _NUMBERS, repeated=_TEXTS),
        key=key,
        hide_index=True,
        height=min(37 * (len(lines) + 1) + 3, 520),
        placeholder="",
        column_config={
            **headings_of(frame.columns),
            "Number": number_column(
                [line.invoice_id for line in lines], key=f"{key}_open", width=WIDTHS["Number"]
            ),
            "Status": status_column(width=WIDTHS["Status"], cells=frame["Status"]),
            **{
                name: st.column_config.TextColumn(tell(name), width=WIDTHS.get(name))
                for name in _TEXTS
            },
            **{name: amount_column(tell(name), width=WIDTHS[name]) for name in _AMOUNTS},
            "Total": amount_column(total_in(currency), width=WIDTHS["Total"]),
            **{name: amount_column(tell(name), width=WIDTHS[name]) for name in _NUMBERS},
        },
        alt=tell("Documents of the receipt with state and explanation"),
        **options,
    )


def show_line_sums(lines: Sequence[ReceiptLine]) -> None:
    """How many lines there are, their totals together, and what 24SevenOffice's differ by."""
    sums = sum_by_currency((line.currency, line.total) for line in lines)
    counted = say_count("{number} document", "{number} documents", len(lines))
    told = [tell_sums(counted, sums)]
    told.extend(_tell_difference(lines))
    st.markdown(" · ".join(told))


def _tell_difference(lines: Sequence[ReceiptLine]) -> Iterator[str]:
    """What 24SevenOffice's totals differ by together, and of how much, unless that is of all."""
    known = [line for line in lines if line.office_total is not None]
    if not known:
        return
    differences = sum_by_currency(
        (each.currency, difference_of(each) or Decimal(0)) for each in known
    )
    words = ", ".join(format_amount(differences[each], each) for each in sorted(differences))
    if len(known) == len(lines):
        yield tell("difference {sums}", sums=words)
        return
    amounts = sum_by_currency((each.currency, each.total) for each in known)
    yield tell_count(
        "difference {sums} in the {number} document of which 24SevenOffice's total is known "
        "({amounts})",
        "difference {sums} in the {number} documents of which 24SevenOffice's total is known "
        "({amounts})",
        len(known),
        sums=words,
        amounts=", ".join(format_amount(amounts[each], each) for each in sorted(amounts)),
    )


def line_frame(lines: Sequence[ReceiptLine], *, dated: bool = False) -> pd.DataFrame:
    """The lines as the grid shows them: number, amounts and proof first, nothing empty.

    24SevenOffice's total is shown where one differs from ours; else the difference tells of it.
    Words are told.
    """
    cells: dict[str, Any] = {
        "Number": [line.number for line in lines],
        "Total": [line.total for line in lines],
        OFFICE_TOTAL: [line.office_total for line in lines],
        "Difference": [difference_of(line) for line in lines],
        "Status": [[tell(line.status)] for line in lines],
        INVOICE_NO: pd.array([line.office_invoice_id for line in lines], dtype="Int64"),
        "Explanation": [tell(line.explanation) for line in lines],
        "Customer": [line.customer for line in lines],
        "Paid": [tell(tell_payment(line)) for line in lines],
        "Changed": [format_moment(line.updated_at) for line in lines],
        "Currency": [line.currency for line in lines],
        CUSTOMER_CARD: [tell(line.customer_card) for line in lines],
        "Order": pd.array([line.order_id for line in lines], dtype="Int64"),
        "Department": [line.department for line in lines],
        "Key": [line.key for line in lines],
    }
    left_out = {
        OFFICE_TOTAL: not any(cells["Difference"]),
        "Explanation": not any(cells["Explanation"]),
        CUSTOMER_CARD: not any(cells[CUSTOMER_CARD]),
        "Changed": not dated,
        "Paid": not dated or not any(cells["Paid"]),  # a receipt is about what a run has done
        "Currency": bool(currencies_of(cells["Currency"])),  # in the heading of the total
    }
    return pd.DataFrame({name: cells[name] for name in cells if not left_out.get(name)})


def line_cells(line: ReceiptLine) -> dict[str, object]:
    """A line as the downloaded file has it, its words told."""
    return {
        "Number": line.number,
        "Kind": tell(DocumentKind(line.kind).words),
        "Series": line.series,
        INVOICE_DATE: line.invoice_date,
        "Department": line.department,
        CUSTOMER_NUMBER: line.customer_number,
        "Customer": line.customer,
        CUSTOMER_CARD: tell(line.customer_card),
        "Key": line.key,
        "Company": line.company,
        "Status": without_mark(tell(line.status)),
        "Explanation": tell(line.explanation).replace("`", ""),
        "Order": line.order_id,
        INVOICE_NO: line.office_invoice_id,
        "Total": line.total,
        OFFICE_TOTAL: line.office_total,
        "Difference": difference_of(line),
        STATED_TOTAL: line.stated_total,
        "Currency": line.currency,
        "Due": line.due_date,
        "Paid": line.paid_on,
        "Payment": tell(STATE_WORDS[line.payment]),
        PAYMENT_READ: line.payment_read_at,
        "KID": line.kid,
        "User": line.user,
        "Changed": line.updated_at,
        "Run": line.run,
    }


def difference_of(line: ReceiptLine) -> Decimal | None:
    """Theirs less ours, where 24SevenOffice's total is known."""
    return None if line.office_total is None else line.office_total - line.total
