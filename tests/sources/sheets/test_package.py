"""Workbooks are found by their package's own relations, however it is packed."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from so24.errors import UnreadableFile
from so24.sources.sheets.spreadsheet import read_sheets
from tests.sources.report_files import NUMBER, as_grid, as_workbook, line, read_file
from tests.sources.sheets.packages import (
    BOOK,
    RELATIONS,
    ROOT_RELATIONS,
    SHEET,
    STYLES,
    TEXTS,
    Parts,
    a_report,
    an_inline_report,
    as_strict,
    edited,
    in_the_root,
    packed,
    renamed,
    torn,
    unpacked,
    with_backslashes,
    with_relation,
    with_sheet,
    with_targets,
    without,
)

OWN = "xl/book 7.xml"
MERGED = "</sheetData><mergeCells>{}</mergeCells>"


def named(target: bytes) -> Parts:
    """The workbook under a name of its own."""
    names = {BOOK: OWN, RELATIONS: "xl/_rels/book 7.xml.rels"}
    return edited(renamed(a_report(), names), ROOT_RELATIONS, b"xl/workbook.xml", target)


def merged(*references: str) -> Parts:
    areas = "".join(f'<mergeCell ref="{each}"/>' for each in references)
    return edited(a_report(), SHEET, b"</sheetData>", MERGED.format(areas).encode())


READABLE: dict[str, Callable[[], bytes]] = {
    "as it is": lambda: packed(a_report()),
    "the workbook in the root": lambda: packed(in_the_root(a_report())),
    "the workbook under another name": lambda: packed(named(b"xl/book%207.xml")),
    "an absolute target of the package": lambda: packed(named(b"/xl/book 7.xml")),
    "no relations of the package": lambda: packed(without(a_report(), ROOT_RELATIONS)),
    "names in other letters": lambda: packed(
        renamed(a_report(), {BOOK: "XL/WorkBook.xml", SHEET: "xl/Worksheets/Sheet1.XML"})
    ),
    "names with backslashes": lambda: packed(with_backslashes(a_report())),
    "targets with backslashes": lambda: packed(with_backslashes(a_report(), [SHEET, TEXTS])),
    "targets from here": lambda: packed(with_targets(a_report(), "./", "", "./../xl/")),
    "targets from above": lambda: packed(with_targets(a_report(), "../xl/", "../xl/./", "x/../")),
    "folders as entries": lambda: packed({"xl/": b"", "xl\\worksheets\\": b"", **a_report()}),
    "no content types": lambda: packed(without(a_report(), "[Content_Types].xml")),
    "a relation to texts that are missing": lambda: packed(
        with_relation(an_inline_report(), "sharedStrings", "sharedStrings.xml")
    ),
    "styles that are missing": lambda: packed(without(a_report(), STYLES)),
    "a relation to another file": lambda: packed(
        with_relation(a_report(), "externalLink", "file:///C:/x.xlsx", 'TargetMode="External"')
    ),
    "a chart as a sheet": lambda: packed(
        with_sheet(with_relation(a_report(), "chartsheet", "chart.xml"), "Chart")
    ),
    "Strict Open XML": lambda: packed(as_strict(a_report())),
    "a part twice, alike": lambda: packed(a_report(), (SHEET, a_report()[SHEET])),
    "a part twice that nobody reads": lambda: packed(a_report(), ("docProps/app.xml", b"other")),
    "many merged areas": lambda: packed(merged(*(f"AA{row}:AB{row}" for row in range(1, 30_000)))),
    "odd merged areas": lambda: packed(
        merged("", "#REF!", "A", "A1:", ":", "A1:B2:C3x", "aa1:ab2", "$AA$4:$AB$5", "AB9:AA8")
    ),
}


@pytest.mark.parametrize("kind", READABLE)
def test_a_report_is_read_however_it_is_packed(kind: str) -> None:
    source = read_file("report.xlsx", READABLE[kind]())
    assert [document.number for document in source.documents] == ["1001", "1002"]
    assert {each.lines[0].net for each in source.documents} == {Decimal("3093.75")}
    assert (source.refused, source.warnings) == ((), ())


BROKEN: dict[str, tuple[Callable[[], bytes], str]] = {
    "a sheet twice, not alike": (
        lambda: packed(a_report(), (SHEET, a_report()[SHEET].replace(b"412.5", b"512.5"))),
        f"the part {SHEET} stands in it more than once, with different contents",
    ),
    "a sheet twice, in other letters": (
        lambda: packed(a_report(), ("XL\\worksheets\\SHEET1.xml", b"<worksheet/>")),
        f"the part {SHEET} stands in it more than once",
    ),
    "a sheet beside the list of sheets": (
        lambda: packed(
            edited(
                edited(a_report(), BOOK, b"</sheets>", b""), BOOK, b"<sheets>", b"<sheets></sheets>"
            )
        ),
        f"the part {BOOK} has a sheet beside its list of sheets",
    ),
    "a sheet that is no XML": (
        lambda: packed(edited(a_report(), SHEET, b"</sheetData>", b"")),
        f"the part {SHEET} is no well-formed XML",
    ),
    "a sheet that is torn": (
        lambda: torn(packed(a_report()), SHEET),
        f"the part {SHEET} is torn",
    ),
    "styles that are no XML": (
        lambda: packed({**a_report(), STYLES: b"<styleSheet>"}),
        f"the part {STYLES} is no well-formed XML",
    ),
    "texts that are missing and asked for": (
        lambda: packed(without(a_report(), TEXTS)),
        f"the part {SHEET} asks for the shared text 0, of 0 that there are",
    ),
    "two parts of texts": (
        lambda: packed(
            {**with_relation(a_report(), "sharedStrings", "more.xml"), "xl/more.xml": b"<sst/>"}
        ),
        f"{TEXTS} and xl/more.xml are one part too many",
    ),
    "two sheets of one part": (
        lambda: packed(with_sheet(with_relation(a_report(), "worksheet", f"/{SHEET}"), "Copy")),
        f"two of its sheets are the same part {SHEET}",
    ),
    "two parts by one id": (
        lambda: packed(
            with_relation(with_relation(a_report(), "worksheet", "a.xml"), "worksheet", "b.xml")
        ),
        f"the part {RELATIONS} names two parts by one id",
    ),
    "a row twice": (
        lambda: packed(edited(a_report(), SHEET, b'<row r="3"', b'<row r="2"')),
        f"the part {SHEET} has row 2 after row 2",
    ),
    "a cell in another row": (
        lambda: packed(edited(a_report(), SHEET, b'r="B3"', b'r="B4"')),
        f"the part {SHEET} has a cell B4 in row 3",
    ),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_what_is_really_broken_says_which_part_is(kind: str) -> None:
    make, damage = BROKEN[kind]
    with pytest.raises(UnreadableFile) as caught:
        read_file("report.xlsx", make())
    words = str(caught.value)
    assert words.startswith("report.xlsx cannot be imported. The workbook is damaged: ")
    assert damage in words
    assert words.endswith("; open it in Excel, save it again and import that file.")


MISSING = {
    "its part xl/gone.xml is missing": with_sheet(
        with_relation(a_report(), "worksheet", "gone.xml"), "Old"
    ),
    "the workbook does not say which of its parts it is": with_sheet(a_report(), "Old", "nothing"),
}


@pytest.mark.parametrize("reason", MISSING)
def test_a_sheet_that_cannot_be_found_costs_itself_only_and_is_told(reason: str) -> None:
    source = read_file("report.xlsx", packed(MISSING[reason]))
    assert [document.number for document in source.documents] == ["1001", "1002"]
    assert source.warnings == (
        f"The sheet “Old” was not read: {reason}. If it belongs to the report, open the file in "
        "Excel, save it again and import that file.",
    )


def test_a_report_whose_only_sheet_cannot_be_found_says_so() -> None:
    with pytest.raises(UnreadableFile, match=r"“Invoice lines” was not read: its part .* missing"):
        read_file("report.xlsx", packed(without(a_report(), SHEET)))


CASES = Path(
    os.environ.get("SO24_CASES") or Path(__file__).resolve().parents[4] / "shared" / "cases"
)
FILES = CASES / "files"
OF_OTHERS = (
    "068-absolute-rel-targets.xlsx",
    "071-workbook-part-named-workbook2-xml-via-rels-rels-.xlsx",
    "073-backslash-names-in-zip.xlsx",
    "077--x000D-escapes-in-shared-strings.xlsx",
    "heading-x000D.xlsx",
    "inlineStr-with-v.xlsx",
    "report-dangling-sharedStrings.xlsx",
)


@pytest.mark.skipif(not FILES.is_dir(), reason="the files of other people are not at hand")
@pytest.mark.parametrize("name", OF_OTHERS)
def test_reports_that_other_programs_have_packed_come_in_whole(name: str) -> None:
    source = read_file(name, (FILES / name).read_bytes())
    assert [document.number for document in source.documents] == ["1001", "1002", "1003"]
    assert (source.refused, source.warnings) == ((), ())
    assert not any("_x" in line.text for each in source.documents for line in each.lines)


def test_a_file_of_word_is_no_workbook() -> None:
    parts = edited(a_report(), ROOT_RELATIONS, b"xl/workbook.xml", b"word/document.xml")
    parts = without(parts, BOOK) | {"word/document.xml": b'<document xmlns="word"/>'}
    with pytest.raises(UnreadableFile, match="neither an Excel workbook"):
        read_file("report.xlsx", packed(parts))


def test_days_of_strict_open_xml_are_read() -> None:
    parts = unpacked(as_workbook({"S": [["x"]]}))
    cell = b'<c r="A1" t="d"><v>2026-11-22T00:00:00</v></c>'
    head, _, rest = parts[SHEET].partition(b"<c ")
    parts[SHEET] = head + cell + rest.partition(b"</c>")[2]
    (sheet,) = read_sheets("x.xlsx", packed(as_strict(parts)), megabytes=1)
    assert sheet.rows[0].cells == (dt.date(2026, 11, 22),)


def test_names_and_headings_are_read_without_the_signs_that_they_are_written_with() -> None:
    headings, row = as_grid([line()])
    headings = [each.replace("Sum excl.", "Sum_x000D_\n excl.") for each in headings]
    content = as_workbook({"Lines_x000D_ of 2026": [headings, row, [*row[:3], "much", *row[4:]]]})
    source = read_file("x.xlsx", content)
    assert {each.sheet for each in source.refused} == {"Lines of 2026"}
    good = read_file("x.xlsx", as_workbook({"S": [headings, row]}))
    assert [each.number for each in good.documents] == [row[headings.index(NUMBER)]]
