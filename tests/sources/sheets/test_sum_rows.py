"""Rows that are no lines: sums, footers and headings are set aside, and a line never is."""

from __future__ import annotations

from typing import Any

import pytest

from so24.errors import UnreadableFile
from so24.sources.documents.documents import SourceFile
from tests.sources.report_files import (
    NUMBER,
    as_csv,
    as_grid,
    as_workbook,
    customer,
    line,
    read_file,
)

Row = dict[str, Any]
FIRST = line({"VAT": "773.44", "Sum incl. VAT": "3867.19"})
SECOND = FIRST | {NUMBER: "1002", "Customer no.": "5002", "Company": "Fjordbygg AS"}
EMPTY: Row = dict.fromkeys(FIRST, "")
BOTH = {"Sum excl. VAT": "6187.50", "VAT": "1546.88", "Sum incl. VAT": "7734.38"}
ONE = {"Sum excl. VAT": "3093.75", "VAT": "773.44", "Sum incl. VAT": "3867.19"}


def read(*rows: Row) -> SourceFile:
    """The rows as a workbook and as a CSV file, which are read alike."""
    grid = as_grid(rows)
    source = read_file("S", as_workbook({"S": grid}))
    same = read_file("S", as_csv(grid, ";", "utf-8"))
    assert (source.documents, source.refused) == (same.documents, same.refused)
    return source


def numbers(source: SourceFile) -> list[str]:
    return [document.number for document in source.documents]


@pytest.mark.parametrize(
    "row",
    [
        {NUMBER: "Total"},
        {NUMBER: "TOTALT:"},
        {NUMBER: "Sum", "Currency": "NOK"},
        {NUMBER: "Grand total", "Quantity": "15"},
        {"Company": "Totalsum"},
        {"Article": "Sum"},
        {"Article": "Sum for november"},
        {"Date": "I alt"},
        {"Department": "Sum total", "Currency": "NOK"},
        {NUMBER: "Til sammen"},
        {NUMBER: "Razem"},
        {NUMBER: "Итого:"},
        {NUMBER: "Σ"},
        {NUMBER: "Overført", "Department": "Oslo"},  # no word for a sum: it is one by its amounts
        {NUMBER: "Jumlah besar"},
        {NUMBER: "Total", "Company": "2 invoices"},
        {},
        {"Currency": "NOK"},
    ],
)
def test_a_row_of_sums_is_left_out_with_one_note_and_agrees(row: Row) -> None:
    source = read(FIRST, SECOND, EMPTY | BOTH | row)
    assert (numbers(source), source.refused) == (["1001", "1002"], ())
    (note,) = source.warnings
    assert note.startswith("Row 4 (“")
    assert note.endswith("left out. The sums agree with the documents.")


@pytest.mark.parametrize(
    "cells", [("Sum", "2"), ("Antall kunder", "2"), ("Total", "Customers"), ("Totalt", "")]
)
def test_a_count_below_a_list_of_customers_is_none_of_them(cells: tuple[str, str]) -> None:
    grid = as_grid([customer()])
    grid.append([*cells, *[""] * (len(grid[0]) - 2)])
    source = read_file("S", as_csv(grid, ";", "utf-8"))
    assert ([each.number for each in source.customers], source.refused) == (["5001"], ())
    assert source.warnings[0].startswith(f"Row 3 (“{cells[0]}”) of the sheet “S” is a sum")


@pytest.mark.parametrize(
    "cells", [("ACME", "Sum AS"), ("5003", "Totalt AS"), ("5004", "Sum"), ("KUNDE", "2")]
)
def test_a_customer_whose_name_has_such_a_word_is_one(cells: tuple[str, str]) -> None:
    grid = as_grid([customer()])
    grid.append([*cells, *[""] * (len(grid[0]) - 2)])
    source = read_file("S", as_csv(grid, ";", "utf-8"))
    assert [each.number for each in source.customers] == ["5001", cells[0]]


def test_two_headings_of_a_second_list_are_not_a_customer() -> None:
    grid = as_grid([customer()])
    grid += [["Customer no.", "Company", "Turnover"], ["5001", "Nordvik Logistikk AS", "7"]]
    with pytest.raises(UnreadableFile, match="has a second table: row 3 has other headings"):
        read_file("S", as_csv(grid, ";", "utf-8"))


HEADINGS = dict(zip(FIRST, FIRST, strict=True))


def test_a_report_that_is_appended_to_itself_doubles_no_document() -> None:
    third = FIRST | {NUMBER: "1003"}
    source = read(FIRST, FIRST, SECOND, HEADINGS, FIRST, FIRST, SECOND, third)
    assert numbers(source) == ["1003"]
    assert {each.row for each in source.refused} == {2, 3, 4, 6, 7, 8}
    assert source.refused[0].reason == (
        "1001 has the same lines above and below the headings that stand again in row 5; "
        "delete the copy, or those headings if all of these are its lines"
    )


