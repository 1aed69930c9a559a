"""What lists state beyond RecMan's report is read where it has a column, and else said."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from so24.installation import Installation
from so24.people.roles import Actor
from so24.reasons import Reason
from so24.sources.documents.documents import NOTHING_MORE, Particulars, SourceFile
from so24.sources.sheets.headings import LINES
from so24.transfer.checks import check_document
from so24.transfer.checks.finding import CheckContext
from tests.sources.acts import DATED, bring, stored
from tests.sources.report_files import as_csv, as_grid, as_report, line, read_file

DUE = dt.date(2026, 12, 24)
BEYOND = {
    "KID": "0000123456",
    "Due date": "24.12.2026",
    "Delivery date": "20.11.2026",
    "Your reference": "Kari Nordmann",
    "Order reference": "PO-77",
    "Invoice note": "Takk for samarbeidet",
}
HEADINGS = [
    (field.name, heading)
    for field in LINES.fields
    if field.name in ("kid", "due_date", "delivery_date", "your_reference", "order_reference")
    for heading in field.headings
]


def read(*rows: dict[str, Any]) -> SourceFile:
    return read_file("report.xlsx", as_report(*rows))


def particulars(*rows: dict[str, Any]) -> Particulars:
    source = read(*rows)
    assert source.refused == ()
    (document,) = source.documents
    return document.particulars


def test_all_that_a_list_states_of_a_document_comes_with_it() -> None:
    assert particulars(line(BEYOND)) == Particulars(
        due_date=DUE,
        delivery_date=dt.date(2026, 11, 20),
        kid="0000123456",
        your_reference="Kari Nordmann",
        order_reference="PO-77",
        note="Takk for samarbeidet",
    )


def test_recmans_report_as_it_is_states_nothing_of_them() -> None:
    assert particulars(line()) is NOTHING_MORE
    assert particulars(line(dict.fromkeys(BEYOND, ""))) is NOTHING_MORE


@pytest.mark.parametrize(("name", "heading"), HEADINGS)
def test_each_heading_is_read(name: str, heading: str) -> None:
    value = "24.12.2026" if name.endswith("date") else "1234567"
    found = getattr(particulars(line({heading: value})), name)
    assert found == (DUE if name.endswith("date") else value)


def test_one_row_of_several_may_state_them_for_the_document() -> None:
    assert particulars(line(dict.fromkeys(BEYOND, "")), line(BEYOND)).kid == "0000123456"


@pytest.mark.parametrize(
    ("heading", "other", "told"),
    [
        ("KID", "0000123464", "1001 has two KIDs: 0000123456, 0000123464"),
        ("Due date", "23.12.2026", "1001 has two due dates: 2026-12-23, 2026-12-24"),
        ("Delivery date", "1.11.2026", "1001 has two delivery dates: 2026-11-01, 2026-11-20"),
        (
            "Your reference",
            "Ola",
            "1001 has two customer's references: Kari Nordmann, Ola",
        ),
        ("Order reference", "PO-78", "1001 has two order references: PO-77, PO-78"),
        ("Invoice note", "Nei", "1001 has two invoice texts: Nei, Takk for samarbeidet"),
    ],
)
def test_rows_that_contradict_each_other_refuse_the_document(
    heading: str, other: str, told: str
) -> None:
    source = read(line(BEYOND), line({**BEYOND, heading: other}))
    assert list(source.documents) == []
    assert {(each.column, each.reason) for each in source.refused} == {(heading, told)}


@pytest.mark.parametrize(
    ("heading", "value", "told"),
    [
        ("KID", "1,23E+09", "1,23E+09"),
        ("KID", Decimal("1234567890123456"), "more than 15 digits"),
        ("KID", dt.date(2026, 11, 12), "12.11.2026"),
        ("KID", "9" * 41, "is longer than 40 characters"),
        ("Due date", Decimal(46380), "must be a date"),
        ("Due date", "24/13/2026", "24/13/2026"),
    ],
)
def test_what_a_program_has_changed_is_refused_with_its_cell(
    heading: str, value: object, told: str
) -> None:
    source = read(line({heading: value}))
    assert list(source.documents) == []
    (refused,) = source.refused
    assert refused.column == heading
    assert told in refused.reason


def test_numbers_for_kids_come_in_and_are_pointed_out_for_lost_zeros() -> None:
    source = read(line({"KID": Decimal(1234567)}), line({"KID": Decimal(1234567)}))
    assert source.documents[0].particulars.kid == "1234567"
    (told,) = source.warnings
    assert told.startswith("The column “KID” of the sheet “Invoice lines” holds numbers")
    assert read(line({"KID": "1234567"})).warnings == ()


def test_a_csv_file_states_them_as_a_workbook_does() -> None:
    source = read_file("report.csv", as_csv(as_grid([line(BEYOND)]), ";", "utf-8"))
    assert source.documents[0].particulars.kid == "0000123456"
    assert source.documents[0].particulars.due_date == DUE


def test_they_reach_the_store_and_a_due_date_before_the_invoices_blocks(
    installation: Installation, finance: Actor
) -> None:
    bring(
        installation,
        finance,
        line({**DATED, **BEYOND}),
        line({**DATED, **BEYOND, "Due date": "19.11.2026"}, number="1002"),
    )
    good, bad = stored(installation), stored(installation, "1002")
    assert (good.invoice.kid, good.invoice.due_date) == ("0000123456", DUE)
    assert good.invoice.due_stated
    assert good.invoice.your_reference == "Kari Nordmann"
    assert Reason.DUE_BEFORE_DATE not in reasons(good)
    assert Reason.DUE_BEFORE_DATE in reasons(bad)


def reasons(document: Any) -> list[Reason]:
    return [each.reason for each in check_document(document, CheckContext())]


def test_columns_that_are_not_read_are_named_once_for_the_file() -> None:
    rows = [line({"Bilagsart": "F", "Kampanje": "x"}), line({"Bilagsart": "F", "Kampanje": ""})]
    assert read(*rows).warnings == (
        "2 columns were not read: “Bilagsart”, “Kampanje”. Which ones are read is told in the "
        "help, under “What comes in”.",
    )


@pytest.mark.parametrize(
    "heading", ["Employee", "Ansatt nr", "Product group", "Employment condition"]
)
def test_columns_that_are_known_to_be_of_no_use_are_not_named(heading: str) -> None:
    assert read(line({heading: "x"})).warnings == ()


def test_the_imports_report_keeps_what_was_not_read(
    installation: Installation, finance: Actor
) -> None:
    report = bring(installation, finance, line({"Bilagsart": "F"}))
    (told,) = report.warnings
    assert told.startswith("1 column was not read: “Bilagsart”.")
    assert not report.asked
