"""What would be read as something else than people see is refused by a sentence that says where."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from so24.errors import UnreadableFile
from so24.sources.documents.documents import SourceFile
from so24.sources.sheets.tables import column_letters
from tests.sources.report_files import (
    NUMBER,
    as_csv,
    as_grid,
    as_workbook,
    customer,
    line,
    read_file,
    with_shared_texts,
)
from tests.sources.sheets.packages import SHEET, packed, unpacked

LINES = [line(), line({"Customer no.": "5002"}, number="1002"), line(number="1003")]
Value = str | float | dt.date
PRICE, NET = "D", "E"


def changed(change: Callable[[Worksheet], object], *rows: dict[str, Any]) -> bytes:
    """A report of three invoices (or of these rows) with its sheet changed by hand in Excel."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Invoices"
    for row in as_grid(rows or LINES):
        sheet.append(row)
    change(sheet)
    buffer = io.BytesIO()
    book.save(buffer)
    return with_shared_texts(buffer.getvalue())


def put(place: str, value: Value, number_format: str = "General") -> Callable[[Worksheet], object]:
    def change(sheet: Worksheet) -> None:
        sheet[place] = value
        sheet[place].number_format = number_format

    return change


def refusal(content: bytes, name: str = "x.xlsx") -> str:
    """The one sentence that keeps the file out."""
    with pytest.raises(UnreadableFile) as caught:
        read_file(name, content)
    return str(caught.value)


def numbers(source: SourceFile) -> list[str]:
    return [document.number for document in source.documents]


def test_texts_in_a_part_of_their_own_are_read_like_those_in_cells() -> None:
    grid = {"Invoices": as_grid(LINES), "Customers": as_grid([customer()])}
    here, there = as_workbook(grid), with_shared_texts(as_workbook(grid))
    assert read_file("x", here).documents == read_file("x", there).documents
    assert read_file("x", here).customers == read_file("x", there).customers


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (put(f"{PRICE}3", "=1+1"), "is a formula, whose value may be out of date"),
        (put(f"{PRICE}3", "#REF!"), "holds the error #REF!; mend it in Excel"),
        (put(f"{PRICE}3", "1.234"), "can be read as two different numbers: “1.234”"),
        (put(f"{PRICE}3", "1.234.56"), "must be a number, not “1.234.56”"),
        (put(f"{PRICE}3", "1,234,50"), "must be a number, not “1,234,50”"),
        (put(f"{PRICE}3", "12,30-"), "must have a minus sign before it: “12,30-”"),
        (
            put(f"{PRICE}3", "1,2E+3"),
            "is in scientific notation, which may have lost",
        ),
        (put(f"{PRICE}3", 0.25, "0 %"), "must be a number, not “25.00 %”"),
        (
            put(f"{PRICE}3", dt.date(2026, 11, 22), "dd.mm.yyyy"),
            "must be a number, not “22.11.2026”",
        ),
        (put("B3", 46348), "must be a date, not the number 46348; format it as a date"),
        (put("B3", 60, "dd.mm.yyyy"), "is formatted as a date but is none"),
        (put("C3", 0.3125, "[h]:mm"), "is a time, neither a number nor a date"),
        (put("I3", "x" * 40_000), "is longer than 300 characters"),
        (put("I3", "Helgevakt BjÃ¸rkelund"), "lost letters by a wrong encoding: “Helgevakt BjÃ¸"),
        (put("I3", "Helgevakt Stanis³aw"), "lost letters by a wrong encoding"),
        (put("I3", "Helgevakt Bj\ufffdrkelund"), "lost letters by a wrong encoding"),
        (lambda sheet: sheet.merge_cells("A3:A4"), "is merged (A3:A4); unmerge the cells"),
        (lambda sheet: sheet.merge_cells("D3:F3"), "is merged (D3:F3); unmerge the cells"),
    ],
)
def test_a_broken_cell_costs_its_document_only(
    change: Callable[[Worksheet], object], reason: str
) -> None:
    source = read_file("x.xlsx", changed(change))
    assert {refused.sheet for refused in source.refused} == {"Invoices"}
    assert reason in next(refused.reason for refused in source.refused if refused.row == 3)
    assert "1001" in numbers(source)
    assert "1002" not in numbers(source)


