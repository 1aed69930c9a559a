"""Rows that are taken by their form are what the parser reads, and what other readers read."""

from __future__ import annotations

import datetime as dt
import io
import os
import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import IO, Any

import pytest
from openpyxl import load_workbook
from python_calamine import CalamineError, CalamineWorkbook

from so24.errors import UnreadableFile
from so24.sources.documents.content import Damage
from so24.sources.sheets import spreadsheet
from so24.sources.sheets.cells.cell import Cell
from so24.sources.sheets.cells.cell_values import Book, unescape
from so24.sources.sheets.cells.number_formats import look_of
from so24.sources.sheets.known_rows import read_rows
from so24.sources.sheets.spreadsheet import read_sheets
from so24.sources.sheets.tables import Sheet
from so24.sources.sheets.xlsx_cells import Budget, SheetReader
from so24.sources.sheets.xml_stream import Attributes, read_part
from tests.sources.report_files import as_grid, as_workbook, line, with_shared_texts
from tests.sources.sheets.packages import SHEET, unpacked
from tests.sources.sheets.written import FORMATS, TEXTS, spoil, write_sheet, write_workbook

Read = Callable[[IO[bytes], SheetReader, Callable[[int], None]], None]
FEW, MANY = 100, 10_000
CASES = Path(
    os.environ.get("SO24_CASES") or Path(__file__).resolve().parents[4] / "shared" / "cases"
)
FILES = sorted((CASES / "files").glob("*.xlsx"))


class InPieces(io.BytesIO):
    """A part that comes in pieces of some bytes."""

    def __init__(self, content: bytes, size: int) -> None:
        super().__init__(content)
        self.size = size

    def read(self, size: int | None = -1, /) -> bytes:
        return super().read(self.size)


def a_book() -> Book:
    texts = [None if len(text) > 200 else text.strip() for text in TEXTS]
    return Book(list(texts), [look_of(code) for code in FORMATS])


def gather(read: Read, part: bytes, *, size: int, budget: Budget) -> object:
    """All that a worksheet is read as, with what was counted; or what is wrong with it."""
    sheet = Sheet("S", [])
    reader = SheetReader(sheet, a_book(), budget)
    try:
        read(InPieces(part, size), reader, lambda read: None)
    except (Damage, UnreadableFile) as error:
        return f"{type(error).__name__}: {error}"
    kinds = [[type(cell) for cell in row.cells] for row in sheet.rows]
    return sheet, kinds, budget, reader.elements, reader.row


