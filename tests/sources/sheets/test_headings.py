"""Headings: known by their letters, however dressed; where they are not found, what is nearest."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from so24.errors import UnreadableFile
from so24.sources.sheets.headings import LAYOUTS, normalise
from tests.sources.report_files import as_csv, as_grid, as_workbook, customer, line, read_file

Dress = Callable[[str], str]
DRESSES: dict[str, Dress] = {
    "capitals": str.upper,
    "no capitals": str.lower,
    "soft hyphens": lambda text: f"{text[:3]}\u00ad{text[3:]}",
    "zero-width signs": lambda text: f"\u200b{text[:2]}\u200d{text[2:]}\ufeff",
    "direction marks": lambda text: f"\u200e{text}\u200f",
    "line breaks": lambda text: text.replace(" ", "\n"),
    "Windows' line breaks": lambda text: text.replace(" ", "\r\n"),
    "a hyphen for a blank": lambda text: text.replace(" ", "-"),
    "a hyphen that does not break": lambda text: text.replace(" ", "\u2011"),
    "a wide blank": lambda text: text.replace(" ", "\u00a0\u3000"),
    "no blanks": lambda text: text.replace(" ", ""),
    "underscores": lambda text: text.replace(" ", "_"),
    "full stops and colons": lambda text: f"{text} .:",
    "brackets": lambda text: f"({text})",
    "number in full": lambda text: text.replace("no.", "Number"),
    "a number sign": lambda text: text.replace("no.", "#"),
    "full width": lambda text: "".join(
        chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign for sign in text
    ),
}
NORWEGIAN = [
    "Fakturanr. / Kreditnotanr.", "Dato", "Antall", "Pris", "Sum ekskl. mva.", "MVA-%", "Valuta",
    "Produkt", "Artikkel", "Produktnr.", "Kundenr.", "Firma", "Avdelingsnr.", "Avdeling",
    "Vår fakturareferanse",
]  # fmt: skip


@pytest.mark.parametrize("dress", DRESSES)
def test_a_report_is_known_whatever_its_headings_are_dressed_in(dress: str) -> None:
    headings, row = as_grid([line()])
    for names in (headings, NORWEGIAN):
        grid = [[DRESSES[dress](name) for name in names], row]
        for content in (as_workbook({"S": grid}), as_csv(grid, ";", "utf-8")):
            (document,) = read_file("x", content).documents
            assert (document.number, document.our_reference) == ("1001", "Avdeling Oslo")


def test_a_heading_may_be_wrapped_in_a_formula_as_web_exporters_do() -> None:
    headings, row = as_grid([line()])
    grid = [[f'="{name}"' for name in headings], row]
    assert len(read_file("x", as_csv(grid, ";", "utf-8")).documents) == 1


@pytest.mark.parametrize(
    "heading",
    [
        "VAT %", "VAT%", "VAT-%", "vat (%)", "VAT per cent", "VAT percent", "VAT pct.", "% VAT",
        "VAT rate", "MVA %", "MVA-%", "Mva %", "mva. %", "Mva (%)", "MVA-prosent", "Mva. prosent",
        "mva pst", "% mva", "MVA-sats", "Mva sats", "MVA i %", "VAT in %", "MVA-sats (%)",
        "VAT rate (%)", "Merverdiavgift i %", "Merverdiavgift %",
    ],
)  # fmt: skip
def test_the_rate_of_vat_has_many_names_and_the_amount_is_none_of_them(heading: str) -> None:
    row = {**line(), heading: 25}
    if heading != "VAT %":
        del row["VAT %"]
    grid = as_grid([row | {"VAT": "773.44"}])
    (document,) = read_file("x", as_workbook({"S": grid})).documents
    assert (str(document.lines[0].vat_rate), str(document.lines[0].vat)) == ("25.000000", "773.44")


def test_no_two_fields_of_a_table_share_a_heading() -> None:
    for layout in LAYOUTS:
        names = [
            (normalise(each), field.name) for field in layout.fields for each in field.headings
        ]
        assert len({name for name, _ in set(names)}) == len(set(names))
        assert all(name for name, _ in names)


@pytest.mark.parametrize(
    ("heading", "other"),
    [
        ("Company", "Kundenavn"),
        ("Company", "Customer name"),
        ("Price", "Pris eks. mva."),
        ("Sum excl. VAT", "Nettobeløp"),
        ("Sum excl. VAT", "Total (excl. VAT)"),
    ],
)
def test_what_other_lists_call_a_column_is_known(heading: str, other: str) -> None:
    grid = as_grid([line()])
    grid[0][grid[0].index(heading)] = other
    (document,) = read_file("x", as_workbook({"S": grid})).documents
    assert (document.customer_name, document.net) == ("Nordvik Logistikk AS", Decimal("3093.75"))


@pytest.mark.parametrize("above", [0, 60, 200])
def test_two_hundred_rows_may_stand_above_the_headings(above: int) -> None:
    grid = [[f"Filter {number}", "x"] for number in range(above)] + as_grid([line()])
    for content in (as_workbook({"S": grid}), as_csv(grid, ";", "utf-8")):
        assert len(read_file("x", content).documents) == 1


def told(content: bytes, name: str = "x") -> str:
    with pytest.raises(UnreadableFile) as caught:
        read_file(name, content)
    return str(caught.value).removeprefix(f"{name} cannot be imported. ")


def test_a_file_whose_headings_are_too_far_down_says_what_its_first_row_is() -> None:
    grid = [["Filter", number] for number in range(201)] + as_grid([line()])
    assert "The first row of the sheet “S” is “Filter”, “0”." in told(as_workbook({"S": grid}))


@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_of_a_csv_file_without_headings_the_nearest_row_is_named_as_well(separator: str) -> None:
    grid = [["Report"], *as_grid([line()], without=["Customer no."])]
    grid[1][0] = "Inv. no."
    said = told(as_csv(grid, separator, "utf-8"), "S.csv")
    assert "Row 2 of the sheet “S” comes nearest, to invoice lines: it has “Date”" in said
    assert said.endswith(
        "lacks “Invoice no. / Credit note no.”, “Customer no.”. Not known of its headings: "
        "“Inv. no.”."
    )


def test_where_headings_are_missing_the_nearest_row_is_named_with_what_it_has_and_lacks() -> None:
    grid = as_grid([line()], without=["Invoice no. / Credit note no.", "VAT %"])
    grid[0][grid[0].index("Company")] = "Organisasjon"
    sheets = {"Forside": [["Kundenr.", "x"]], "Linjer": [["Report"], [], *grid]}
    assert told(as_workbook(sheets)) == (
        "It has no headings of RecMan's Invoice lines report, of its Credit notes report or of a "
        "customers list. Row 3 of the sheet “Linjer” comes nearest, to invoice lines: it has "
        "“Date”, “Quantity”, “Price”, “Sum excl. VAT”, “Currency”, “Product”, “Article”, “Product "
        "no.”, “Customer no.”, “Department no.”, “Department”, “Our invoice reference.” and lacks "
        "“Invoice no. / Credit note no.”, “VAT %”. Not known of its headings: “Organisasjon”."
    )


def test_a_report_that_lacks_a_column_names_the_headings_that_are_not_known() -> None:
    row = line() | {"Momskode": 3}
    del row["VAT %"]
    assert told(as_workbook({"S": as_grid([row])})).endswith(
        "has no column “VAT %”; export the report from RecMan again with all its columns. Not "
        "known of its headings: “Momskode”."
    )


@pytest.mark.parametrize(
    ("separator", "name"), [(";", "semicolons"), (",", "commas"), ("\t", "tabs")]
)
def test_a_csv_file_that_was_opened_into_one_column_is_told_so(separator: str, name: str) -> None:
    lines = as_csv(as_grid([line(), line()]), separator, "utf-8").decode().splitlines()
    sentence = told(as_workbook({"Ark1": [["Utskrift"], *([each] for each in lines)]}))
    assert sentence == (
        f"All headings of the sheet “Ark1” stand in one cell (A2), with {name} between them: a CSV "
        "file was opened without its columns. Import the CSV file itself, or divide the column in "
        "Excel (Data, Text to Columns) and save it as .xlsx."
    )


def test_a_csv_file_whose_lines_are_cells_in_quotation_marks_is_told_so() -> None:
    lines = as_csv(as_grid([customer()]), ";", "utf-8").decode().splitlines()
    sentence = told("".join(f'"{each}"\r\n' for each in lines).encode())
    assert "stand in one cell of row 1, with semicolons between them" in sentence


def test_an_empty_sheet_holds_nothing_at_all() -> None:
    assert told(as_workbook({"S": []})).endswith("It holds nothing at all.")
