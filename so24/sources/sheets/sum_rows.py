"""Rows of a table that are none of its things: sums, footers, headings that stand again.

They are set aside before the rows are read, so that they are neither refused nor keep anything out.
A row that may be a line never is: what has a price or a VAT rate, or names a document or a product,
is a line, or a broken one that is refused. A sum says so in words, or is exactly the sum of several
lines; a footer has words that footers begin with, and no amount.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal
from functools import lru_cache
from itertools import chain
from operator import itemgetter

from so24.errors import UnreadableFile
from so24.identifiers import tidy_identifier
from so24.language.said import say
from so24.letters import fold
from so24.sources.documents.totals import round_half_up
from so24.sources.sheets.cells.cell import BadCell
from so24.sources.sheets.cells.numbers import read_exact
from so24.sources.sheets.cells.texts import read_text
from so24.sources.sheets.headings import (
    CREDITS,
    CUSTOMERS,
    LAYOUTS,
    LINES,
    name_headings,
    normalise,
)
from so24.sources.sheets.rows import SheetRow, SomeRows
from so24.sources.sheets.tables import AsideRow, ReportTable, Row
from so24.sources.sheets.which_table import find_layout

SUMMED = ("net", "vat", "total")
_OF_A_LINE = ("unit_price", "vat_rate")  # amounts that only a line has, or all columns summed
_AMOUNTS = frozenset((*SUMMED, "quantity", "unit_price", "discount", "vat_rate", "credit_days"))
_OF_A_THING = {  # what only a row of the table itself has
    LINES.name: ("unit_price", "vat_rate", "product_number"),
    CREDITS.name: ("credited_number", "customer_number"),
    CUSTOMERS.name: ("organization_number", "invoice_email", "credit_days"),
}
_SUM = (
    r"(?:(?:grand|sub|over)[ -]?totals?|totals?|totalt|totalen|totalbeløp|total(?: |-)?sum|"
    r"(?:del|mellom|hoved|slutt)[ -]?sum|sums?|summen|summer|summa|summe|i ?alt|til ?sammen|"
    r"gesamt(?:summe)?|suma|somma|totale|totaal|totaux|razem|yhteensä|samtals|kokku|kopā|"
    r"iš viso|celkem|spolu|összesen|toplam|итого|всего|разом|σύνολο|合計|合计|总计|σ)"
)
_SUM_WORD = re.compile(rf"\b{_SUM}\b")
_ONLY_SUM = re.compile(rf"{_SUM}(?: {_SUM})?[ :.]*(?:\d+(?: \w+)?)?")  # of so many things
_FOOTER = re.compile(
    r"(?:generated|generert|created|opprettet|produced|printed|utskrift|skrevet ut|exported|"
    r"eksportert|downloaded|lastet ned|recman|copyright|©|\(c\)|end of|slutt på|https?:|www\.)"
    r"|(?:report|rapport|filter|period|periode|antall|count|number of|rows?|rader|linjer|records|"
    r"date|dato|time|tid|user|bruker|kunde|customer|avdeling|department|prosjekt|project)[\w .]*:"
    r"|(?:antall|number of) \w+|\W*(?:page|side) \d+|\W*\d+ ?(?:/|of|av) ?\d+\W*$"
)
_LONGEST_NUMBER = 26  # what is longer is no document's number
_UNNAMED = say("a sum without a name")
_FEW = 2  # texts of a row that only says what it is
_HEADINGS = frozenset(
    normalise(heading)
    for layout in LAYOUTS
    for field in layout.fields
    for heading in field.headings
)
_AGAIN = 3  # headings that must stand in a row that it is one of headings


def set_aside(table: ReportTable) -> None:
    """Take the rows out of the table that are none of its things; ``table.aside`` gets them.

    The table has been checked.
    """
    aside: dict[int, AsideRow] = {}
    unseen: set[int] = set()
    unnamed: set[int] = set()
    for row in _doubtful_rows(table):
        made = _recognise(row)
        if made is None:
            if table.layout is LINES and _may_be_unnamed_sum(row):
                unnamed.add(row.number)
        elif made.label:
            aside[row.number] = made
        else:
            unseen.add(row.number)
    if unnamed:
        aside |= _find_exact_sums(table, unnamed, aside.keys() | unseen)
    table.aside.extend(aside[number] for number in sorted(aside))
    table.left_out.update(aside, unseen)


def _doubtful_rows(table: ReportTable) -> Iterator[Row]:
    """The rows that lack what a row of the table has; nearly all rows have it.

    A count below a list of customers looks like one: a word and a number.
    """
    required = [field.name for field in table.layout.fields if field.required]
    columns = [table.columns[name] for name in required]
    pick = itemgetter(*columns)
    most, number = max(columns), table.columns["number"]
    headings = frozenset(table.headings) - {""}
    by_word = table.layout is CUSTOMERS

    def is_doubtful(row: SheetRow) -> bool:
        cells = row.cells
        if len(cells) <= most or cells[number] in headings or "" in pick(cells):
            return True
        return by_word and not any(map(str.isdigit, read_text(cells[number])))

    def has_doubtful(some: SomeRows) -> bool:
        if by_word or min(some.lengths) <= most:
            return True
        return not headings.isdisjoint(some.column(number)) or any(map(some.has_gap, columns))

    parts = (filter(is_doubtful, some.rows) for some in table.some_rows() if has_doubtful(some))
    return table.rows(chain.from_iterable(parts))


def _recognise(row: Row) -> AsideRow | None:
    """What the row is, if its words say that it is none of the table's things."""
    labels = _labels(row)
    if _is_rule(row):
        return AsideRow(row.number, "")  # dashes between lines and sums
    filled = {name for name in _AMOUNTS if row.has(name)}
    if not labels and not filled:
        return AsideRow(row.number, "")  # only what nobody sees
    if _is_heading(row):
        return AsideRow(row.number, next(iter(labels.values())), again=True)
    _refuse_second_table(row)
    if not filled and _is_prose(row, labels):
        return AsideRow(row.number, next(iter(labels.values())))
    if any(_names_thing(row, name) for name in _OF_A_THING[row.table.layout.name]):
        return _as_sum(row, labels) if _is_total_of_all_columns(row, labels) else None
    if _names_thing(row, "number") or not labels:
        return None
    first = fold(next(iter(labels.values())))
    if filled - {"quantity"}:
        return _as_sum(row, labels) if _is_called_sum(row, labels) else None
    only = len(labels) <= _FEW and _ONLY_SUM.fullmatch(first)
    return _as_sum(row, labels) if only or _FOOTER.match(first) else None


