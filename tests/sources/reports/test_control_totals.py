"""Sums that a report states are held against its documents; what differs is told with both."""

from __future__ import annotations

import time
from typing import Any

import pytest

from so24.installation import Installation
from so24.people.desk import Desk
from so24.people.roles import Actor
from so24.sources.documents.documents import SourceFile
from so24.sources.import_reports import list_imports, read_report
from so24.sources.intake import import_files
from so24.store.people.audit import LogFilter
from tests.sources.acts import bring, counts
from tests.sources.report_files import NUMBER, as_csv, as_grid, as_workbook, line, read_file

Row = dict[str, Any]
FIRST = line({"VAT": "773.44", "Sum incl. VAT": "3867.19"})
SECOND = FIRST | {NUMBER: "1002", "Customer no.": "5002", "Company": "Fjordbygg AS"}
EMPTY: Row = dict.fromkeys(FIRST, "")


def read(*rows: Row, sheet: str = "S") -> SourceFile:
    return read_file("x", as_workbook({sheet: as_grid(rows)}))


def total(net: object, label: str = "Total", **more: object) -> Row:
    return EMPTY | {NUMBER: label, "Sum excl. VAT": net} | more


def with_sums_of_each(documents: int, net: str) -> list[Row]:
    numbers = [str(number) for number in range(10_000, 10_000 + documents)]
    return [row for number in numbers
            for row in (FIRST | {NUMBER: number}, total(net, label=f"Sum {number}"))]  # fmt: skip


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def test_a_sum_that_differs_is_told_with_both_amounts() -> None:
    source = read(FIRST, SECOND, total("6187.51"))
    assert ([each.number for each in source.documents], source.refused) == (["1001", "1002"], ())
    note, told = source.warnings
    assert note == "Row 4 (“Total”) of the sheet “S” is a sum or a footer: left out."
    assert plain(told) == (
        "Row 4 of the sheet “S” (“Total”) states 6 187,51 as Sum excl. VAT, and the documents that "
        "were read have 6 187,50."
    )


def test_each_column_of_amounts_is_checked() -> None:
    for column, words in (("VAT", "1 546,89 as VAT"), ("Sum incl. VAT", "1 546,89 as Sum incl.")):
        source = read(FIRST, SECOND, total("6187.50") | {column: "1546.89"})
        assert words in plain(source.warnings[1])


def test_documents_that_were_refused_are_told_with_what_they_have_of_the_difference() -> None:
    source = read(FIRST, SECOND | {"Quantity": "?"}, total("6187.50"))
    assert [each.number for each in source.documents] == ["1001"]
    assert plain(source.warnings[1]).endswith(
        "states 6 187,50 as Sum excl. VAT, and the documents that were read have 3 093,75. "
        "Refused, and not in that, is 1002 with 3 093,75, so far as it could be read."
    )


def test_a_sum_over_two_sheets_of_one_report_is_checked_on_each() -> None:
    credit = FIRST | {NUMBER: "9001", "Quantity": "-7.5", "Sum excl. VAT": "-3093.75",
                      "VAT": "-773.44", "Sum incl. VAT": "-3867.19"}  # fmt: skip
    sheets = {
        "Both": as_grid([FIRST, credit, total("0")]),
        "Invoices": as_grid([FIRST, total("3093.75")]),
        "Credit notes": as_grid([credit, total("-3093.75")]),
    }
    source = read_file("x", as_workbook(sheets))
    assert (len(source.documents), source.refused) == (2, ())
    assert [each.endswith("agree with the documents.") for each in source.warnings] == [True] * 3


def test_the_sum_of_a_customer_is_not_that_of_another() -> None:
    source = read(FIRST, SECOND, total("100", label="Sum Fjordbygg AS"), total("6187.50"))
    assert "(“Sum Fjordbygg AS”) states 100,00" in source.warnings[1]
    assert plain(source.warnings[1]).endswith("have 3 093,75.")


def test_not_more_than_ten_differences_of_a_sheet_are_told() -> None:
    source = read(*with_sums_of_each(12, "1"))
    assert len(source.documents) == 12
    assert len(source.warnings) == 12
    assert source.warnings[-1] == "… and 2 more of its sums differ."


@pytest.mark.slow
def test_thousands_of_sums_are_checked_in_the_time_of_a_few() -> None:
    content = as_csv(as_grid(with_sums_of_each(2_000, "3093.75")), ";", "utf-8")
    begun = time.process_time()
    source = read_file("S.csv", content)
    assert (
        time.process_time() - begun < 5
    )  # by adding up all lines for each it takes ten times that
    assert (len(source.documents), source.refused, len(source.warnings)) == (2_000, (), 1)


def test_the_report_of_the_import_keeps_the_note_and_the_difference(
    installation: Installation, finance: Actor
) -> None:
    report = bring(installation, finance, FIRST, SECOND, total("1"))
    assert (counts(report), report.rows_refused, len(report.warnings)) == ((2, 0, 0, 0), 0, 2)
    (past,), _ = list_imports(Desk(installation, finance), LogFilter())
    _, kept = read_report(Desk(installation, finance), past.import_id)
    assert kept.warnings == report.warnings


def test_rows_refused_counts_rows_and_not_their_cells(
    installation: Installation, finance: Actor
) -> None:
    bad = line({"Price": "?", "Quantity": "?", "VAT %": "?"}, number="1002")
    grid = as_grid([line(), bad, bad])
    desk = Desk(installation, finance)
    (report,) = import_files(desk, [("x.csv", as_csv(grid, ";", "utf-8"))])
    assert (len(report.refused), report.rows_refused) == (6, 2)
    (past,), _ = list_imports(desk, LogFilter())
    assert past.refused == read_report(desk, past.import_id)[1].rows_refused == 2
