"""Excel workbooks (.xlsx) read from their XML: every cell as the text that the file holds.

A number becomes the ``Decimal`` of its text, so no binary noise can enter; a formula counts only
with the value that was kept beside it. Reading the XML ourselves takes a third of the time that
openpyxl takes, which hands on binary floats and cannot tell an empty cell from a formula without
a value.
"""

from __future__ import annotations

import datetime as dt
import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any

from lxml import etree

from so24.errors import UnreadableFile
from so24.sources.delimited import MOST_ROWS
from so24.sources.numbers import Cell
from so24.sources.styles import NumberStyle, read_number_styles
from so24.sources.tables import Sheet, SheetRow

MOST_COLUMNS = 200
_SIGNIFICANT = 15  # what Excel itself keeps of a number; more digits are binary noise
_LARGEST_POWER = 20
_FIRST_SURE_DAY = 61  # Excel counts a 29 February 1900 that never was
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT_RELATION = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"
_DAMAGED = "The workbook is damaged; open it in Excel, save it again and import that file."
_BROKEN = (  # what the archive's and the XML's readers raise for bytes that make no sense
    zipfile.BadZipFile,
    zlib.error,
    etree.XMLSyntaxError,
    EOFError,
    KeyError,
    OSError,
    RuntimeError,
    ValueError,
)