def _is_rule(row: Row) -> bool:
    """Whether all that people see in the row are signs: ``-----``, ``=====``."""
    texts = [text for cell in row.cells if (text := tidy_identifier(read_text(cell)))]
    signs = not any(sign.isalnum() for text in texts for sign in text)
    return signs and not any(map(row.is_broken, row.table.columns))


def _is_prose(row: Row, labels: dict[int, str]) -> bool:
    """Whether words below the table's numbers are all that the row has, and name nothing."""
    if list(labels) != [row.table.columns["number"]]:
        return False
    (text,) = labels.values()
    words = re.findall(r"[^\W\d_]{2,}", text)
    digits = any(sign.isdigit() for sign in text)
    names_nothing = not digits or len(text) > _LONGEST_NUMBER
    return len(words) > 1 and names_nothing and normalise(text) not in _HEADINGS


def _is_called_sum(row: Row, labels: dict[int, str]) -> bool:
    """Whether a label says that the row is a sum; a line's own text may have the word in it."""
    texts = {row.table.columns.get(name) for name in ("text", "product_name")}
    return any(
        _ONLY_SUM.fullmatch(fold(text))
        or (_SUM_WORD.search(fold(text)) and (place not in texts or len(labels) == 1))
        for place, text in labels.items()
    )


def _labels(row: Row) -> dict[int, str]:
    """The row's texts beside its amounts, by column."""
    amounts = {row.table.columns[name] for name in _AMOUNTS if name in row.table.columns}
    texts = ((place, tidy_identifier(read_text(cell))) for place, cell in enumerate(row.cells))
    return {place: text for place, text in texts if text and place not in amounts}


def _names_thing(row: Row, name: str) -> bool:
    """Whether the field holds more than a label of sums or the beginning of a footer."""
    text = fold(tidy_identifier(read_text(row.cell(name))))
    if not text:
        return row.is_broken(name)
    return not (_SUM_WORD.search(text) or _FOOTER.match(text))


def _is_heading(row: Row) -> bool:
    """Whether the row is the headings again, as on each page of a printed report."""
    headings = row.table.headings
    texts = [(place, read_text(cell)) for place, cell in enumerate(row.cells)]
    same = [
        place < len(headings) and normalise(text) == normalise(headings[place])
        for place, text in texts
        if text
    ]
    return len(same) >= _AGAIN and all(same)


@lru_cache(100)
def _normalise_all(headings: tuple[str, ...]) -> frozenset[str]:
    return _HEADINGS.union(map(normalise, headings)) - {""}


