"""Files that nobody here wrote, where they are at hand: each comes in, or gets the right sentence.

They are third parties' and stand outside of the repository; the folder is ``SO24_CASES``.
"""

from __future__ import annotations

import os
from decimal import Decimal
from pathlib import Path

import pytest

from so24.errors import UnreadableFile
from tests.sources.report_files import read_file

CASES = Path(os.environ.get("SO24_CASES", Path(__file__).resolve().parents[3] / "shared" / "cases"))
FILES = CASES / "files"
# three invoices of one small report, in many forms: their numbers and sums without VAT
REPORT = {"1001": "29295.52", "1002": "104.97", "1003": "1000.00"}
WHOLE = (
    "068-absolute-rel-targets.xlsx",
    "090-preamble-25-rows-above-headings.xlsx",
    "094-headings-with-soft-hyphen.xlsx",
    "118-Norwegian-headings-ekskl-MVA-.xlsx",
    "150-csv-excel-1001-text-trick.csv",
)
TOLD = {  # what the sentence says of files that cannot come in
    "159-html-as-xls.xls": "It is a web page; export the report as .xlsx, or open it in Excel",
    "inlineStr-with-value-calamine.xlsx": "It has no headings of RecMan's Invoice lines report",
}

pytestmark = pytest.mark.skipif(not FILES.is_dir(), reason="the files are not at hand")


def nets(name: str) -> dict[str, str]:
    source = read_file(name, (FILES / name).read_bytes())
    assert source.refused == ()
    return {each.number: str(each.net.quantize(Decimal("0.01"))) for each in source.documents}


@pytest.mark.parametrize("name", WHOLE)
def test_the_report_comes_in_to_the_ore_and_without_a_word(name: str) -> None:
    assert nets(name) == REPORT
    assert read_file(name, (FILES / name).read_bytes()).warnings == ()


def test_a_row_of_sums_is_one_note() -> None:
    name = "005-xlsxwriter-table-with-totals-row-Total-in-number-column-.xlsx"
    assert nets(name) == REPORT
    (note,) = read_file(name, (FILES / name).read_bytes()).warnings
    assert note.startswith("Row 6 (“Total”) of the sheet “Invoice lines” is a sum or a footer")


def test_dressed_numbers_are_the_numbers_or_are_refused() -> None:
    source = read_file("x.csv", (FILES / "dressed-numbers.csv").read_bytes())
    assert [each.number for each in source.documents] == ["1011", "1012"]
    assert {each.row for each in source.refused} == {5, 6, 7}


@pytest.mark.parametrize("name", TOLD)
def test_what_is_no_report_gets_the_sentence_that_helps(name: str) -> None:
    with pytest.raises(UnreadableFile) as caught:
        read_file(name, (FILES / name).read_bytes())
    assert TOLD[name] in str(caught.value)
