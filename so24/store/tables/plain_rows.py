"""Rows that are only read: a table's columns and what its class tells of them, and nothing else.

Of a row that SQLAlchemy watches each look at a column costs a call, and a run of thousands of
documents looks a hundred times at each. These rows are nobody's: to change them changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from types import FunctionType
from typing import Any, TypeVar, cast

import sqlalchemy as sa
from sqlmodel import Session

from so24.store.database.dialects import among_given, listed
from so24.store.tables.ground import Stored

R = TypeVar("R", bound=Stored)


class _Row:
    """What is equal has equal columns."""

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self.__dict__ == other.__dict__

    def __hash__(self) -> int:
        return hash(self.__dict__["id"])


def read_rows(session: Session, table: type[R], ids: Iterable[int]) -> dict[int, R]:
    """The rows of these ids, by id, for reading; ids that do not exist are left out."""
    statement, names, make = _reading(table)
    found: dict[int, R] = {}
    for values in session.execute(statement, {"ids": listed(ids)}).all():
        row = make()
        row.__dict__ = dict(zip(names, values, strict=True))
        found[row.id] = cast("R", row)
    return found


def read_rows_where(
    session: Session, table: type[R], *conditions: sa.ColumnElement[bool]
) -> list[R]:
    """The rows that meet these conditions, for reading."""
    statement, names, make = _plainly(table)
    found: list[R] = []
    for values in session.execute(statement.where(*conditions)):
        row = make()
        row.__dict__ = dict(zip(names, values, strict=True))
        found.append(cast("R", row))
    return found


@cache
def _reading(table: type[Stored]) -> tuple[sa.Select[Any], tuple[str, ...], type[Any]]:
    """How rows of a table are asked for by their ids, and what :func:`_plainly` tells of them."""
    columns: sa.Table = table.__table__  # type: ignore[attr-defined] # SQLModel hides it
    statement, names, make = _plainly(table)
    return statement.where(among_given(columns.c.id, "ids")), names, make


@cache
def _plainly(table: type[Stored]) -> tuple[sa.Select[Any], tuple[str, ...], type[Any]]:
    """How all rows of a table are asked for, the names of their columns, and a class of them."""
    columns: sa.Table = table.__table__  # type: ignore[attr-defined] # SQLModel hides it
    told = {
        name: member
        for part in reversed(table.__mro__)
        if issubclass(part, Stored)
        for name, member in vars(part).items()
        if isinstance(member, (property, FunctionType)) and not name.startswith("_")
    }
    return (
        sa.select(*columns.c),
        tuple(columns.c.keys()),
        type(f"Read{table.__name__}", (_Row,), told),
    )
