"""The rows of the report *Invoice lines*: the line of each, its document's head and department."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import groupby, repeat
from typing import NamedTuple

from so24.identifiers import tidy_identifier
from so24.language.said import join_said, say
from so24.letters import fold
from so24.sources.documents.documents import (
    LONGEST_DEPARTMENT_NUMBER,
    SourceLine,
    has_no_number,
    shorten,
)
from so24.sources.reports.line_cells import (
    AMOUNTS,
    AS_ROW,
    DEFAULT_CURRENCY,
    OF_THE_HEAD,
    READ,
    Belonging,
    DocumentKey,
    LineHead,
    LineRow,
    find_day,
    read_any_quantity,
    read_currency,
    read_kid,
    read_money,
    take_discount,
)
from so24.sources.reports.plain_rows import PlainRows
from so24.sources.sheets.cells.cell import EMPTY, Cell, CurrencyNumber
from so24.sources.sheets.cells.texts import is_garbled, read_text
from so24.sources.sheets.repeated import Repeated
from so24.sources.sheets.rows import SomeRows
from so24.sources.sheets.tables import ReportTable, Row, fitting

_AT_ONCE = 128  # rows that are read together
_DEPARTMENT = ("department_number", "department_name")
_PRODUCT = ("product_number", "product_name")
_NAMING = ("number", "customer_number", "product_number", "unit_price")
_NO_DEPARTMENT = say("is empty, and so is the department's name")
_MUCH = 3  # empty cells that a line must have
_NAMELESS = say(
    "names no document, no customer and no product: if it is a sum, write “Total” before it or "
    "leave it out; if it is a line, fill in whose it is"
)
_OTHER_CURRENCY = say(
    "is shown in {shown}, and the row is in {currency}; correct what is wrong of both"
)
_ASSUMED_CURRENCY = say(
    "is shown in {shown}, and the row is in {currency}, for no column says another one; correct "
    "what is wrong of both"
)


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


class ReadRows(NamedTuple):
    """Rows as read that follow each other, and the documents that all of them may be of, in order.

    They are none where a row names none. What of a row cannot be read is in its ``refused``, and so
    is that it may be of several documents. ``row`` is the row itself where it is not plain; it is
    alone then.
    """

    read: Sequence[LineRow]
    keys: tuple[DocumentKey, ...]
    row: Row | None = None


_Numbered = tuple[int, tuple[SourceLine | None, Belonging | None]]


def _keys_of(numbered: _Numbered) -> tuple[DocumentKey, ...] | None:
    """The documents of a row, by its place among others; None where it has to be read alone."""
    line, place = numbered[1]
    return None if line is None or place is None else place.keys


class LineReader:
    """Reads the rows of one table; what rows have in common is read once."""

    def __init__(self, table: ReportTable, names: DepartmentNames) -> None:
        """``names`` has learnt all tables."""
        self._table = table
        # nothing here refers to the reader: it goes, and the sheet's rows with it, when it is done
        self._place = Repeated(table, OF_THE_HEAD, partial(_read_place, names))
        self._product = Repeated(table, _PRODUCT, _read_product)
        self._plain = PlainRows(table)
        amounts = ((name, table.columns.get(name)) for name in AMOUNTS)
        self._amounts = [(name, column) for name, column in amounts if column is not None]

    def read_all(self) -> Iterator[ReadRows]:
        """The rows of the table."""
        for some in self._table.some_filled_rows():
            for part in some.parts(_AT_ONCE):
                yield from self._read(part)

    def _read(self, some: SomeRows) -> Iterator[ReadRows]:
        plain = self._plain.read_lines(some)
        if plain is None and len(some) > 1:  # but for one of them perhaps
            for half in some.parts((len(some) + 1) // 2):
                yield from self._read(half)
            return
        lines: Iterable[SourceLine | None] = repeat(None) if plain is None else plain
        currencies = self._plain.show_currencies(some)
        places = self._plain.read_places(some)
        for keys, run in groupby(enumerate(zip(lines, places, strict=False)), _keys_of):
            if keys is None:
                for index, (line, _) in run:
                    yield self._read_alone(Row(self._table, some.rows[index]), line)
            elif currencies:
                yield from self._read_currencies(some, keys, run)
            else:
                heads = ((place.head, line) for _, (line, place) in run)  # type: ignore[union-attr]
                yield ReadRows([AS_ROW((head, line, ())) for head, line in heads], keys)

    def _read_currencies(
        self, some: SomeRows, keys: tuple[DocumentKey, ...], run: Iterable[_Numbered]
    ) -> Iterator[ReadRows]:
        """Rows of a document whose cells show currencies, which may be others than theirs."""
        for index, (line, place) in run:
            row, head = some.rows[index], place.head  # type: ignore[union-attr] # has keys
            if any(self._find_others(row.cells, head.currency)):
                yield self._read_alone(Row(self._table, row), line)
            else:
                yield ReadRows([AS_ROW((head, line, ()))], keys)

    def _read_alone(self, row: Row, line: SourceLine | None) -> ReadRows:
        """The row by itself; ``line`` is its line where that is plain."""
        place = self._place.of(row)
        line = line or _read_line(row, *self._product.of(row))
        self._check_currencies(row, place.head.currency)
        if not any(map(row.has, _NAMING)):
            row.refused[:] = [row.tell("", _NAMELESS)]
        _tell_together(row)
        return ReadRows([LineRow(place.head, line, tuple(row.refused))], place.keys, row)

    def _check_currencies(self, row: Row, currency: str) -> None:
        """Refuse amounts that their cells show in another currency than the row's."""
        for name, cell in self._find_others(row.cells, currency):
            told = _OTHER_CURRENCY if "currency" in row.table.columns else _ASSUMED_CURRENCY
            row.refuse(name, say(told, shown=cell.currency, currency=currency))

    def _find_others(
        self, cells: Sequence[Cell], currency: str
    ) -> Iterator[tuple[str, CurrencyNumber]]:
        """The amounts, by field, that their cells show in another currency."""
        for name, column in self._amounts:
            cell = cells[column] if column < len(cells) else ""
            if type(cell) is CurrencyNumber and currency and not cell.may_be_in(currency):
                yield name, cell


