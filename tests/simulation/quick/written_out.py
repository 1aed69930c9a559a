"""Statements' parameters and rows' values, put together by functions that are written out once.

A history fills the same few statements again and again: a function that names each place does so
without a loop over the places.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

Convert = Callable[[Any], Any] | None
Parameters = Callable[[Sequence[Any], Mapping[str, Any]], Sequence[Any]]


class Slot(NamedTuple):
    """Where a parameter comes from: given by ``name``, the statement's own at ``place``, or fixed.

    ``convert`` is none where there is nothing to convert.
    """

    name: str | None
    place: int | None
    convert: Convert
    fixed: Any


def fill_slots(slots: Sequence[Slot]) -> Parameters:
    """The function that fills these slots: written out once, for it is called so often."""
    known: dict[str, Any] = {}
    parts = []
    for at, (name, place, convert, fixed) in enumerate(slots):
        if name is None and place is None:
            known[f"fixed{at}"] = fixed
            parts.append(f"fixed{at}")
            continue
        value = f"values[{place}].value" if name is None else f"given[{name!r}]"
        known[f"convert{at}"] = convert
        parts.append(value if convert is None else f"convert{at}({value})")
    made: Parameters = _write_out(f"lambda values, given: [{', '.join(parts)}]", known)
    return made


def _write_out(source: str, known: dict[str, Any]) -> Any:
    return eval(source, known)  # noqa: S307 - made of our own names


def name_values(
    places: Mapping[str, int], converts: Sequence[Convert]
) -> Callable[[Any], dict[str, Any]]:
    """The function that gives a row's values by the names of the object's attributes."""
    known = {f"convert{place}": converts[place] for place in places.values()}
    parts = [
        f"{name!r}: row[{place}]"
        if converts[place] is None
        else f"{name!r}: convert{place}(row[{place}])"
        for name, place in places.items()
    ]
    made: Callable[[Any], dict[str, Any]] = _write_out(f"lambda row: {{{', '.join(parts)}}}", known)
    return made
