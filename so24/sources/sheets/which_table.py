"""Which table of a sheet is meant: by its headings, which must all be there and stand alone."""

from __future__ import annotations

from collections.abc import Sequence

from so24.errors import UnreadableFile
from so24.language.said import join_said, say
from so24.sources.sheets.cells.texts import (
    read_text,
)
from so24.sources.sheets.headings import (
    LAYOUTS,
    Layout,
    match_fields,
    name_headings,
    name_missing,
    place_headings,
)
from so24.sources.sheets.tables import SEARCHED_ROWS, ReportTable, Sheet


def find_table(sheet: Sheet) -> ReportTable | None:
    """The table of a sheet, its headings searched in the first rows; None where it has none.

    Raises :class:`UnreadableFile` where the sheet is meant to be one but misses a column, or has
    merged headings.
    """
    for index, row in enumerate(sheet.rows[:SEARCHED_ROWS]):
        headings = [read_text(cell) for cell in row.cells]
        layout = find_layout(headings)
        if layout is not None:
            columns = match_fields(layout, place_headings(headings))
            _refuse_merged_headings(sheet, row.number, columns)
            _require_columns(sheet, layout, columns, headings)
            return ReportTable(sheet, layout, columns, tuple(headings), index + 1)
    return None


def find_layout(headings: Sequence[str]) -> Layout | None:
    """The kind of table that has these headings; None where they are those of no kind."""
    places = place_headings(headings)
    for layout in LAYOUTS if len(places) > 1 else ():
        columns = match_fields(layout, places)
        marked = all(mark in columns for mark in layout.marks)
        if marked and any(hint in columns for hint in layout.hints):
            return layout
    return None


def _refuse_merged_headings(sheet: Sheet, row: int, columns: dict[str, int]) -> None:
    for area in sheet.merged:
        known = any(area.left <= column <= area.right for column in columns.values())
        if known and area.top <= row <= area.bottom:
            raise UnreadableFile(
                say(
                    "The headings of the sheet “{sheet}” are merged ({area}); unmerge them, so "
                    "that each column has its own.",
                    sheet=sheet.name,
                    area=area.name,
                )
            )


def _require_columns(
    sheet: Sheet, layout: Layout, columns: dict[str, int], headings: Sequence[str]
) -> None:
    missing = name_missing(layout, columns)
    if missing:
        known = set(columns.values())
        others = [each for place, each in enumerate(headings) if each and place not in known]
        told = [
            say(
                "The sheet “{sheet}” has no column {headings}; export the report from RecMan again "
                "with all its columns.",
                sheet=sheet.name,
                headings=name_headings(missing),
            )
        ]
        if others:
            known_not = name_headings(others)
            told.append(say("Not known of its headings: {headings}.", headings=known_not))
        raise UnreadableFile(join_said(told))
