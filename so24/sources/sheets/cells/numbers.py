"""Reading amounts, quantities and percentages from cells, Norwegian or English; never a guess."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from itertools import repeat

from so24.identifiers import is_scientific
from so24.language.said import say
from so24.sources.sheets.cells.cell import EMPTY, BadCell, Cell, ShownNumber
from so24.sources.sheets.cells.texts import FULL_WIDTH, quote_cell, read_signs, read_text

_LARGEST = Decimal(10) ** 12
_STEPS = {decimals: Decimal(1).scaleb(-decimals) for decimals in range(8)}
_ORDINARY = re.compile(r"-?\d{1,12}(?:[.,]\d\d?)?", re.ASCII)  # surely one number
_ORDINARY_ONES = re.compile(rf"(?:{_ORDINARY.pattern}\n)*+{_ORDINARY.pattern}", re.ASCII)
_NO_NUMBER = say("must be a number, not {text}")
_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015"  # hyphens and dashes, which are no minus
_SIXTH, _ORE = Decimal("0.000001"), Decimal("0.01")
_PLAIN = re.compile(r"\d+", re.ASCII)
_ONE_SIGN = re.compile(r"(\d+)[.,](\d+)", re.ASCII)
_NO_WHOLE = re.compile(r"[.,](\d+)", re.ASCII)
_GROUPED = re.compile(r"\d{1,3}(?:([ .,])\d{3})(?:\1\d{3})*(?:([.,])(\d+))?", re.ASCII)
_AMBIGUOUS = re.compile(r"[1-9]\d{0,2}[.,]\d{3}", re.ASCII)


def read_exact(cell: Cell) -> Decimal:
    """The cell as an exact number, however many decimals it has; what is too large is refused."""
    value = cell if isinstance(cell, Decimal) else _parse(cell)
    if abs(value) >= _LARGEST:
        raise BadCell(say("is larger than any amount that can be kept"))
    return value


def read_decimal(cell: Cell, *, decimals: int) -> Decimal:
    """The cell as an exact number with ``decimals`` decimals; more decimals are refused.

    Text may group by blanks, points or commas. One point or comma before exactly three digits
    (``1.234``) means two different numbers in Norwegian and English and is refused.
    """
    value = read_exact(cell)
    exact = value.quantize(_STEPS[decimals])
    if exact != value:
        raise BadCell(
            say("has more than {most} decimals: {text}", most=decimals, text=quote_cell(cell))
        )
    return exact or abs(exact)  # no minus before a zero


def read_plain_decimals(cells: Sequence[Cell], *, decimals: int) -> list[Decimal] | None:
    """What :func:`read_decimal` gives of each cell; None where one is to be read by itself."""
    kinds = set(map(type, cells))
    if kinds == {str}:
        joined = "\n".join(cells)  # type: ignore[arg-type] # texts alone
        if joined.count("\n") >= len(cells) or not _ORDINARY_ONES.fullmatch(joined):
            return None  # a cell of several lines is none
        values = list(map(Decimal, joined.replace(",", ".").split("\n")))
    elif kinds == {Decimal}:
        values = list(cells)  # type: ignore[arg-type] # decimals alone
        if not -_LARGEST < min(values) <= max(values) < _LARGEST:
            return None
    else:
        return None
    exact = list(map(Decimal.quantize, values, repeat(_STEPS[decimals])))
    return [each or abs(each) for each in exact] if exact == values else None


def read_quantity(cell: Cell, price: Decimal, net: Decimal) -> Decimal:
    """A quantity with six decimals; more are rounded where all of them give the line's sum.

    7 hours and 20 minutes are 7.33333333333333 hours: no number of decimals is enough. What would
    change the sum by more than an øre, for which it is sent at another price, is refused.
    """
    exact = read_exact(cell)
    rounded = exact.quantize(_SIXTH, ROUND_HALF_UP)
    given, kept = ((each * price).quantize(_ORE, ROUND_HALF_UP) for each in (exact, rounded))
    if kept == net or (given == net and abs(given - kept) == _ORE):
        return read_decimal(rounded, decimals=6)
    return read_decimal(cell, decimals=6)


def find_decimal_sign(cell: Cell) -> str | None:
    """The sign that surely begins the decimals of a number written as text: a comma or a point."""
    if not isinstance(cell, str):
        return None
    text = read_text(cell).translate(FULL_WIDTH).lstrip("+- ")
    if _ONE_SIGN.fullmatch(text) and not _AMBIGUOUS.fullmatch(text):
        return "," if "," in text else "."
    grouped = _GROUPED.fullmatch(text)
    if grouped is None or grouped[1] == grouped[2]:
        return None
    if grouped[2]:
        return grouped[2]
    # thousands by points leave the comma for the decimals
    return {".": ",", ",": "."}.get(grouped[1]) if text.count(grouped[1]) > 1 else None


def read_rate(cell: Cell) -> Decimal:
    """The cell as a percentage from 0 to 100 (``25``, ``25 %``, ``11,11``)."""
    value = Decimal(cell) if isinstance(cell, ShownNumber) else cell
    text = read_signs(value).removesuffix("%").strip()
    plain = _ONE_SIGN.fullmatch(text) or _PLAIN.fullmatch(text)
    rate = Decimal(text.replace(",", ".")) if plain else read_decimal(text, decimals=6)
    if not 0 <= rate <= 100:
        raise BadCell(say("must be a percentage from 0 to 100, not {text}", text=quote_cell(cell)))
    if 0 < rate < 1:
        raise BadCell(
            say(
                "must be a percentage such as 25, not a fraction such as {text}",
                text=quote_cell(cell),
            )
        )
    return read_decimal(rate, decimals=6)


def _parse(cell: Cell) -> Decimal:
    if type(cell) is str and _ORDINARY.fullmatch(cell):  # nearly all are
        return Decimal(cell.replace(",", "."))
    text = read_signs(cell)
    if not text:
        raise BadCell(EMPTY)
    if text.startswith("(") and text.endswith(")"):
        raise BadCell(say("must have a minus sign, not parentheses: {text}", text=quote_cell(cell)))
    if text[0] in _DASHES or (text[-1] == "-" and text[-2:-1].isdigit()):
        raise BadCell(say("must have a minus sign before it: {text}", text=quote_cell(cell)))
    sign = "-" if text[0] == "-" else ""
    body = text[1:].lstrip() if text[0] in "+-" else text
    if not body.isascii():
        raise BadCell(say(_NO_NUMBER, text=quote_cell(cell)))
    if _AMBIGUOUS.fullmatch(body):
        raise BadCell(say("can be read as two different numbers: {text}", text=quote_cell(cell)))
    if is_scientific(body):
        raise BadCell(
            say(
                "is in scientific notation, which may have lost digits: {text}; format the column "
                "as numbers",
                text=quote_cell(cell),
            )
        )
    return Decimal(sign + _without_groups(body, cell))


def _without_groups(body: str, cell: Cell) -> str:
    if _PLAIN.fullmatch(body):
        return body
    if simple := _ONE_SIGN.fullmatch(body):
        return f"{simple[1]}.{simple[2]}"
    if decimals := _NO_WHOLE.fullmatch(body):
        return f"0.{decimals[1]}"
    grouped = _GROUPED.fullmatch(body)
    if grouped is None or grouped[1] == grouped[2]:
        raise BadCell(say(_NO_NUMBER, text=quote_cell(cell)))
    whole = body[: grouped.start(2)] if grouped[2] else body
    return whole.replace(grouped[1], "") + (f".{grouped[3]}" if grouped[2] else "")
