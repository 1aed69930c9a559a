"""Files for spreadsheets: semicolons, decimal commas, and no cell that a spreadsheet would run."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterable, Mapping
from decimal import Decimal

from so24.dates import format_date, format_moment

_RISKY = ("=", "+", "-", "@", "\t", "\r")
_MARK = "\ufeff"  # tells Excel that the file is UTF-8


def write_csv(rows: Iterable[Mapping[str, object]]) -> bytes:
    """A CSV file as Norwegian spreadsheets read it; the first row's keys are the headings.

    Amounts are written ``1234,50`` and dates ``22.11.2026``. A text that begins like a formula
    gets an apostrophe in front of it.
    """
    out = io.StringIO()
    writer: csv.DictWriter[str] | None = None
    for row in rows:
        if writer is None:
            writer = csv.DictWriter(out, list(row), delimiter=";", lineterminator="\r\n")
            writer.writeheader()
        writer.writerow({name: _as_cell(value) for name, value in row.items()})
    return (_MARK + out.getvalue()).encode()


def _as_cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return f"{value:.2f}".replace(".", ",")
    if isinstance(value, dt.datetime):
        return format_moment(value, seconds=True)
    if isinstance(value, dt.date):
        return format_date(value)
    text = str(value)
    return f"'{text}" if text.startswith(_RISKY) else text
