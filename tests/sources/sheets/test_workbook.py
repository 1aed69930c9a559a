"""Files: recognised by what they hold; each that cannot be imported gets one clear sentence."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.styles import NamedStyle

from so24.errors import UnreadableFile
from so24.sources.sheets.cells.cell import Cell
from so24.sources.sheets.spreadsheet import read_sheets
from so24.sources.sheets.tables import Sheet
from so24.sources.sheets.which_table import find_table
from so24.sources.sheets.xlsx_cells import A_FORMULA
from tests.sources.report_files import (
    as_csv,
    as_grid,
    as_report,
    as_workbook,
    customer,
    line,
    read_file,
)

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def only_sheet(content: bytes, name: str = "file.xlsx") -> Sheet:
    (sheet,) = read_sheets(name, content, megabytes=20)
    return sheet


def change_part(content: bytes, path: str, pattern: bytes, replacement: bytes) -> bytes:
    """The workbook with one of its parts edited."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(buffer, "w") as new:
        for item in old.infolist():
            data = old.read(item)
            if item.filename == path:
                data, count = re.subn(pattern, replacement, data)
                assert count
            new.writestr(item.filename, data)
    return buffer.getvalue()


def zipped(name: str, content: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "It is empty."),
        (b"\x89PNG\r\n\x1a\n\0\0\0", "neither an Excel workbook"),
        (b"%PDF-1.7\n%\x81\x81\n", "neither an Excel workbook"),
        (b"PK\x03\x04 broken", "damaged"),
        (zipped("[Content_Types].xml", b"<x/>"), "neither an Excel workbook"),
        (zipped("xl/workbook.xml", b"<oops"), "damaged"),
        (OLE + b"\0" * 512, "old Excel file"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "protected by a password"),
        (b"a;b;c\n1;2;3\n", "no headings"),
        (as_workbook({"Empty": []}), "no headings"),
        (as_workbook({"Other": [["No.", "Type", "Credit account"]]}), "no headings"),
    ],
)
def test_a_file_that_cannot_be_imported_gets_one_sentence(content: bytes, sentence: str) -> None:
    with pytest.raises(UnreadableFile, match=sentence) as caught:
        read_file("report.xlsx", content)
    assert str(caught.value).startswith("report.xlsx cannot be imported. ")


def test_a_file_beyond_the_size_limit_is_refused() -> None:
    with pytest.raises(UnreadableFile, match="larger than 1 MB"):
        read_sheets("x.csv", b"a" * 1_000_001, megabytes=1)


def test_a_small_file_that_unfolds_to_a_huge_one_is_refused() -> None:
    bomb = as_report(line())
    bomb = change_part(bomb, "xl/worksheets/sheet1.xml", b"</worksheet>", b" " * 11_000_000)
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(bomb)) as old,
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for item in old.infolist():
            new.writestr(item.filename, old.read(item))
    assert len(packed.getvalue()) < 100_000
    with pytest.raises(UnreadableFile, match="unfolds to more data"):
        read_sheets("x.xlsx", packed.getvalue(), megabytes=1)


def test_a_workbook_with_a_document_type_is_refused() -> None:
    trap = b'<!DOCTYPE a [<!ENTITY e "boom">]><worksheet'
    content = change_part(as_report(line()), "xl/worksheets/sheet1.xml", b"<worksheet", trap)
    with pytest.raises(UnreadableFile, match="declares a document type or entities"):
        read_sheets("x.xlsx", content, megabytes=1)


def test_a_report_without_a_needed_column_says_which() -> None:
    grid = as_grid([line()], without=["Price", "Department", "Department no."])
    with pytest.raises(UnreadableFile, match=r"no column “Price”, “Department no\.”"):
        read_file("x.xlsx", as_workbook({"Invoices": grid}))


def test_the_headings_may_stand_below_a_title_and_in_any_order() -> None:
    headings, row = as_grid([line()])
    grid = [["Economy report"], [], ["Printed", "22.11.2026"], headings[::-1], row[::-1]]
    (document,) = read_file("x.xlsx", as_workbook({"S": grid})).documents
    assert (document.number, document.lines[0].net) == ("1001", Decimal("3093.75"))
    assert document.lines[0].row == 5


@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_csv_files_come_in_all_common_writings(separator: str, encoding: str) -> None:
    row = line({"Company": "Bjørkelund, Bygg; AS", "Price": "412,50", "Sum excl. VAT": "3 093,75"})
    source = read_file("x.csv", as_csv(as_grid([row]), separator, encoding))
    (document,) = source.documents
    assert document.customer_name == "Bjørkelund, Bygg; AS"
    assert document.lines[0].net == Decimal("3093.75")


