"""One row of the report *Invoice lines*: its line, its document's head, and its department."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache, partial
from itertools import chain
from typing import Any, NamedTuple

from so24.identifiers import tidy_identifier
from so24.letters import fold
from so24.sources.documents.documents import (
    LONGEST_DEPARTMENT_NUMBER,
    RefusedRow,
    SourceLine,
    has_no_number,
    shorten,
)
from so24.sources.documents.totals import round_half_up
from so24.sources.sheets.headings import LINES
from so24.sources.sheets.numbers import (
    EMPTY,
    BadCell,
    Cell,
    CurrencyNumber,
    is_garbled,
    read_date,
    read_decimal,
    read_given,
    read_quantity,
    read_rate,
    read_text,
)
from so24.sources.sheets.tables import Repeated, ReportTable, Row
from so24.store.tables.ground import FINE_SCALE, MONEY_SCALE


class DepartmentNames:
    """The department numbers that go by each name, whatever its capitals."""

    def __init__(self, known: Iterable[tuple[str, str]] = ()) -> None:
        """Begin with departments that are known already, as pairs of number and name."""
        self._numbers: dict[str, set[str]] = {}
        self._unnumbered: dict[str, str] = {}
        for number, name in known:
            self._learn(number, name)

    def learn(self, table: ReportTable) -> None:
        """Take in the departments of all rows of *Invoice lines* that have number and name."""
        for row in Repeated(table, _DEPARTMENT, _read_number_and_name).first_rows(table):
            self._learn_row(row)

    def find_numbers(self, row: Row) -> tuple[str, ...]:
        """The row's department: its number, else that of its name.

        None where the row has neither, several where departments share the name. A name without
        any number is a department from here on, with the name as its number; so all tables are to
        be learnt before the first row is looked up.
        """
        number, name = _read_number_and_name(row)
        if number or not name:
            return (number,) if number else ()
        if found := self._numbers.get(fold(name)):
            return tuple(sorted(found))
        return (self._unnumbered.setdefault(fold(name), shorten(name, LONGEST_DEPARTMENT_NUMBER)),)

    def _learn_row(self, row: Row) -> None:
        number, name = _read_number_and_name(row)
        if number:
            self._learn(number, name)

    def _learn(self, number: str, name: str) -> None:
        name = tidy_identifier(name)
        if has_no_number(number, name):
            self._unnumbered.setdefault(fold(name), number)
        elif name:
            self._numbers.setdefault(fold(name), set()).add(number)


def _read_number_and_name(row: Row) -> tuple[str, str]:
    return row.guess("department_number"), tidy_identifier(read_text(row.cell("department_name")))


DEFAULT_CURRENCY = "NOK"

DocumentKey = tuple[str, str]  # department and number

_DEPARTMENT = ("department_number", "department_name")
_PRODUCT = ("product_number", "product_name")
_OF_THE_LINE = (
    *_PRODUCT, "text", "quantity", "unit_price", "net", "discount", "vat_rate", "vat", "total",
    "line_date",
)  # fmt: skip
_AMOUNTS = ("unit_price", "net", "vat", "total")
_NAMING = ("number", "customer_number", "product_number", "unit_price")
_NO_DEPARTMENT = "is empty, and so is the department's name"
_MUCH = 3  # empty cells that a line must have
_NAMELESS = (
    "names no document, no customer and no product: if it is a sum, write “Total” before it or "
    "leave it out; if it is a line, fill in whose it is"
)
_HEAD = tuple(field.name for field in LINES.fields if field.name not in _OF_THE_LINE)

# prices, rates and days repeat from line to line, sums do so less
_read_money = partial(read_decimal, decimals=MONEY_SCALE)
_read_fine = lru_cache(10_000)(partial(read_decimal, decimals=FINE_SCALE))
_read_rate = lru_cache(1_000)(read_rate)
_find_day = lru_cache(10_000)(partial(read_given, read=read_date))
_find_money = partial(read_given, read=_read_money)
_READ: dict[str, Callable[[Cell], Any]] = {
    "unit_price": _read_fine,
    "net": _read_money,
    "vat_rate": _read_rate,
    "vat": _find_money,
    "total": _find_money,
    "line_date": _find_day,
}


class LineHead(NamedTuple):
    """What a row states of its document."""

    number: str
    department_number: str
    department_name: str
    customer_number: str
    customer_name: str
    currency: str
    invoice_date: dt.date | None
    our_reference: str
    project_number: str
    project_name: str


class LineRow(NamedTuple):
    """A row as read; its line is not to be used where ``refused`` holds anything."""

    head: LineHead
    line: SourceLine
    refused: tuple[RefusedRow, ...]


@dataclass(frozen=True, slots=True)
class _Place:
    """What a row states of its document, and which documents it may be of."""

    head: LineHead
    keys: tuple[DocumentKey, ...]


class LineReader:
    """Reads the rows of one table; what rows have in common is read once."""

    def __init__(self, table: ReportTable, names: DepartmentNames) -> None:
        """``names`` has learnt all tables."""
        self._names = names
        self._place = Repeated(table, _HEAD, self._read_place)
        self._product = Repeated(table, _PRODUCT, _read_product)
        self._plain = _PlainLines(table)
        amounts = ((name, table.columns.get(name)) for name in _AMOUNTS)
        self._amounts = [(name, column) for name, column in amounts if column is not None]

    def read(self, row: Row) -> tuple[LineRow, tuple[DocumentKey, ...]]:
        """The row, and the documents that it may be of, in order; none where it names none.

        What cannot be read is in its ``refused``, and so is that it may be of several documents.
        """
        place = self._place.of(row)
        product = self._product.of(row)
        line = self._plain.read(row, *product) or _read_line(row, *product)
        self._check_currencies(row, place.head.currency)
        if not any(map(row.has, _NAMING)):
            row.refused[:] = [row.tell("", _NAMELESS)]
        _tell_together(row)
        return LineRow(place.head, line, tuple(row.refused)), place.keys

    def _check_currencies(self, row: Row, currency: str) -> None:
        """Refuse amounts that their cells show in another currency than the row's."""
        for name, column in self._amounts:
            cell = row.cells[column] if column < len(row.cells) else ""
            if type(cell) is CurrencyNumber and currency and not cell.may_be_in(currency):
                why = "" if "currency" in row.table.columns else ", for no column says another one"
                row.refuse(
                    name,
                    f"is shown in {cell.currency}, and the row is in {currency}{why}; correct what "
                    "is wrong of both",
                )

    def _read_place(self, row: Row) -> _Place:
        departments = self._names.find_numbers(row)
        number = row.guess("number")
        keys = sorted((department, number) for department in departments) if number else ()
        return _Place(_read_head(row, departments), tuple(keys))


