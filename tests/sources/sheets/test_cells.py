"""Cells of a workbook: what each kind becomes, and what is refused rather than guessed."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from decimal import Decimal

import pytest
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from so24.errors import UnreadableFile
from so24.sources.sheets import spreadsheet
from so24.sources.sheets.cells.cell import Cell
from so24.sources.sheets.cells.texts import read_text
from so24.sources.sheets.spreadsheet import read_sheets
from so24.sources.sheets.tables import Sheet
from so24.sources.sheets.xlsx_cells import A_FORMULA, TWO_VALUES
from tests.sources.report_files import with_shared_texts

SHEET = "xl/worksheets/sheet1.xml"
A_TIME = (
    "is a time, neither a number nor a date; format it as what it is, and write 7 hours and "
    "30 minutes as 7.5"
)
DATE, DURATION, TEXT_PERCENT = "dd.mm.yyyy", "[h]:mm", '0.00"% mva"'


def with_cells(xml: str, *, part: str = "") -> bytes:
    """A workbook whose only sheet holds these rows, written as other programs may write them.

    Its cell styles 1 to 3 are a date, a duration and a number followed by a percent sign.
    """
    book = Workbook()
    for column, number_format in enumerate((DATE, DURATION, TEXT_PERCENT), 1):
        book.worksheets[0].cell(1, column, 1).number_format = number_format
    buffer, changed = io.BytesIO(), io.BytesIO()
    book.save(buffer)
    with zipfile.ZipFile(buffer) as old, zipfile.ZipFile(changed, "w") as new:
        for item in old.infolist():
            data = old.read(item).decode()
            if item.filename == SHEET:
                data = re.sub("<sheetData>.*</sheetData>", f"<sheetData>{xml}</sheetData>", data)
                data = data.replace("<sheetData>", f"{part}<sheetData>")
            new.writestr(item, data)
    return changed.getvalue()


def read(content: bytes) -> Sheet:
    (sheet,) = read_sheets("x.xlsx", content, megabytes=20)
    return sheet


@pytest.mark.parametrize(
    ("xml", "cell"),
    [
        ('<c r="A1"><v>349.90000000000003</v></c>', Decimal("349.9")),
        ('<c r="A1"><v>349.9</v></c>', Decimal("349.9")),
        (
            f'<c r="A1"><v>{Decimal.from_float(3093.1)}</v></c>',
            Decimal("3093.1"),
        ),  # all that the float has
        (f'<c r="A1"><v>{Decimal.from_float(0.07)}</v></c>', Decimal("0.07")),
        ('<c r="A1"><v>0</v></c>', Decimal(0)),
        ('<c r="A1"><v>123456789012.35</v></c>', Decimal("123456789012.35")),
        ('<c r="A1"><v>1001.0</v></c>', Decimal(1001)),
        ('<c r="A1" t="b"><v>1</v></c>', "TRUE"),
        ('<c r="A1" t="b"><v>0</v></c>', "FALSE"),
        ('<c r="A1" t="str"><v> kept </v></c>', "kept"),
        ('<c r="A1"><v>-0</v></c>', Decimal(0)),
        ('<c r="A1"><v>1.2345E3</v></c>', Decimal("1234.5")),
        ('<c r="A1" t="inlineStr"><is><t>Ås </t><rPh sb="0" eb="1"><t>x</t></rPh></is></c>', "Ås"),
        ('<c r="A1" t="inlineStr"><is><r><t>No</t></r><r><t>rd</t></r></is></c>', "Nord"),
        ('<c r="A1" t="d"><v>2026-11-22T08:00:00</v></c>', dt.date(2026, 11, 22)),
        # a moment, whose day is asked elsewhere: this one is 23 November in Norway
        ('<c r="A1" t="d"><v>2026-11-22T23:00:00.000Z</v></c>', "2026-11-22T23:00:00.000Z"),
        ('<c r="A1" t="d"><v>2026-11-22T23:00:00+01:00</v></c>', "2026-11-22T23:00:00+01:00"),
        ('<c r="A1" s="1"><v>46348.5</v></c>', dt.date(2026, 11, 22)),
        ('<c r="A1" s="3"><v>25</v></c>', Decimal(25)),
        ("<c><v>7</v></c>", Decimal(7)),
        ('<c r="a1"><v>7</v></c>', Decimal(7)),
        ('<c r="" t="" s=""><v>7</v></c>', Decimal(7)),
        ('<c r="A1" s="99"><v>7</v></c>', Decimal(7)),
        ('<c r="A1" s="-1"><v>7</v></c>', Decimal(7)),
        ('<c r="A1" s="one"><v>7</v></c>', Decimal(7)),
    ],
)
def test_a_cell_is_read_as_what_it_holds(xml: str, cell: Cell) -> None:
    sheet = read(with_cells(f"<row>{xml}</row>"))
    assert [row.cells for row in sheet.rows] == [(cell,)]
    assert sheet.broken == {}


INLINE = "<is><t>1001</t></is>"


@pytest.mark.parametrize(
    ("xml", "cell"),
    [
        (f'<c r="A1" t="inlineStr"><v>1001</v>{INLINE}</c>', "1001"),
        (f'<c r="A1" t="inlineStr">{INLINE}<v>1001</v></c>', "1001"),
        (f'<c r="A1" t="inlineStr">{INLINE}<v>7</v></c>', "1001"),
        ('<c r="A1" t="inlineStr"><v>1001</v></c>', "1001"),
        ('<c r="A1" t="inlineStr"><is/><v>1001</v></c>', ""),
        (f'<c r="A1" t="str"><v>1001</v>{INLINE}</c>', "1001"),
        (f'<c r="A1" t="str">{INLINE}</c>', "1001"),
        (f'<c r="A1"><v>1001</v>{INLINE}</c>', Decimal(1001)),
        ('<c r="A1" t="inlineStr"><t>7</t><is><r><t>10</t></r><r><t>01</t></r></is></c>', "1001"),
        ('<c r="A1" t="inlineStr"><is><v>7</v><t>1001</t></is></c>', "1001"),
    ],
)
def test_of_two_forms_of_one_value_only_one_counts(xml: str, cell: Cell) -> None:
    sheet = read(with_cells(f'<row r="1">{xml}<c r="B1"><v>1</v></c></row>'))
    assert sheet.rows[0].cells[0] == cell
    assert sheet.broken == {}


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("Uke 40_x000D_\nSkift", "Uke 40 Skift"),
        ("Uke 40_x000d__x000A_Skift", "Uke 40 Skift"),
        ("_x000D_", ""),
        ("Uke_x0007_ 40", "Uke 40"),
        ("Uke_x0041_", "UkeA"),
        ("_x005F_x000D_", "_x000D_"),
        ("_xD83D__xDE00_", "\U0001f600"),
        ("_xD83D_ alone", "\ufffd alone"),
        ("_xFFFE_", "\ufffd"),
        ("_x00_ and _X000D_ and _x000D", "_x00_ and _X000D_ and _x000D"),
    ],
)
def test_signs_that_xml_cannot_hold_are_read_as_what_they_stand_for(
    written: str, text: str
) -> None:
    inline = read(with_cells(f'<row><c t="inlineStr"><is><t>{written}</t></is></c></row>'))
    stated = read(with_cells(f'<row><c t="str"><v>{written}</v></c></row>'))
    for sheet in (inline, stated):
        assert [read_text(cell) for row in sheet.rows for cell in row.cells] == [text] * bool(text)


@pytest.mark.parametrize(
    ("xml", "reason"),
    [
        ('<c r="A1"><v>1</v><v>2</v></c>', TWO_VALUES),
        (f'<c r="A1" t="inlineStr">{INLINE}{INLINE}</c>', TWO_VALUES),
        (f'<c r="A1">{INLINE}</c>', "holds a text that is not marked as one"),
        (f'<c r="A1" t="s">{INLINE}</c>', "holds a text that is not marked as one"),
    ],
)
def test_a_cell_whose_value_is_not_sure_holds_none(xml: str, reason: str) -> None:
    sheet = read(with_cells(f'<row r="1">{xml}</row>'))
    assert sheet.broken[1, 0].startswith(reason)
    assert [row.cells for row in sheet.rows] == [()]


@pytest.mark.parametrize(
    ("xml", "reason"),
    [
        ('<c r="A1" t="e"><v>#REF!</v></c>', "holds the error #REF!; mend it in Excel"),
        ('<c r="A1" t="e"><f>B1/0</f><v>#DIV/0!</v></c>', A_FORMULA),
        ('<c r="A1"><v>1e300</v></c>', "holds a number beyond any amount"),
        ('<c r="A1"><v>1e999</v></c>', "holds a number beyond any amount"),
        ('<c r="A1" s="1"><v>7.5</v></c>', "is formatted as a date but is none"),
        ('<c r="A1" s="1"><v>0.5</v></c>', A_TIME),
        ('<c r="A1" s="2"><v>0.3125</v></c>', A_TIME),
        ('<c r="A1" s="2"><v>46344</v></c>', A_TIME),
        ('<c r="A1" s="1"><v>1e9</v></c>', "is formatted as a date but is none"),
        ('<c r="A1" t="d"><v>yesterday</v></c>', "is formatted as a date but is none"),
        ('<c r="A1"><v>NaN</v></c>', "is marked as a number but holds none"),
        ('<c r="A1"><v>1_000</v></c>', "is marked as a number but holds none"),
        ('<c r="A1"><f>B1*2</f></c>', A_FORMULA),
        ('<c r="A1"><f>B1*2</f><v/></c>', A_FORMULA),
        ('<c r="A1"><f>B1*2</f><v>7</v></c>', A_FORMULA),
        ('<c r="A1" t="str"><f>B1</f><v>Oslo</v></c>', A_FORMULA),
        ('<c r="A1"><f t="array" ref="A1">B1*2</f></c>', A_FORMULA),
    ],
)
def test_a_cell_without_a_value_is_refused_with_the_reason(xml: str, reason: str) -> None:
    sheet = read(with_cells(f'<row r="1">{xml}</row>'))
    assert sheet.broken == {(1, 0): reason}
    assert len(sheet.rows) == 1


def test_a_formula_is_told_from_empty_cells_and_from_one_that_shows_nothing() -> None:
    sheet = read(
        with_cells(
            '<row r="2"><c r="A2" s="1"/><c r="B2" t="str"><f>""</f><v></v></c></row>'
            '<row r="4"><c r="A4" s="1"/><c r="C4"><f>B4</f></c><c r="D4"><v>0</v></c></row>'
        )
    )
    assert sheet.broken == {(4, 2): A_FORMULA}
    assert [(row.number, row.cells) for row in sheet.rows] == [(4, ("", "", "", Decimal(0)))]


@pytest.mark.parametrize("kind", ["array", "dataTable"])
def test_what_a_formula_has_filled_beyond_its_cell_is_the_formula_too(kind: str) -> None:
    sheet = read(
        with_cells(
            f'<row r="1"><c r="B1"><f t="{kind}" ref="B1:C3">SORT(X1:Y3)</f><v>1</v></c>'
            '<c r="C1"><v>2</v></c><c r="D1"><v>3</v></c></row>'
            '<row r="2"><c r="A2"><v>4</v></c><c r="B2"><v>5</v></c><c r="C2"/></row>'
            '<row r="3"><c r="B3" t="str"><v>Oslo</v></c></row>'
            '<row r="4"><c r="B4"><v>6</v></c></row>'
        )
    )
    assert sheet.broken == dict.fromkeys([(1, 1), (1, 2), (2, 1), (3, 1)], A_FORMULA)


def test_formulas_that_fill_other_cells_are_counted() -> None:
    formula = '<c><f t="array" ref="A1:A2">B1:B2</f><v>1</v></c>'
    assert read(with_cells(f"<row>{formula * 1000}</row>")).broken
    with pytest.raises(UnreadableFile, match="more than 1000 formulas that fill other cells"):
        read(with_cells(f"<row>{formula * 1001}</row>"))


def test_a_stated_size_that_is_too_small_cuts_nothing_off() -> None:
    rows = '<row r="3"><c r="A3"><v>1</v></c><c r="B3"><v>2</v></c></row>'
    sheet = read(with_cells(rows, part='<dimension ref="A1"/>'))
    assert [row.cells for row in sheet.rows] == [(Decimal(1), Decimal(2))]


def test_a_row_beyond_the_last_of_excel_is_damage() -> None:
    with pytest.raises(UnreadableFile, match="damaged"):
        read(with_cells('<row r="99999999999"><c><v>1</v></c></row>'))


def test_a_workbook_of_too_many_cells_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreadsheet, "MOST_CELLS", 5)
    assert read(with_cells('<row><c r="D1"><v>1</v></c></row>')).rows
    with pytest.raises(UnreadableFile, match="more cells than can be imported"):
        read(with_cells('<row><c r="E1"><v>1</v></c></row>'))


@pytest.mark.parametrize(
    "xml",
    [
        '<row r="2"><c r="A2"><v>1</v></c></row><row r="2"><c r="A2"><v>1</v></c></row>',
        '<row r="1"><c r="B1"><v>1</v></c><c r="B1"><v>1</v></c></row>',
        '<row r="1"><c r="A2"><v>1</v></c></row>',
        '<row r="1"><c r="XFE1"><v>1</v></c></row>',
        '<row r="1"><c r="A1" t="s"><v>99</v></c></row>',
        '<row r="1"><c r="A1" t="x"><v>1</v></c></row>',
        '<row r="1"><c r="A1"><c r="B1"/></c></row>',
        "<row><row/></row>",
        '<c r="A1"/>',
    ],
)
def test_what_no_program_writes_is_damage_and_counts_nothing_twice(xml: str) -> None:
    with pytest.raises(UnreadableFile, match="damaged"):
        read(with_cells(xml))


@pytest.mark.parametrize(
    "texts",
    ["<t>Nordvik</t><t>1001</t>", "<t/><t>1001</t>", "<r><t>10</t><t>01</t></r>"],
)
def test_two_texts_in_one_place_are_damage_for_programs_differ_in_which_they_show(
    texts: str,
) -> None:
    inline = f'<row r="1"><c r="A1" t="inlineStr"><is>{texts}</is></c></row>'
    with pytest.raises(UnreadableFile, match="two texts in one place"):
        read(with_cells(inline))
    shared = with_shared_texts(with_cells(inline))
    with pytest.raises(UnreadableFile, match="two texts in one place"):
        read(shared)


@pytest.mark.parametrize(
    "cell",
    [
        '<c r="A1" t="inlineStr"><is><t>1<a/>001</t></is></c>',
        '<c r="A1" t="inlineStr"><is><r><t>1001<a>x</a></t></r></is></c>',
        '<c r="A1"><v>1<a/>001</v></c>',
        '<c r="A1" t="str"><v><a>1001</a></v></c>',
    ],
)
def test_an_element_within_a_text_is_damage_for_programs_differ_in_what_they_show(
    cell: str,
) -> None:
    with pytest.raises(UnreadableFile, match="has an element within a text"):
        read(with_cells(f'<row r="1">{cell}</row>'))


def test_the_runs_of_a_text_are_one_text() -> None:
    runs = "<r><t>10</t></r><r><t>0</t></r><r><rPr/><t>1</t></r><rPh><t>x</t></rPh>"
    cells = "".join(f'<c r="{at}1" t="inlineStr"><is>{runs}</is></c>' for at in "AB")
    assert read(with_cells(f'<row r="1">{cells}</row>')).rows[0].cells == ("1001", "1001")


def test_days_are_counted_from_1904_where_the_workbook_says_so() -> None:
    book = Workbook()
    book.epoch = CALENDAR_MAC_1904
    book.worksheets[0].append([dt.date(2026, 11, 22)])
    buffer = io.BytesIO()
    book.save(buffer)
    assert read(buffer.getvalue()).rows[0].cells == (dt.date(2026, 11, 22),)
