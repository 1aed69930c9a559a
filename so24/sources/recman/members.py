"""Which members RecMan's rows have, and of what types; never what stands in them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from so24.sources.recman.values import Members, Value

EACH = "*"
EMPTY = "empty"
MOST_MEMBERS = 500
_DEEPEST = 5
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}")
_KINDS = (
    (re.compile(r"\d{4}-\d{2}-\d{2}"), "date as text"),
    (re.compile(r"\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}(:\d{2})?.*"), "time as text"),
    (re.compile(r"-?\d+(\.\d+)?"), "number as text"),
)

Kinds = Mapping[str, tuple[str, ...]]


def find_members(rows: Iterable[Members]) -> dict[str, tuple[str, ...]]:
    """The types of each member over all rows, by path, such as ``lines.*.price``.

    The keys of an object that is keyed by ids are values and become ``*``.
    """
    found: dict[str, set[str]] = {}
    for row in rows:
        for name, value in row.items():
            if _NAME.fullmatch(name):
                _note(found, name, value, 1)
    return {path: _in_order(kinds) for path, kinds in sorted(found.items())}


def _note(found: dict[str, set[str]], path: str, value: Value, depth: int) -> None:
    if path not in found and len(found) >= MOST_MEMBERS:
        return
    found.setdefault(path, set()).add(_kind(value))
    if depth >= _DEEPEST:
        return
    if isinstance(value, Mapping):
        keyed = _is_keyed(value)
        for name, part in value.items():
            _note(found, f"{path}.{EACH if keyed else name}", part, depth + 1)
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for part in value:
            _note(found, f"{path}.{EACH}", part, depth + 1)


def _kind(value: Value) -> str:
    if isinstance(value, bool):
        return "yes or no"
    if isinstance(value, Decimal):
        return "number"
    if not value:
        return EMPTY
    if isinstance(value, str):
        return next((kind for form, kind in _KINDS if form.fullmatch(value)), "text")
    if isinstance(value, Mapping):
        return "list by id" if _is_keyed(value) else "object"
    return "list"


def _is_keyed(value: Mapping[str, Value]) -> bool:
    return not all(_NAME.fullmatch(name) for name in value)


def _in_order(kinds: set[str]) -> tuple[str, ...]:
    return tuple(sorted(kinds, key=lambda kind: (kind == EMPTY, kind)))