def read_spreadsheet(content: bytes, *, most_bytes: int) -> list[Sheet]:
    """All sheets of the workbook, in its order.

    Raises :class:`UnreadableFile` where it is no workbook, damaged, protected by a password, or
    would unfold to more than ``most_bytes``.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _guard(archive, most_bytes)
            return _read_sheets(archive)
    except _BROKEN:
        raise UnreadableFile(_DAMAGED) from None


def _guard(archive: zipfile.ZipFile, most_bytes: int) -> None:
    parts = archive.infolist()
    if "xl/workbook.xml" not in {part.filename for part in parts}:
        raise UnreadableFile("It is neither an Excel workbook (.xlsx) nor a CSV file.")
    if any(part.flag_bits & 1 for part in parts):
        raise UnreadableFile("It is protected by a password; save it without one.")
    # the archive's reader never gives more of a part than is declared here
    if sum(part.file_size for part in parts) > most_bytes:
        raise UnreadableFile("The workbook unfolds to more data than can be imported; split it.")


def _read_sheets(archive: zipfile.ZipFile) -> list[Sheet]:
    targets = {
        item.get("Id"): item.get("Target", "")
        for item in _elements(archive, "xl/_rels/workbook.xml.rels", "Relationship")
    }
    style_rows = read_number_styles(_parse(archive, "xl/styles.xml"))
    texts = [_joined(item) for item in _elements(archive, "xl/sharedStrings.xml", "si")]
    from_1904 = any(
        item.get("date1904") in {"1", "true"}
        for item in _elements(archive, "xl/workbook.xml", "workbookPr")
    )
    reader = _Cells(style_rows, texts, dt.date(1904, 1, 1) if from_1904 else dt.date(1899, 12, 30))
    sheets = []
    for item in _elements(archive, "xl/workbook.xml", "sheet"):
        target = targets.get(item.get(_RELATION) or item.get(_STRICT_RELATION), "")
        path = posixpath.normpath(posixpath.join("/xl", target)).lstrip("/")
        if "worksheets/" in path:  # a chart has a sheet of its own
            sheets.append(reader.read_sheet(item.get("name", ""), archive, path))
    return sheets


class _Cells:
    """Turns the cells of one workbook into text, numbers and dates."""

    def __init__(self, styles: list[NumberStyle], texts: list[str], day_zero: dt.date) -> None:
        self.styles = styles
        self.texts = texts
        self.day_zero = day_zero

    def read_sheet(self, name: str, archive: zipfile.ZipFile, path: str) -> Sheet:
        sheet = Sheet(name, [])
        number = 0
        for row in _elements(archive, path, "row"):
            number = int(row.get("r") or number + 1)
            broken = len(sheet.broken)
            cells = self.read_row(sheet, number, row)
            if any(cell != "" for cell in cells) or len(sheet.broken) > broken:
                sheet.rows.append(SheetRow(number, tuple(cells)))
            if len(sheet.rows) > MOST_ROWS:
                raise UnreadableFile(f"It holds more than {MOST_ROWS} rows; split it.")
        return sheet

    def read_row(self, sheet: Sheet, number: int, row: Any) -> list[Cell]:
        cells: list[Cell] = []
        for element in row:
            place = element.get("r")
            column = _column(place.rstrip("0123456789")) if place else len(cells)
            if column >= MOST_COLUMNS:
                break
            if not len(element):
                continue
            while len(cells) < column:
                cells.append("")
            try:
                cells.append(self.read_cell(element))
            except _NoValue as error:
                sheet.broken[number, column] = str(error)
                cells.append("")
            except (InvalidOperation, ValueError, IndexError, OverflowError):
                sheet.broken[number, column] = "cannot be read"
                cells.append("")
        return cells

    def read_cell(self, element: Any) -> Cell:
        kind = element.get("t", "n")
        last = element[-1]
        if kind == "inlineStr":
            return (last[0].text or "").strip() if len(last) == 1 else _joined(last)
        text = last.text or "" if last.tag.endswith("}v") else element.findtext("{*}v") or ""
        if kind == "s":
            return self.texts[int(text)]
        if not text and kind != "str" and element.find("{*}f") is not None:
            raise _NoValue("is a formula without a value; open the file in Excel and save it")
        if kind == "n":
            return self.read_number(text, element.get("s")) if text else ""
        if kind == "e":
            raise _NoValue(f"holds the error {text}")
        if kind == "b":
            return "TRUE" if text == "1" else "FALSE"
        return text.strip()

    def read_number(self, text: str, style: str | None) -> Cell:
        number = Decimal(text)
        if not number.is_finite() or abs(number.adjusted()) > _LARGEST_POWER:
            raise _NoValue("holds a number beyond any amount")
        if len(text) > _SIGNIFICANT and len(number.as_tuple().digits) > _SIGNIFICANT:
            number = Decimal(f"{number:.{_SIGNIFICANT}g}")
        meaning = self.styles[int(style)] if style and self.styles else NumberStyle.PLAIN
        if meaning is NumberStyle.PLAIN:
            return number
        if meaning is NumberStyle.PERCENT:
            return f"{number * 100:f} %"
        if number < _FIRST_SURE_DAY:
            raise _NoValue("is formatted as a date but is none")
        return self.day_zero + dt.timedelta(days=int(number))


class _NoValue(Exception):
    """A cell that holds no value; the message is the reason."""


@cache
def _column(letters: str) -> int:
    """The column from 0 of its letters."""
    if not re.fullmatch("[A-Z]{1,3}", letters):
        raise UnreadableFile(_DAMAGED)
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def _joined(element: Any) -> str:
    """The text of a string that may be made of runs; its reading aids are left out."""
    return "".join(
        part.text or ""
        for part in element.iter("{*}t")
        if not part.getparent().tag.endswith("}rPh")
    ).strip()


def _parse(archive: zipfile.ZipFile, path: str) -> Any:
    if path not in archive.NameToInfo:
        return None
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    tree = etree.fromstring(archive.read(path), parser)
    return _without_dtd(tree)


def _elements(archive: zipfile.ZipFile, path: str, name: str) -> Iterator[Any]:
    """Each element of that name, freed after use; none where the workbook has no such part."""
    if path not in archive.NameToInfo:
        return
    with archive.open(path) as part:
        walk = etree.iterparse(
            part, tag=f"{{*}}{name}", resolve_entities=False, no_network=True, load_dtd=False
        )
        for index, (_, element) in enumerate(walk):
            if index == 0:
                _without_dtd(element)
            yield element
            element.clear(keep_tail=False)
            while element.getprevious() is not None:
                del element.getparent()[0]


def _without_dtd(element: Any) -> Any:
    if element.getroottree().docinfo.doctype:
        raise UnreadableFile(_DAMAGED)
    return element