def _read_place(names: DepartmentNames, row: Row) -> Belonging:
    departments = names.find_numbers(row)
    number = row.guess("number")
    keys = sorted((department, number) for department in departments) if number else ()
    return Belonging(_read_head(row, departments), tuple(keys))


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
            say(
                "is empty, and more than one department is called “{name}”: {numbers}; fill in "
                "which one it is",
                name=name,
                numbers=", ".join(departments),
            ),
        )
    return LineHead(
        number=row.identifier("number"),
        department_number=departments[0] if departments else "",
        department_name=name,
        customer_number=row.identifier("customer_number"),
        customer_name=_read_beside(row, "customer_name", row.name),
        currency=_read_currency(row),
        invoice_date=row.read("invoice_date", find_day, None),
        our_reference=_read_beside(row, "our_reference", row.text),
        project_number=row.read_optional("project_number", row.identifier, ""),
        project_name=_read_beside(row, "project_name", row.text),
        kid=row.read("kid", fitting(row.table.layout.name, "kid", read_kid), ""),
        your_reference=_read_beside(row, "your_reference", row.text),
        order_reference=_read_beside(row, "order_reference", row.text),
        note=_read_beside(row, "note", row.text),
        due_date=row.read("due_date", find_day, None),
        delivery_date=row.read("delivery_date", find_day, None),
    )


def _tell_together(row: Row) -> None:
    """Tell of a row that lacks much, and so is perhaps no line, by one sentence."""
    empty = [each for each in row.refused if each.reason in (EMPTY, _NO_DEPARTMENT)]
    if len(empty) < _MUCH:
        return
    # all have a column but the number of a department, which may have a name alone
    *names, last = (say("“{heading}”", heading=each.column or "Department") for each in empty)
    lacks = say(
        "lacks {headings} and {last}: leave it out if it is no line; else fill them in",
        headings=join_said(names, by=", "),
        last=last,
    )
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


def _read_line(row: Row, product_number: str, product_name: str) -> SourceLine:
    zero = read_money("0")
    price, net = (row.read(name, READ[name], zero) for name in ("unit_price", "net"))
    quantity = row.read("quantity", lambda cell: read_any_quantity(cell, price, net), zero)
    return SourceLine(
        row=row.number,
        product_number=product_number,
        product_name=product_name,
        text=row.text("text") or product_name,
        quantity=quantity,
        unit_price=take_discount(row.cell("discount"), quantity, price, net),
        net=net,
        vat_rate=row.read("vat_rate", READ["vat_rate"], zero),
        vat=row.read("vat", READ["vat"], None),
        total=row.read("total", READ["total"], None),
        line_date=row.read("line_date", READ["line_date"], None),
    )


def _read_currency(row: Row) -> str:
    if "currency" not in row.table.columns:
        return DEFAULT_CURRENCY
    return row.read("currency", read_currency, "")