def test_a_number_merged_over_its_lines_never_leaves_a_document_with_fewer_lines() -> None:
    lines = [line(), line(), line(), line({"Customer no.": "5002"}, number="1002")]
    source = read_file("x.xlsx", changed(lambda sheet: sheet.merge_cells("A2:A4"), *lines))
    assert numbers(source) == ["1002"]
    assert {refused.row for refused in source.refused} == {2, 3, 4}


def test_merged_cells_above_and_beside_the_table_do_no_harm() -> None:
    def decorate(sheet: Worksheet) -> None:
        sheet.insert_rows(1, 2)
        sheet["A1"] = "Economy report"
        sheet.merge_cells("A1:H1")
        sheet.merge_cells("Z3:Z6")
        sheet.merge_cells("D3:D3")

    assert numbers(read_file("x.xlsx", changed(decorate))) == ["1001", "1002", "1003"]


@pytest.mark.parametrize("area", ["D1:E1", "A1:A2"])
def test_merged_headings_are_refused(area: str) -> None:
    said = refusal(changed(lambda sheet: sheet.merge_cells(area)))
    assert f"The headings of the sheet “Invoices” are merged ({area}); unmerge them" in said


def test_a_heading_that_stands_twice_is_refused_with_both_places() -> None:
    said = refusal(changed(put("T1", "PRICE")))
    assert said == (
        "x.xlsx cannot be imported. The sheet “Invoices” has the column “Price” 2 times "
        "(D and T); delete all but one."
    )
    assert numbers(read_file("x.xlsx", changed(put("T1", "Remark"))))  # as often as one likes


def test_a_hidden_sheet_with_lines_is_refused_and_one_without_is_not() -> None:
    grids = {"Front": [["nothing"]], "Invoices": as_grid(LINES)}

    def hide(name: str, state: str) -> bytes:
        book = Workbook()
        book.worksheets[0].title = "Shown"
        for title, grid in grids.items():
            sheet = book.create_sheet(title)
            sheet.sheet_state = state if title == name else "visible"
            for row in grid:
                sheet.append(row)
        buffer = io.BytesIO()
        book.save(buffer)
        return buffer.getvalue()

    for state in ("hidden", "veryHidden"):
        assert "The sheet “Invoices” is hidden; show it" in refusal(hide("Invoices", state))
        assert numbers(read_file("x", hide("Front", state))) == ["1001", "1002", "1003"]


def test_hidden_rows_are_refused_and_hidden_columns_come_in() -> None:
    def hide_row(number: int) -> Callable[[Worksheet], object]:
        return lambda sheet: setattr(sheet.row_dimensions[number], "hidden", True)

    said = refusal(changed(hide_row(3)))
    assert "The sheet “Invoices” has hidden rows, the first is row 3; clear the filter" in said
    assert numbers(read_file("x", changed(hide_row(9))))
    columns = changed(lambda sheet: setattr(sheet.column_dimensions[NET], "hidden", True))
    assert numbers(read_file("x", columns)) == ["1001", "1002", "1003"]


@pytest.mark.parametrize("height", ["0", "0.0", ".0"])
def test_a_row_of_no_height_is_a_hidden_one(height: str) -> None:
    parts = unpacked(changed(lambda sheet: None))
    low = b'<row r="3" ht="%s" customHeight="1"' % height.encode()
    said = refusal(packed(parts | {SHEET: parts[SHEET].replace(b'<row r="3"', low)}))
    assert "The sheet “Invoices” has hidden rows, the first is row 3" in said
    flat = parts[SHEET].replace(b'<row r="3"', b'<row r="3" ht="0.75"')
    assert len(numbers(read_file("x", packed(parts | {SHEET: flat})))) == 3


