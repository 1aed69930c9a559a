"""A value of a list as people read it in a file that they download: to be printed, or as CSV."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

from so24.amounts import format_amount
from so24.dates import format_date, format_moment
from so24.language.said import SaidText
from so24.language.telling import tell


def tell_cell(
    value: object, write_amount: Callable[[Decimal], str] = format_amount, *, seconds: bool = False
) -> str:
    """``1 234,50``, ``22.11.2026``, ``22.11.2026 09:05`` in Oslo; what was said is told.

    Empty for None. ``write_amount`` is how an amount stands there, ``seconds`` whether a moment has
    them.
    """
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return write_amount(value)
    if isinstance(value, dt.datetime):
        return format_moment(value, seconds=seconds)
    if isinstance(value, dt.date):
        return format_date(value)
    return tell(value) if isinstance(value, SaidText) else str(value)
