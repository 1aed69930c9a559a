"""Rows of *Invoice lines* of which each cell is what it is to be, read together; nearly all are.

Each column is read at once, and what rows state of their document once for all that have the same
cells there. Nothing is refused, left out or guessed here: what is not plain is left to
:mod:`.line_rows`, which reads such a row by itself. What it would make of a plain one is the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import repeat, zip_longest
from typing import Any

from so24.identifiers import tidy_identifier
from so24.sources.documents.documents import SourceLine
from so24.sources.reports.line_cells import (
    AMOUNTS,
    AS_LINE,
    DEFAULT_CURRENCY,
    OF_THE_HEAD,
    READ,
    Belonging,
    LineHead,
    find_day,
    read_any_quantity,
    read_currency,
    read_fine,
    take_discount,
)
from so24.sources.sheets.numbers import (
    BadCell,
    Cell,
    CurrencyNumber,
    read_identifying,
    read_name,
    read_text,
)
from so24.sources.sheets.tables import SHOWN_OTHERWISE, ReportTable, SheetRow, fitting

_REMEMBERED = 2_000  # heads: rows with the same one follow each other
_NAMES_OF_GOODS = ("product_number", "product_name", "text")

Column = Sequence[Cell]
_Read = Callable[[Cell], Any]


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

    def spread(self, rows: Sequence[SheetRow]) -> SomeRows:
        """These rows by their columns."""
        columns = list(zip_longest(*(row.cells for row in rows), fillvalue=""))
        return SomeRows(rows, columns, self._columns)

    def read_lines(self, some: SomeRows) -> Iterator[SourceLine] | None:
        """The rows' lines; None where one of them has to be read by itself."""
        numbers = [row.number for row in some.rows]
        if not self._broken.isdisjoint(numbers) or some.are_shown_otherwise(_NAMES_OF_GOODS):
            return None
        try:
            product, name, text = (
                list(map(read, some.column(each)))
                for each, read in zip(_NAMES_OF_GOODS, self._goods, strict=True)
            )
            amounts = {each: self._read(some, each, read) for each, read in READ.items()}
            price, net = amounts["unit_price"], amounts["net"]
            quantity = _read_quantities(some.column("quantity"), price, net)
        except BadCell:
            return None
        if "discount" in self._columns:
            discount = some.column("discount")
            price = list(map(take_discount, discount, quantity, price, net))
        texts = [each or goods for each, goods in zip(text, name, strict=True)]
        rest = (amounts[each] for each in ("vat_rate", "vat", "total", "line_date"))
        lines = zip(numbers, product, name, texts, quantity, price, net, *rest, repeat(""))
        return map(AS_LINE, lines)

    def _read(self, some: SomeRows, name: str, read: _Read) -> Sequence[Any]:
        """The column's values; the cells of one that the table does not have are not looked at."""
        if name not in self._columns:
            return [None] * len(some.rows)
        return list(map(read, some.column(name)))

    def read_places(self, some: SomeRows) -> Iterator[Belonging | None]:
        """Each row's place; None where the row has to be read by itself."""
        if some.are_shown_otherwise(OF_THE_HEAD):
            return repeat(None, len(some.rows))
        return map(self._find_place, zip(*map(some.column, OF_THE_HEAD), strict=True))

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
        if name == "invoice_date":
            return find_day
        if name == "currency":
            has_one = name in table.columns
            return read_currency if has_one else lambda cell: DEFAULT_CURRENCY
        read = read_identifying if name.endswith("number") else read_text
        way = fitting(table.layout.name, name, read_name if name == "customer_name" else read)
        if name == "number":
            return way
        if name == "department_name":
            return lru_cache(_REMEMBERED)(lambda cell: tidy_identifier(way(cell)))
        return lru_cache(_REMEMBERED)(way)


class SomeRows:
    """Rows of a table with their cells by columns; those that end early have nothing there."""

    def __init__(
        self, rows: Sequence[SheetRow], columns: Sequence[Column], places: dict[str, int]
    ) -> None:
        self.rows, self._columns, self._places = rows, columns, places
        self._nothing = ("",) * len(rows)

    def column(self, name: str) -> Column:
        """The cells of a field; nothing where the table does not have it."""
        place = self._places.get(name)
        known = place is not None and place < len(self._columns)
        return self._columns[place] if known else self._nothing  # type: ignore[index]

    def are_shown_otherwise(self, names: Sequence[str]) -> bool:
        """Whether equal cells of these fields may show something else."""
        kinds = {kind for name in names for kind in set(map(type, self.column(name)))}
        return not SHOWN_OTHERWISE.isdisjoint(kinds)

    def show_currencies(self) -> bool:
        """Whether cells with amounts show a currency."""
        return any(CurrencyNumber in set(map(type, self.column(name))) for name in AMOUNTS)


def _read_quantities(cells: Column, prices: Sequence[Any], nets: Sequence[Any]) -> list[Any]:
    try:
        return list(map(read_fine, cells))
    except BadCell:
        return list(map(read_any_quantity, cells, prices, nets))
