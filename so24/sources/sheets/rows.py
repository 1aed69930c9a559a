"""Rows as they stand in a sheet, and some of them by their columns, as they are put on disk.

Most of what looks through all rows looks at a few columns of them: only these are made again.
"""

from __future__ import annotations

import datetime as dt
import marshal
import pickle
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import cached_property, partial
from itertools import zip_longest
from typing import Any, NamedTuple

from so24.sources.documents.spool import Spool
from so24.sources.sheets.cells.cell import Cell

_AT_ONCE = 128  # rows of a list that are looked through together
_TEXTS, _NUMBERS, _DAYS, _BOTH, _OTHERS = range(5)  # what a column holds, and so how it is packed
_KINDS: dict[int, frozenset[type]] = {
    _TEXTS: frozenset((str,)), _NUMBERS: frozenset((Decimal,)), _DAYS: frozenset((dt.date,)),
}  # fmt: skip

Column = Sequence[Cell]
_Packed = tuple[int, Any]


class SheetRow(NamedTuple):
    """One row as it stands in the file; ``number`` counts from 1 as the spreadsheet shows it."""

    number: int
    cells: tuple[Cell, ...]


AS_SHEET_ROW = partial(tuple.__new__, SheetRow)  # its own constructor is Python's, and takes longer


class SomeRows:
    """Rows that follow each other, by their columns; those that end early have nothing there.

    ``lengths`` are those of the rows, in cells.
    """

    def __init__(
        self, numbers: Sequence[int], lengths: Sequence[int], packed: Sequence[_Packed]
    ) -> None:
        self.numbers, self.lengths, self._packed = numbers, lengths, packed
        self._made: dict[int, Column] = {}

    @classmethod
    def of(cls, rows: Sequence[SheetRow]) -> SomeRows:
        """These rows, of which there is one at least."""
        cells = [row.cells for row in rows]
        columns = dict(enumerate(zip_longest(*cells, fillvalue="")))
        some = cls([row.number for row in rows], list(map(len, cells)), ())
        some._packed = [(_find_kind(column), None) for column in columns.values()]
        some._made.update(columns)
        some.__dict__["rows"] = rows
        return some

    @classmethod
    def unpack(cls, data: bytes) -> SomeRows:
        """The rows of which :meth:`pack` has made these bytes."""
        return cls(*marshal.loads(data))  # noqa: S302 - nobody else can have written it

    def pack(self) -> bytes:
        """The rows as bytes."""
        columns: list[Any] = [
            (kind, _pack(kind, self.column(place))) for place, (kind, _) in enumerate(self._packed)
        ]
        return marshal.dumps((list(self.numbers), list(self.lengths), columns))

    def __len__(self) -> int:
        return len(self.numbers)

    @property
    def width(self) -> int:
        """How many cells the longest row has."""
        return len(self._packed)

    def column(self, place: int) -> Column:
        """The cells of a column, counted from 0."""
        made = self._made.get(place)
        if made is None:
            if place >= len(self._packed):
                made = ("",) * len(self)
            else:
                made = _unpack(*self._packed[place])
            self._made[place] = made
        return made

    def kinds(self, place: int) -> frozenset[type]:
        """The types of a column's cells."""
        kind = self._packed[place][0] if place < len(self._packed) else _TEXTS
        return _KINDS.get(kind) or frozenset(map(type, self.column(place)))

    def texts(self, place: int) -> Iterator[str]:
        """Those cells of a column that are texts."""
        if str not in self.kinds(place):
            return iter(())
        return (cell for cell in self.column(place) if type(cell) is str)

    def has_gap(self, place: int) -> bool:
        """Whether a cell of the column holds nothing."""
        return "" in self.texts(place)

    @cached_property
    def rows(self) -> Sequence[SheetRow]:
        """The rows themselves."""
        cells: Iterator[tuple[Cell, ...]] = zip(
            *map(self.column, range(self.width)), strict=True
        ) if self.width else iter([()] * len(self))  # fmt: skip
        if min(self.lengths) < self.width:
            cells = (each[:length] for each, length in zip(cells, self.lengths, strict=True))
        return list(map(AS_SHEET_ROW, zip(self.numbers, cells, strict=True)))

    def parts(self, most: int) -> Iterator[SomeRows]:
        """The same rows, not more than so many at a time."""
        if len(self) <= most:
            yield self
            return
        for start in range(0, len(self), most):
            yield SomeRows.of(self.rows[start : start + most])


class SheetRows(Spool[SheetRow]):
    """The rows of a sheet."""

    def pack(self, things: list[SheetRow]) -> Any:
        """The rows by their columns."""
        return SomeRows.of(things).pack()

    def unpack(self, packed: Any) -> list[SheetRow]:
        """The rows of these bytes."""
        return list(SomeRows.unpack(packed).rows)

    def some(self) -> Iterator[SomeRows]:
        """All rows, some at a time, of which nothing is made before it is asked for."""
        yield from map(SomeRows.unpack, self.packed())
        if self.waiting:
            yield SomeRows.of(self.waiting)


def some_after(rows: list[SheetRow] | SheetRows, first: int) -> Iterator[SomeRows]:
    """All of the rows but so many at their beginning, some at a time."""
    every = rows.some() if isinstance(rows, SheetRows) else _some_of(rows)
    for some in every:
        if first < len(some):
            yield SomeRows.of(some.rows[first:]) if first else some
        first = max(0, first - len(some))


def _some_of(rows: list[SheetRow]) -> Iterator[SomeRows]:
    for start in range(0, len(rows), _AT_ONCE):
        yield SomeRows.of(rows[start : start + _AT_ONCE])


def _find_kind(column: Column) -> int:
    kinds = frozenset(map(type, column))
    for kind, known in _KINDS.items():
        if kinds == known:
            return kind
    return _BOTH if kinds <= {str, Decimal} else _OTHERS


def _pack(kind: int, column: Column) -> Any:
    """The column as numbers and texts, which go to the disk and back much faster."""
    if kind == _TEXTS:
        return column
    if kind == _NUMBERS:
        return "\n".join(map(str, column))
    if kind == _DAYS:
        return [day.toordinal() for day in column]  # type: ignore[union-attr]
    if kind == _BOTH:
        return [str(cell).encode() if type(cell) is Decimal else cell for cell in column]
    return pickle.dumps(column, pickle.HIGHEST_PROTOCOL)


def _unpack(kind: int, packed: Any) -> Column:
    if kind == _TEXTS:
        texts: Column = packed
        return texts
    if kind == _NUMBERS:
        return list(map(Decimal, packed.split("\n")))
    if kind == _DAYS:
        return list(map(dt.date.fromordinal, packed))
    if kind == _BOTH:
        return [Decimal(each.decode()) if type(each) is bytes else each for each in packed]
    others: Column = pickle.loads(packed)  # noqa: S301 - nobody else can have written it
    return others
