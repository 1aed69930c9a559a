"""The customers list: every detail checked, a bad row refused with the reason."""

from __future__ import annotations

from typing import Any

import pytest

from so24.sources.documents.documents import SourceCustomer, SourceFile
from so24.sources.reports.customers import normalise_organization_number
from so24.sources.sheets.numbers import BadCell
from tests.sources.report_files import as_report, customer, read_file


def read(*rows: dict[str, Any]) -> SourceFile:
    return read_file("customers.xlsx", as_report(*rows, sheet="Customers"))


def only(row: dict[str, Any]) -> SourceCustomer:
    (found,) = read(row).customers
    return found


@pytest.mark.parametrize(
    "text", ["123456785", "123 456 785", "NO 123 456 785 MVA", "NO123456785MVA", "123.456.785"]
)
def test_a_norwegian_number_is_kept_as_its_nine_digits(text: str) -> None:
    assert normalise_organization_number(text, "NO") == "123456785"


@pytest.mark.parametrize("text", ["123456789", "000000000", "12345678", "SE5560001712"])
def test_a_norwegian_number_that_fails_the_check_is_refused(text: str) -> None:
    with pytest.raises(BadCell, match="no Norwegian organization number"):
        normalise_organization_number(text, "NO")


def test_a_foreign_number_is_kept_and_a_missing_one_is_no_fault() -> None:
    assert normalise_organization_number("SE 5560001712", "SE") == "SE5560001712"
    assert only(customer({"Organization number": ""})).organization_number == ""


@pytest.mark.parametrize(
    ("text", "code"), [("", "NO"), ("Norge", "NO"), ("no", "NO"), ("Sverige", "SE"), ("DK", "DK")]
)
def test_the_country_is_norway_unless_stated(text: str, code: str) -> None:
    assert only(customer({"Country": text, "Organization number": ""})).country == code


def test_a_postal_code_kept_as_a_number_gets_its_zeros_back() -> None:
    assert only(customer({"Postal code": 152})).postal_code == "0152"


@pytest.mark.parametrize(("text", "days"), [("14", 14), (30, 30), ("10 dager", 10), ("", None)])
def test_credit_days_are_read(text: object, days: int | None) -> None:
    assert only(customer({"Credit days": text})).credit_days == days


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        ("Customer no.", "", "is empty"),
        ("Company", "", "is empty"),
        ("Company", "x" * 201, "longer than 200 characters"),
        ("Country", "Utopia", "a country's two letters"),
    ],
)
def test_a_bad_cell_refuses_the_customer_with_the_reason(
    column: str, value: str, reason: str
) -> None:
    source = read(customer({"Customer no.": "5000"}), customer({column: value}))
    assert [each.number for each in source.customers] == ["5000"]
    (refused,) = source.refused
    assert (refused.sheet, refused.row, refused.column) == ("Customers", 3, column)
    assert reason in refused.reason


@pytest.mark.parametrize(
    ("column", "value", "reason", "field"),
    [
        ("Organization number", "123456789", "no Norwegian organization", "organization_number"),
        ("Address", "x" * 251, "longer than 250 characters", "address"),
        ("Invoice e-mail", "faktura", "one e-mail address", "invoice_email"),
        ("Invoice e-mail", "a@b.example; c@d.example", "one e-mail address", "invoice_email"),
        ("Credit days", "soon", "a number of days", "credit_days"),
        ("Credit days", "-1", "a number of days", "credit_days"),
        ("Credit days", "400", "a number of days", "credit_days"),
    ],
)
def test_a_detail_that_cannot_be_read_is_told_and_the_customer_comes_in_without_it(
    column: str, value: str, reason: str, field: str
) -> None:
    source = read(customer({column: value}))
    (found,) = source.customers
    assert (getattr(found, field) or "", field in found.given) == ("", False)
    (told,) = source.refused
    assert (told.row, told.column) == (2, column)
    assert reason in told.reason
    assert told.reason.endswith("; the customer came in without it")


def test_a_customer_that_stands_twice_must_be_the_same() -> None:
    source = read(customer(), customer(), customer({"City": "Bergen"}))
    assert source.customers == ()
    assert [(refused.row, refused.column) for refused in source.refused] == [
        (row, "Customer no.") for row in (2, 3, 4)
    ]