@pytest.mark.parametrize(
    "seeds", [range(FEW), pytest.param(range(FEW, MANY), marks=pytest.mark.long)]
)
def test_any_sheet_is_read_as_the_parser_reads_it_whatever_was_done_to_it(seeds: range) -> None:
    for seed in seeds:
        part = spoil(write_sheet(seed), seed)
        cells = 60 if seed % 10 == 0 else 10_000
        parsed = gather(read_part, part, size=1 << 16, budget=Budget(cells, cells // 3, 20_000))
        for size in (1 << 16, 1 + seed % 300):
            taken = gather(read_rows, part, size=size, budget=Budget(cells, cells // 3, 20_000))
            assert taken == parsed, f"seed {seed}, in pieces of {size} bytes"


def a_row(number: int, text: bytes = b"Nord") -> bytes:
    inline = b'<c r="A%d" t="inlineStr"><is><t>%s</t></is></c>' % (number, text)
    return b'<row r="%d">%s<c r="B%d"><v>%d</v></c></row>' % (number, inline, number, number)


NUMBERS = (
    "0", "-0", "0.00", "-0.0", "7", "-7", "007", "1.50", "349.90000000000003", "123456789012345678",
    "12345678901234567890", "123456789012345678901", "1e3", "1E-400", "5.", ".5", "+5", "1.2.3",
    "-", "1e", "0.0000000000000000001", "0.00000000000000000001",
)  # fmt: skip


@pytest.mark.parametrize("odd", NUMBERS)
@pytest.mark.parametrize("place", [0, 5, 11])
def test_a_number_among_others_of_its_column_is_read_as_by_itself(odd: str, place: int) -> None:
    numbers = ["1", "2.5", "-3.25", *(f"{each}.75" for each in range(9))]
    numbers[place] = odd
    rows = "".join(
        f'<row r="{at}"><c r="A{at}"><v>{number}</v></c><c r="B{at}"><v>{at}</v></c></row>'
        for at, number in enumerate(["9", "9", *numbers], 1)
    )
    part = (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f"<sheetData>{rows}</sheetData></worksheet>"
    ).encode()
    read = [
        gather(by, part, size=1 << 16, budget=Budget(1_000, 100, 1_000))
        for by in (read_part, read_rows)
    ]
    assert read[0] == read[1]
    assert repr(read[0]) == repr(read[1])


OTHER = b'<o xmlns="u">'
# what stands between the rows 1 to 3 and the rows 7 and 8, all of one form
BETWEEN: dict[str, bytes] = {
    "nothing": b"",
    "rows alike": a_row(4) + a_row(5),
    "letters of two bytes": a_row(4, "Bjørk".encode()),
    "a comment around rows": b"<!--" + a_row(4) + a_row(5) + b"-->",
    "a comment that begins in a row": b'<row r="4"><!--</row>' + a_row(5) + b"--></row>",
    "an instruction that begins in a row": b'<row r="4"><?x </row>' + a_row(5) + b"?></row>",
    "raw text that begins in a row": b'<row r="4"><![CDATA[</row>' + a_row(5) + b"]]></row>",
    "an instruction around rows": b"<?x " + a_row(4) + a_row(5) + b"?>",
    "raw text around rows": b"<![CDATA[" + a_row(4) + a_row(5) + b"]]>",
    "rows of another kind": OTHER + a_row(4) + a_row(5) + b"</o>",
    "rows of another kind with numbers that were": (
        OTHER + a_row(2) + a_row(3) + a_row(5) + a_row(6) + b"</o>"
    ),
    "rows within a row": b'<row r="4"><o xmlns="u"><row></row>' + a_row(5) + b"</o></row>",
    "rows of another sheet": (
        b"</sheetData>" + OTHER + a_row(4) + a_row(5) + a_row(6) + b"</o><sheetData>"
    ),
    "rows after an empty one of another sheet": (
        b"<row/></sheetData>" + OTHER + a_row(5) + a_row(6) + b"</o><sheetData>"
    ),
    "an attribute around a row": b'<row a="' + a_row(4) + b'"></row>',
    "a row that is open": b'<row r="4">' + a_row(5),
    "a row twice": a_row(3),
    "a row that came before": a_row(2),
    "a row that follows far": b'<row r="6"/>',
    "a row beyond the last": a_row(1_048_577),
    "a hidden row": a_row(4).replace(b"<row", b'<row hidden="1"') + a_row(5),
    "a row of no height": a_row(4).replace(b"<row", b'<row ht="0"') + a_row(5),
    "a row with a cell of the next": a_row(4).replace(b'"B4"', b'"B5"'),
    "no character": a_row(4, b"\xef\xbf\xbf"),
    "half of a character": a_row(4, b"\xed\xa0\x80"),
    "no letter of UTF-8": a_row(4, b"\xff"),
    "a sign of control": a_row(4, b"\x01"),
    "a reference": a_row(4, b"&#65;"),
    "an unknown entity": a_row(4, b"&e;"),
    "the end of raw text": a_row(4, b"]]>"),
    "a text of blanks": a_row(4, b"  "),
    "cells beyond those that are read": (
        a_row(4).replace(b'"B4"', b'"GS4"') + a_row(5).replace(b'"B5"', b'"GS5"')
    ),
    "cells with errors": (
        a_row(4).replace(b'"B4"', b'"B4" t="e"') + a_row(5).replace(b'"B5"', b'"B5" t="e"')
    ),
    "a number that is none": a_row(4).replace(b"<v>4", b"<v>4-4"),
}


@pytest.mark.parametrize("what", BETWEEN)
def test_whatever_stands_between_rows_they_are_read_as_the_parser_reads_them(what: str) -> None:
    rows = a_row(1) + a_row(2) + a_row(3) + BETWEEN[what] + a_row(7) + a_row(8)
    main = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    part = b'<worksheet xmlns="%s"><sheetData>%s</sheetData></worksheet>' % (main, rows)
    parsed = gather(read_part, part, size=1 << 16, budget=Budget(10_000))
    for size in (1 << 16, 7):
        assert gather(read_rows, part, size=size, budget=Budget(10_000)) == parsed


def test_rows_alike_go_past_the_parser() -> None:
    rows = [line(number=str(number)) for number in range(1001, 1501)]
    parts = unpacked(with_shared_texts(as_workbook({"S": as_grid(rows)})))
    parsed: list[Attributes] = []
    sheet = Sheet("S", [])
    reader = SheetReader(sheet, Book(["x"] * 1_000), Budget(10_000))
    begin = reader.begins.copy()

    def begin_row(attributes: Attributes) -> None:
        parsed.append(attributes)
        begin[row](attributes)

    (row,) = (name for name in reader.begins if name.endswith(" row"))
    reader.begins[row] = begin_row
    read_rows(io.BytesIO(parts[SHEET]), reader, lambda read: None)
    assert len(sheet.rows) == 501
    assert [attributes["r"] for attributes in parsed] == ["1", "2"]


def as_told(cell: Any) -> object:
    """A cell of any reader as what it means: a number, a day, a text or nothing."""
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, (int, float)):
        return Decimal(f"{cell:.15g}")
    if isinstance(cell, dt.datetime):
        return cell.date()
    if isinstance(cell, str):
        text = unescape(cell).strip()
        percent = re.fullmatch(r"(-?[\d.]+) %", text)
        return Decimal(percent[1]) / 100 if percent else text
    return "" if cell is None else cell


Grid = dict[tuple[int, int], object]


def as_grid_of(rows: Iterator[tuple[int, Any]]) -> Grid:
    cells = ((row, column, as_told(cell)) for row, line in rows for column, cell in enumerate(line))
    return {(row, column): cell for row, column, cell in cells if cell != ""}


def read_by_calamine(content: bytes, sheet: str) -> Grid:
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    rows = book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
    return as_grid_of(iter(enumerate(rows, 1)))


def read_by_openpyxl(content: bytes) -> Grid:
    book = load_workbook(io.BytesIO(content), read_only=True)
    return as_grid_of(iter(enumerate(book.worksheets[0].iter_rows(values_only=True), 1)))


def read_here(content: bytes) -> list[Sheet]:
    return read_sheets("x.xlsx", content, megabytes=20)


def grid_of(sheet: Sheet) -> Grid:
    rows: Iterator[tuple[int, tuple[Cell, ...]]] = ((row.number, row.cells) for row in sheet.rows)
    return but_broken(as_grid_of(rows), sheet)


def but_broken(grid: Grid, sheet: Sheet) -> Grid:
    """The cells but those that are refused here, whatever another reader makes of them."""
    refused = {(row, column) for row, column in sheet.broken}
    return {place: cell for place, cell in grid.items() if place not in refused}


@pytest.mark.parametrize(
    "seeds", [range(30), pytest.param(range(30, 1000), marks=pytest.mark.long)]
)
def test_any_workbook_is_read_as_other_readers_read_it(
    seeds: range, monkeypatch: pytest.MonkeyPatch
) -> None:
    for seed in seeds:
        content = write_workbook(seed)
        (sheet,) = read_here(content)
        with monkeypatch.context() as patch:
            patch.setattr(spreadsheet, "read_rows", read_part)
            assert read_here(content) == [sheet], f"seed {seed}"
        own = grid_of(sheet)
        assert but_broken(read_by_calamine(content, "S"), sheet) == own, f"seed {seed}"
        assert but_broken(read_by_openpyxl(content), sheet) == own, f"seed {seed}"


@pytest.mark.skipif(not FILES, reason="the files of other people are not at hand")
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_files_of_other_people_are_read_as_other_readers_read_them(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = path.read_bytes()
    sheets = read_here(content)
    assert not any(sheet.unread for sheet in sheets)
    for sheet in sheets:
        try:
            other = read_by_calamine(content, sheet.name)
        except CalamineError:  # it knows no package whose workbook has a name of its own
            other = read_by_openpyxl(content)
        assert but_broken(other, sheet) == grid_of(sheet)
    monkeypatch.setattr(spreadsheet, "read_rows", read_part)
    assert read_here(content) == sheets