@pytest.mark.parametrize(
    ("currency", "number_format", "refused"),
    [
        ("NOK", "[$€-407] #,##0.00", True),
        ("EUR", "[$€-407] #,##0.00", False),
        ("CAD", "$#,##0.00", False),
        ("NOK", '#,##0.00 "SEK"', True),
        ("SEK", '"kr" #,##0.00', False),
    ],
)
def test_an_amount_that_shows_another_currency_than_its_row_refuses_that(
    currency: str, number_format: str, refused: bool
) -> None:
    rows = [line({"Currency": currency, "Sum excl. VAT": 3093.75}) | {"Price": 412.5}]
    grid = as_grid(rows)
    place = f"{column_letters(grid[0].index('Sum excl. VAT'))}2"
    source = read_file("x", changed(put(place, 3093.75, number_format), *rows))
    assert bool(source.refused) is refused is not bool(source.documents)
    if refused:
        (cell,) = source.refused
        shown = "€" if "€" in number_format else "SEK"
        assert cell.reason.startswith(f"is shown in {shown}, and the row is in NOK")


def test_decimal_signs_that_mix_within_a_column_refuse_the_odd_rows() -> None:
    texts = ["412,50", "412.50", "1.412,50"]
    rows = [line({"Price": text}, number=str(row)) for row, text in enumerate(texts, 1001)]
    for content in (changed(lambda sheet: None, *rows), as_csv(as_grid(rows), ";", "utf-8")):
        source = read_file("x", content)
        assert numbers(source) == ["1001", "1003"]
        (refused,) = source.refused
        assert (refused.row, refused.column) == (3, "Price")
        assert refused.reason == (
            "has a point as decimal sign, most of the column has a comma; write them alike"
        )


@pytest.mark.parametrize("text", ["1 234,50", "1\u00a0234,50", "1\u202f234,50", "+1234,50"])
def test_numbers_that_are_kept_as_text_are_read_exactly(text: str) -> None:
    (document,) = read_file("x", changed(lambda sheet: None, line({"Price": text}))).documents
    assert document.lines[0].unit_price == Decimal("1234.50")


def test_a_zero_has_no_minus() -> None:
    rows = [line({"Sum excl. VAT": text, "VAT": 0}) for text in ("-0,00", "0")]
    grid = as_grid(rows)
    for content in (as_workbook({"Invoices": grid}), as_csv(grid, ";", "utf-8")):
        (document,) = read_file("Invoices.csv", content).documents
        assert [str(each.net) for each in document.lines] == ["0.00", "0.00"]


def csv_of(*rows: dict[str, Any]) -> str:
    return as_csv(as_grid(rows or LINES), ";", "utf-8").decode()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (csv_of().encode("utf-16-le"), "It is text in UTF-16 without its mark"),
        (csv_of().encode("utf-16-be"), "It is text in UTF-16 without its mark"),
        (csv_of().encode("utf-32"), "It is text in UTF-32; save it as “CSV UTF-8”"),
        (csv_of().encode("utf-32-be"), "It is text in UTF-32; save it as “CSV UTF-8”"),
        (csv_of().encode("utf-16")[:-1], "It is text in UTF-16 that ends within a sign"),
        (
            csv_of(line({"Company": "Ås Bøker AS"})).encode("cp865"),
            "It is text that is damaged, or",
        ),
        (b"\0", "It is neither an Excel workbook"),
        (b"\x8f\x81\x90" * 9, "It is neither an Excel workbook"),
        (
            csv_of().replace("Oslo", "Os\0lo").encode(),
            "It is text that is damaged, or",
        ),
        (b"<html><table><tr><td>1</td></tr></table></html>", "It is a web page; export"),
        (
            csv_of().replace("Helgevakt uke", '"Helgevakt uke', 1).encode(),
            "A quotation mark opens in row 2 and is never closed",
        ),
        (
            csv_of().replace("Helgevakt uke 47", '"Helgevakt" uke 47', 1).encode(),
            "Row 2 has a text after a closing quotation mark",
        ),
        (
            csv_of().replace("Helgevakt uke", "x" * 200_000, 1).encode(),
            "Row 2 has a cell of more than 131072 characters",
        ),
        (
            csv_of().replace("Price", "PrisbelÃ¸p;Price", 1).encode(),
            "whose letters were lost by a wrong encoding",
        ),
    ],
)
def test_a_csv_file_that_is_torn_gets_one_sentence(content: bytes, sentence: str) -> None:
    assert sentence in refusal(content, "x.csv")