def _refuse_second_table(row: Row) -> None:
    """Raise :class:`UnreadableFile` where a row begins another table, with headings of its own.

    The rows below it would be read by the headings of the table above.
    """
    texts = [cell for cell in row.cells if isinstance(cell, str) and cell[:1].isalpha()]
    known = _normalise_all(row.table.headings)
    again = sum(normalise(text) in known for text in texts)
    own = row.table.headings[row.table.columns["number"]]
    is_named = again > 1 and normalise(read_text(row.cell("number"))) == normalise(own)
    if (
        is_named
        or again >= max(_AGAIN, len(row.cells) // 2)
        or (again and find_layout(texts) is not None)
    ):
        raise UnreadableFile(
            say(
                "The sheet “{sheet}” has a second table: row {row} has other headings "
                "({headings}), and the rows below it would be read by those above. Put each table "
                "on a sheet of its own.",
                sheet=row.table.sheet.name,
                row=row.number,
                headings=name_headings(texts),
            )
        )


def _is_total_of_all_columns(row: Row, labels: dict[int, str]) -> bool:
    """Whether it is a row that programs make: every column of numbers summed, prices and rates too.

    It has no text but the word for a sum; and its price is not that of its quantity.
    """
    if row.table.layout is not LINES or len(labels) != 1:
        return False
    (label,) = labels.values()
    if not _ONLY_SUM.fullmatch(fold(label)):
        return False
    sums = [_read_sum(row, name) for name in ("quantity", "unit_price", "net")]
    quantity, price, net = sums
    return None in sums or round_half_up(quantity * price) != net  # type: ignore[operator]


def _as_sum(row: Row, labels: dict[int, str]) -> AsideRow:
    said = (text for text in labels.values() if _SUM_WORD.search(fold(text)))
    label = next(said, next(iter(labels.values()), _UNNAMED))
    stated = {name: _read_sum(row, name) for name in SUMMED if row.has(name)}
    rest = _SUM_WORD.sub(" ", fold(label)).strip(" :.-")
    names = {fold(text) for text in labels.values() if not _SUM_WORD.search(fold(text))}
    return AsideRow(
        row.number,
        label,
        {name: amount for name, amount in stated.items() if amount is not None},
        unread=None in stated.values(),
        of=frozenset(names | {rest} - {""}),
    )


def _read_sum(row: Row, name: str) -> Decimal | None:
    """The amount in øre; None where it cannot be read, or is a formula."""
    if row.is_broken(name):
        return None
    try:
        return round_half_up(read_exact(row.cell(name)))
    except BadCell:
        return None


def _may_be_unnamed_sum(row: Row) -> bool:
    """Whether it has sums and nothing of a line, or each column of numbers summed, prices too."""
    stated = _read_sums(row)
    number = tidy_identifier(read_text(row.cell("number")))
    if None in stated.values() or row.is_broken("number") or row.has("product_number"):
        return False
    if number:  # a word for a sum that is not known here, or a sign
        digits = any(sign.isdigit() for sign in number)
        of_a_line = any(map(row.has, ("customer_number", "quantity", *_OF_A_LINE)))
        return bool(stated) and not digits and not of_a_line
    if any(name in stated for name in _OF_A_LINE):
        quantity, price, net = (stated.get(each) for each in ("quantity", "unit_price", "net"))
        summed = None not in (quantity, price, net) and not _labels(row)
        return summed and round_half_up(quantity * price) != net  # type: ignore[operator]
    return bool(stated)


def _read_sums(row: Row) -> dict[str, Decimal | None]:
    """What a row without a word is the sum of; of a row with a price or a rate those as well."""
    further = _OF_A_LINE if any(map(row.has, _OF_A_LINE)) else ()
    names = (*SUMMED, *further, *(("quantity",) if further else ()))
    return {name: _read_sum(row, name) for name in names if row.has(name)}


def _find_exact_sums(
    table: ReportTable, wanted: Collection[int], aside: Collection[int]
) -> dict[int, AsideRow]:
    """Of rows without a word those that are exactly the sum of several lines above them."""
    found: dict[int, AsideRow] = {}
    block, above = _Running(), _Running()  # since the last sum, and since the headings
    for row in table.rows():
        if row.number in wanted:
            stated = _read_sums(row)
            if block.has_come_to(stated) or above.has_come_to(stated):
                found[row.number] = _as_sum(row, _labels(row))
                block = _Running()
        elif row.number in aside:
            block = _Running()
        else:
            amounts = {
                name: _read_sum(row, name) or Decimal(0)
                for name in (*SUMMED, *_OF_A_LINE, "quantity")
                if row.has(name)
            }
            block.add(amounts)
            above.add(amounts)
    return found


class _Running:
    """The sums of the lines so far."""

    def __init__(self) -> None:
        self.lines = 0
        self.sums: dict[str, Decimal] = {}

    def add(self, amounts: Mapping[str, Decimal]) -> None:
        self.lines += 1
        for name, amount in amounts.items():
            self.sums[name] = self.sums.get(name, Decimal(0)) + amount

    def has_come_to(self, stated: Mapping[str, Decimal | None]) -> bool:
        """Whether these are the sums of several lines; a line that is alone proves nothing.

        What no line states, the VAT say, is not compared.
        """
        compared = self.sums.keys() & stated.keys()
        same = all(self.sums[name] == stated[name] for name in compared)
        return self.lines > 1 and "net" in compared and same