def test_norwegian_headings_and_aliases_are_known() -> None:
    names = {
        "Invoice no. / Credit note no.": "FAKTURANUMMER",
        "Date": "Dato",
        "Quantity": "Antall",
        "Price": "Pris",
        "Sum excl. VAT": "Sum eks. mva",
        "VAT %": "MVA %",
        "Customer no.": "Kundenr",
        "Company": "Firma",
        "Department no.": "Avdelingsnr.",
        "Department": "Avdeling",
        "Product no.": "Produktnr.",
    }
    row = {names.get(name, name): value for name, value in line().items()}
    row["Fakturadato"] = "22.11.2026"
    (document,) = read_file("x.xlsx", as_report(row)).documents
    assert document.invoice_date == dt.date(2026, 11, 22)
    assert (document.department_name, document.lines[0].product_number) == ("Oslo", "1003")


@pytest.mark.parametrize(
    ("headings", "field"),
    [
        (["Customer no.", "Name", "Org. no.", "Zip", "E-mail"], "invoice_email"),
        (["Kundenr.", "Navn", "Organisasjonsnummer", "Postnr.", "E-post"], "invoice_email"),
        (["Customer number", "Company", "E-mail", "Invoice e-mail"], "invoice_email"),
    ],
)
def test_the_customers_list_is_recognised_by_its_aliases(headings: list[str], field: str) -> None:
    table = find_table(only_sheet(as_workbook({"S": [headings]})))
    assert table is not None
    assert table.columns[field] == len(headings) - 1  # the more telling heading wins


def test_numbers_of_a_workbook_are_read_without_binary_noise() -> None:
    values: list[object] = [0.1 + 0.2, 1234.565, 773.44000000000005, 1e15, -0.5, 1001]
    sheet = only_sheet(as_workbook({"S": [values]}))
    expected = ["0.3", "1234.565", "773.44", "1E+15", "-0.5", "1001"]
    assert list(sheet.rows[0].cells) == [Decimal(text) for text in expected]


def test_dates_and_percentages_are_told_by_their_format() -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    values: list[tuple[dt.date | float, str]] = [
        (dt.date(2026, 11, 22), "dd.mm.yyyy"),
        (dt.datetime(2026, 11, 22, 13, 45, tzinfo=None), "yyyy-mm-dd hh:mm"),  # noqa: DTZ001 - a workbook has no zones
        (0.25, "0 %"),
        (1234.5, '#,##0.00 "kr";[Red]-#,##0.00 "dager"'),
    ]
    for column, (value, style) in enumerate(values, 1):
        sheet.cell(1, column, value).style = NamedStyle(f"s{column}", number_format=style)
    buffer = io.BytesIO()
    book.save(buffer)
    cells = only_sheet(buffer.getvalue()).rows[0].cells
    day = dt.date(2026, 11, 22)
    expected: list[Cell] = [day, day, "25.00 %", Decimal("1234.5")]
    assert list(cells) == expected


def test_a_formula_is_refused_whatever_value_stands_beside_it() -> None:
    without = as_report(line({"Sum excl. VAT": "=7.5*412.5"}), sheet="Invoices")
    pattern = rb"(<f>7.5\*412.5</f>)<v ?/>|(<f>7.5\*412.5</f>)<v></v>"
    kept = change_part(without, "xl/worksheets/sheet1.xml", pattern, rb"<f>7.5*412.5</f><v>0</v>")
    for content in (without, kept):
        source = read_file("x.xlsx", content)
        assert source.documents == ()
        (refused,) = source.refused
        assert (refused.sheet, refused.row, refused.column) == ("Invoices", 2, "Sum excl. VAT")
        assert refused.reason == A_FORMULA


GOOD = as_report(line(), line(number="1002"))


@given(start=st.integers(0, len(GOOD) - 1), length=st.integers(1, 40), put=st.binary(max_size=40))
def test_a_damaged_file_is_never_more_than_a_sentence(start: int, length: int, put: bytes) -> None:
    damaged = GOOD[:start] + put + GOOD[start + length :]
    try:
        source = read_file("x.xlsx", damaged)
    except UnreadableFile:
        return
    assert {document.number for document in source.documents} == {"1001", "1002"}


def test_one_file_may_hold_lines_and_customers() -> None:
    content = as_workbook({"Lines": as_grid([line()]), "Customers": as_grid([customer()])})
    source = read_file("x.xlsx", content)
    assert (len(source.documents), len(source.customers)) == (1, 1)
    assert source.kind == "customers and invoice lines"


@pytest.mark.parametrize("row", [line(), customer()])
def test_a_file_with_headings_but_no_rows_is_no_import(row: dict[str, Any]) -> None:
    headings, _ = as_grid([row])
    blank = [""] * len(headings)
    for content in (as_csv([headings], ";", "utf-8"), as_workbook({"S": [headings, blank]})):
        with pytest.raises(UnreadableFile, match=r"^x cannot be imported\. It has headings but no"):
            read_file("x", content)


def test_one_sheet_without_rows_does_not_keep_the_others_out() -> None:
    headings, row = as_grid([line()])
    content = as_workbook({"Invoices": [headings, row], "Credit notes": [headings]})
    assert len(read_file("x.xlsx", content).documents) == 1
