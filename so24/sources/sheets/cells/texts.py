"""Reading texts, names and what names something from cells."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from decimal import Decimal
from functools import lru_cache
from typing import TypeVar

from so24.identifiers import (
    BadIdentifier,
    find_no_value,
    guess_identifier,
    is_reordered,
    read_identifier,
    undress_text,
)
from so24.language.said import say
from so24.sources.sheets.cells.cell import SHOWN, BadCell, Cell, ScaledNumber, ShownNumber

T = TypeVar("T")
# templates of what is told where it is so
_MADE_DATE = say(
    "is the date {text}, of which Excel has made one; format the column as text and write it again"
)
_MADE_TIME = say(
    "is the time {text}, of which Excel has made one; format the column as text and write it again"
)

_BLANKS = {"\u00a0": " ", "\u202f": " ", "\u2009": " ", "\u2007": " ", "\u2212": "-"}
# signs of control that are no blanks: nobody sees them, and XML cannot hold them
_CONTROLS = dict.fromkeys(sign for sign in map(chr, (*range(32), 127)) if not sign.isspace())
# what nobody sees, and which changes nothing of a text (unlike a joiner within an emoji)
_UNSEEN = dict.fromkeys("\u00ad\u061c\u180e\u200b\u200e\u200f\u2060\ufeff")
_UNSEEN_SIGNS = str.maketrans(_UNSEEN)
_TIDY = str.maketrans({**_BLANKS, **_CONTROLS, **_UNSEEN})
FULL_WIDTH = {0xFF01 + place: 0x21 + place for place in range(94)}
_MONTH = (
    r"(?:jan(?:uar|uary)?|feb(?:ruar|ruary)?|mars?|march|apr(?:il)?|mai|may|juni?|june|juli?|july"
    r"|aug(?:ust)?|sept?(?:ember)?|o[kc]t(?:ober)?|nov(?:ember)?|de[sc](?:ember)?)"
)
_YEAR = r"(?:19|20)\d\d"
_CLOCK = re.compile(r"\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?: ?[ap]\.?m\.?)?", re.IGNORECASE)
# as Excel shows what it takes for a date or a time, in Norwegian and English
_MADE_A_DATE = re.compile(
    rf"(?:\d{{1,2}}[./]\d{{1,2}}[./](?:\d{{2}}|{_YEAR})|\d{{1,2}}-\d{{1,2}}-{_YEAR}"
    rf"|{_YEAR}[-./]\d{{1,2}}[-./]\d{{1,2}}"
    rf"|\d{{1,2}}[-. /]{{1,2}}{_MONTH}\.?(?:[-. /]{{1,2}}(?:\d{{2}}|{_YEAR}))?"
    rf"|{_MONTH}[-. /]{{1,2}}(?:\d{{1,2}}|{_YEAR}))"
    rf"(?:[ T]{_CLOCK.pattern}(?:Z|[+-]\d\d:?\d\d)?)?|{_CLOCK.pattern}",
    re.IGNORECASE,
)
# what UTF-8 looks like as Windows' letters, Norwegian letters of Mac and DOS, and Polish ones
_GARBLED = re.compile(
    r"\ufffd|[\x80-\x9f]|Ã[¡-¿†˜…‰–„œŸ]|Â[¡-¿]|â€|(?<=[^\W\d_])[¿¾›†³¹£¥¯](?=[^\W\d_])"
)
_LONGEST_KEPT = 100


def read_text(cell: Cell) -> str:
    """The cell as one line of text, blanks single, without signs of control and what nobody sees.

    Numbers have no ``.0``. A formula that only holds a text is that text (``="Oslo"``).
    """
    if isinstance(cell, str):
        return _tidy(cell) if len(cell) <= _LONGEST_KEPT else _tidy.__wrapped__(cell)
    if isinstance(cell, ShownNumber):
        return cell.shown
    if isinstance(cell, Decimal):
        whole = cell.to_integral_value()
        return format(whole if cell == whole else cell.normalize(), "f")
    return f"{cell:%d.%m.%Y}"


def read_identifying(cell: Cell) -> str:
    """The cell as what names something, in canonical form (:mod:`so24.identifiers`); may be empty.

    A date or time is refused, also one that is written as text, as a program saves it in a CSV
    file: Excel makes one of what was a number (``10-11``). So is a number that is shown scaled:
    nobody sees which one it is.
    """
    text = read_text(cell)
    if isinstance(cell, ScaledNumber):
        raise BadCell(
            say(
                "is the number {number}, which its format shows otherwise; format the column as "
                "text and write it again",
                number=text[:SHOWN],
            )
        )
    if isinstance(cell, dt.date) or _MADE_A_DATE.fullmatch(text):
        raise BadCell(say(_MADE_TIME if _CLOCK.fullmatch(text) else _MADE_DATE, text=text))
    try:
        return read_identifier(text)
    except BadIdentifier as reason:
        raise BadCell(reason.args[0]) from None


def read_name(cell: Cell) -> str:
    """The cell as the name of a firm or a person, as :func:`read_text`; may be empty.

    What programs write where there is no value is refused.
    """
    text = read_text(cell)
    if reason := find_no_value(text):
        raise BadCell(reason)
    return text


def guess_identifying(cell: Cell) -> str:
    """What the cell may name though it cannot be read; only to say whose row it may be."""
    return guess_identifier(read_text(cell))


def drop_unseen(text: str) -> str:
    """The text without signs that nobody sees and that change nothing of it."""
    return text if text.isascii() else text.translate(_UNSEEN_SIGNS)


def is_garbled(text: str) -> bool:
    """Whether letters of the text were lost, because a program took one encoding for another."""
    return not text.isascii() and _GARBLED.search(text) is not None


@lru_cache(10_000)  # the rows of a report repeat most of their texts
def _tidy(text: str) -> str:
    plain = text.isascii() and text.isprintable()
    return undress_text(" ".join((text if plain else text.translate(_TIDY)).split()))


def read_signs(cell: Cell) -> str:
    """The text of a number or a date, its full-width signs plain."""
    text = read_text(cell)
    if text.isascii():
        return text
    if is_reordered(text):
        raise BadCell(
            say(
                "holds characters that show it in another order than it stands: {text}; retype it",
                text=quote_cell(cell),
            )
        )
    return " ".join(text.translate(FULL_WIDTH).split())


def read_given(cell: Cell, read: Callable[[Cell], T]) -> T | None:
    """The cell through ``read``; None where it is empty."""
    filled = cell[:1].isalnum() if type(cell) is str else type(cell) is Decimal  # nearly all are
    return read(cell) if filled or read_text(cell) else None


def quote_cell(cell: Cell) -> str:
    text = read_text(cell)
    return say("“{text}”", text=text if len(text) <= SHOWN else f"{text[:SHOWN]}…")
