"""RecMan's registers: which customer, project, department and person an invoice means by an id."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from so24.sources.recman import targets
from so24.sources.recman.envelope import Row
from so24.sources.recman.field_map import FieldMap
from so24.sources.recman.row_reading import RowReading


@dataclass(frozen=True)
class Registers:
    """The rows of each register by id; a register that is not needed is not there."""

    field_map: FieldMap
    rows: Mapping[str, Mapping[str, Row]] = field(default_factory=dict)

    def find(self, scope: str, row_id: str) -> RowReading | None:
        """The row with this id, ready to be read; None where the register has none."""
        row = self.rows.get(scope, {}).get(row_id)
        return None if row is None else RowReading.of(scope, row, self.field_map)

    def read(self, scope: str) -> bool:
        """Whether this register was read at all."""
        return scope in self.rows

    def person(self, user_id: str) -> str:
        """A person's name; empty where it is not known."""
        found = self.find(targets.USER, user_id)
        if found is None:
            return ""
        return " ".join(filter(None, (found.text("user.first_name"), found.text("user.last_name"))))


def make_registers(field_map: FieldMap, rows: Mapping[str, Sequence[Row]]) -> Registers:
    """Registers of the rows that were read for each scope."""
    return Registers(
        field_map, {scope: {row.id: row for row in some} for scope, some in rows.items()}
    )


@dataclass(frozen=True)
class Department:
    """A department by its number; ``doubt`` is why it cannot be told from another."""

    number: str
    name: str
    doubt: str = ""


class Departments:
    """The departments by id, those with one number told apart from each other."""

    def __init__(self, registers: Registers) -> None:
        self._registers = registers
        self._found: dict[str, Department] = {}
        owners: dict[str, list[str]] = {}
        for row_id in registers.rows.get(targets.DEPARTMENT, {}):
            found = self._read(row_id)
            self._found[row_id] = found
            owners.setdefault(found.number.casefold(), []).append(row_id)
        for number, ids in owners.items():
            if number and len(ids) > 1:
                self._doubt(ids)

    def find(self, row_id: str) -> Department | None:
        """The department with this id; the id itself is its number where no number is mapped."""
        if not self._registers.read(targets.DEPARTMENT):
            return Department(row_id, "")
        return self._found.get(row_id)

    def _read(self, row_id: str) -> Department:
        row = self._registers.find(targets.DEPARTMENT, row_id)
        if row is None:
            raise TypeError("the register has this row")
        number = row.text("department.number") if row.has("department.number") else row_id
        name = row.text("department.name")
        if row.refused:
            reason = f"{row.refused[0].column} {row.refused[0].reason}"
            return Department(
                "", name, f"its department “{name or row_id}” is unreadable: {reason}"
            )
        if not number:
            return Department("", name, f"its department “{name or row_id}” has no number")
        return Department(number, name)

    def _doubt(self, ids: Sequence[str]) -> None:
        """Number series are told apart by department numbers, so these must be unequal."""
        names = ", ".join(self._full_name(each) for each in ids)
        for each in ids:
            found = self._found[each]
            doubt = (
                f"more than one department has the number {found.number} ({names}); "
                "give them different numbers in RecMan"
            )
            self._found[each] = Department(found.number, found.name, doubt)

    def _full_name(self, row_id: str) -> str:
        name = self._found[row_id].name or row_id
        row = self._registers.find(targets.DEPARTMENT, row_id)
        owner = row.id("department.corporation") if row else ""
        corporation = self._registers.find(targets.CORPORATION, owner)
        words = corporation.text("corporation.name") if corporation else ""
        return f"{name} of {words}" if words else name
