"""A sheet whose headings are known: its rows, each cell read by field, each refusal collected."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from itertools import islice
from typing import TypeVar

from so24.identifiers import tidy_identifier
from so24.language.said import say
from so24.sources.documents.documents import RefusedRow
from so24.sources.sheets.cells.cell import EMPTY, BadCell, Cell, ScaledNumber, ShownNumber
from so24.sources.sheets.cells.texts import (
    guess_identifying,
    is_garbled,
    read_identifying,
    read_name,
    read_text,
)
from so24.sources.sheets.headings import (
    LAYOUTS,
    Layout,
)
from so24.sources.sheets.rows import SheetRow, SheetRows, SomeRows, some_after

T = TypeVar("T")

MERGED = "is merged"  # in English: so the reason begins
SHOWN_OTHERWISE = frozenset((ShownNumber, ScaledNumber))  # what equal numbers do not tell
SEARCHED_ROWS = 201  # rows with something in them: two hundred above the headings


@dataclass(frozen=True)
class Area:
    """Cells that belong together: their name, and corners; rows from 1, columns from 0."""

    name: str
    top: int
    left: int
    bottom: int
    right: int

    def is_one_cell(self) -> bool:
        """Whether it is no more than one cell."""
        return (self.top, self.left) == (self.bottom, self.right)


@dataclass(frozen=True)
class Sheet:
    """A sheet: its rows that are not empty, and the cells that hold no value, with the reason.

    ``broken`` is keyed by row number and column (from 0). ``hidden`` says that Excel does not show
    the sheet, ``hidden_rows`` which of the rows it does not show. ``separator`` is what
    stands between the cells of a CSV file, whose rows have as many cells as separators. ``unread``
    says why a sheet that the file names could not be read; it has no rows then.
    """

    name: str
    rows: list[SheetRow] | SheetRows
    broken: dict[tuple[int, int], str] = field(default_factory=dict)
    hidden: bool = False
    hidden_rows: set[int] = field(default_factory=set)
    merged: list[Area] = field(default_factory=list)
    separator: str = ""
    unread: str = ""


@dataclass(frozen=True)
class AsideRow:
    """A row that is none of the table's things: a sum, a footer, the headings again.

    ``sums`` are the amounts that it states, by field; ``unread``: one of them cannot be read.
    ``of`` are the folded names of what it is the sum of, where it has any. ``again``: it is the
    headings again.
    """

    number: int
    label: str
    sums: Mapping[str, Decimal] = field(default_factory=dict)
    unread: bool = False
    of: frozenset[str] = frozenset()
    again: bool = False


@dataclass(frozen=True)
class ReportTable:
    """A sheet with the column of each field that it has, and its headings as they are written.

    ``aside`` are the rows that were taken out of it and are told, ``left_out`` the numbers of all.
    """

    sheet: Sheet
    layout: Layout
    columns: dict[str, int]
    headings: tuple[str, ...]
    first: int
    aside: list[AsideRow] = field(default_factory=list)
    left_out: set[int] = field(default_factory=set)

    def rows(self, of: Iterable[SheetRow] | None = None) -> Iterator[Row]:
        """The rows below the headings, or these ``of`` them, that hold something in a column.

        Those that were taken out of the table are none of them.
        """
        return (Row(self, row) for row in self.filled_rows(of))

    def filled_rows(self, of: Iterable[SheetRow] | None = None) -> Iterator[SheetRow]:
        """The same rows as they stand in the file."""
        found = self._filled(self.all_rows() if of is None else of)
        left_out = self.left_out
        return (row for row in found if row.number not in left_out) if left_out else found

    def all_rows(self) -> Iterator[SheetRow]:
        """All that the sheet has below the headings."""
        return islice(self.sheet.rows, self.first, None)

    def some_rows(self) -> Iterator[SomeRows]:
        """All that the sheet has below the headings, some rows at a time."""
        return some_after(self.sheet.rows, self.first)

    def some_filled_rows(self) -> Iterator[SomeRows]:
        """The rows of :meth:`filled_rows`, some at a time."""
        first = min(self.columns.values())
        for some in self.some_rows():
            if self.left_out.isdisjoint(some.numbers) and not some.has_gap(first):
                yield some
            elif rows := list(self.filled_rows(some.rows)):
                yield SomeRows.of(rows)

    def _filled(self, rows: Iterable[SheetRow]) -> Iterator[SheetRow]:
        columns = sorted(self.columns.values())
        first = columns[0]  # most rows have something in it
        for row in rows:
            cells = row.cells
            if (first < len(cells) and cells[first] != "") or any(
                (column < len(cells) and cells[column] != "")
                or (row.number, column) in self.sheet.broken
                for column in columns
            ):
                yield row


class Row:
    """One row of a table; what cannot be read is collected in ``refused``."""

    __slots__ = ("cells", "doubts", "left_out", "number", "refused", "table")

    def __init__(self, table: ReportTable, row: SheetRow) -> None:
        self.table = table
        self.number = row.number
        self.cells = row.cells
        self.refused: list[RefusedRow] = []
        self.left_out: dict[str, list[RefusedRow]] = {}
        self.doubts: dict[str, RefusedRow] = {}

    def cell(self, name: str) -> Cell:
        """The field's cell, empty where the sheet has no such column."""
        column = self.table.columns.get(name)
        if column is None or column >= len(self.cells):
            return ""
        return self.cells[column]

    def has(self, name: str) -> bool:
        """Whether people see something in the field's cell."""
        return bool(tidy_identifier(read_text(self.cell(name)))) or self.is_broken(name)

    def is_broken(self, name: str) -> bool:
        """Whether the cell holds no value that is sure; only merged cells are no matter here."""
        column = self.table.columns.get(name, -1)
        reason = self.table.sheet.broken.get((self.number, column), "")
        return bool(reason) and not reason.startswith(MERGED)

    def require(self, *names: str) -> None:
        """Refuse the row for each of these identifiers that is empty.

        One that cannot be read is refused where it is read.
        """
        for name in names:
            broken = (self.number, self.table.columns.get(name, -1)) in self.table.sheet.broken
            if not broken and not self.guess(name):
                self.refuse(name, EMPTY)

    def text(self, name: str) -> str:
        """The field's text; refused where it is longer than the store and the office hold."""
        return self.read(name, fitting(self.table.layout.name, name, read_text), "")

    def name(self, name: str) -> str:
        """The field's name of somebody, as :meth:`text`; refused where it is nobody's."""
        return self.read(name, fitting(self.table.layout.name, name, read_name), "")

    def identifier(self, name: str) -> str:
        """The field's identifier in canonical form; refused where it may be another one."""
        return self.read(name, fitting(self.table.layout.name, name, read_identifying), "")

    def guess(self, name: str) -> str:
        """The identifier that the field may hold, though it be refused: whose row this may be."""
        return guess_identifying(self.cell(name))

    def read(self, name: str, read: Callable[[Cell], T], otherwise: T) -> T:
        """The field's cell through ``read``; ``otherwise`` where the row is refused for it."""
        column = self.table.columns.get(name)
        cell: Cell = ""
        if column is not None:
            broken = self.table.sheet.broken
            if broken and (self.number, column) in broken:
                self.refuse(name, broken[self.number, column])
                return otherwise
            if column < len(self.cells):
                cell = self.cells[column]
        try:
            return read(cell)
        except BadCell as error:
            self.refuse(name, error.words)
            return otherwise

    def read_optional(self, name: str, read: Callable[[str], T], otherwise: T) -> T:
        """The field through ``read``; what would be refused is left out, and the row comes in."""
        before = len(self.refused)
        value = read(name)
        if len(self.refused) == before:
            return value
        self.left_out[name] = self.refused[before:]
        del self.refused[before:]
        return otherwise

    def refuse(self, name: str, reason: str) -> None:
        """Refuse the row for one of its columns, or as a whole where ``name`` is empty."""
        self.refused.append(self.tell(name, reason))

    def doubt(self, name: str, reason: str) -> None:
        """Note what is doubtful of a field that comes in as it stands."""
        self.doubts[name] = self.tell(name, reason)

    def tell(self, name: str, reason: str) -> RefusedRow:
        """What is to be told of one of the row's cells, or of the row."""
        column = self.table.columns.get(name)
        heading = "" if column is None else self.table.headings[column]
        return RefusedRow(self.table.sheet.name, self.number, heading, reason)


_LONGEST = {
    layout.name: {field.name: field.longest for field in layout.fields} for layout in LAYOUTS
}


@cache
def fitting(layout: str, name: str, read: Callable[[Cell], str]) -> Callable[[Cell], str]:
    """``read`` for the cells of a layout's field; a text that does not fit is a :class:`BadCell`.

    It is longer than the store and the office hold, or has lost letters.
    """
    longest = _LONGEST[layout][name]

    def read_fitting(cell: Cell) -> str:
        text = read(cell)
        if longest and len(text) > longest:
            raise BadCell(say("is longer than {most} characters", most=longest))
        if is_garbled(text):
            raise BadCell(say("has lost letters by a wrong encoding: “{text}”", text=text[:40]))
        return text

    return read_fitting


def column_letters(column: int) -> str:
    """What a spreadsheet calls the column, counted from 0: A, B, …, Z, AA."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
