"""What a file without known headings looks like: which report, what it has of it, what it lacks."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from so24.language.said import join_said, say
from so24.sources.sheets.cells.texts import read_text
from so24.sources.sheets.headings import (
    LAYOUTS,
    Layout,
    match_fields,
    name_headings,
    name_missing,
    place_headings,
)
from so24.sources.sheets.rows import SheetRow
from so24.sources.sheets.tables import SEARCHED_ROWS, Sheet, column_letters
from so24.sources.sheets.which_table import find_layout

_NONE = say(
    "It has no headings of RecMan's Invoice lines report, of its Credit notes report or of a "
    "customers list."
)
_SEPARATORS = {
    ";": say("semicolons"),
    ",": say("commas"),
    "\t": say("tabs"),
    "|": say("vertical bars"),
}
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
        return join_said([_NONE, *_tell(nearest)])
    for sheet, row in rows:
        if texts := list(filter(None, map(read_text, row.cells))):
            first = say(
                "The first row of the sheet “{sheet}” is {headings}.",
                sheet=sheet.name,
                headings=name_headings(texts),
            )
            return join_said([_NONE, first])
    return join_said([_NONE, say("It holds nothing at all.")])


def _compare(sheet: Sheet, row: SheetRow) -> Iterator[_Likeness]:
    places = place_headings(map(read_text, row.cells))
    for layout in LAYOUTS:
        yield _Likeness(sheet, row, layout, match_fields(layout, places))


def _tell(nearest: _Likeness) -> Iterator[str]:
    known = set(nearest.columns.values())
    has = [read_text(nearest.row.cells[column]) for column in sorted(known)]
    others = [
        text for place, text in enumerate(map(read_text, nearest.row.cells)) if place not in known
    ]
    yield say(
        "Row {row} of the sheet “{sheet}” comes nearest, to {kind}: it has {has} and lacks "
        "{lacks}.",
        row=nearest.row.number,
        sheet=nearest.sheet.name,
        kind=nearest.layout.name,
        has=name_headings(has),
        lacks=name_headings(name_missing(nearest.layout, nearest.columns)),
    )
    if unknown := name_headings(filter(None, others)):
        yield say("Not known of its headings: {headings}.", headings=unknown)


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
    if sheet.separator:
        return say(
            "All its headings stand in one cell of row {row}, with {separators} between them: open "
            "it, divide the column in Excel (Data, Text to Columns) and save it as .xlsx.",
            row=row.number,
            separators=separators,
        )
    return say(
        "All headings of the sheet “{sheet}” stand in one cell ({cell}), with {separators} between "
        "them: a CSV file was opened without its columns. Import the CSV file itself, or divide "
        "the column in Excel (Data, Text to Columns) and save it as .xlsx.",
        sheet=sheet.name,
        cell=f"{column_letters(column)}{row.number}",
        separators=separators,
    )
