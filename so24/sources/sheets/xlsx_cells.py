"""The cells of one worksheet, read row by row as they stream by."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from so24.errors import UnreadableFile
from so24.language.said import say
from so24.sources.documents.content import Damage
from so24.sources.sheets.cells.cell import Cell
from so24.sources.sheets.cells.cell_values import (
    LONGEST_TEXT,
    TEXTS,
    TOO_LONG,
    Book,
    NoValue,
    read_value,
)
from so24.sources.sheets.delimited import MOST_ROWS
from so24.sources.sheets.rows import AS_SHEET_ROW, SheetRow
from so24.sources.sheets.tables import Area, Sheet
from so24.sources.sheets.xlsx_parts import (
    MAIN,
    MOST_CHARACTERS,
    MUCH_TEXT,
    TRUE,
    CollectingReader,
)
from so24.sources.sheets.xml_stream import Attributes

MOST_COLUMNS = 200
MOST_CELLS = 10_000_000  # read of all sheets, empty ones included: bounds time
MOST_VALUES = 2_500_000  # of them that hold a value which is no shared text: bounds memory
A_FORMULA = say(
    "is a formula, whose value may be out of date; "
    "copy the column in Excel and paste it back as values"
)
TWO_VALUES = say("holds two values; write it again in Excel")
_UNMARKED = say("holds a text that is not marked as one; write it again in Excel")
LAST_ROW, LAST_COLUMN = 1_048_576, 16_384  # Excel's own
_MOST_AREAS = 100_000
_MOST_SPILLS = 1_000
_SPILLING = ("array", "dataTable")  # kinds of formulas that fill an area from its first cell
_PLACE = re.compile(r"\$?([A-Z]{1,3})\$?([1-9]\d{0,6})", re.ASCII)
_WHOLE_COLUMNS = re.compile(r"\$?([A-Z]{1,3}):\$?([A-Z]{1,3})", re.ASCII)
_WHOLE_ROWS = re.compile(r"\$?([1-9]\d{0,6}):\$?([1-9]\d{0,6})", re.ASCII)
_NO_HEIGHT = re.compile(r"0+(?:\.0*)?|\.0+", re.ASCII)
_SHOWN = 20


@dataclass
class Budget:
    """What may still be read of one workbook."""

    cells: int
    values: int = MOST_VALUES
    characters: int = MOST_CHARACTERS

    def has(self, cells: int, values: int, characters: int) -> bool:
        """Whether so much may still be read."""
        left = self.cells - cells, self.values - values, self.characters - characters
        return min(left) >= 0

    def spend(self, cells: int, values: int, characters: int) -> None:
        """Take off what was read; raises :class:`UnreadableFile` where that was too much."""
        self.cells -= cells
        self.values -= values
        self.characters -= characters
        if self.cells < 0 or self.values < 0:
            raise UnreadableFile(say("It holds more cells than can be imported; split it."))
        if self.characters < 0:
            raise UnreadableFile(MUCH_TEXT)


class SheetReader(CollectingReader):
    """Fills ``sheet`` with the rows of a worksheet that hold something.

    A cell's text stands in ``is`` or in ``v``; where it has both, only one of them counts.
    """

    most_elements = 5 * MOST_CELLS
    item = "is"

    def __init__(self, sheet: Sheet, book: Book, budget: Budget) -> None:
        super().__init__()
        self.sheet, self.book, self.budget = sheet, book, budget
        self.row = self.taken = 0
        self.hidden = False
        self.cells: list[Cell] | None = None  # of the open row
        self.column = -1
        self.kind = ""  # of the open cell, and what it holds:
        self.style = ""
        self.formula = False
        self.value: list[str] | None = None
        self.inline: list[str] | None = None
        self.twice = False
        self.values = self.characters = 0  # of the open row
        self.columns: dict[str, int] = {}
        self.spills: list[Area] = []
        self.begins |= {
            f"{MAIN}row": self.begin_row,
            f"{MAIN}c": self.begin_cell,
            f"{MAIN}v": self.begin_value,
            f"{MAIN}f": self.begin_formula,
            f"{MAIN}mergeCell": self.begin_area,
        }
        self.ends |= {
            f"{MAIN}row": self.end_row,
            f"{MAIN}c": self.end_cell,
            f"{MAIN}v": self.stop,
        }

    def begin_row(self, attributes: Attributes) -> None:
        stated = attributes.get("r") or str(self.row + 1)
        number = int(stated) if stated.isascii() and stated.isdigit() and len(stated) < 9 else 0
        # a row that came before would count twice
        if self.cells is not None or not self.row < number <= LAST_ROW:
            raise Damage(
                say("has row {row} after row {before}", row=stated[:_SHOWN], before=self.row)
            )
        self.row, self.column, self.cells = number, -1, []
        self.hidden = is_hidden(attributes.get("hidden", ""), attributes.get("ht", ""))

    def begin_cell(self, attributes: Attributes) -> None:
        place = attributes.get("r")
        column = self.find_column(place) if place else self.column + 1
        in_turn = self.cells is not None and not self.kind and column > self.column
        if not in_turn or column >= LAST_COLUMN:
            raise Damage(
                say(
                    "has a cell {cell} out of its place in row {row}",
                    cell=place or "",
                    row=self.row,
                )
            )
        self.column = column
        self.kind, self.style = attributes.get("t") or "n", attributes.get("s", "")
        self.formula = self.twice = False
        self.value = self.inline = None
        self.length = 0

    def begin_formula(self, attributes: Attributes) -> None:
        self.formula = True
        area = _read_area(attributes.get("ref", "")) if attributes.get("t") in _SPILLING else None
        if area is not None and not area.is_one_cell():
            self.spills.append(area)
            if len(self.spills) > _MOST_SPILLS:
                raise Damage(
                    say("has more than {most} formulas that fill other cells", most=_MOST_SPILLS)
                )

    def mark_spills(self) -> None:
        """Mark what formulas have filled beyond their own cells, which shows as a plain value."""
        for row in self.sheet.rows if self.spills else ():
            for area in self.spills:
                if area.top <= row.number <= area.bottom:
                    for column in range(area.left, min(area.right + 1, len(row.cells))):
                        if row.cells[column] != "":
                            self.sheet.broken.setdefault((row.number, column), A_FORMULA)

    def begin_item(self, attributes: Attributes) -> None:
        super().begin_item(attributes)
        self.within = bool(self.kind)
        self.twice = self.twice or self.inline is not None
        self.inline = self.words

    def begin_value(self, _: Attributes) -> None:
        if self.kind and not self.within:
            self.twice = self.twice or self.value is not None
            self.value = self.pieces = []

    def end_cell(self) -> None:
        if self.cells is not None and self.column < MOST_COLUMNS:
            value = self.read_cell()
            if value != "":
                self.cells.extend([""] * (self.column - len(self.cells)))
                self.cells.append(value)
        self.kind = ""

    def read_cell(self) -> Cell:
        place = self.row, self.column
        self.characters += min(self.length, LONGEST_TEXT)
        self.values += bool(self.length) and holds_value(self.kind)
        if self.formula and not (self.kind == "str" and not self.length):
            self.sheet.broken[place] = A_FORMULA  # but for one that shows nothing
        try:
            return read_value(self.book, self.kind, self.style, self.take_text())
        except NoValue as error:
            self.sheet.broken.setdefault(place, error.args[0])
            return ""

    def take_text(self) -> str:
        """The one text that the cell holds; :class:`NoValue` where it holds none, or two."""
        if self.length > LONGEST_TEXT:
            raise NoValue(TOO_LONG)
        if self.twice:
            raise NoValue(TWO_VALUES)
        if self.inline is not None:
            if self.kind in TEXTS:
                return "".join(self.inline)
            if self.value is None and any(self.inline):
                raise NoValue(_UNMARKED)
        return "".join(self.value or ())

    def end_row(self) -> None:
        cells, self.cells = self.cells or [], None
        self.take_row(cells, self.column + 1, self.values, self.characters)
        self.values = self.characters = 0

    def take_row(self, cells: Sequence[Cell], width: int, values: int, characters: int) -> None:
        """The row is read: what it holds up to its last value, how wide it is and what it costs."""
        self.budget.spend(1 + width, values, characters)
        if not cells and not self.is_broken():
            return
        self.sheet.rows.append(AS_SHEET_ROW((self.row, tuple(cells))))
        self.taken += 1
        if self.hidden:
            self.sheet.hidden_rows.add(self.row)
        if self.taken > MOST_ROWS:
            raise UnreadableFile(say("It holds more than {most} rows; split it.", most=MOST_ROWS))

    def take_rows(self, rows: Sequence[SheetRow], width: int, values: int, characters: int) -> bool:
        """Take rows of one width that all hold something, as :meth:`take_row` would each of them.

        False, and nothing is taken, where that may be more than can be imported: then each of them
        is to be taken by itself. ``values`` are those of a row, ``characters`` those of all.
        """
        many = len(rows)
        if self.taken + many > MOST_ROWS or not self.budget.has(
            many * (1 + width), many * values, characters
        ):
            return False
        self.budget.spend(many * (1 + width), many * values, characters)
        self.row = rows[-1].number
        self.taken += many
        self.sheet.rows.extend(rows)
        if self.hidden:
            self.sheet.hidden_rows.update(row.number for row in rows)
        return True

    def is_broken(self) -> bool:
        last = next(reversed(self.sheet.broken), None)
        return last is not None and last[0] == self.row

    def find_column(self, place: str) -> int:
        letters = place.rstrip("0123456789")
        if place[len(letters) :] != str(self.row):
            raise Damage(say("has a cell {cell} in row {row}", cell=place[:_SHOWN], row=self.row))
        column = self.columns.get(letters)
        if column is None:
            found = _PLACE.fullmatch(place.upper())
            if found is None:
                raise Damage(say("has a cell {cell}, which no sheet has", cell=place[:_SHOWN]))
            self.columns[letters] = column = column_of(found[1])
        return column

    def begin_area(self, attributes: Attributes) -> None:
        area = _read_area(attributes.get("ref", ""))
        if area is not None and not area.is_one_cell():
            self.sheet.merged.append(area)
        if len(self.sheet.merged) > _MOST_AREAS:
            raise Damage(say("has more than {most} merged areas", most=_MOST_AREAS))


def is_hidden(hidden: str, height: str) -> bool:
    """Whether Excel shows nothing of a row with these attributes: one of no height is hidden."""
    return hidden in TRUE or _NO_HEIGHT.fullmatch(height.strip()) is not None


def holds_value(kind: str) -> bool:
    """Whether a cell of this kind takes memory for its value, unlike the shared ones."""
    return kind not in ("s", "b")


def column_of(letters: str) -> int:
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - ord("A") + 1
    return column - 1


def _read_area(reference: str) -> Area | None:
    """The merged cells; None where the reference names none, which Excel drops as well."""
    name = reference.strip().upper()
    if columns := _WHOLE_COLUMNS.fullmatch(name):
        corners = [(1, column_of(columns[1])), (LAST_ROW, column_of(columns[2]))]
    elif rows := _WHOLE_ROWS.fullmatch(name):
        corners = [(int(rows[1]), 0), (int(rows[2]), LAST_COLUMN - 1)]
    else:
        found = [_PLACE.fullmatch(corner) for corner in name.split(":", 1)]
        corners = [(int(each[2]), column_of(each[1])) for each in found if each]
        if len(corners) < len(found):
            return None
    (top, bottom), (left, right) = (
        sorted(places) for places in zip(corners[0], corners[-1], strict=True)
    )
    return Area(reference, top, left, bottom, right)
