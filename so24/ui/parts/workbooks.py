"""A file of rows for Excel: amounts, dates and ids as what they are, texts as nothing but texts."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

import xlsxwriter

from so24.dates import OSLO
from so24.language.said import SaidText
from so24.language.telling import tell
from so24.letters import as_spreadsheet_text, show_plainly

_FORMATS = {
    "heading": {"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"},
    "amount": {"num_format": "#,##0.00"},
    "date": {"num_format": "dd.mm.yyyy"},
    "moment": {"num_format": "dd.mm.yyyy hh:mm:ss"},  # in English: Excel's own codes
    "id": {"num_format": "0"},
}
_NARROW, _WIDE = 11, 60
_LONGEST_NAME = 31
_NOT_IN_A_NAME = re.compile(r"[\[\]:*?/\\]")


def write_workbook(rows: Iterable[Mapping[str, object]], title: str) -> bytes:
    """A workbook of one sheet, named after ``title``; the first row's keys are the headings.

    A ``Decimal`` is an amount, written to its last digit; an ``int`` an id. Moments (aware) are
    told in Oslo's time, as on screen. Texts are :func:`so24.letters.as_spreadsheet_text`, and none
    becomes a formula, a link or a number. Headings and texts that were said are told.
    """
    out = io.BytesIO()
    # in memory: nothing of it is ever left behind in a folder
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_urls": False}) as book:
        formats = {name: book.add_format(each) for name, each in _FORMATS.items()}
        sheet = book.add_worksheet(_name_sheet(title))
        sheet.freeze_panes(1, 0)
        widths: list[int] = []
        last = 0
        for last, row in enumerate(rows, start=1):
            if not widths:
                widths = [_write_heading(sheet, each, name, formats) for each, name in
                          enumerate(row)]  # fmt: skip
            for column, value in enumerate(row.values()):
                wide = _write_cell(sheet, last, column, value, formats)
                widths[column] = max(widths[column], min(wide, _WIDE))
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width + 2)
        if widths:
            sheet.autofilter(0, 0, last, len(widths) - 1)
    return out.getvalue()


def _name_sheet(title: str) -> str:
    """The title as far as Excel takes it for the name of a sheet."""
    shown = _NOT_IN_A_NAME.sub(" ", show_plainly(title))
    return shown[:_LONGEST_NAME].strip(" '") or tell("Rows")


def _write_heading(sheet: Any, column: int, name: str, formats: Mapping[str, Any]) -> int:
    sheet.write_string(0, column, as_spreadsheet_text(tell(name)), formats["heading"])
    return _NARROW


def _write_cell(
    sheet: Any, row: int, column: int, value: object, formats: Mapping[str, Any]
) -> int:
    """Write the value as what it is; returns how many signs wide it is."""
    if value is None or value == "":
        return 0
    if isinstance(value, Decimal):
        sheet.write_number(row, column, value, formats["amount"])
        return len(f"{value:,.2f}")
    if isinstance(value, bool) or not isinstance(value, (int, dt.date)):
        text = as_spreadsheet_text(tell(value) if isinstance(value, SaidText) else str(value))
        sheet.write_string(row, column, text)
        return len(text)
    if isinstance(value, int):
        sheet.write_number(row, column, value, formats["id"])
        return len(str(value))
    if isinstance(value, dt.datetime):
        there = value.astimezone(OSLO).replace(tzinfo=None)  # a cell knows no time zone
        sheet.write_datetime(row, column, there, formats["moment"])
        return 19
    sheet.write_datetime(row, column, value, formats["date"])
    return 10
