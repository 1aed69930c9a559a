"""What SQLite and PostgreSQL say in two ways: long lists, a text within one, inserts of many rows.

``IN`` has a parameter for each value, and PostgreSQL takes 65,535 of them, a usual SQLite 32,766.
So nothing in the store says ``IN`` of a list that grows with the documents; it says :func:`among`,
whose list is one parameter, however many values it holds.
"""

from __future__ import annotations

import enum
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol, cast, runtime_checkable

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlmodel import Session


def among(column: Any, values: Iterable[int | str | None]) -> sa.ColumnElement[bool]:
    """Whether the column's value is one of these, as ``column.in_(values)`` says it of a few.

    None is no value: nothing is among it, nor left out for it.
    """
    wanted = listed(values)
    # a column of the server's own has no type here
    texts = _holds_texts(column) or any(isinstance(each, str) for each in wanted)
    return _is_in(column, sa.bindparam(None, wanted, _List(sa.String if texts else sa.BigInteger)))


def among_given(column: Any, name: str) -> sa.ColumnElement[bool]:
    """The same for a statement that is made once: the values are :func:`listed` by this name."""
    kind = sa.String if _holds_texts(column) else sa.BigInteger
    return _is_in(column, sa.bindparam(name, type_=_List(kind)))


def listed(values: Iterable[int | str | None]) -> list[int | str]:
    """Each of the values once, as one parameter; None is none."""
    return [_as_listed(each) for each in dict.fromkeys(values) if each is not None]


def _as_listed(value: int | str) -> int | str:
    """The value itself: PostgreSQL takes no list in which kinds of texts are mixed."""
    if isinstance(value, enum.Enum):
        value = value.value
    return str(value) if isinstance(value, str) else value


def _holds_texts(column: Any) -> bool:
    return isinstance(getattr(column.type, "impl_instance", column.type), sa.String)


def _is_in(column: Any, values: sa.BindParameter[list[Any]]) -> sa.ColumnElement[bool]:
    rows = _Values(values).table_valued("value", name="value")
    found: sa.ColumnElement[bool] = column.in_(sa.select(rows.c.value))
    return found


def holds(column: Any, text: str) -> sa.ColumnElement[bool]:
    """Whether the column's text has this one in it, letter by letter.

    ``LIKE`` would look through a list for a fifth longer, and folds a few letters of its own.
    """
    found: sa.ColumnElement[bool] = _PlaceOf(column, sa.bindparam(None, text, sa.String)) > 0
    return found


def insert_into(session: Session, table: Any) -> sqlite.Insert:
    """The dialect's insert; both know the same ``ON CONFLICT``."""
    return insert_on(session.get_bind().dialect.name, table)


def insert_on(dialect: str, table: Any) -> sqlite.Insert:
    """The same for a statement that is made once for each dialect."""
    if dialect == "postgresql":
        return cast("sqlite.Insert", postgresql.insert(table))
    return sqlite.insert(table)


def insert_columns(
    session: Session, insert: sa.Insert, columns: Mapping[str, Sequence[Any]]
) -> None:
    """Insert a row for each of the columns' values, all in one statement, and return nothing.

    ``columns`` are all that are to be written, in as many values each: no default is filled in.
    They become what the database takes column by column, each value once; row by row that is most
    of what an import of many lines costs in the store.
    """
    connection = session.connection()
    dialect = connection.dialect
    statement = insert.inline().compile(dialect=dialect, column_keys=list(columns))
    types = {each.name: each.type for each in insert.table.columns}
    taken = {name: _as_taken(types[name], columns[name], dialect) for name in columns}
    if statement.positiontup is not None:
        rows: list[Any] = list(zip(*(taken[name] for name in statement.positiontup), strict=True))
    else:
        rows = [
            dict(zip(taken, values, strict=True)) for values in zip(*taken.values(), strict=True)
        ]
    if rows:
        connection.exec_driver_sql(str(statement), rows)


def _as_taken(
    kind: sa.types.TypeEngine[Any], values: Sequence[Any], dialect: sa.Dialect
) -> Sequence[Any]:
    """The values as the driver takes them."""
    if isinstance(kind, TakesColumns):
        return kind.take_column(values)
    process = kind.dialect_impl(dialect).bind_processor(dialect)
    if process is None:
        return values
    made = {value: process(value) for value in set(values)}
    return list(map(made.__getitem__, values))


@runtime_checkable
class TakesColumns(Protocol):
    """A type that turns a whole column into what every driver takes, faster than value by value."""

    def take_column(self, values: Sequence[Any]) -> Sequence[Any]:
        """The values as the driver takes them."""


class _List(sa.types.TypeDecorator[list[Any]]):
    """A list as one value: an array on PostgreSQL, JSON on SQLite."""

    impl = sa.Text
    cache_ok = True

    def __init__(self, kind: type[sa.types.TypeEngine[Any]]) -> None:
        super().__init__()
        self.kind = kind

    def load_dialect_impl(self, dialect: sa.Dialect) -> sa.types.TypeEngine[Any]:
        """The type that the dialect sends."""
        array: Any = postgresql.ARRAY(self.kind)
        return dialect.type_descriptor(array if dialect.name == "postgresql" else sa.Text())

    def process_bind_param(self, value: list[Any] | None, dialect: sa.Dialect) -> Any:
        """The list as the dialect takes it."""
        if dialect.name == "postgresql":
            return value
        # of ids the text is JSON as it is, and lists of few are asked for often
        return str(value) if self.kind is sa.BigInteger else json.dumps(value)


class _Values(FunctionElement[Any]):
    """The values of a list as a table of one column."""

    inherit_cache = True


@compiles(_Values, "postgresql")
def _write_array(element: _Values, compiler: SQLCompiler, **named: Any) -> str:
    return f"unnest({compiler.process(element.clauses, **named)})"


@compiles(_Values)
def _write_json(element: _Values, compiler: SQLCompiler, **named: Any) -> str:
    return f"json_each({compiler.process(element.clauses, **named)})"


class _PlaceOf(FunctionElement[int]):
    """Where in a text another one begins, from 1; 0 where it is not there."""

    inherit_cache = True
    type = sa.Integer()


@compiles(_PlaceOf, "postgresql")
def _write_strpos(element: _PlaceOf, compiler: SQLCompiler, **named: Any) -> str:
    return f"strpos({compiler.process(element.clauses, **named)})"


@compiles(_PlaceOf)
def _write_instr(element: _PlaceOf, compiler: SQLCompiler, **named: Any) -> str:
    return f"instr({compiler.process(element.clauses, **named)})"
