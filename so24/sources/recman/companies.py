"""RecMan's companies as customers, by the same rules as those of a customers list."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from so24.sources.documents.documents import RefusedRow, SourceCustomer
from so24.sources.recman import values
from so24.sources.recman.registers import Registers
from so24.sources.recman.row_reading import RowReading, row_number
from so24.sources.recman.targets import COMPANY, TARGETS
from so24.sources.reports.customers import read_customers
from so24.sources.sheets.headings import CUSTOMERS
from so24.sources.sheets.tables import Sheet, SheetRow, Table

_NEEDED = frozenset({"number", "name", "country"})  # without the rest a customer is still one


def read_companies(
    registers: Registers, company_ids: Collection[str]
) -> tuple[list[SourceCustomer], list[RefusedRow]]:
    """The customers with these ids, and what was refused of them.

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
    customers, refused = read_customers([_as_table(fields, cells)])
    left_out = [each for each in refused if each.column not in _NEEDED]
    for each in left_out:
        cells[each.row][fields.index(each.column)] = ""
    if left_out:
        customers, refused = read_customers([_as_table(fields, cells)])
    for each in (*(_say_left_out(one) for one in left_out), *refused):
        member = registers.field_map.get(f"{COMPANY}.{each.column}", "")
        number = row_number(rows[each.row].row_id)
        told.append(replace(each, sheet=COMPANY, row=number, column=member))
    return customers, told


def _cell(row: RowReading, field: str) -> str:
    return row.read(f"{COMPANY}.{field}", values.read_text, "")


def _as_table(fields: list[str], cells: list[list[str]]) -> Table:
    """The headings are the names of the fields, the rows are numbered from 0."""
    rows = [SheetRow(number, tuple(row)) for number, row in enumerate(cells)]
    columns = {field: column for column, field in enumerate(fields)}
    return Table(Sheet(COMPANY, rows), CUSTOMERS, columns, tuple(fields), 0)


def _say_left_out(refusal: RefusedRow) -> RefusedRow:
    return replace(refusal, reason=f"{refusal.reason}; the customer came in without it")
