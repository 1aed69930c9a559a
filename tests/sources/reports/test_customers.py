"""The customers list: every detail checked, a bad row refused with the reason."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from so24.sources.documents.documents import SourceCustomer, SourceFile
from so24.sources.reports.customers import normalise_organization_number
from so24.sources.sheets.cells.cell import BadCell
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
        ("Company", "NULL", "no value"),
        ("Company", True, "no value"),
        ("Company", "—", "neither a letter nor a digit"),
        ("Customer no.", "#I/T", "no value"),
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
    of = {"": {}, "#I/T": {"#I/T": refused}} if column == "Customer no." else {}
    assert source.shut_out == of.get(value, {"5001": refused})


@pytest.mark.parametrize(
    ("column", "value", "reason", "field"),
    [
        ("Organization number", "123456789", "no Norwegian organization", "organization_number"),
        ("Address", "x" * 251, "longer than 250 characters", "address"),
        ("Invoice e-mail", "faktura", "one e-mail address", "invoice_email"),
        ("Invoice e-mail", "a@b@c.example", "one e-mail address", "invoice_email"),
        ("Invoice e-mail", "ola nes@c.example", "one e-mail address", "invoice_email"),
        ("Invoice e-mail", "a@b..example", "one e-mail address", "invoice_email"),
        ("Invoice e-mail", "fax:a@b.example", "one e-mail address", "invoice_email"),
        ("Postal code", dt.date(2026, 2, 1), "format the column as text", "postal_code"),
        ("Postal code", "152.0", "152", "postal_code"),
        ("Invoice e-mail", "a@b.example; c@d", "one e-mail address", "invoice_email"),
        ("Invoice e-mail", "a@" + "b" * 250 + ".example", "longer than 250", "invoice_email"),
        ("Country", "Utopia", "a country's two letters", "country"),
        ("Country", "XX", "a country's two letters", "country"),
        ("Country", "SV", "write SE for Sweden", "country"),
        ("Credit days", "soon", "a number of days", "credit_days"),
        ("Credit days", "-1", "a number of days", "credit_days"),
        ("Credit days", "400", "a number of days", "credit_days"),
        ("Credit days", "14-30 dager", "a number of days", "credit_days"),
        ("Credit days", "30 dager fri leveringsmåned", "a number of days", "credit_days"),
        ("Credit days", "2 % 10, net 30", "a number of days", "credit_days"),
        ("Credit days", "dager -14", "a number of days", "credit_days"),
        ("Credit days", "10 virkedager", "a number of days", "credit_days"),
        ("Credit days", "1.5", "a number of days", "credit_days"),
        ("Credit days", "Net 30 EOM", "a number of days", "credit_days"),
    ],
)
def test_a_detail_that_cannot_be_read_is_told_and_the_customer_comes_in_without_it(
    column: str, value: object, reason: str, field: str
) -> None:
    source = read(customer({column: value}))
    (found,) = source.customers
    assert (getattr(found, field) or "", field in found.given) == ("", False)
    (told,) = source.refused
    assert (told.row, told.column) == (2, column)
    assert reason in told.reason
    assert told.reason.endswith("; the customer came in without it")
    assert found.doubts[field] == replace(
        told, reason=told.reason.rpartition(";")[0], came_in=False
    )


@pytest.mark.parametrize(
    ("text", "address", "many"),
    [
        ("faktura@a.example;regnskap@a.example", "faktura@a.example", 2),
        ("a@c.example, b@c.example", "a@c.example", 2),
        ("a@c.example / b@c.example og c@c.example", "a@c.example", 3),
        ("a@c.example A@c.example", "a@c.example", 0),
        ("Kari Nes <kari@b.example>", "kari@b.example", 0),
        ("“Nes, Kari” <kari@b.example>; Ola <ola@b.example>", "kari@b.example", 2),
        ("kari@b.example (Kari Nes)", "kari@b.example", 0),
        ("mailto:x@d.example", "x@d.example", 0),
        ("mailto:x@d.example?subject=Faktura", "x@d.example", 0),
        ("<mailto:x@d.example>", "x@d.example", 0),
        ("x@d.example.", "x@d.example", 0),
    ],
)
def test_of_several_e_mail_addresses_the_first_is_used_and_that_is_said(
    text: str, address: str, many: int
) -> None:
    source = read(customer({"Invoice e-mail": text}))
    assert source.customers[0].invoice_email == address
    assert source.refused == ()
    words = (
        f"Row 2 of “Customers”: Invoice e-mail has {many} addresses, and a card takes one: "
        f"{address} is used."
    )
    assert source.warnings == ((words,) if many else ())


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("14 dager netto", 14), ("30.0", 30), ("30,00", 30), ("Net 30", 30), ("netto 14 dager", 14),
        ("30 days", 30), ("30 dg.", 30), ("Netto pr. 14 dager", 14), ("NET30", 30),
        ("14-dagers", 14), ("Net-30", 30), ("Forfall: 14 dgr.", 14),
        ("30 dager etter fakturadato", 30), ("2 uker", 14), ("Kontant", 0), ("Due on receipt", 0),
        (Decimal("30.0"), 30),
    ],
)  # fmt: skip
def test_payment_terms_are_read_as_people_write_them(text: object, days: int) -> None:
    assert only(customer({"Credit days": text})).credit_days == days


@pytest.mark.parametrize(
    ("country", "cell", "code"),
    [
        ("FI", 100, "00100"), ("Tyskland", 1067, "01067"), ("FR", 1000, "01000"),
        ("IT", 118, "00118"), ("ES", 8001, "08001"), ("US", 501, "00501"), ("DK", 800, "0800"),
        ("PL", 950, "00950"), ("Japan", 600000, "0600000"), ("PL", "00-950", "00-950"),
        ("SE", 11120, "11120"), ("DE", "01067", "01067"), ("GB", "SW1A 1AA", "SW1A 1AA"),
    ],
)  # fmt: skip
def test_a_foreign_postal_code_kept_as_a_number_gets_its_zeros_back(
    country: str, cell: object, code: str
) -> None:
    source = read(customer({"Country": country, "Postal code": cell, "Organization number": ""}))
    assert source.customers[0].postal_code == code
    assert (source.refused, source.customers[0].doubts) == ((), {})


@pytest.mark.parametrize(
    ("country", "cell"), [("DE", "1067"), ("DE", 67), ("EE", 1011), ("SE", 1112), ("FI", "100")]
)
def test_a_postal_code_that_is_too_short_for_certain_reasons_only_is_told_as_it_stands(
    country: str, cell: object
) -> None:
    source = read(customer({"Country": country, "Postal code": cell, "Organization number": ""}))
    (found,), (told,) = source.customers, source.refused
    assert (found.postal_code, "postal_code" in found.given) == (str(cell), True)
    assert f"codes of {country} have 5" in told.reason
    assert told.reason.endswith("; the customer came in with it as it stands")
    assert list(found.doubts) == ["postal_code"]


@pytest.mark.parametrize("columns", [{"Country": ""}, {}])
def test_another_countrys_number_without_a_country_asks_for_the_country(
    columns: dict[str, Any],
) -> None:
    row = {name: value for name, value in customer().items() if name != "Country"}
    source = read({**row, **columns, "Organization number": "556000-4615"})
    (found,), (told,) = source.customers, source.refused
    assert (found.organization_number, found.country) == ("", "")
    assert told.column == "Organization number"
    assert "; fill in the country; " in told.reason
    assert found.doubts["country"].reason.endswith("; fill in the country")
    assert not {"country", "organization_number"} & found.given


def test_a_mistyped_norwegian_number_without_a_country_stays_a_norwegians() -> None:
    source = read(customer({"Country": "", "Organization number": "123456789"}))
    (found,), (told,) = source.customers, source.refused
    assert (found.organization_number, found.country) == ("", "NO")
    assert "if it is another country's" in told.reason


def test_a_foreign_number_that_is_longer_than_any_is_left_out() -> None:
    german = {"Country": "DE", "Postal code": "10115"}
    source = read(customer({**german, "Organization number": "1" * 21}))
    (found,), (told,) = source.customers, source.refused
    assert (found.organization_number, found.country) == ("", "DE")
    assert "longer than 20 characters" in told.reason


def test_one_customer_in_two_rows_with_the_same_bad_cell_is_one() -> None:
    row = customer({"Invoice e-mail": "faktura"})
    source = read(row, row)
    assert len(source.customers) == 1
    assert {each.column for each in source.refused} == {"Invoice e-mail"}


def test_a_customer_that_stands_twice_must_be_the_same() -> None:
    source = read(customer(), customer(), customer({"City": "Bergen"}))
    assert source.customers == ()
    assert [(refused.row, refused.column) for refused in source.refused] == [
        (row, "Customer no.") for row in (2, 3, 4)
    ]