def test_a_report_that_follows_itself_without_headings_doubles_no_document() -> None:
    third = FIRST | {NUMBER: "1003"}
    for copies in (2, 3):
        source = read(*[FIRST, FIRST, SECOND, SECOND | {"Article": "Kveld"}] * copies, third)
        assert numbers(source) == ["1003"]
        assert len(source.refused) == 4 * copies
        assert source.refused[0].reason == (
            "1001 and other documents of the sheet have the same lines once more from row 6; "
            "delete the copy, or put the rows of each document together if all of these are its "
            "lines"
        )


def test_reports_that_overlap_double_no_document() -> None:
    days = [FIRST | {NUMBER: str(number)} for number in (1001, 1002, 1003, 1004)]
    source = read(*days[:3], *days[1:])
    assert numbers(source) == ["1001", "1004"]
    assert {each.row for each in source.refused} == {3, 4, 5, 6}


@pytest.mark.parametrize(
    "rows",
    [
        (FIRST, FIRST, SECOND, SECOND),  # together
        (FIRST, SECOND, FIRST),  # one alone
        (FIRST, SECOND, FIRST | {"Date": "19.11.2026"}, SECOND | {"Date": "19.11.2026"}),
        (FIRST, SECOND, FIRST, SECOND | {"Article": "Kveld"}),
        (FIRST, FIRST | {"Article": "Kveld"}, SECOND, FIRST, SECOND),
    ],
)
def test_lines_of_a_document_may_stand_apart_and_may_be_alike(rows: tuple[Row, ...]) -> None:
    source = read(*rows)
    assert (numbers(source), source.refused) == (["1001", "1002"], ())
    assert sum(len(document.lines) for document in source.documents) == len(rows)


def test_a_document_goes_on_below_the_headings_of_the_next_page() -> None:
    more = FIRST | {"Article": "Helgevakt uke 48"}
    source = read(FIRST, FIRST, HEADINGS, FIRST, more, HEADINGS, SECOND)
    assert (numbers(source), source.refused) == (["1001", "1002"], ())
    assert [len(document.lines) for document in source.documents] == [4, 1]


@pytest.mark.parametrize(
    "row",
    [
        {"Sum excl. VAT": "6187.50", "Quantity": "15", "Price": "825"},
        {"Sum excl. VAT": "6187.50", "Quantity": "15", "Price": "825", "VAT %": "50"},
        {**BOTH, "Quantity": "15"},
    ],
)
def test_sums_of_every_column_need_no_word(row: Row) -> None:
    source = read(FIRST, SECOND, EMPTY | row)
    assert (numbers(source), source.refused) == (["1001", "1002"], ())
    (note,) = source.warnings
    assert "Row 4 (“a sum without a name”)" in note


def test_a_sum_of_vat_that_no_line_states_may_stand_beside_the_others() -> None:
    bare = [{**each, "VAT": "", "Sum incl. VAT": ""} for each in (FIRST, SECOND)]
    source = read(*bare, EMPTY | BOTH)
    assert (numbers(source), source.refused) == (["1001", "1002"], ())


@pytest.mark.parametrize(
    "row", [{"Sum excl. VAT": "6187.49"}, {"VAT %": "25", "Sum excl. VAT": "6187.50"}]
)
def test_amounts_that_are_nobodys_are_one_complaint_with_a_way_on(row: Row) -> None:
    source = read(FIRST, SECOND, EMPTY | row)
    assert numbers(source) == ["1001", "1002"]
    (refused,) = source.refused
    assert (refused.row, refused.column) == (4, "")
    assert "if it is a sum, write “Total” before it or leave it out" in refused.reason


@pytest.mark.parametrize("name", ["Sum excl. VAT", "VAT", "Price", "Quantity", "VAT %"])
@pytest.mark.parametrize("label", ["", "Total"])
def test_an_amount_beyond_all_is_no_sum(name: str, label: str) -> None:
    source = read(FIRST, SECOND, EMPTY | {"Company": label, name: "9" * 60})
    assert set(numbers(source)) <= {"1001", "1002"}
    assert source.refused or source.warnings


@pytest.mark.parametrize("sign", ["-----", "—", "* * *", "_____"])
def test_a_rule_between_lines_and_sums_is_no_row(sign: str) -> None:
    source = read(FIRST, SECOND, EMPTY | {NUMBER: sign, "Sum excl. VAT": sign}, EMPTY | BOTH)
    assert (numbers(source), source.refused) == (["1001", "1002"], ())


