"""Reports as tests need them: rows with one thing changed, as workbook or CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from openpyxl import Workbook

from so24.sources.documents import SourceFile
from so24.sources.reading import read_files

LINE: Mapping[str, Any] = {
    "Invoice no. / Credit note no.": "1001",
    "Date": "18.11.2026",
    "Quantity": Decimal("7.5"),
    "Price": Decimal("412.50"),
    "Sum excl. VAT": Decimal("3093.75"),
    "VAT %": Decimal(25),
    "Currency": "NOK",
    "Product": "Helgevakt",
    "Article": "Helgevakt uke 47",
    "Product no.": "1003",
    "Customer no.": "5001",
    "Company": "Nordvik Logistikk AS",
    "Department no.": "10",
    "Department": "Oslo",
    "Our invoice reference.": "Avdeling Oslo",
}
CUSTOMER: Mapping[str, Any] = {
    "Customer no.": "5001",
    "Company": "Nordvik Logistikk AS",
    "Organization number": "100000008",
    "Address": "Tollbugata 4",
    "Postal code": "0152",
    "City": "Oslo",
    "Country": "NO",
    "Invoice e-mail": "faktura@nordvik.example",
    "Credit days": "14",
}
NUMBER = "Invoice no. / Credit note no."

Row = Mapping[str, Any]


def line(changes: Row | None = None, /, *, number: str = "1001") -> dict[str, Any]:
    """A good line of invoice ``number``, with some columns changed."""
    return {**LINE, NUMBER: number, **(changes or {})}


def customer(changes: Row | None = None, /) -> dict[str, Any]:
    """A good customer, with some columns changed."""
    return {**CUSTOMER, **(changes or {})}


def as_grid(rows: Iterable[Row], without: Iterable[str] = ()) -> list[list[Any]]:
    """Headings and rows; the headings are those of any row, in the order they appear."""
    rows = list(rows)
    headings = dict.fromkeys(name for row in rows for name in row if name not in set(without))
    return [list(headings), *([row.get(name, "") for name in headings] for row in rows)]


def as_workbook(sheets: Mapping[str, Sequence[Sequence[Any]]]) -> bytes:
    """An .xlsx file of these sheets."""
    book = Workbook(write_only=True)
    for name, grid in sheets.items():
        sheet = book.create_sheet(name)
        for row in grid:
            sheet.append(list(row))
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def as_report(*rows: Row, sheet: str = "Invoice lines") -> bytes:
    """An .xlsx file of one sheet."""
    return as_workbook({sheet: as_grid(rows)})


def as_csv(grid: Sequence[Sequence[Any]], separator: str, encoding: str) -> bytes:
    """A CSV file."""
    buffer = io.StringIO(newline="")
    csv.writer(buffer, delimiter=separator).writerows(grid)
    return buffer.getvalue().encode(encoding)


def read_file(name: str, content: bytes) -> SourceFile:
    """What a single file holds, no department being known beforehand."""
    (source,) = read_files([(name, content)], megabytes=20)
    return source