class _PlainLines:
    """Reads at once the lines of which each cell is what it is to be; nearly all are."""

    def __init__(self, table: ReportTable) -> None:
        self._broken = {number for number, _ in table.sheet.broken}
        self._quantity = table.columns["quantity"]
        self._discount = table.columns.get("discount")
        # the cell of a column that the table does not have is not looked at
        self._ways = [
            (table.columns.get(name, 0), read if name in table.columns else _read_nothing)
            for name, read in _READ.items()
        ]

    def read(self, row: Row, product_number: str, product_name: str) -> SourceLine | None:
        """The line as :func:`_read_line` reads it; None where a cell of it would be refused."""
        cells = row.cells
        if row.number in self._broken:
            return None
        try:
            values: list[Any] = [read(cells[at]) for at, read in self._ways]
            price, net, rate, vat, total, day = values
            quantity = _read_quantity(cells[self._quantity], price, net)
            discount = "" if self._discount is None else cells[self._discount]
        except (BadCell, IndexError):
            return None
        if discount != "":
            price = _discount(discount, quantity, price, net)
        text = row.text("text") or product_name
        return SourceLine(
            row.number, product_number, product_name, text, quantity, price, net, rate, vat,
            total, day,
        )  # fmt: skip


def _read_head(row: Row, departments: Sequence[str]) -> LineHead:
    """``departments`` are the numbers that the row may mean; unless it is one, it is refused."""
    row.require("number", "customer_number")
    row.identifier("department_number")  # refused here where it cannot be read
    name = tidy_identifier(_read_beside(row, "department_name", row.text))
    if not row.guess("department_number"):  # the name is its number
        row.left_out.pop("department_name", None)
        row.identifier("department_name")
    if not departments:
        row.refuse("department_number", _NO_DEPARTMENT)
    if len(departments) > 1:
        row.refuse(
            "department_number",
            f"is empty, and more than one department is called “{name}”: "
            f"{', '.join(departments)}; fill in which one it is",
        )
    return LineHead(
        number=row.identifier("number"),
        department_number=departments[0] if departments else "",
        department_name=name,
        customer_number=row.identifier("customer_number"),
        customer_name=_read_beside(row, "customer_name", row.name),
        currency=_read_currency(row),
        invoice_date=row.read("invoice_date", _find_day, None),
        our_reference=_read_beside(row, "our_reference", row.text),
        project_number=row.read_optional("project_number", row.identifier, ""),
        project_name=_read_beside(row, "project_name", row.text),
    )


