"""Common ground of all tables: one registry of our own, the tables' base, and types of columns.

Times are aware and UTC, money and quantities exact, enums kept by value.
"""

from __future__ import annotations

import datetime as dt
import enum
import uuid
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from functools import cache, lru_cache
from itertools import repeat
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapper, registry
from sqlmodel import Field, SQLModel

from so24.identifiers import document_likeness
from so24.language.said import pack, unpack
from so24.letters import fold, fold_for_search
from so24.reasons import Reason

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
_FOLLOWS = "follows"
MONEY_SCALE = 2
FINE_SCALE = 6
_KNOWN_AMOUNTS = 10_000


class Table(SQLModel, registry=registry(metadata=sa.MetaData(naming_convention=NAMING))):
    """Base of every table; its own registry keeps a page reload from defining tables twice."""


class Stored(Table):
    """Base of the tables whose rows the database numbers, and so of each row that came from it."""

    id: int | None = Field(default=None, primary_key=True)

    @property
    def row_id(self) -> int:
        """The id of a row that is stored; raises ``TypeError`` for one that is not yet."""
        number = self.id  # asked once: it costs a call, and all rows are known by it
        if number is None:
            raise TypeError(f"a row of {type(self).__name__} has no id before it is stored")
        return number


def folded_column(of: str) -> Any:
    """A column that holds the column ``of`` folded; it follows by itself.

    It is longer than the other may be: some letters fold into several.
    """

    return _following_column((of,), fold)


def searched_column(of: str) -> Any:
    """A column that holds the column ``of`` as it is found, without accents; it follows by itself.

    (:func:`so24.letters.fold_for_search`)
    """
    return _following_column((of,), fold_for_search)


def likeness_column(series: str, number: str) -> Any:
    """A column that holds what a document's number has in common with look-alikes.

    It follows the columns ``series`` and ``number`` by itself
    (:func:`so24.identifiers.document_likeness`).
    """
    return _following_column((series, number), document_likeness)


def _following_column(of: tuple[str, ...], make: Callable[..., str]) -> Any:
    def follow(context: Any) -> str:
        values = context.get_current_parameters()
        return make(*(values[each] for each in of))

    return Field(default="", sa_column_kwargs={"default": follow, "info": {_FOLLOWS: (of, make)}})


@sa.event.listens_for(Table, "before_insert", propagate=True)
@sa.event.listens_for(Table, "before_update", propagate=True)
def _let_columns_follow(mapper: Mapper[Any], _connection: sa.Connection, row: Table) -> None:
    for name, of, make in _following_columns(mapper):
        setattr(row, name, make(*(getattr(row, each) for each in of)))


@cache
def _following_columns(
    mapper: Mapper[Any],
) -> tuple[tuple[str, tuple[str, ...], Callable[..., str]], ...]:
    return tuple(
        (each.name, *each.info[_FOLLOWS]) for each in mapper.columns if _FOLLOWS in each.info
    )


def fill_columns(table: sa.Table, columns: Mapping[str, Sequence[Any]]) -> dict[str, Sequence[Any]]:
    """These columns of new rows, and those that have a default or follow one of them."""
    filled = dict(columns)
    count = len(next(iter(columns.values())))
    for each in table.columns:
        if each.name in columns:
            continue
        if _FOLLOWS in each.info:
            of, make = each.info[_FOLLOWS]
            filled[each.name] = list(map(make, *(columns[name] for name in of)))
        elif isinstance(each.default, sa.ColumnDefault):
            default: Any = each.default
            value = default.arg(None) if default.is_callable else default.arg
            filled[each.name] = [value] * count
    return filled


def now() -> dt.datetime:
    """The present moment, aware UTC."""
    return dt.datetime.now(dt.UTC)


def new_id() -> str:
    """A fresh identifier that sorts nowhere and collides nowhere."""
    return uuid.uuid4().hex


class Exact(sa.types.TypeDecorator[Decimal]):
    """A ``Decimal`` kept as an integer of its smallest unit: nothing is ever rounded.

    Raises ``TypeError`` on anything but ``Decimal`` and ``ValueError`` on more decimals than
    the scale holds.
    """

    impl = sa.BigInteger
    cache_ok = True
    scale = MONEY_SCALE

    def process_bind_param(self, value: Any, dialect: sa.Dialect) -> int | None:
        """Turn the ``Decimal`` into minor units."""
        return self._count_minor(value)

    def take_column(self, values: Sequence[Any]) -> list[int | None]:
        """Turn the ``Decimal`` of each value into minor units, all together where none is odd."""
        if set(map(type, values)) <= {Decimal}:
            exact = list(map(Decimal.scaleb, values, repeat(self.scale)))
            minor = list(map(int, exact))
            if minor == exact:
                return minor  # type: ignore[return-value] # without any None
        return list(map(self._count_minor, values))

    def _count_minor(self, value: Any) -> int | None:
        if value is None:
            return None
        if not isinstance(value, Decimal):
            raise TypeError(f"an exact number must be Decimal, not {type(value).__name__}")
        exact = value.scaleb(self.scale)
        minor = int(exact)
        if minor != exact:
            raise ValueError(f"{value} has more than {self.scale} decimals")
        return minor

    def process_result_value(self, value: Any, dialect: sa.Dialect) -> Decimal | None:
        """Turn minor units back into a ``Decimal`` with the full scale."""
        return None if value is None else _reader_of(self.scale)(value)

    def result_processor(
        self, dialect: sa.Dialect, coltype: Any
    ) -> Callable[[Any], Decimal | None]:
        """The same for each row, without what SQLAlchemy would call between."""
        return _reader_of(self.scale)


@cache
def _reader_of(scale: int) -> Callable[[Any], Decimal | None]:
    """Reads minor units; rates, prices and quantities come again and again, and are made once."""

    @lru_cache(_KNOWN_AMOUNTS)
    def read(value: Any) -> Decimal | None:
        return None if value is None else Decimal(value).scaleb(-scale)

    return read


class Money(Exact):
    """An amount in the document's currency, two decimals."""

    cache_ok = True


class Fine(Exact):
    """A quantity, a unit price or a rate, six decimals."""

    cache_ok = True
    scale = FINE_SCALE


class StoredReason(sa.types.TypeDecorator[Reason]):
    """A reason as the text of its code; one that another release has stored is read as it is."""

    impl = sa.String(64)
    cache_ok = True

    def process_bind_param(self, value: Reason | None, dialect: sa.Dialect) -> str | None:
        """Write the code; raises ``TypeError`` on anything but a reason."""
        if value is not None and not isinstance(value, Reason):
            raise TypeError(f"a reason must be one of the catalogue, not {type(value).__name__}")
        return None if value is None else value.value

    def process_result_value(self, value: str | None, dialect: sa.Dialect) -> Reason | None:
        """Read the code back."""
        return None if value is None else Reason.stored(value)


class SaidWords(sa.types.TypeDecorator[str]):
    """Words for people, kept in English with what they were made of, to be told in any language.

    Read back they are equal to what was written (:func:`so24.language.said.unpack`).
    """

    impl = sa.String
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: sa.Dialect) -> str | None:
        """Write the words, and behind them what they were made of."""
        return None if value is None else pack(value)

    def process_result_value(self, value: str | None, dialect: sa.Dialect) -> str | None:
        """Read them back."""
        return None if value is None else unpack(value)


def enum_column(kind: type[enum.StrEnum]) -> sa.Enum:
    """A text column that holds the enum's values (not its names) and checks them."""
    return sa.Enum(
        kind,
        values_callable=lambda members: [member.value for member in members],
        native_enum=False,
        create_constraint=True,
        length=24,
    )