def test_a_label_in_a_column_that_nobody_knows_is_one_too() -> None:
    rows = [each | {"Employment": "Timelønn"} for each in (FIRST, SECOND)]
    source = read(*rows, EMPTY | BOTH | {"Employment": "Total"})
    assert (numbers(source), source.refused) == (["1001", "1002"], ())
    assert len(source.warnings) == 2, "the note of the sums, and the column that is not read"


@pytest.mark.parametrize(
    ("name", "number"),
    [("Sum Nordvik Logistikk AS", ""), ("Nordvik Logistikk AS Totalt", "5001"), ("", "5001 Total")],
)
def test_subtotals_of_customers_and_a_total_are_one_note(name: str, number: str) -> None:
    one = EMPTY | {"Sum excl. VAT": "6187.50", "Company": name, "Customer no.": number}
    two = EMPTY | ONE | {"Company": "Sum Fjordbygg AS"}
    whole = EMPTY | {"Sum excl. VAT": "9281.25", NUMBER: "Grand total"}
    source = read(FIRST, FIRST, one, SECOND, two, whole)
    assert (numbers(source), source.refused) == (["1001", "1002"], ())
    (note,) = source.warnings
    assert "Rows 4 (" in note
    assert "7 (“Grand total”)" in note
    assert note.endswith("The sums agree with the documents.")


def test_subtotals_of_documents_and_departments_of_two_levels_agree() -> None:
    def total(label: str, net: str) -> Row:
        return EMPTY | {NUMBER: label, "Sum excl. VAT": net}

    bergen = SECOND | {"Department no.": "20", "Department": "Bergen"}
    third = FIRST | {NUMBER: "1003"}
    source = read(
        FIRST, FIRST, total("1001 Total", "6187.50"), third, total("1003 Total", "3093.75"),
        total("Sum Oslo", "9281.25"), bergen, total("1002 Total", "3093.75"),
        total("Sum Bergen", "3093.75"), total("Total", "12375.00"),
    )  # fmt: skip
    assert numbers(source) == ["1001", "1003", "1002"]
    (note,) = source.warnings
    assert note.endswith("The sums agree with the documents.")


@pytest.mark.parametrize(
    "row",
    [
        {NUMBER: "Generated by RecMan 22.11.2026 10:15"},
        {NUMBER: "Generert", "Date": "22.11.2026", "Quantity": ""},
        {"Article": "Page 1 of 3"},
        {NUMBER: "Side 2"},
        {"Company": "2/3"},
        {NUMBER: "- 1 av 3 -"},
        {NUMBER: "Skrevet ut: 22.11.2026", "Company": "Kari"},
        {NUMBER: "© RecMan AS"},
        {NUMBER: "Antall linjer: 2"},
        {NUMBER: "Antall linjer", "Quantity": 2},
        {NUMBER: "Periode: 01.11.2026 - 30.11.2026"},
        {NUMBER: "Avdeling: 10 Oslo"},
        {NUMBER: "Total"},
        {NUMBER: "Merk: alle beløp er i norske kroner"},
        {NUMBER: "Spørsmål? Ring 22 33 44 55 eller skriv til oss"},
        dict(zip(FIRST, FIRST, strict=True)),
    ],
)
def test_footers_and_headings_again_are_left_out_wherever_they_stand(row: Row) -> None:
    for rows in ((FIRST, SECOND, EMPTY | row), (FIRST, EMPTY | row, SECOND)):
        source = read(*rows)
        assert (numbers(source), source.refused) == (["1001", "1002"], ())
        (note,) = source.warnings
        what = "the headings again" if NUMBER in row.values() else "a sum or a footer"
        assert note.endswith(f"of the sheet “S” is {what}: left out.")


def test_what_nobody_sees_is_no_row() -> None:
    content = as_csv(as_grid([FIRST]), ";", "utf-8") + b"\x1a"
    source = read_file("S", content)
    assert (numbers(source), source.refused, source.warnings) == (["1001"], (), ())


