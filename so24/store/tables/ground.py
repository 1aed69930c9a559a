"""Common ground of all tables: one registry of our own, the tables' base, aware UTC time."""

from __future__ import annotations

import datetime as dt
import uuid
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapper, registry
from sqlmodel import Field, SQLModel

from so24.letters import fold

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
_FOLDS = "folds"


class Table(SQLModel, registry=registry(metadata=sa.MetaData(naming_convention=NAMING))):
    """Base of every table; its own registry keeps a page reload from defining tables twice."""


class Stored(Table):
    """Base of the tables whose rows the database numbers, and so of each row that came from it."""

    id: int | None = Field(default=None, primary_key=True)

    @property
    def row_id(self) -> int:
        """The id of a row that is stored; raises ``TypeError`` for one that is not yet."""
        if self.id is None:
            raise TypeError(f"a row of {type(self).__name__} has no id before it is stored")
        return self.id


def folded_column(of: str) -> Any:
    """A column that holds the column ``of`` folded; it follows by itself.

    It is longer than the other may be: some letters fold into several.
    """

    def fold_value(context: Any) -> str:
        return fold(context.get_current_parameters()[of])

    return Field(default="", sa_column_kwargs={"default": fold_value, "info": {_FOLDS: of}})


@sa.event.listens_for(Table, "before_insert", propagate=True)
@sa.event.listens_for(Table, "before_update", propagate=True)
def _fold_columns(mapper: Mapper[Any], _connection: sa.Connection, row: Table) -> None:
    for folded, plain in _folded_columns(mapper):
        setattr(row, folded, fold(getattr(row, plain)))


@cache
def _folded_columns(mapper: Mapper[Any]) -> tuple[tuple[str, str], ...]:
    return tuple((each.name, each.info[_FOLDS]) for each in mapper.columns if _FOLDS in each.info)


def now() -> dt.datetime:
    """The present moment, aware UTC."""
    return dt.datetime.now(dt.UTC)


def new_id() -> str:
    """A fresh identifier that sorts nowhere and collides nowhere."""
    return uuid.uuid4().hex
