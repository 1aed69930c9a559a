"""What a statement has brought: the few ways in which the product asks SQLAlchemy's results."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import MultipleResultsFound, NoResultFound


class Answer:
    """What was read: all of it, at once."""

    def __init__(self, rows: list[Any], keys: Sequence[str]) -> None:
        self._rows = rows
        self._keys = keys

    def __iter__(self) -> Iterator[Any]:
        return iter(self._rows)

    def all(self) -> list[Any]:
        """Every row."""
        return self._rows

    def first(self) -> Any:
        """The first row, or None."""
        return self._rows[0] if self._rows else None

    def one(self) -> Any:
        """The only row."""
        if not self._rows:
            raise NoResultFound("No row was found when one was required")
        if len(self._rows) > 1:
            raise MultipleResultsFound("Multiple rows were found when exactly one was required")
        return self._rows[0]

    def scalar_one(self) -> Any:
        """The first column of the only row."""
        return self.one()[0]

    def mappings(self) -> Answer:
        """The rows by the names of their columns."""
        return Answer([dict(zip(self._keys, row, strict=True)) for row in self._rows], ())

    def scalars(self) -> Answer:
        """The first column of each row."""
        return Answer([row[0] for row in self._rows], ())


class Written(sa.CursorResult[Any]):
    """How many rows a statement has changed."""

    def __init__(self, count: int) -> None:
        self.count = count

    @property
    def rowcount(self) -> int:
        """How many rows."""
        return self.count