@pytest.mark.parametrize(
    "row",
    [
        FIRST | {NUMBER: "", "Article": "Sum overtid"},  # a line that lost its number
        FIRST | {NUMBER: "", "Customer no.": "", "Product": "Total"},
        FIRST | {NUMBER: "", "Product no.": "", "Article": "Total", "VAT %": ""},
        FIRST | {"Price": "", "VAT %": "", "Article": "Sum"},  # it has its document's number
        FIRST | {"Customer no.": "", "Price": "", "VAT %": "", "Product no.": ""},
        EMPTY | {NUMBER: "1001", "Article": "Total", "Sum excl. VAT": "3093.75"},
        EMPTY | {"Article": "Rabatt", "Sum excl. VAT": "-500"},
        EMPTY | {"Article": "Sum rabatt", "Customer no.": "5001", "Sum excl. VAT": "-500"},
        EMPTY | {"Sum excl. VAT": "3093.75"},  # one line alone proves nothing
        EMPTY | {"Sum excl. VAT": "6187.51"},
        EMPTY | {"Product no.": "1003", "Sum excl. VAT": "6187.50"},
        EMPTY | {NUMBER: "10"},  # a line cut off within its number
        EMPTY | {"Company": "Sidevogn AS"},
        EMPTY | {NUMBER: "Overført", "Sum excl. VAT": "6187.51"},
        EMPTY | {NUMBER: "A1", "Sum excl. VAT": "6187.50"},
        EMPTY | {NUMBER: "Overført", "Sum excl. VAT": "6187.50", "Customer no.": "5001"},
        EMPTY | {NUMBER: "Overført", "Sum excl. VAT": "6187.50", "VAT %": "25"},
        EMPTY | {NUMBER: "Faktura nr. 1003"},
        EMPTY | {NUMBER: "Kreditnota"},
        EMPTY | {NUMBER: NUMBER},
        EMPTY | {"Article": "Total", "Quantity": "7.5", "Price": "412.50",
                 "Sum excl. VAT": "3093.75"},
    ],
)  # fmt: skip
def test_what_may_be_a_line_is_never_taken_for_a_sum(row: Row) -> None:
    source = read(FIRST, row, SECOND)
    assert {refused.row for refused in source.refused} >= {3}
    assert source.warnings == ()


def test_a_line_whose_product_is_called_total_is_a_line() -> None:
    rows = [FIRST | {"Product": "Total", "Article": "Sum"}, SECOND | {"Company": "Total Sum AS"}]
    source = read(*rows)
    assert (numbers(source), source.refused, source.warnings) == (["1001", "1002"], (), ())


def test_a_program_that_sums_every_column_of_numbers_is_understood() -> None:
    row = EMPTY | {NUMBER: "Total", "Quantity": 15, "Price": 825, "Sum excl. VAT": "6187.50",
                   "VAT %": 50}  # fmt: skip
    source = read(FIRST, SECOND, row)
    assert (numbers(source), source.refused, len(source.warnings)) == (["1001", "1002"], (), 1)


def test_a_sum_that_is_a_formula_is_left_out_and_named_as_not_checked() -> None:
    row = EMPTY | {NUMBER: "Total", "Sum excl. VAT": "=SUBTOTAL(109,E2:E3)"}
    source = read_file("S", as_workbook({"S": as_grid([FIRST, SECOND, row])}))
    assert (numbers(source), source.refused) == (["1001", "1002"], ())
    (note,) = source.warnings
    assert note.endswith("no plain amount stands there (a formula, say): row 4.")


def test_lists_of_customers_and_credit_notes_have_footers_too() -> None:
    for footer in ("Total: 1", "Antall kunder: 1", "Eksportert 22.11.2026"):
        people = [customer(), dict.fromkeys(customer(), "") | {"Customer no.": footer}]
        source = read_file("S", as_workbook({"S": as_grid(people)}))
        assert [len(source.customers), len(source.refused), len(source.warnings)] == [1, 0, 1]
    credit = {"Credit note no.": "9001", "Invoice no.": "1001", "Customer no.": "5001",
              "Sum credit note": "100"}  # fmt: skip
    total = dict.fromkeys(credit, "") | {"Credit note no.": "Sum", "Sum credit note": "100"}
    source = read_file("S", as_workbook({"S": as_grid([credit, total])}))
    assert [len(source.credits), len(source.refused), len(source.warnings)] == [1, 0, 1]


def test_a_customer_that_is_called_sum_is_a_customer() -> None:
    people = [
        customer({"Company": "Sum AS"}),
        customer({"Customer no.": "", "Company": "Total AS"}),
    ]
    source = read_file("S", as_workbook({"S": as_grid(people)}))
    assert [each.name for each in source.customers] == ["Sum AS"]
    assert {refused.row for refused in source.refused} == {3}


SWAPPED = {"Quantity": "Price", "Price": "Quantity"}


@pytest.mark.parametrize(
    "names",
    [
        {name: SWAPPED.get(name, name) for name in FIRST},
        dict(zip(FIRST, [*list(FIRST)[1:], NUMBER], strict=True)),
        dict(zip(FIRST, ["Customer no.", "Company", "City", *[""] * len(FIRST)], strict=False)),
    ],
)
def test_a_second_table_with_other_headings_below_refuses_the_file(names: Row) -> None:
    below = [dict(zip(FIRST, names.values(), strict=False)), SECOND]
    for content in (as_workbook({"S": as_grid([FIRST, *below])}),
                    as_csv(as_grid([FIRST, *below]), ";", "utf-8")):  # fmt: skip
        with pytest.raises(UnreadableFile, match="“S” has a second table: row 3 has other"):
            read_file("S", content)