def _tell_together(row: Row) -> None:
    """Tell of a row that lacks much, and so is perhaps no line, by one sentence."""
    empty = [each for each in row.refused if each.reason in (EMPTY, _NO_DEPARTMENT)]
    if len(empty) < _MUCH:
        return
    # all have a column but the number of a department, which may have a name alone
    *names, last = (f"“{each.column or 'Department'}”" for each in empty)
    lacks = f"lacks {', '.join(names)} and {last}: leave it out if it is no line; else fill them in"
    others = [each for each in row.refused if each not in empty]
    row.refused[:] = [row.tell("", lacks), *others]


def _read_beside(row: Row, name: str, read: Callable[[str], str]) -> str:
    """A text that no document needs: what cannot be read of it costs only itself.

    Lost letters refuse the row: what else a wrong encoding has spoilt nobody knows.
    """
    garbled = is_garbled(read_text(row.cell(name)))
    return read(name) if garbled else row.read_optional(name, read, "")


def _read_product(row: Row) -> tuple[str, str]:
    """The product's number and name."""
    name = row.text("product_name")
    return row.identifier("product_number"), name


def _read_nothing(_: Cell) -> None:
    return None


def _read_line(row: Row, product_number: str, product_name: str) -> SourceLine:
    zero = _read_money("0")
    price, net = (row.read(name, _READ[name], zero) for name in ("unit_price", "net"))
    quantity = row.read("quantity", lambda cell: _read_quantity(cell, price, net), zero)
    return SourceLine(
        row=row.number,
        product_number=product_number,
        product_name=product_name,
        text=row.text("text") or product_name,
        quantity=quantity,
        unit_price=_discount(row.cell("discount"), quantity, price, net),
        net=net,
        vat_rate=row.read("vat_rate", _READ["vat_rate"], zero),
        vat=row.read("vat", _READ["vat"], None),
        total=row.read("total", _READ["total"], None),
        line_date=row.read("line_date", _READ["line_date"], None),
    )


def _read_quantity(cell: Cell, price: Decimal, net: Decimal) -> Decimal:
    try:
        return _read_fine(cell)
    except BadCell:
        return read_quantity(cell, price, net)


def _discount(cell: Cell, quantity: Decimal, price: Decimal, net: Decimal) -> Decimal:
    """The price after the line's discount, where that discount is just what gives the line's net.

    It may be a percentage or an amount; what explains nothing leaves the price as it is.
    """
    if cell == "":
        return price
    gross = quantity * price
    explained = (gross - gross * rate / 100 for rate in _try(read_rate, cell))
    taken_off = (gross - amount.copy_sign(gross) for amount in _try(_read_money, cell))
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


def _read_currency(row: Row) -> str:
    if "currency" not in row.table.columns:
        return DEFAULT_CURRENCY
    return row.read("currency", _currency, "")


def _currency(cell: Cell) -> str:
    text = tidy_identifier(read_text(cell)).upper()
    if not text:
        raise BadCell(EMPTY)
    if len(text) != 3 or not text.isascii() or not text.isalpha():
        raise BadCell(f"must be a currency of three letters such as NOK, not “{text[:10]}”")
    return text
