"""A workbook that is given away has amounts, dates and texts as what they are."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from so24.ui.parts.workbooks import write_workbook

MOMENT = dt.datetime(2026, 7, 1, 22, 30, 5, tzinfo=dt.UTC)


def cells(content: bytes) -> list[list[object]]:
    """What the sheet has, row by row, headings first."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book.active is not None
    return [[cell.value for cell in row] for row in book.active.iter_rows()]


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Receipt", "Receipt"),
        ("refused-lines[1].xlsx", "refused-lines 1 .xlsx"),
        ("'a'", "a"),
        ("\u202e?*/", "\\u202e".replace("\\", " ")),
        ("x" * 40, "x" * 31),
        ("[]", "Rows"),
    ],
)
def test_a_sheet_is_named_as_far_as_excel_takes_the_title(title: str, name: str) -> None:
    book = openpyxl.load_workbook(io.BytesIO(write_workbook([{"Number": "1"}], title)))
    assert book.sheetnames == [name.strip()]


def test_every_kind_of_value_is_what_it_is() -> None:
    content = write_workbook(
        [
            {
                "Number": "0101",
                "Total": Decimal("-12063.86"),
                "Order": 4711,
                "Invoice date": dt.date(2026, 11, 30),
                "Changed": MOMENT,
                "Note": None,
            }
        ],
        "Receipt",
    )
    heading, row = cells(content)
    assert heading == ["Number", "Total", "Order", "Invoice date", "Changed", "Note"]
    assert row[0] == "0101"
    assert row[1:3] == [-12063.86, 4711]
    assert [str(each) for each in row[3:]] == ["2026-11-30 00:00:00", "2026-07-02 00:30:05", "None"]


@pytest.mark.parametrize("text", ["=1+1", "+47 900", "@SUM(A1)", "-2", "https://example.com", "12"])
def test_a_text_never_becomes_a_formula_a_link_or_a_number(text: str) -> None:
    content = write_workbook([{text: text}], "Sheet")
    for [value] in cells(content):
        assert isinstance(value, str)
        assert value.lstrip("'") == text
    names = zipfile.ZipFile(io.BytesIO(content)).namelist()
    assert not [name for name in names if "rels/sheet" in name]


@settings(max_examples=30)
@given(st.decimals(min_value=-(10**11), max_value=10**11, places=2))
def test_an_amount_is_written_to_the_oere(amount: Decimal) -> None:
    content = write_workbook([{"Total": amount}], "Sheet")
    sheet = zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml").decode()
    written = sheet.split("<v>")[-1].split("</v>")[0]
    assert Decimal(written) == amount


def test_without_rows_there_is_an_empty_sheet() -> None:
    assert cells(write_workbook([], "Sheet")) in ([], [[None]])
