"""What a file without known headings looks like: which report, what it has of it, what it lacks."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from so24.sources.sheets.headings import (
    LAYOUTS,
    Layout,
    match_fields,
    name_headings,
    name_missing,
    place_headings,
)
from so24.sources.sheets.numbers import read_text
from so24.sources.sheets.rows import SheetRow
from so24.sources.sheets.tables import SEARCHED_ROWS, Sheet, column_letters, find_layout

_NONE = (
    "It has no headings of RecMan's Invoice lines report, of its Credit notes report or of a "
    "customers list."
)
_SEPARATORS = {";": "semicolons", ",": "commas", "\t": "tabs", "|": "vertical bars"}
_LONGEST_LINE = 10_000


@dataclass(frozen=True)
class _Likeness:
    """What a row has of a kind of table."""

    sheet: Sheet
    row: SheetRow
    layout: Layout
    columns: dict[str, int]

    @property
    def weight(self) -> tuple[int, int]:
        needed = {field.name for field in self.layout.fields if field.required}
        return len(needed & self.columns.keys()), len(self.columns)


def tell_missing_headings(sheets: Sequence[Sheet]) -> str:
    """The sentences for a file in whose sheets no headings were found."""
    rows = [(sheet, row) for sheet in sheets for row in sheet.rows[:SEARCHED_ROWS]]
    for sheet, row in rows:
        if told := _tell_one_column(sheet, row):
            return told
    found = [each for sheet, row in rows for each in _compare(sheet, row)]
    nearest = max(found, key=lambda each: each.weight, default=None)
    if nearest is not None and len(nearest.columns) > 1:
        return f"{_NONE} {_tell(nearest)}"
    for sheet, row in rows:
        if texts := list(filter(None, map(read_text, row.cells))):
            return f"{_NONE} The first row of the sheet “{sheet.name}” is {name_headings(texts)}."
    return f"{_NONE} It holds nothing at all."


def _compare(sheet: Sheet, row: SheetRow) -> Iterator[_Likeness]:
    places = place_headings(map(read_text, row.cells))
    for layout in LAYOUTS:
        yield _Likeness(sheet, row, layout, match_fields(layout, places))


def _tell(nearest: _Likeness) -> str:
    known = set(nearest.columns.values())
    has = [read_text(nearest.row.cells[column]) for column in sorted(known)]
    others = [
        text for place, text in enumerate(map(read_text, nearest.row.cells)) if place not in known
    ]
    unknown = name_headings(filter(None, others))
    return (
        f"Row {nearest.row.number} of the sheet “{nearest.sheet.name}” comes nearest, to "
        f"{nearest.layout.name}: it has {name_headings(has)} and lacks "
        f"{name_headings(name_missing(nearest.layout, nearest.columns))}."
        + (f" Not known of its headings: {unknown}." if unknown else "")
    )


def _tell_one_column(sheet: Sheet, row: SheetRow) -> str:
    """The sentence for headings that all stand in one cell; empty where they do not."""
    for column, cell in enumerate(row.cells):
        if not isinstance(cell, str) or len(cell) > _LONGEST_LINE:
            continue
        for separator, name in _SEPARATORS.items():
            if separator in cell and find_layout(_split(cell, separator)):
                return _explain(sheet, row, column, name)
    return ""


def _split(line: str, separator: str) -> list[str]:
    return next(csv.reader([" ".join(line.splitlines())], delimiter=separator), [])


def _explain(sheet: Sheet, row: SheetRow, column: int, separators: str) -> str:
    mend = "divide the column in Excel (Data, Text to Columns) and save it as .xlsx"
    if sheet.separator:
        return (
            f"All its headings stand in one cell of row {row.number}, with {separators} between "
            f"them: open it, {mend}."
        )
    return (
        f"All headings of the sheet “{sheet.name}” stand in one cell "
        f"({column_letters(column)}{row.number}), with {separators} between them: a CSV file was "
        f"opened without its columns. Import the CSV file itself, or {mend}."
    )
