"""Norwegian personal numbers, which no list, file or log of so24 may show."""

from __future__ import annotations

import re

HIDDEN = "[personal number]"
# six digits of a birth date and five more, with or without a blank or a hyphen between them
_ELEVEN = re.compile(r"(?<!\d)(\d{2})(\d{2})\d{2}[ \u00a0-]?\d{5}(?!\d)")
_LAST_DAY, _LAST_MONTH = 31, 12
_D_NUMBER = 40  # is added to the day
_MONTH_MARKS = (40, 65, 80)  # are added to the month: help numbers, and those of test persons


def hide_personal_numbers(text: str) -> str:
    """The text with every national identity number or D-number replaced.

    Control digits are not asked for: from 2032 on there are numbers without them, and a number that
    somebody has mistyped still is a person's. An account number may be hidden by mistake.
    """
    return _ELEVEN.sub(_hide, text)


def _hide(found: re.Match[str]) -> str:
    day, month = int(found[1]), int(found[2])
    if day > _D_NUMBER:
        day -= _D_NUMBER
    month -= max((mark for mark in _MONTH_MARKS if month > mark), default=0)
    is_date = 1 <= day <= _LAST_DAY and 1 <= month <= _LAST_MONTH
    return HIDDEN if is_date else found[0]
