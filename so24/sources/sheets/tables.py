"""A sheet whose headings are known: its rows, each cell read by field, each refusal collected."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cache
from itertools import chain, islice
from operator import itemgetter
from typing import Generic, TypeVar

from so24.errors import UnreadableFile
from so24.identifiers import tidy_identifier
from so24.language.said import join_said, say
from so24.sources.documents.documents import RefusedRow
from so24.sources.sheets.headings import (
    LAYOUTS,
    Layout,
    match_fields,
    name_headings,
    name_missing,
    place_headings,
)
from so24.sources.sheets.numbers import (
    EMPTY,
    BadCell,
    Cell,
    ScaledNumber,
    ShownNumber,
    guess_identifying,
    is_garbled,
    read_identifying,
    read_name,
    read_text,
)
from so24.sources.sheets.rows import SheetRow, SheetRows, SomeRows, some_after

T = TypeVar("T")

MERGED = "is merged"  # in English: so the reason begins
SHOWN_OTHERWISE = frozenset((ShownNumber, ScaledNumber))  # what equal numbers do not tell
_REMEMBERED = 2_000  # of what rows have in common: they follow each other
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


class Repeated(Generic[T]):
    """What some fields of a row hold, read once for all rows that have the same cells there.

    ``read`` takes the row and may refuse it for these fields. Whatever else tells two rows apart is
    told apart here too: a broken cell, and signs that a number's cell shows and its value lacks.
    """

    def __init__(self, table: ReportTable, names: Iterable[str], read: Callable[[Row], T]) -> None:
        """``table`` has been checked: no more of its cells become broken."""
        columns = sorted({table.columns[name] for name in names if name in table.columns})
        self._columns = (*columns, columns[0]) if columns else ()
        self._pick = itemgetter(*self._columns) if columns else None
        self._read = read
        self._broken = {number for number, _ in table.sheet.broken}
        self._known: dict[tuple[Cell, ...], tuple[T, tuple[RefusedRow, ...]]] = {}

    def of(self, row: Row) -> T:
        """What the row holds there; its refusals are those of the first row with these cells."""
        cells = self._cells(row)
        if cells is None:
            return self._read(row)
        known = self._known.get(cells)
        if known is None:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            before = len(row.refused)
            known = self._known[cells] = (self._read(row), tuple(row.refused[before:]))
        elif known[1]:
            row.refused += [replace(each, row=row.number) for each in known[1]]
        return known[0]

    def first_rows(self, table: ReportTable) -> Iterator[Row]:
        """Of the rows of its table with the same cells there one, or a few; and all the others."""
        seen: set[tuple[Cell, ...]] = set()

        def is_new(row: SheetRow) -> bool:
            cells = self._cells(row)
            if cells in seen:
                return False
            if cells is not None and len(seen) < _REMEMBERED:
                seen.add(cells)
            return True

        parts = (some.rows for some in table.some_rows() if not self._are_among(some, seen))
        return table.rows(chain.from_iterable(filter(is_new, some) for some in parts))

    def _are_among(self, some: SomeRows, seen: set[tuple[Cell, ...]]) -> bool:
        """Whether it is sure that all rows have cells that were seen."""
        if self._pick is None or self._broken or min(some.lengths) <= max(self._columns):
            return False
        if any(not SHOWN_OTHERWISE.isdisjoint(some.kinds(each)) for each in self._columns):
            return False
        return seen.issuperset(zip(*map(some.column, self._columns), strict=True))

    def _cells(self, row: Row | SheetRow) -> tuple[Cell, ...] | None:
        """The cells by which rows are the same; None where those do not say all."""
        if self._pick is None or row.number in self._broken:
            return None
        try:
            cells: tuple[Cell, ...] = self._pick(row.cells)
        except IndexError:  # a row that ends early
            return None
        return cells if SHOWN_OTHERWISE.isdisjoint(map(type, cells)) else None


def take_undisputed(
    read: Iterable[tuple[Row, T]], key: Callable[[T], Hashable], content: Callable[[T], object]
) -> tuple[list[T], list[RefusedRow]]:
    """What rows state of things by their keys, and all rows that were refused.

    A key that stands twice with different contents is refused each time: neither the first nor the
    last one is known to be right.
    """
    rows = list(read)
    whole = [(row, each) for row, each in rows if not row.refused]
    stated: dict[Hashable, list[object]] = {}
    for _, each in whole:
        stated.setdefault(key(each), []).append(content(each))
    taken: dict[Hashable, T] = {}
    for row, each in whole:
        first, *others = stated[key(each)]
        if any(other != first for other in others):
            number = row.guess("number")
            row.refuse(
                "number", say("stands twice with different contents: {number}", number=number)
            )
        else:
            taken.setdefault(key(each), each)
    return list(taken.values()), [refusal for row, _ in rows for refusal in row.refused]


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


def find_table(sheet: Sheet) -> ReportTable | None:
    """The table of a sheet, its headings searched in the first rows; None where it has none.

    Raises :class:`UnreadableFile` where the sheet is meant to be one but misses a column, or has
    merged headings.
    """
    for index, row in enumerate(sheet.rows[:SEARCHED_ROWS]):
        headings = [read_text(cell) for cell in row.cells]
        layout = find_layout(headings)
        if layout is not None:
            columns = match_fields(layout, place_headings(headings))
            _refuse_merged_headings(sheet, row.number, columns)
            _require_columns(sheet, layout, columns, headings)
            return ReportTable(sheet, layout, columns, tuple(headings), index + 1)
    return None


def find_layout(headings: Sequence[str]) -> Layout | None:
    """The kind of table that has these headings; None where they are those of no kind."""
    places = place_headings(headings)
    for layout in LAYOUTS if len(places) > 1 else ():
        columns = match_fields(layout, places)
        marked = all(mark in columns for mark in layout.marks)
        if marked and any(hint in columns for hint in layout.hints):
            return layout
    return None


def column_letters(column: int) -> str:
    """What a spreadsheet calls the column, counted from 0: A, B, …, Z, AA."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _refuse_merged_headings(sheet: Sheet, row: int, columns: dict[str, int]) -> None:
    for area in sheet.merged:
        known = any(area.left <= column <= area.right for column in columns.values())
        if known and area.top <= row <= area.bottom:
            raise UnreadableFile(
                say(
                    "The headings of the sheet “{sheet}” are merged ({area}); unmerge them, so "
                    "that each column has its own.",
                    sheet=sheet.name,
                    area=area.name,
                )
            )


def _require_columns(
    sheet: Sheet, layout: Layout, columns: dict[str, int], headings: Sequence[str]
) -> None:
    missing = name_missing(layout, columns)
    if missing:
        known = set(columns.values())
        others = [each for place, each in enumerate(headings) if each and place not in known]
        told = [
            say(
                "The sheet “{sheet}” has no column {headings}; export the report from RecMan again "
                "with all its columns.",
                sheet=sheet.name,
                headings=name_headings(missing),
            )
        ]
        if others:
            known_not = name_headings(others)
            told.append(say("Not known of its headings: {headings}.", headings=known_not))
        raise UnreadableFile(join_said(told))
