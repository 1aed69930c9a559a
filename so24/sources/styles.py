"""What a workbook's number formats mean: a plain number, a date, or a percentage."""

from __future__ import annotations

import enum
import re
from typing import Any


class NumberStyle(enum.Enum):
    """What a number in a cell stands for."""

    PLAIN = "plain"
    DATE = "date"
    PERCENT = "percent"


_DATE_IDS = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
_PERCENT_IDS = frozenset({9, 10})
_LITERAL = re.compile(r'"[^"]*"|\[[^\]]*\]|[\\_*].')


def read_number_styles(root: Any) -> list[NumberStyle]:
    """The meaning of each cell style, by its index; empty where the workbook has no styles.

    Rule: ECMA-376 part 1, 18.8.30: built-in format ids, else the letters of the format's code.
    """
    if root is None:
        return []
    codes = {
        int(item.get("numFmtId", "0")): item.get("formatCode", "")
        for item in root.iter("{*}numFmt")
    }
    styles = root.find("{*}cellXfs")
    if styles is None:
        return []
    return [_meaning(int(item.get("numFmtId", "0")), codes) for item in styles]


def _meaning(number: int, codes: dict[int, str]) -> NumberStyle:
    if number not in codes:
        if number in _DATE_IDS:
            return NumberStyle.DATE
        return NumberStyle.PERCENT if number in _PERCENT_IDS else NumberStyle.PLAIN
    code = _LITERAL.sub("", codes[number]).casefold()
    if "%" in code:
        return NumberStyle.PERCENT
    is_date = code != "general" and any(letter in code for letter in "dmyhs")
    return NumberStyle.DATE if is_date else NumberStyle.PLAIN
