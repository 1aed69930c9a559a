"""RecMan's registers: which customer, project, department and person an invoice means by an id."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from so24.language.said import join_said, say
from so24.sources.documents.documents import CustomerList, RefusedRow
from so24.sources.recman import answers, targets
from so24.sources.recman.answers import RecManRow
from so24.sources.recman.field_map import FieldMap
from so24.sources.recman.row_reading import RowReading, row_number
from so24.sources.recman.targets import COMPANY, TARGETS
from so24.sources.reports.customers import read_customers
from so24.sources.sheets.headings import CUSTOMERS
from so24.sources.sheets.rows import SheetRow
from so24.sources.sheets.tables import ReportTable, Sheet


@dataclass(frozen=True)
class Registers:
    """The rows of each register by id; a register that is not needed is not there."""

    field_map: FieldMap
    rows: Mapping[str, Mapping[str, RecManRow]] = field(default_factory=dict)

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


def make_registers(field_map: FieldMap, rows: Mapping[str, Sequence[RecManRow]]) -> Registers:
    """Registers of the rows that were read for each scope."""
    return Registers(
        field_map, {scope: {row.id: row for row in some} for scope, some in rows.items()}
    )


@dataclass(frozen=True)
class RecManDepartment:
    """A department by its number; ``doubt`` is why it cannot be told from another."""

    number: str
    name: str
    doubt: str = ""


class Departments:
    """The departments by id, those with one number told apart from each other."""

    def __init__(self, registers: Registers) -> None:
        self._registers = registers
        self._found: dict[str, RecManDepartment] = {}
        owners: dict[str, list[str]] = {}
        for row_id in registers.rows.get(targets.DEPARTMENT, {}):
            found = self._read(row_id)
            self._found[row_id] = found
            owners.setdefault(found.number.casefold(), []).append(row_id)
        for number, ids in owners.items():
            if number and len(ids) > 1:
                self._doubt(ids)

    def find(self, row_id: str) -> RecManDepartment | None:
        """The department with this id; the id itself is its number where no number is mapped."""
        if not self._registers.read(targets.DEPARTMENT):
            return RecManDepartment(row_id, "")
        return self._found.get(row_id)

    def _read(self, row_id: str) -> RecManDepartment:
        row = self._registers.find(targets.DEPARTMENT, row_id)
        if row is None:
            raise TypeError("the register has this row")
        number = row.identifier("department.number") if row.has("department.number") else row_id
        name = row.text("department.name")
        if row.refused:
            first = row.refused[0]
            doubt = say(
                "its department “{name}” is unreadable: {field} {reason}",
                name=name or row_id,
                field=first.column,
                reason=first.reason,
            )
            return RecManDepartment("", name, doubt)
        if not number:
            doubt = say("its department “{name}” has no number", name=name or row_id)
            return RecManDepartment("", name, doubt)
        return RecManDepartment(number, name)

    def _doubt(self, ids: Sequence[str]) -> None:
        """Number series are told apart by department numbers, so these must be unequal."""
        names = join_said(map(self._full_name, ids), by=", ")
        for each in ids:
            found = self._found[each]
            doubt = say(
                "more than one department has the number {number} ({names}); give them different "
                "numbers in RecMan",
                number=found.number,
                names=names,
            )
            self._found[each] = RecManDepartment(found.number, found.name, doubt)

    def _full_name(self, row_id: str) -> str:
        name = self._found[row_id].name or row_id
        row = self._registers.find(targets.DEPARTMENT, row_id)
        owner = row.id("department.corporation") if row else ""
        corporation = self._registers.find(targets.CORPORATION, owner)
        words = corporation.text("corporation.name") if corporation else ""
        return say("{name} of {corporation}", name=name, corporation=words) if words else name


def read_companies(registers: Registers, company_ids: Collection[str]) -> CustomerList:
    """The customers with these ids, and what is to be told of them, by RecMan's own names.

    A detail that cannot be read, such as a number that is no organization number, is left out
    and said; the customer comes in without it.
    """
    ids = sorted(company_ids)
    rows = [found for each in ids if (found := registers.find(COMPANY, each))]
    fields = [
        target.name.partition(".")[2]
        for target in TARGETS
        if target.scope == COMPANY and target.name in registers.field_map
    ]
    cells = [[_cell(row, field) for field in fields] for row in rows]
    told = [refusal for row in rows for refusal in row.refused]
    read = read_customers([_as_table(fields, cells)])

    def name(cell: RefusedRow) -> RefusedRow:
        member = registers.field_map.get(f"{COMPANY}.{cell.column}", "")
        number = row_number(rows[cell.row].row_id)
        return replace(cell, sheet=COMPANY, row=number, column=member)

    return CustomerList(
        tuple(
            replace(each, doubts={field: name(cell) for field, cell in each.doubts.items()})
            for each in read.customers
        ),
        {number: name(cell) for number, cell in read.shut_out.items()},
        (*told, *map(name, read.refused)),
        tuple(map(name, read.remarks)),
    )


def _cell(row: RowReading, field: str) -> str:
    return row.read(f"{COMPANY}.{field}", answers.read_text, "")


def _as_table(fields: list[str], cells: list[list[str]]) -> ReportTable:
    """The headings are the names of the fields, the rows are numbered from 0."""
    rows = [SheetRow(number, tuple(row)) for number, row in enumerate(cells)]
    columns = {field: column for column, field in enumerate(fields)}
    return ReportTable(Sheet(COMPANY, rows), CUSTOMERS, columns, tuple(fields), 0)
