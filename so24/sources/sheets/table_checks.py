"""What makes a table unsure: hidden or merged cells, a heading twice, decimal signs that mix.

Each would be read as something else than people see. What is wrong with a sheet as a whole refuses
the file; what is wrong with a row marks its cell as broken, and so costs the row's document only.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left, bisect_right
from collections import Counter
from dataclasses import dataclass, field

from so24.errors import UnreadableFile
from so24.language.said import say
from so24.sources.sheets.cells.numbers import find_decimal_sign
from so24.sources.sheets.cells.texts import is_garbled
from so24.sources.sheets.headings import join_by_and, normalise
from so24.sources.sheets.tables import ReportTable, column_letters

_AMOUNTS = ("quantity", "unit_price", "net", "vat", "total")
_UNUSUAL_SIGNS = {
    ",": say("has a comma as decimal sign, most of the column has a point; write them alike"),
    ".": say("has a point as decimal sign, most of the column has a comma; write them alike"),
}
_SHIFTED = say(
    "stands in a row with more cells than there are headings; a text or number with a separator in "
    "it must stand in quotation marks"
)
_TWICE = re.compile(r"([.,])[^.,\n]*\1")
_MOST_MARKS = 1_000_000


def check_table(table: ReportTable) -> None:
    """Mark the broken cells of a table; raises :class:`UnreadableFile` where it is unsure."""
    _refuse_hidden(table)
    _refuse_headings(table)
    _mark_merged(table)
    survey = _look_through(table)
    if table.sheet.separator:
        _mark_shifted(table, survey)
    for name in _AMOUNTS:
        if name in survey.mixed:
            _mark_mixed_signs(table, name)


@dataclass
class _Survey:
    """What all rows of a table have: their lengths in cells, and where signs may mix.

    ``spilt``: one has something beyond the headings. ``mixed`` are the fields with amounts written
    as text that have more than one sign, or one of them twice in a cell.
    """

    lengths: Counter[int] = field(default_factory=Counter)
    spilt: bool = False
    mixed: set[str] = field(default_factory=set)


def _look_through(table: ReportTable) -> _Survey:
    """Look through all rows once; what is found then is rare, and looked for by itself."""
    survey, width = _Survey(), len(table.headings)
    signs: dict[str, set[str]] = {name: set() for name in _AMOUNTS if name in table.columns}
    for some in table.some_rows():
        survey.lengths.update(some.lengths)
        beyond = map(some.column, range(width, some.width))
        survey.spilt = survey.spilt or any(map(any, beyond))
        for name, found in signs.items():
            texts = "\n".join(some.texts(table.columns[name]))
            found |= {sign for sign in _UNUSUAL_SIGNS if sign in texts}
            if len(found) > 1 or _TWICE.search(texts):
                survey.mixed.add(name)
    return survey


def _refuse_hidden(table: ReportTable) -> None:
    sheet = table.sheet
    first = next(table.rows(), None)
    if sheet.hidden and first:
        raise UnreadableFile(
            say(
                "The sheet “{sheet}” is hidden; show it in Excel, or delete it if it is not to "
                "come in.",
                sheet=sheet.name,
            )
        )
    if not sheet.hidden_rows:
        return
    hidden = next((row.number for row in table.rows() if row.number in sheet.hidden_rows), None)
    if hidden is not None:
        raise UnreadableFile(
            say(
                "The sheet “{sheet}” has hidden rows, the first is row {row}; clear the filter or "
                "show them, or delete them if they are not to come in.",
                sheet=sheet.name,
                row=hidden,
            )
        )


def _refuse_headings(table: ReportTable) -> None:
    places: dict[str, list[int]] = {}
    for column, heading in enumerate(table.headings):
        if is_garbled(heading):
            raise UnreadableFile(
                say(
                    "The sheet “{sheet}” has the heading “{heading}”, whose letters were lost by a "
                    "wrong encoding; export it again as .xlsx or “CSV UTF-8”.",
                    sheet=table.sheet.name,
                    heading=heading[:40],
                )
            )
        places.setdefault(normalise(heading), []).append(column)
    for column in table.columns.values():
        same = places[normalise(table.headings[column])]
        if len(same) > 1:
            raise UnreadableFile(
                say(
                    "The sheet “{sheet}” has the column “{heading}” {times} times ({columns}); "
                    "delete all but one.",
                    sheet=table.sheet.name,
                    heading=table.headings[column],
                    times=len(same),
                    columns=join_by_and(map(column_letters, same)),
                )
            )


def _mark_merged(table: ReportTable) -> None:
    sheet = table.sheet
    heading = sheet.rows[table.first - 1].number
    if not sheet.merged:
        return
    numbers = array("L", (row.number for row in sheet.rows))
    known = sorted(table.columns.values())
    marks = 0
    for area in sheet.merged:
        column = next((each for each in known if area.left <= each <= area.right), None)
        if column is None or area.bottom <= heading:
            continue
        rows = numbers[bisect_left(numbers, area.top) : bisect_right(numbers, area.bottom)]
        marks += len(rows)
        if marks > _MOST_MARKS:
            raise UnreadableFile(
                say("The sheet “{sheet}” has too many merged cells; unmerge.", sheet=sheet.name)
            )
        reason = say(
            "is merged ({area}); unmerge the cells and fill in each of them", area=area.name
        )
        for number in rows:
            sheet.broken.setdefault((number, column), reason)


def _mark_shifted(table: ReportTable, survey: _Survey) -> None:
    """Rows of a CSV file with more cells than others: a separator stands within a text or number.

    Their cells stand below wrong headings from there on. Empty cells that all rows have at their
    end are well, unless commas separate: then an amount's own comma may have pushed them there.
    """
    lengths, usual = survey.lengths, len(table.headings)
    if lengths and table.sheet.separator != ",":
        usual = max(lengths.most_common(1)[0][0], usual)
    if not survey.spilt and max(lengths, default=0) <= usual:
        return
    for row in table.all_rows():
        if len(row.cells) > usual or any(row.cells[len(table.headings) :]):
            table.sheet.broken[row.number, table.columns["number"]] = _SHIFTED


def _mark_mixed_signs(table: ReportTable, name: str) -> None:
    column = table.columns[name]
    signs: dict[int, str] = {}
    for row in table.all_rows():
        sign = find_decimal_sign(row.cells[column]) if column < len(row.cells) else None
        if sign:
            signs[row.number] = sign
    counts = Counter(signs.values())
    if len(counts) < 2:
        return
    usual = counts.most_common(1)[0][0]
    for number, sign in signs.items():
        if sign != usual:
            table.sheet.broken[number, column] = _UNUSUAL_SIGNS[sign]
