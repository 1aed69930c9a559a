"""CSV files as sheets: Norwegian or English separators, UTF-8, UTF-16 or Windows' own letters."""

from __future__ import annotations

import csv
import io
from pathlib import PurePath

from so24.errors import UnreadableFile
from so24.sources.tables import SEARCHED_ROWS, Sheet, SheetRow, find_table

MOST_ROWS = 300_000
_SEPARATORS = (";", ",", "\t")


def read_delimited(filename: str, content: bytes) -> Sheet:
    """The file as one sheet named like the file.

    Raises :class:`UnreadableFile` where it is no text, or holds too many rows.
    """
    text = _decode(content)
    name = PurePath(filename).stem
    best: list[SheetRow] = []
    for separator in _SEPARATORS:
        best = _rows(text, separator, SEARCHED_ROWS)
        if _has_headings(name, best):
            return Sheet(name, _rows(text, separator, MOST_ROWS + 1))
    return Sheet(name, best)


def _has_headings(name: str, rows: list[SheetRow]) -> bool:
    try:
        return find_table(Sheet(name, rows)) is not None
    except UnreadableFile:
        return True  # meant to be one; what it misses is said when it is read as a whole


def _decode(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _decode_as(content, "utf-16")
    if b"\0" in content:
        raise UnreadableFile("It is neither an Excel workbook (.xlsx) nor a CSV file.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _decode_as(content, "cp1252")


def _decode_as(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        raise UnreadableFile("It is neither an Excel workbook (.xlsx) nor a CSV file.") from None


def _rows(text: str, separator: str, most: int) -> list[SheetRow]:
    rows = []
    try:
        lines = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
        for number, line in enumerate(lines, 1):
            if number > most:
                break
            cells = tuple(cell.strip() for cell in line)
            if any(cells):
                rows.append(SheetRow(number, cells))
    except csv.Error:
        raise UnreadableFile("It is not a readable CSV file.") from None
    if len(rows) > MOST_ROWS:
        raise UnreadableFile(f"It holds more than {MOST_ROWS} rows; split it.")
    return rows
