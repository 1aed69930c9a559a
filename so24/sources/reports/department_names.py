"""Which department a row belongs to where the report gives only the department's name."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from so24.sources.sheets.numbers import read_text
from so24.sources.sheets.tables import Row, Table

NUMBER_LENGTH = 32


class DepartmentNames:
    """The department numbers that go by each name, whatever its capitals."""

    def __init__(self, known: Iterable[tuple[str, str]] = ()) -> None:
        """Begin with departments that are known already, as pairs of number and name."""
        self._numbers: dict[str, set[str]] = {}
        self._unnumbered: dict[str, str] = {}
        for number, name in known:
            self._learn(number, name)

    def learn(self, table: Table) -> None:
        """Take in the departments of all rows of *Invoice lines* that have number and name."""
        for row in table.rows():
            number, name = _read_number_and_name(row)
            if number:
                self._learn(number, name)

    def find_numbers(self, row: Row) -> tuple[str, ...]:
        """The row's department: its number, else that of its name.

        None where the row has neither, several where departments share the name. A name without
        any number is a department from here on, with the name as its number; so all tables are to
        be learnt before the first row is looked up.
        """
        number, name = _read_number_and_name(row)
        if number or not name:
            return (number,) if number else ()
        if found := self._numbers.get(name.casefold()):
            return tuple(sorted(found))
        return (self._unnumbered.setdefault(name.casefold(), shorten(name, NUMBER_LENGTH)),)

    def _learn(self, number: str, name: str) -> None:
        name = read_text(name)
        if has_no_number(number, name):
            self._unnumbered.setdefault(name.casefold(), number)
        elif name:
            self._numbers.setdefault(name.casefold(), set()).add(number)


def has_no_number(number: str, name: str) -> bool:
    """Whether a department has come in by its name only, which then is its number."""
    return number == shorten(name, NUMBER_LENGTH)


def shorten(text: str, longest: int) -> str:
    """The text, or its beginning with a checksum: names that begin alike stay apart."""
    if len(text) <= longest:
        return text
    digest = hashlib.sha256(text.encode()).hexdigest()[:6]
    return f"{text[: longest - 7]}-{digest}"


def _read_number_and_name(row: Row) -> tuple[str, str]:
    return read_text(row.cell("department_number")), read_text(row.cell("department_name"))
