"""The cells of one worksheet, read row by row as they stream by."""

from __future__ import annotations

import re
from dataclasses import dataclass

from so24.errors import UnreadableFile
from so24.sources.sheets.cell_values import LONGEST_TEXT, TOO_LONG, Book, NoValue, read_value
from so24.sources.sheets.delimited import MOST_ROWS
from so24.sources.sheets.numbers import Cell
from so24.sources.sheets.tables import Area, Sheet, SheetRow
from so24.sources.sheets.xlsx_parts import MAIN, MOST_CHARACTERS, MUCH_TEXT, CollectingReader
from so24.sources.sheets.xml_stream import DAMAGED

MOST_COLUMNS = 200
MOST_CELLS = 3_000_000  # read of all sheets, empty ones included: bounds time and memory
A_FORMULA = (
    "is a formula, whose value may be out of date; "
    "copy the column in Excel and paste it back as values"
)
_LAST_ROW, _LAST_COLUMN = 1_048_576, 16_384  # Excel's own
_MOST_AREAS = 10_000
_ROW, _CELL = MAIN + "row", MAIN + "c"
_FORMULA, _MERGED = MAIN + "f", MAIN + "mergeCell"
_PLACE = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})", re.ASCII)
_TRUE = ("1", "true")


@dataclass
class Budget:
    """What may still be read of one workbook."""

    cells: int
    characters: int = MOST_CHARACTERS

    def spend(self, cells: int, characters: int) -> None:
        """Take off what was read; raises :class:`UnreadableFile` where that was too much."""
        self.cells -= cells
        self.characters -= characters
        if self.cells < 0:
            raise UnreadableFile("It holds more cells than can be imported; split it.")
        if self.characters < 0:
            raise UnreadableFile(MUCH_TEXT)


class SheetReader(CollectingReader):
    """Fills ``sheet`` with the rows of a worksheet that hold something."""

    most_elements = 5 * MOST_CELLS

    def __init__(self, sheet: Sheet, book: Book, budget: Budget) -> None:
        super().__init__()
        self.sheet, self.book, self.budget = sheet, book, budget
        self.row = 0
        self.hidden = False
        self.cells: list[Cell] | None = None  # of the open row
        self.column = -1
        self.kind = ""  # of the open cell
        self.style: str | None = None
        self.formula = False
        self.characters = 0
        self.columns: dict[str, int] = {}

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        super().begin(name, attributes)
        if name == _CELL:
            self.begin_cell(attributes)
        elif name == _ROW:
            self.begin_row(attributes)
        elif name == _FORMULA:
            self.formula = True
        elif name == _MERGED:
            self.sheet.merged.append(_read_area(attributes.get("ref", "")))
            _require(len(self.sheet.merged) <= _MOST_AREAS)

    def end(self, name: str) -> None:
        super().end(name)
        if name == _CELL:
            self.end_cell()
        elif name == _ROW:
            self.end_row()

    def begin_row(self, attributes: dict[str, str]) -> None:
        stated = attributes.get("r", str(self.row + 1))
        _require(stated.isascii() and stated.isdigit() and len(stated) < 9)
        row = int(stated)
        # a row that came before would count twice
        _require(self.cells is None and self.row < row <= _LAST_ROW)
        self.row, self.column, self.cells = row, -1, []
        self.hidden = attributes.get("hidden") in _TRUE

    def begin_cell(self, attributes: dict[str, str]) -> None:
        place = attributes.get("r")
        column = self.column + 1 if place is None else self.find_column(place)
        in_turn = self.cells is not None and not self.kind and column > self.column
        _require(in_turn and column < _LAST_COLUMN)
        self.column = column
        self.kind, self.style = attributes.get("t", "n") or "n", attributes.get("s")
        self.formula = False
        self.begin_text()

    def end_cell(self) -> None:
        if self.cells is not None and self.column < MOST_COLUMNS:
            value = self.read_cell()
            if value != "":
                self.cells.extend([""] * (self.column - len(self.cells)))
                self.cells.append(value)
        self.kind = ""

    def read_cell(self) -> Cell:
        place, text = (self.row, self.column), self.end_text()
        self.characters += min(self.length, LONGEST_TEXT)
        if self.formula and not (self.kind == "str" and not self.length):
            self.sheet.broken[place] = A_FORMULA  # but for one that shows nothing
        try:
            if text is None:
                raise NoValue(TOO_LONG)
            stated = text if self.kind == "str" else text.strip()
            return read_value(self.book, self.kind, self.style, stated)
        except NoValue as error:
            self.sheet.broken.setdefault(place, str(error))
            return ""

    def end_row(self) -> None:
        cells, self.cells = self.cells or [], None
        self.budget.spend(2 + self.column, self.characters)
        self.characters = 0
        if not cells and not self.is_broken():
            return
        self.sheet.rows.append(SheetRow(self.row, tuple(cells)))
        if self.hidden:
            self.sheet.hidden_rows.add(self.row)
        if len(self.sheet.rows) > MOST_ROWS:
            raise UnreadableFile(f"It holds more than {MOST_ROWS} rows; split it.")

    def is_broken(self) -> bool:
        last = next(reversed(self.sheet.broken), None)
        return last is not None and last[0] == self.row

    def find_column(self, place: str) -> int:
        letters = place.rstrip("0123456789")
        _require(place[len(letters) :] == str(self.row))
        column = self.columns.get(letters)
        if column is None:
            found = _PLACE.fullmatch(place)
            if found is None:
                raise UnreadableFile(DAMAGED)
            self.columns[letters] = column = _column_of(found[1])
        return column


def _column_of(letters: str) -> int:
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - ord("A") + 1
    return column - 1


def _read_area(reference: str) -> Area:
    corners = [_PLACE.fullmatch(corner) for corner in reference.split(":", 1)]
    first, last = corners[0], corners[-1]
    if first is None or last is None:
        raise UnreadableFile(DAMAGED)
    return Area(reference, int(first[2]), _column_of(first[1]), int(last[2]), _column_of(last[1]))


def _require(possible: bool) -> None:
    if not possible:
        raise UnreadableFile(DAMAGED)
