"""One row of the report *Invoice lines*: its line, and what it says about its document."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from so24.sources.documents.documents import RefusedRow, SourceLine
from so24.sources.sheets.numbers import BadCell, Cell, read_date, read_decimal, read_rate, read_text
from so24.sources.sheets.tables import Row
from so24.store.tables.types import FINE_SCALE, MONEY_SCALE

DEFAULT_CURRENCY = "NOK"

_read_money = partial(read_decimal, decimals=MONEY_SCALE)
_read_fine = partial(read_decimal, decimals=FINE_SCALE)


@dataclass(frozen=True)
class LineRow:
    """A row as read; its line is not to be used where ``refused`` holds anything."""

    number: str
    department_number: str
    department_name: str
    customer_number: str
    customer_name: str
    currency: str
    invoice_date: dt.date | None
    our_reference: str
    project_number: str
    project_name: str
    line: SourceLine
    refused: tuple[RefusedRow, ...]


def read_line_row(row: Row, departments: Sequence[str]) -> LineRow:
    """Read all fields of the row; what cannot be read is in ``refused``.

    ``departments`` are the numbers that the row may mean; unless it is one, the row is refused.
    """
    for name in ("number", "customer_number"):
        if not read_text(row.cell(name)):
            row.refuse(name, "is empty")
    row.text("department_number")  # refused here where it cannot be read
    name = row.text("department_name")
    if not departments:
        row.refuse("department_number", "is empty, and so is the department's name")
    if len(departments) > 1:
        row.refuse(
            "department_number",
            f"is empty, and more than one department is called “{name}”: "
            f"{', '.join(departments)}; fill in which one it is",
        )
    return LineRow(
        number=row.text("number"),
        department_number=departments[0] if departments else "",
        department_name=name,
        customer_number=row.text("customer_number"),
        customer_name=row.text("customer_name"),
        currency=_read_currency(row),
        invoice_date=row.read_given("invoice_date", read_date),
        our_reference=row.text("our_reference"),
        project_number=row.text("project_number"),
        project_name=row.text("project_name"),
        line=_read_line(row),
        refused=tuple(row.refused),
    )


def _read_line(row: Row) -> SourceLine:
    zero = _read_money("0")
    name = row.text("product_name")
    return SourceLine(
        row=row.number,
        product_number=row.text("product_number"),
        product_name=name,
        text=row.text("text") or name,
        quantity=row.read("quantity", _read_fine, zero),
        unit_price=row.read("unit_price", _read_fine, zero),
        net=row.read("net", _read_money, zero),
        vat_rate=row.read("vat_rate", read_rate, zero),
        vat=row.read_given("vat", _read_money),
        total=row.read_given("total", _read_money),
        line_date=row.read_given("line_date", read_date),
    )


def _read_currency(row: Row) -> str:
    if "currency" not in row.table.columns:
        return DEFAULT_CURRENCY
    return row.read("currency", _currency, "")


def _currency(cell: Cell) -> str:
    text = read_text(cell).upper()
    if len(text) != 3 or not text.isascii() or not text.isalpha():
        raise BadCell(f"must be a currency of three letters such as NOK, not “{text[:10]}”")
    return text