@pytest.mark.parametrize("letters", ["cp850", "mac_roman"])
def test_letters_of_another_system_refuse_their_row(letters: str) -> None:
    rows = (line(), line({"Company": "Bjørkelund AS", "Customer no.": "5002"}, number="1002"))
    content = csv_of(*rows).encode(letters)
    source = read_file("x.csv", content)
    assert numbers(source) == ["1001"]
    assert "lost letters by a wrong encoding" in source.refused[0].reason


def test_half_a_file_in_another_encoding_refuses_the_rows_that_it_garbles() -> None:
    garbled = line({"Company": "Bjørkelund AS"}, number="1002")
    plain = line({"Company": "Nærland AS", "Customer no.": "5002"})
    content = (
        csv_of(garbled, plain).encode().replace("Nærland".encode(), "Nærland".encode("cp1252"))
    )
    source = read_file("x.csv", content)
    assert numbers(source) == ["1001"]
    assert "“BjÃ¸rkelund AS”" in source.refused[0].reason


def test_a_separator_within_a_number_never_shifts_a_row_unseen() -> None:
    good = as_csv(as_grid(LINES), ",", "utf-8").decode()
    content = good.replace("1002,18.11.2026,7.5,412.50", "1002,18.11.2026,7.5,412,50")
    source = read_file("x.csv", content.encode())
    assert numbers(source) == ["1001", "1003"]
    assert source.refused[0].row == 3
    assert "more cells than there are headings" in source.refused[0].reason


def test_commas_within_all_amounts_never_shift_rows_unseen_though_only_empty_cells_go_over() -> (
    None
):
    headings, *rows = as_grid(LINES)
    assert headings[3:5] == ["Price", "Sum excl. VAT"]
    shifted = [[*row[:3], "412,50", "3093,75", *row[5:-2], "", ""] for row in rows]
    content = as_csv([headings, *shifted], ",", "utf-8").decode().replace('"', "")
    source = read_file("x.csv", content.encode())
    assert numbers(source) == []
    shifts = [each.row for each in source.refused if "more cells than there are" in each.reason]
    assert shifts == [2, 3, 4]


def test_files_of_other_programs_are_told_what_to_do() -> None:
    for part, words in (
        ("content.xml", "It is an OpenDocument file (.ods); save it as .xlsx."),
        ("xl/workbook.bin", "It is a binary workbook (.xlsb); save it as .xlsx."),
        ("Index/Document.iwa", "It is a Numbers document; export it as .xlsx."),
    ):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            archive.writestr(part, b"")
        assert words in refusal(buffer.getvalue())


def test_macros_and_links_to_other_files_are_left_alone() -> None:
    buffer = io.BytesIO(changed(lambda sheet: None))
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"\xd0\xcf no project")
        archive.writestr("xl/externalLinks/externalLink1.xml", b"<!DOCTYPE x>")
    assert numbers(read_file("../x.xlsm", buffer.getvalue())) == ["1001", "1002", "1003"]


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_ways_to_pack_that_excel_never_uses_are_refused(method: int) -> None:
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(changed(lambda sheet: None))) as old,
        zipfile.ZipFile(buffer, "w", method) as new,
    ):
        for name in old.namelist():
            new.writestr(name, old.read(name))
    assert "The workbook is damaged" in refusal(buffer.getvalue())


def test_a_second_row_of_headings_costs_itself_only() -> None:
    source = read_file("x", changed(lambda sheet: None, line(), {NUMBER: NUMBER}, LINES[1]))
    assert numbers(source) == ["1001", "1002"]
    assert {refused.row for refused in source.refused} == {3}
