"""What stands more than once in a report: cells read once for all rows, things stated twice."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import replace
from itertools import chain
from operator import itemgetter
from typing import Generic

from so24.language.said import say
from so24.sources.documents.documents import RefusedRow
from so24.sources.sheets.cells.cell import Cell
from so24.sources.sheets.rows import SheetRow, SomeRows
from so24.sources.sheets.tables import SHOWN_OTHERWISE, ReportTable, Row, T

_REMEMBERED = 2_000  # of what rows have in common: they follow each other


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
