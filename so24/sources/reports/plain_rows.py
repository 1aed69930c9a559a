"""Rows of *Invoice lines* of which each cell is what it is to be, read together; nearly all are.

Each column is read at once, and what rows state of their document once for all that have the same
cells there. Nothing is refused, left out or guessed here: what is not plain is left to
:mod:`.line_rows`, which reads such a row by itself. What it would make of a plain one is the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import repeat
from typing import Any

from so24.identifiers import tidy_identifier
from so24.sources.documents.documents import SourceLine
from so24.sources.reports.line_cells import (
    AMOUNTS,
    AS_LINE,
    DATES_OF_THE_HEAD,
    DEFAULT_CURRENCY,
    OF_THE_HEAD,
    READ_COLUMN,
    Belonging,
    LineHead,
    ReadColumn,
    find_day,
    read_any_quantity,
    read_currency,
    read_kid,
    take_discount,
)
from so24.sources.sheets.cells.cell import BadCell, Cell, CurrencyNumber
from so24.sources.sheets.cells.texts import read_identifying, read_name, read_text
from so24.sources.sheets.rows import Column, SomeRows
from so24.sources.sheets.tables import SHOWN_OTHERWISE, ReportTable, fitting

_REMEMBERED = 2_000  # heads: rows with the same one follow each other
_NAMES_OF_GOODS = ("product_number", "product_name", "text")

_Read = Callable[[Cell], Any]
_READ: dict[str, Callable[[Cell], str]] = {"customer_name": read_name, "kid": read_kid}


class PlainRows:
    """Reads rows of one table, some at a time."""

    def __init__(self, table: ReportTable) -> None:
        """``table`` has been checked: no more of its cells become broken."""
        self._columns = table.columns
        self._broken = {number for number, _ in table.sheet.broken}
        number, name, text = (
            fitting(table.layout.name, each, read)
            for each, read in zip(
                _NAMES_OF_GOODS, (read_identifying, read_text, read_text), strict=True
            )
        )
        self._goods: list[_Read] = [*map(lru_cache(_REMEMBERED), (number, name)), text]
        self._head = [self._find_way(table, name) for name in OF_THE_HEAD]
        self._places: dict[tuple[Cell, ...], Belonging | None] = {}

    def read_lines(self, some: SomeRows) -> Iterator[SourceLine] | None:
        """The rows' lines; None where one of them has to be read by itself."""
        numbers = some.numbers
        shown_otherwise = self._are_shown_otherwise(some, _NAMES_OF_GOODS)
        if shown_otherwise or not self._broken.isdisjoint(numbers):
            return None
        try:
            product, name, text = (
                list(map(read, self._column(some, each)))
                for each, read in zip(_NAMES_OF_GOODS, self._goods, strict=True)
            )
            amounts = {each: self._read(some, each, read) for each, read in READ_COLUMN.items()}
            price, net = amounts["unit_price"], amounts["net"]
            quantity = _read_quantities(self._column(some, "quantity"), price, net)
        except BadCell:
            return None
        discount = self._column(some, "discount")
        if set(discount) != {""}:
            price = list(map(take_discount, discount, quantity, price, net))
        texts = [each or goods for each, goods in zip(text, name, strict=True)]
        rest = (amounts[each] for each in ("vat_rate", "vat", "total", "line_date"))
        lines = zip(numbers, product, name, texts, quantity, price, net, *rest, repeat(""))
        return map(AS_LINE, lines)

    def _read(self, some: SomeRows, name: str, read: ReadColumn) -> Sequence[Any]:
        """The column's values; the cells of one that the table does not have are not looked at."""
        if name not in self._columns:
            return [None] * len(some)
        return read(self._column(some, name))

    def read_places(self, some: SomeRows) -> Iterator[Belonging | None]:
        """Each row's place; None where the row has to be read by itself."""
        if self._are_shown_otherwise(some, OF_THE_HEAD):
            return repeat(None, len(some))
        columns = [self._column(some, name) for name in OF_THE_HEAD]
        return map(self._find_place, zip(*columns, strict=True))

    def _column(self, some: SomeRows, name: str) -> Column:
        """The cells of a field; nothing where the table does not have it."""
        return some.column(self._columns.get(name, some.width))

    def _are_shown_otherwise(self, some: SomeRows, names: Sequence[str]) -> bool:
        """Whether equal cells of these fields may show something else."""
        places = (self._columns.get(name, some.width) for name in names)
        return any(not SHOWN_OTHERWISE.isdisjoint(some.kinds(place)) for place in places)

    def show_currencies(self, some: SomeRows) -> bool:
        """Whether cells with amounts show a currency."""
        places = (self._columns.get(name, some.width) for name in AMOUNTS)
        return any(CurrencyNumber in some.kinds(place) for place in places)

    def _find_place(self, cells: tuple[Cell, ...]) -> Belonging | None:
        if cells not in self._places:
            if len(self._places) >= _REMEMBERED:
                self._places.clear()
            self._places[cells] = self._read_place(cells)
        return self._places[cells]

    def _read_place(self, cells: tuple[Cell, ...]) -> Belonging | None:
        try:
            read = {
                name: way(cell)
                for name, way, cell in zip(OF_THE_HEAD, self._head, cells, strict=True)
            }
        except BadCell:
            return None
        number, department = read["number"], read["department_number"]
        if not (number and department and read["customer_number"]):
            return None
        return Belonging(LineHead(**read), ((department, number),))

    def _find_way(self, table: ReportTable, name: str) -> _Read:
        """What reads a cell of the head; nearly all of them repeat."""
        if name in DATES_OF_THE_HEAD:
            return find_day
        if name == "currency":
            has_one = name in table.columns
            return read_currency if has_one else lambda cell: DEFAULT_CURRENCY
        read = read_identifying if name.endswith("number") else _READ.get(name, read_text)
        way = fitting(table.layout.name, name, read)
        if name == "number":
            return way
        if name == "department_name":
            return lru_cache(_REMEMBERED)(lambda cell: tidy_identifier(way(cell)))
        return lru_cache(_REMEMBERED)(way)


def _read_quantities(cells: Column, prices: Sequence[Any], nets: Sequence[Any]) -> Sequence[Any]:
    try:
        return READ_COLUMN["unit_price"](cells)
    except BadCell:
        return list(map(read_any_quantity, cells, prices, nets))
