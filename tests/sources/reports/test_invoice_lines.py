"""The Invoice lines report: rows become documents of the right kind, or are refused by name."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest

from so24.sources.documents.documents import SourceFile
from so24.sources.sheets.xlsx_cells import A_FORMULA
from so24.store.tables.document_tables import DocumentKind
from tests.sources.report_files import (
    NUMBER,
    Row,
    as_csv,
    as_grid,
    as_report,
    as_workbook,
    line,
    read_file,
)

INVOICE, CREDIT_NOTE = DocumentKind.INVOICE, DocumentKind.CREDIT_NOTE


def read(content: bytes, name: str = "report.xlsx") -> SourceFile:
    return read_file(name, content)


def kinds(source: SourceFile) -> dict[str, DocumentKind]:
    return {document.number: document.kind for document in source.documents}


def credit(number: str = "9001", sign: str = "-") -> dict[str, Any]:
    return line({"Quantity": f"{sign}1", "Sum excl. VAT": f"{sign}412.50"}, number=number)


@pytest.mark.parametrize("column", [NUMBER, "Customer no."])
def test_a_number_that_cannot_be_read_is_not_called_empty_besides(column: str) -> None:
    (refused,) = read(as_report(line({column: "=1000+1"}))).refused
    assert (refused.column, refused.reason) == (column, A_FORMULA)


def test_what_a_row_lacks_is_told_at_once_for_it_may_be_no_line() -> None:
    note = dict.fromkeys(line(), "") | {NUMBER: "X7", "Date": "when?"}
    told = [(each.row, each.column, each.reason) for each in read(as_report(line(), note)).refused]
    lacking = ("Customer no.", "Department no.", "Currency", "Price", "Sum excl. VAT", "Quantity")
    words = ", ".join(f"“{each}”" for each in lacking)
    assert told[0] == (
        3,
        "",
        f"lacks {words} and “VAT %”: leave it out if it is no line; else fill them in",
    )
    assert [each[1] for each in told[1:]] == ["Date"]


def test_of_a_department_without_numbers_the_row_lacks_its_name() -> None:
    grid = as_grid([line(), dict.fromkeys(line(), "") | {NUMBER: "X7"}], without=["Department no."])
    (told,) = read(as_workbook({"Invoice lines": grid})).refused
    assert told.reason.startswith("lacks “Customer no.”, “Department”, “Currency”, “Price”")


def test_a_currency_is_read_as_people_see_it_and_told_where_it_is_empty() -> None:
    (document,) = read(as_report(line({"Currency": "\uff25\uff35\uff32\u200b"}))).documents
    (refused,) = read(as_report(line({"Currency": ""}))).refused
    assert (document.currency, refused.reason) == ("EUR", "is empty")


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Invoice lines - credit notes", CREDIT_NOTE),
        ("Invoice lines (Credit notes)", CREDIT_NOTE),
        ("Fakturalinjer – kreditnotaer", CREDIT_NOTE),
        ("Invoice lines - invoices", INVOICE),
        ("Invoice lines", INVOICE),  # by the sign: it says neither
        ("Invoice lines and credit notes", INVOICE),
        ("Invoice lines & credit notes", INVOICE),
        ("Fakturalinjer og kreditnotaer", INVOICE),
        ("Fakturalinjer_og_kreditnotaer", INVOICE),
        ("Invoices + credit notes", INVOICE),
    ],
)
def test_a_sheet_of_the_report_says_its_kind_beside_the_reports_name(
    name: str, kind: DocumentKind
) -> None:
    # a sheet has no stroke in its name in Excel; a CSV file has what its own name has
    (document,) = read(
        as_csv(as_grid([line()]), ";", "utf-8"), f"{name.replace('/', '+')}.csv"
    ).documents
    assert document.kind is kind


@pytest.mark.parametrize("sign", ["-", ""])
@pytest.mark.parametrize(
    "names",
    [
        ("Invoices and credit notes", "Invoices", "Credit notes"),
        ("Both", "Invoices", "Credit notes"),
        ("Alle", "Fakturaer", "Kreditnotaer"),
        ("Invoice lines", "Invoice", "Credit note lines"),
    ],
)
def test_of_three_sheets_the_one_with_both_kinds_is_not_counted_twice(
    names: tuple[str, str, str], sign: str
) -> None:
    invoices = [line(), line({"Article": "Helgevakt uke 48"}), line(number="1002")]
    notes = [credit(sign=sign)]
    grids = map(as_grid, ([*invoices, *notes], invoices, notes))
    source = read(as_workbook(dict(zip(names, grids, strict=True))))
    assert kinds(source) == {"1001": INVOICE, "1002": INVOICE, "9001": CREDIT_NOTE}
    assert [len(document.lines) for document in source.documents] == [2, 1, 1]
    assert not any(document.held for document in source.documents)
    assert source.refused == ()


def test_three_sheets_with_names_that_say_nothing_are_not_counted_twice_either() -> None:
    invoices, notes = [line(), line(number="1002")], [credit()]
    grids = map(as_grid, ([*invoices, *notes], invoices, notes))
    source = read(as_workbook(dict(zip(("Ark1", "Ark2", "Ark3"), grids, strict=True))))
    assert kinds(source) == {"1001": INVOICE, "1002": INVOICE, "9001": CREDIT_NOTE}
    assert not any(document.held for document in source.documents)


def test_without_names_and_signs_on_several_sheets_a_person_decides() -> None:
    grids = map(as_grid, ([line(), credit(sign="")], [line()], [credit(sign="")]))
    source = read(as_workbook(dict(zip(("Ark1", "Ark2", "Ark3"), grids, strict=True))))
    assert len(source.documents) == 2
    assert all("invoice or a credit note" in document.held for document in source.documents)


def test_what_only_the_sheet_of_both_kinds_has_is_held() -> None:
    source = read(as_workbook({"Both": as_grid([line(), credit()]), "Invoices": as_grid([line()])}))
    held = {document.number: bool(document.held) for document in source.documents}
    assert held == {"1001": False, "9001": True}


def test_a_line_that_only_the_sheet_of_both_kinds_has_refuses_its_document() -> None:
    more = line({"Article": "Helgevakt uke 48"})
    both = as_grid([line(), more, line(number="1002")])
    invoices = as_grid([line(), line(number="1002")])
    source = read(as_workbook({"Both": both, "Invoices": invoices}))
    assert kinds(source) == {"1002": INVOICE}
    assert {(each.sheet, each.row) for each in source.refused} == {
        ("Both", 2), ("Both", 3), ("Invoices", 2),
    }  # fmt: skip
    assert {each.reason for each in source.refused} == {
        "1001 stands on two sheets with different lines: row 3 of “Both” is not on “Invoices”"
    }


@pytest.mark.parametrize(
    "other", [{"Sum excl. VAT": "3093,76"}, {"Customer no.": "5002"}, {"Article": "Kveld"}]
)
def test_what_the_sheet_of_both_kinds_contradicts_is_refused(other: Row) -> None:
    sheets = {"Both": as_grid([line(other)]), "Invoices": as_grid([line(), line()])}
    source = read(as_workbook(sheets))
    assert source.documents == ()
    assert len(source.refused) == 3
    assert "row 2 of “Invoices” is not on “Both”" in source.refused[0].reason


def test_a_credit_note_of_the_invoices_number_is_not_lost() -> None:
    both = as_grid([line(), credit("1001")])
    source = read(as_workbook({"Both": both, "Invoices": as_grid([line()])}))
    held = {document.kind: document.held for document in source.documents}
    assert "Row 3 of the sheet “Both” has its number too" in held[INVOICE]
    assert "only on the sheet of both kinds" in held[CREDIT_NOTE]
    assert [len(document.lines) for document in source.documents] == [1, 1]


@pytest.mark.parametrize("sign", ["-", ""])
def test_one_number_of_both_kinds_on_three_sheets_is_two_documents(sign: str) -> None:
    invoices, notes = [line()], [credit("1001", sign)]
    grids = map(as_grid, ([*invoices, *notes], invoices, notes))
    names = ("Both", "Invoices", "Credit notes")
    source = read(as_workbook(dict(zip(names, grids, strict=True))))
    assert [(each.kind, each.held) for each in source.documents] == [
        (INVOICE, ""),
        (CREDIT_NOTE, ""),
    ]
    assert source.refused == ()


def test_the_sheets_may_differ_in_columns_and_in_the_sign_of_credit_notes() -> None:
    sheets = {
        "Both": as_grid([line(), credit()], without=["Article", "Our invoice reference."]),
        "Invoices": as_grid([line()]),
        "Credit notes": as_grid([credit(sign="")]),
    }
    source = read(as_workbook(sheets))
    assert kinds(source) == {"1001": INVOICE, "9001": CREDIT_NOTE}
    assert source.refused == ()


def test_what_only_a_sheet_of_one_kind_has_comes_in() -> None:
    sheets = {"Both": as_grid([line()]), "Invoices": as_grid([line(), line(number="1002")])}
    source = read(as_workbook(sheets))
    assert kinds(source) == {"1001": INVOICE, "1002": INVOICE}
    assert not any(document.held for document in source.documents)


@pytest.mark.parametrize(
    ("sheet", "expected"),
    [
        ("Invoices", INVOICE),
        ("Fakturaer 2026", INVOICE),
        ("Credit notes", CREDIT_NOTE),
        ("kreditnota_november", CREDIT_NOTE),
        ("Sheet1", INVOICE),
        ("Invoice lines", INVOICE),
    ],
)
def test_on_one_sheet_the_kind_follows_its_name_or_else_the_sign(
    sheet: str, expected: DocumentKind
) -> None:
    source = read(as_report(line(), sheet=sheet))
    assert kinds(source) == {"1001": expected}
    assert not source.documents[0].held


def test_a_negative_sum_on_a_sheet_without_a_kind_is_a_credit_note() -> None:
    source = read(as_csv(as_grid([line(), credit()]), ";", "utf-8"), "november.csv")
    assert kinds(source) == {"1001": INVOICE, "9001": CREDIT_NOTE}
    assert not any(document.held for document in source.documents)


def test_the_name_of_a_csv_file_is_the_name_of_its_sheet() -> None:
    content = as_csv(as_grid([credit(sign="")]), ";", "utf-8")
    assert kinds(read(content, "credit-notes.csv")) == {"9001": CREDIT_NOTE}


def test_the_heading_of_the_number_may_state_the_kind() -> None:
    row = credit(sign="")
    row["Credit note no."] = row.pop(NUMBER)
    assert kinds(read(as_report(row, sheet="Sheet1"))) == {"9001": CREDIT_NOTE}


@pytest.mark.parametrize(
    "rows",
    [
        [line({"Sum excl. VAT": 0})],
        [line(), line({"Quantity": -1, "Sum excl. VAT": "-412,50"})],
    ],
)
def test_where_neither_name_nor_sign_says_the_kind_the_document_is_held(rows: list[Row]) -> None:
    (document,) = read(as_report(*rows, sheet="Sheet1")).documents
    assert "Neither the sheet's name nor the sign" in document.held


def test_a_negative_sum_on_the_sheet_of_invoices_is_held() -> None:
    (document,) = read(as_report(credit(), sheet="Invoices")).documents
    assert document.kind is INVOICE
    assert "its sum is negative" in document.held


def test_departments_that_own_the_same_number_have_two_documents() -> None:
    bergen = line({"Department no.": "20", "Department": "Bergen"})
    documents = read(as_report(line(), bergen)).documents
    assert [(each.department_number, each.number) for each in documents] == [
        ("10", "1001"),
        ("20", "1001"),
    ]


def test_a_department_without_a_number_goes_by_its_name() -> None:
    (document,) = read(as_report(line({"Department no.": ""}))).documents
    assert document.department_number == "Oslo"


def test_without_a_text_of_its_own_a_line_carries_the_products_name() -> None:
    (document,) = read(as_report(line({"Article": ""}))).documents
    assert document.lines[0].text == "Helgevakt"


def test_the_latest_line_date_is_what_a_document_without_a_date_offers() -> None:
    (document,) = read(as_report(line(), line({"Date": "20.11.2026"}))).documents
    assert document.invoice_date is None
    assert document.latest_line_date == dt.date(2026, 11, 20)


BAD_CELLS: list[tuple[dict[str, Any], str, str]] = [
    ({NUMBER: "", "Customer no.": "5002"}, NUMBER, "is empty"),
    ({NUMBER: "1" * 27}, NUMBER, "longer than 26 characters"),
    ({"Customer no.": ""}, "Customer no.", "is empty"),
    ({"Department no.": "", "Department": ""}, "Department no.", "and so is"),
    ({"Quantity": ""}, "Quantity", "is empty"),
    ({"Quantity": "syv"}, "Quantity", "must be a number"),
    ({"Price": "0.1234567"}, "Price", "more than 6 decimals"),
    ({"Sum excl. VAT": "1.234"}, "Sum excl. VAT", "two different numbers"),
    ({"Sum excl. VAT": "(5)"}, "Sum excl. VAT", "parentheses"),
    ({"Sum excl. VAT": 0.125}, "Sum excl. VAT", "more than 2 decimals"),
    ({"VAT %": "0.25"}, "VAT %", "a percentage such as 25"),
    ({"Date": "32.11.2026"}, "Date", "no day of the calendar"),
    ({"Currency": ""}, "Currency", "is empty"),
    ({"Article": "x" * 301}, "Article", "longer than 300 characters"),
]


@pytest.mark.parametrize(("bad", "column", "reason"), BAD_CELLS)
def test_a_bad_cell_refuses_its_row_with_sheet_row_column_and_reason(
    bad: Mapping[str, Any], column: str, reason: str
) -> None:
    source = read(as_report(line(number="1000"), line(bad), sheet="Invoices"))
    assert kinds(source) == {"1000": INVOICE}
    (refused,) = source.refused
    assert (refused.sheet, refused.row, refused.column) == ("Invoices", 3, column)
    assert reason in refused.reason


OF_ANOTHER = {"Customer no.": "5002"}
IDENTIFYING = (NUMBER, "Customer no.", "Department no.", "Product no.")


@pytest.mark.parametrize("column", IDENTIFYING)
def test_what_is_no_number_of_anything_is_refused_with_its_cell_and_how_to_mend_it(
    column: str,
) -> None:
    for text in ("-", "\u2014", "SANN", "#I/T", "NaN", "None", "null"):
        grid = as_grid([line(OF_ANOTHER, number="1000"), line({column: text})])
        for name, content in (
            ("report.xlsx", as_workbook({"Invoices": grid})),
            ("Invoices.csv", as_csv(grid, ";", "utf-8-sig")),
        ):
            source = read(content, name)
            assert kinds(source) == {"1000": INVOICE}, (name, text)
            (refused,) = source.refused
            assert (refused.row, refused.column) == (3, column), text
            assert refused.reason.endswith(f"\u201c{text}\u201d; write what RecMan shows")


@pytest.mark.parametrize("column", IDENTIFYING)
@pytest.mark.parametrize("value", [True, False, "#REF!"], ids=str)
def test_yes_no_and_errors_as_excel_keeps_them_are_no_numbers_either(
    value: Any, column: str
) -> None:
    rows = line(OF_ANOTHER, number="1000"), line({column: value})
    source = read(as_report(*rows, sheet="Invoices"))
    assert kinds(source) == {"1000": INVOICE}
    assert {(each.row, each.column) for each in source.refused} == {(3, column)}


def test_a_name_that_is_no_name_makes_no_department() -> None:
    source = read(as_report(line({"Department no.": "", "Department": "NULL"}), line(number="2")))
    assert kinds(source) == {"2": INVOICE}
    assert [each.column for each in source.refused] == ["Department"]


@pytest.mark.parametrize("number", ["null", "-", True, "1013.0"], ids=str)
def test_a_project_that_is_none_is_left_out_and_told_and_the_document_comes_in(
    number: Any,
) -> None:
    project = {"Project no.": number, "Project": "Lager"}
    source = read(as_report(line(project), line({**project, "Price": "412.5"})))
    (document,) = source.documents
    assert (document.project_number, document.project_name) == ("", "Lager")
    assert {each.column for each in source.refused} == {"Project no."}
    assert source.refused[0].reason.endswith("; it is left out of the document")


@pytest.mark.parametrize("column", ["Our invoice reference.", "Project", "Department"])
@pytest.mark.parametrize("value", ["#REF!", "x" * 201], ids=["error", "too long"])
def test_a_cell_that_no_document_needs_is_left_out_and_told(column: str, value: str) -> None:
    source = read(as_report(line({"Project": "Lager", column: value})))
    assert kinds(source) == {"1001": INVOICE}
    (told,) = source.refused
    assert (told.column, told.reason.rpartition("; ")[2]) == (
        column,
        "it is left out of the document",
    )


@pytest.mark.parametrize("name", ["NULL", "-", True], ids=str)
def test_a_firm_s_name_that_is_none_is_left_out_and_told(name: Any) -> None:
    (document,) = (source := read(as_report(line({"Company": name})))).documents
    assert document.customer_name == ""
    assert [each.column for each in source.refused] == ["Company"]


def test_a_document_with_a_refused_row_is_refused_as_a_whole() -> None:
    source = read(as_report(line(), line({"Price": "?"}), line(), line(number="1002")))
    assert kinds(source) == {"1002": INVOICE}
    reasons = {refused.row: refused.reason for refused in source.refused}
    assert reasons[2] == reasons[4] == "left out, because row 3 of 1001 was refused"
    assert "must be a number" in reasons[3]


@pytest.mark.parametrize(
    "nameless",
    [{NUMBER: ""}, {NUMBER: "", "Customer no.": ""}, {"Department no.": "", "Department": ""}],
)
def test_a_row_that_does_not_say_whose_line_it_is_keeps_its_neighbours_out(nameless: Row) -> None:
    far = [line({"Customer no.": "5002"}, number=number) for number in ("1000", "1003")]
    source = read(as_report(far[0], line(), line(nameless), line(), far[1], sheet="Invoices"))
    assert kinds(source) == {"1000": INVOICE, "1003": INVOICE}
    reasons = {refused.row: refused.reason for refused in source.refused}
    assert reasons[3] == reasons[5] == "left out, because row 4 may be a line of 1001"
    assert "is empty" in reasons[4]


def test_a_row_of_sums_below_the_lines_keeps_nothing_out() -> None:
    sums = dict.fromkeys(line(), "") | {"Product": "Sum", "Sum excl. VAT": "3093.75"}
    source = read(as_report(line(), sums, sheet="Invoices"))
    assert kinds(source) == {"1001": INVOICE}
    assert source.refused == ()


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        ({"Currency": "EUR"}, "1001 has two currencies: EUR, NOK"),
        ({"Customer no.": "5002"}, "1001 has two customers: 5001, 5002"),
        ({"Invoice date": "21.11.2026"}, "1001 has two invoice dates: 2026-11-20, 2026-11-21"),
        (
            {"Company": "Havørn Transport AS"},
            "1001 has two firms under one customer number: “Nordvik Logistikk AS” in row 2 and "
            "“Havørn Transport AS” in row 3",
        ),
    ],
)
def test_what_all_rows_of_a_document_share_must_agree(other: Row, reason: str) -> None:
    first = line({"Invoice date": "20.11.2026"})
    source = read(as_report(first, {**first, **other}))
    assert source.documents == ()
    assert [(refused.row, refused.reason) for refused in source.refused] == [
        (2, reason),
        (3, reason),
    ]


@pytest.mark.parametrize(
    "names",
    [
        ("", "Nordvik Logistikk AS", "NORDVIK"),
        ("Nordvik", "Nordvik Logistikk AS", "Nordvik avd. Oslo"),
    ],
)
def test_rows_may_call_one_firm_by_several_names(names: tuple[str, ...]) -> None:
    source = read(as_report(*(line({"Company": name}) for name in names)))
    assert [each.customer_name for each in source.documents] == [names[0] or names[1]]


def test_names_of_which_only_each_shares_a_word_with_the_next_are_two_firms() -> None:
    chain = ("Havørn Transport AS", "Anker Transport AS", "Bjørkelund Anker AS")
    source = read(as_report(*(line({"Company": name}) for name in chain)))
    assert source.documents == ()
    assert "in row 2 and “Bjørkelund Anker AS” in row 4" in source.refused[0].reason


def test_a_document_on_two_sheets_counts_once_if_alike_and_is_refused_if_not() -> None:
    same = {"Invoices": as_grid([line()]), "Invoices (2)": as_grid([line()])}
    assert [len(document.lines) for document in read(as_workbook(same)).documents] == [1]
    other = {"Invoices": as_grid([line()]), "Invoices (2)": as_grid([line({"Price": 1})])}
    source = read(as_workbook(other))
    assert source.documents == ()
    assert {refused.reason for refused in source.refused} == {
        "1001 stands on two sheets with different lines"
    }


def test_a_row_refused_on_two_sheets_is_reported_once() -> None:
    bad = line({NUMBER: ""})
    source = read(as_workbook({"Both": as_grid([bad]), "Invoices": as_grid([bad])}))
    assert [(refused.sheet, refused.row) for refused in source.refused] == [("Invoices", 2)]


def test_a_currency_is_norwegian_where_the_report_has_no_such_column() -> None:
    content = as_workbook({"Invoices": as_grid([line()], without=["Currency"])})
    assert read(content).documents[0].currency == "NOK"


@pytest.mark.parametrize(
    ("discount", "net", "price"),
    [
        ({"Discount %": 10}, 900, "90"),
        ({"Rabatt": "10 %"}, 900, "90"),
        ({"Discount": Decimal(100)}, 900, "90"),
        ({"Discount %": "33,3333"}, "666.67", "66.667"),
        ({"Discount %": 100}, 0, "0"),
        ({"Discount %": 20}, 900, "100"),  # explains nothing
        ({"Discount %": "some"}, 900, "100"),
        ({"Discount %": ""}, 900, "100"),
        ({"Discount %": 10}, 1000, "100"),  # the price is the one after it already
    ],
)
def test_a_discount_that_gives_just_the_lines_sum_is_within_the_price(
    discount: Row, net: object, price: str
) -> None:
    row = line({"Quantity": 10, "Price": 100, "Sum excl. VAT": net, **discount})
    source = read(as_report(row))
    assert source.refused == ()
    [read_line] = source.documents[0].lines
    assert read_line.unit_price == Decimal(price)


def test_the_discount_of_a_credit_note_has_its_sign() -> None:
    row = line({"Quantity": -10, "Price": 100, "Sum excl. VAT": -900, "Discount %": 10})
    [read_line] = read(as_report(row)).documents[0].lines
    assert (read_line.quantity, read_line.unit_price) == (Decimal(-10), Decimal(90))
