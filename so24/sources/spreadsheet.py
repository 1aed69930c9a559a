"""Excel workbooks (.xlsx) by openpyxl: each cell as the text, exact number or date that it holds.

openpyxl hands on numbers as binary floats. Excel keeps 15 significant digits of a number and
writes 17, so that the last two are binary noise (349.9 stands in the file as 349.90000000000003):
a number is the shortest text of its float, rounded to 15 digits. A decimal of up to 15 digits
survives the way through a float unchanged, so no amount is altered.

A formula counts with the value that Excel kept beside it. openpyxl shows a formula without one
as an empty cell; only a sheet with empty cells is therefore read a second time, for its formulas.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import warnings
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from decimal import Decimal
from functools import cache, lru_cache
from typing import IO, Any
from xml.parsers import expat

from openpyxl import Workbook, load_workbook
from openpyxl.cell.read_only import EMPTY_CELL

from so24.errors import UnreadableFile
from so24.sources.delimited import MOST_ROWS
from so24.sources.numbers import Cell
from so24.sources.tables import Sheet, SheetRow

MOST_COLUMNS = 200
MOST_CELLS = 5_000_000  # read of all sheets, empty ones included: bounds time and memory
_LAST_ROW = 1_048_576  # Excel's own
_SIGNIFICANT = 15
_LARGEST_POWER = 20
_PROLOG = 1024  # bytes in which an XML document has most often begun
_FIRST_SURE_DAY = dt.date(1900, 3, 1)  # Excel counts a 29 February 1900 that never was
_LITERAL = re.compile(r'"[^"]*"|\[[^\]]*\]|[\\_*].')  # of a number format: what is only shown
_TEXTS = frozenset({"s", "str", "inlineStr"})  # an empty one of these is an empty text
_STRICT = "http://purl.oclc.org/ooxml/"
_DAMAGED = "The workbook is damaged; open it in Excel, save it again and import that file."


def read_spreadsheet(content: bytes, *, most_bytes: int) -> list[Sheet]:
    """All sheets of the workbook, in its order.

    Raises :class:`UnreadableFile` where it is no workbook, damaged, protected by a password,
    would unfold to more than ``most_bytes`` or holds more than ``MOST_CELLS`` cells.
    """
    with _damage_said():
        _guard(content, most_bytes)
    with warnings.catch_warnings(), ExitStack() as stack:
        # openpyxl warns of what it leaves out (pictures, validations, styles): no cell is among it
        warnings.filterwarnings("ignore", module=r"openpyxl\.")
        values = stack.enter_context(closing(_open(content, data_only=True)))

        @cache  # opened once, and only for the workbooks that need it
        def formulas() -> Workbook:
            return stack.enter_context(closing(_open(content, data_only=False)))

        reader = _Reader(formulas)
        return [reader.read_sheet(index, sheet) for index, sheet in enumerate(values.worksheets)]


def _guard(content: bytes, most_bytes: int) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        _guard_size(archive.infolist(), most_bytes)
        for item in archive.infolist():
            with archive.open(item) as part:
                _guard_beginning(part)


def _guard_size(parts: list[zipfile.ZipInfo], most_bytes: int) -> None:
    if "xl/workbook.xml" not in {part.filename for part in parts}:
        raise UnreadableFile("It is neither an Excel workbook (.xlsx) nor a CSV file.")
    if any(part.flag_bits & 1 for part in parts):
        raise UnreadableFile("It is protected by a password; save it without one.")
    # the archive's reader never gives more of a part than is declared here
    if sum(part.file_size for part in parts) > most_bytes:
        raise UnreadableFile("The workbook unfolds to more data than can be imported; split it.")


def _guard_beginning(part: IO[bytes]) -> None:
    """Refuses what openpyxl lets pass: entities, which may unfold without end, and Strict files.

    Of the latter it finds no cell. Only what stands up to the first element is looked at, by the
    parser that openpyxl uses.
    """
    begun: list[str] = []

    def refuse(*_: object) -> None:
        raise UnreadableFile(_DAMAGED)

    def begin(name: str, attributes: dict[str, str]) -> None:
        if not begun and any(value.startswith(_STRICT) for value in attributes.values()):
            raise UnreadableFile("It is a Strict Open XML file; save it as an Excel Workbook.")
        begun.append(name)

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = begin
    with suppress(expat.ExpatError):  # no XML, such as a picture; else openpyxl meets it too
        while not begun and (chunk := part.read(_PROLOG)):
            parser.Parse(chunk)


@contextmanager
def _damage_said() -> Iterator[None]:
    """Turns what openpyxl and its readers raise for a damaged file into one sentence.

    They have no class for it: a KeyError, a TypeError, an AttributeError comes up wherever the
    first impossible value is met. Only their own code may run in here.
    """
    try:
        yield
    except UnreadableFile:
        raise
    except Exception:
        raise UnreadableFile(_DAMAGED) from None


def _open(content: bytes, *, data_only: bool) -> Workbook:
    with _damage_said():
        return load_workbook(
            io.BytesIO(content), read_only=True, data_only=data_only, keep_links=False
        )


class _Reader:
    """Reads the sheets of one workbook, and counts its cells."""

    def __init__(self, formulas: Callable[[], Workbook]) -> None:
        self.formulas = formulas
        self.cells_left = MOST_CELLS

    def read_sheet(self, index: int, worksheet: Any) -> Sheet:
        found = Sheet(worksheet.title, [])
        empty: set[tuple[int, int]] = set()
        for number, row in self.walk(worksheet):
            if row:
                found.rows.append(_read_row(found, number, row, empty))
        if empty:
            self.refuse_formulas(index, found, empty)
        broken = {number for number, _ in found.broken}
        rows = [row for row in found.rows if _holds_something(row) or row.number in broken]
        if len(rows) > MOST_ROWS:
            raise UnreadableFile(f"It holds more than {MOST_ROWS} rows; split it.")
        return Sheet(found.name, rows, found.broken)

    def refuse_formulas(self, index: int, sheet: Sheet, empty: set[tuple[int, int]]) -> None:
        reason = "is a formula without a value; open the file in Excel and save it"
        for number, row in self.walk(self.formulas().worksheets[index]):
            for column, cell in enumerate(row):
                if cell.data_type == "f" and (number, column) in empty:
                    sheet.broken[number, column] = reason

    def walk(self, worksheet: Any) -> Iterator[tuple[int, tuple[Any, ...]]]:
        """The rows with their numbers; a cell that the file leaves out is ``EMPTY_CELL``."""
        worksheet.reset_dimensions()  # many programs state a size that cuts their cells off
        with _damage_said():
            for number, row in enumerate(worksheet.iter_rows(max_row=_LAST_ROW + 1), 1):
                if number > _LAST_ROW:
                    raise UnreadableFile(_DAMAGED)
                self.cells_left -= 1 + len(row)
                if self.cells_left < 0:
                    raise UnreadableFile("It holds more cells than can be imported; split it.")
                yield number, row[:MOST_COLUMNS]


def _holds_something(row: SheetRow) -> bool:
    return any(cell != "" for cell in row.cells)


class _NoValue(Exception):
    """A cell that holds no value; the message is the reason."""


def _read_row(
    sheet: Sheet, number: int, row: Sequence[Any], empty: set[tuple[int, int]]
) -> SheetRow:
    """The row; its broken cells go to ``sheet``, those that may be formulas to ``empty``."""
    cells: list[Cell] = []
    for column, cell in enumerate(row):
        if cell.value is None:
            cells.append("")
            if cell is not EMPTY_CELL and cell.data_type not in _TEXTS:
                empty.add((number, column))
            continue
        try:
            cells.append(_read_cell(cell))
        except _NoValue as error:
            sheet.broken[number, column] = str(error)
            cells.append("")
    return SheetRow(number, tuple(cells))


def _read_cell(cell: Any) -> Cell:
    value = cell.value
    if cell.data_type == "e":
        raise _NoValue(f"holds the error {value}")
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return _read_number(cell)
    return _read_day(value)


def _read_number(cell: Any) -> Cell:
    text = repr(cell.value)
    number = Decimal(text)
    if not number.is_finite() or abs(number.adjusted()) > _LARGEST_POWER:
        raise _NoValue("holds a number beyond any amount")
    if len(text) > _SIGNIFICANT:
        number = Decimal(f"{number:.{_SIGNIFICANT}g}")
    if not cell.has_style:
        return number
    with _damage_said():
        percent = _is_percentage(cell.number_format)
    return f"{number * 100:f} %" if percent else number


@lru_cache(1_000)
def _is_percentage(number_format: str) -> bool:
    return "%" in _LITERAL.sub("", number_format)


def _read_day(value: object) -> dt.date:
    """The day of a date; a time of day or a span of time is none."""
    day = value.date() if isinstance(value, dt.datetime) else value
    if not isinstance(day, dt.date) or day < _FIRST_SURE_DAY:
        raise _NoValue("is formatted as a date but is none")
    return day
