"""The cells of a row of *Invoice lines*: as what each is read, and what they are together."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache, partial
from itertools import chain
from typing import Any, NamedTuple

from so24.identifiers import tidy_identifier
from so24.language.said import say
from so24.sources.documents.documents import RefusedRow, SourceLine
from so24.sources.documents.totals import round_half_up
from so24.sources.sheets.cells.cell import EMPTY, BadCell, Cell
from so24.sources.sheets.cells.dates import read_date
from so24.sources.sheets.cells.numbers import (
    read_decimal,
    read_plain_decimals,
    read_quantity,
    read_rate,
)
from so24.sources.sheets.cells.texts import read_given, read_identifying, read_text
from so24.sources.sheets.headings import LINES
from so24.store.tables.ground import FINE_SCALE, MONEY_SCALE

DEFAULT_CURRENCY = "NOK"
_SURE_DIGITS = 15  # of a number in a workbook; those after them are lost

DocumentKey = tuple[str, str]  # department and number

_OF_THE_LINE = (
    "product_number", "product_name", "text", "quantity", "unit_price", "net", "discount",
    "vat_rate", "vat", "total", "line_date",
)  # fmt: skip
OF_THE_HEAD = tuple(field.name for field in LINES.fields if field.name not in _OF_THE_LINE)
DATES_OF_THE_HEAD = ("invoice_date", "due_date", "delivery_date")
AMOUNTS = ("unit_price", "net", "vat", "total")

# prices, rates and days repeat from line to line, sums do so less
read_money = partial(read_decimal, decimals=MONEY_SCALE)
read_fine = lru_cache(10_000)(partial(read_decimal, decimals=FINE_SCALE))
find_day = lru_cache(10_000)(partial(read_given, read=read_date))
_find_money = partial(read_given, read=read_money)
READ: dict[str, Callable[[Cell], Any]] = {
    "unit_price": read_fine,
    "net": read_money,
    "vat_rate": lru_cache(1_000)(read_rate),
    "vat": _find_money,
    "total": _find_money,
    "line_date": find_day,
}
ReadColumn = Callable[[Sequence[Cell]], Sequence[Any]]


def _each(read: Callable[[Cell], Any]) -> ReadColumn:
    return lambda cells: list(map(read, cells))


def _together(decimals: int, otherwise: Callable[[Cell], Any]) -> ReadColumn:
    """Amounts of a column, all at once where none is odd, and else each by itself."""

    def read(cells: Sequence[Cell]) -> Sequence[Any]:
        found = read_plain_decimals(cells, decimals=decimals)
        return list(map(otherwise, cells)) if found is None else found

    return read


READ_COLUMN: dict[str, ReadColumn] = {  # as READ, for many cells of a field
    "unit_price": _together(FINE_SCALE, read_fine),
    "net": _together(MONEY_SCALE, read_money),
    "vat_rate": _each(READ["vat_rate"]),
    "vat": _together(MONEY_SCALE, _find_money),
    "total": _together(MONEY_SCALE, _find_money),
    "line_date": _each(find_day),
}


class LineHead(NamedTuple):
    """What a row states of its document."""

    number: str
    department_number: str
    department_name: str
    customer_number: str
    customer_name: str
    currency: str
    our_reference: str
    project_number: str
    project_name: str
    kid: str
    your_reference: str
    order_reference: str
    note: str
    invoice_date: dt.date | None
    due_date: dt.date | None
    delivery_date: dt.date | None


class LineRow(NamedTuple):
    """A row as read; its line is not to be used where ``refused`` holds anything."""

    head: LineHead
    line: SourceLine
    refused: tuple[RefusedRow, ...]


@dataclass(frozen=True, slots=True)
class Belonging:
    """What a row states of its document, and which documents it may be of."""

    head: LineHead
    keys: tuple[DocumentKey, ...]


# their own constructors are Python's, and take longer
AS_HEAD, AS_LINE = partial(tuple.__new__, LineHead), partial(tuple.__new__, SourceLine)
AS_ROW = partial(tuple.__new__, LineRow)


def read_any_quantity(cell: Cell, price: Decimal, net: Decimal) -> Decimal:
    """A quantity, rounded where that leaves the line's sum as it is."""
    try:
        return read_fine(cell)
    except BadCell:
        return read_quantity(cell, price, net)


def take_discount(cell: Cell, quantity: Decimal, price: Decimal, net: Decimal) -> Decimal:
    """The price after the line's discount, where that discount is just what gives the line's net.

    It may be a percentage or an amount; what explains nothing leaves the price as it is.
    """
    if cell == "":
        return price
    gross = quantity * price
    explained = (gross - gross * rate / 100 for rate in _try(read_rate, cell))
    taken_off = (gross - amount.copy_sign(gross) for amount in _try(read_money, cell))
    if not any(round_half_up(each) == net for each in chain(explained, taken_off)) or not quantity:
        return price
    after = (net / quantity).quantize(Decimal(1).scaleb(-FINE_SCALE))
    return after if round_half_up(quantity * after) == net else price


def _try(read: Callable[[Cell], Decimal], cell: Cell) -> Iterator[Decimal]:
    try:
        if read_text(cell):
            yield read(cell)
    except BadCell:
        return  # a discount only explains: what cannot be read explains nothing


def read_kid(cell: Cell) -> str:
    """A KID as it is printed, a text of digits; refused where a number cell has changed it."""
    text = read_identifying(cell)
    if isinstance(cell, Decimal) and len(text) > _SURE_DIGITS:
        raise BadCell(
            say(
                "is a number of more than {most} digits, of which Excel keeps no more; format the "
                "column as text and write the KID again",
                most=_SURE_DIGITS,
            )
        )
    return text


def read_currency(cell: Cell) -> str:
    """The letters of a currency, in capitals."""
    text = tidy_identifier(read_text(cell)).upper()
    if not text:
        raise BadCell(EMPTY)
    if len(text) != 3 or not text.isascii() or not text.isalpha():
        raise BadCell(
            say("must be a currency of three letters such as NOK, not “{text}”", text=text[:10])
        )
    return text
