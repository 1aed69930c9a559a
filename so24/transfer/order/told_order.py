"""An order as it was told when it was sent, so that people can read it (pure)."""

from __future__ import annotations

import ast
import datetime as dt
from collections.abc import Iterator
from typing import cast

_DAY = ("year", "month", "day")  # what a date is told by


def show_order(told: str) -> str:
    """An order as ``tell_order`` of the mapping told it: a line for each field, then its rows.

    The names of the fields are those of the order that so24 writes.
    """
    order, *rows = cast(ast.Tuple, ast.parse(told, mode="eval").body).elts
    lines = [*_list_fields(order)]
    for place, row in enumerate(rows, start=1):
        lines += ["", f"[{place}]", *_list_fields(row)]
    return "\n".join(lines)


def _list_fields(fields: ast.expr) -> Iterator[str]:
    for field in cast(ast.List, fields).elts:
        name, value = cast(ast.Tuple, field).elts
        yield f"{ast.literal_eval(name)}: {_show_value(value)}"


def _show_value(value: ast.expr) -> str:
    """A date as ISO text, a decimal as its digits."""
    if isinstance(value, ast.Constant):
        return str(value.value)
    if isinstance(value, ast.Call) and not value.keywords:
        parts = [ast.literal_eval(each) for each in value.args]
        return dt.date(*parts).isoformat() if len(parts) == len(_DAY) else str(*parts)
    return ast.unparse(value)
