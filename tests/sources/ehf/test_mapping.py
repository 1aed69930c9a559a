"""What so24 makes of an EHF document: sign, lines, particulars, department, customer, doubts."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from so24.sources.documents.documents import CUSTOMER, DEPARTMENT, Particulars
from so24.sources.documents.totals import add_up, round_half_up
from so24.sources.ehf.buyers import Supplement
from so24.store.tables.document_tables import DocumentKind
from tests.sources.ehf.bills import (
    BUYER,
    OSLO,
    SELLER,
    Item,
    Sample,
    Whole,
    read_all,
    read_one,
    rules_broken,
)

NO_CUSTOMER = Sample(customer="")


def refused(sample: Sample, supplement: Supplement = OSLO) -> str:
    (source,) = read_all(("a.xml", sample.content), supplement=supplement)
    (row,) = source.refused
    assert row.sheet == "a.xml"
    return row.reason


def test_everything_that_the_file_states_comes_along() -> None:
    document = read_one(Sample())
    assert document.particulars == Particulars(
        due_date=dt.date(2026, 12, 4),
        delivery_date=dt.date(2026, 11, 18),
        kid="602243",
        your_reference="Kari Innkjøp",
        order_reference="PO-77",
        note="Takk for oppdraget",
        vat=Decimal("773.44"),
        total=Decimal("3867.19"),
    )
    assert (document.number, document.invoice_date) == ("1001", dt.date(2026, 11, 20))
    assert (document.our_reference, document.project_number) == ("Avdeling Oslo", "P7")
    assert (document.customer_number, document.customer_name) == ("5001", "Nordvik Logistikk AS")
    (line,) = document.lines
    assert (line.product_number, line.text) == ("1003", "Helgevakt uke 47")
    assert (line.quantity, line.unit_price) == (Decimal("7.5"), Decimal("412.5"))
    assert (line.net, line.vat_rate, line.vat_category) == (Decimal("3093.75"), Decimal(25), "S")


def test_the_customer_comes_along_with_address_and_organization_number() -> None:
    (source,) = read_all(("a.xml", Sample().content))
    (customer,) = source.customers
    assert (customer.number, customer.name) == ("5001", "Nordvik Logistikk AS")
    assert customer.organization_number == BUYER
    assert (customer.address, customer.postal_code, customer.city, customer.country) == (
        "Tollbugata 4", "0152", "Oslo", "NO",
    )  # fmt: skip
    assert customer.invoice_email == "faktura@nordvik.example"
    assert customer.fills_only


@pytest.mark.parametrize(
    "sample",
    [
        Sample(credit_note=True, credited=["1000"]),
        Sample(items=[Item(quantity="-7.5")], credited=["1000"]),
        Sample(items=[Item(quantity="-7.5")], credited=["1000"], code="384"),
    ],
    ids=["381 positive", "380 negative", "384 negative"],
)
def test_both_ways_to_write_a_credit_are_one_credit_note_with_negative_amounts(
    sample: Sample,
) -> None:
    document = read_one(sample)
    assert (document.kind, document.held) == (DocumentKind.CREDIT_NOTE, "")
    assert document.particulars.credited_number == "1000"
    assert document.particulars.due_date == dt.date(2026, 12, 4)
    assert document.particulars.total == Decimal("-3867.19")
    assert document.particulars.vat == Decimal("-773.44")
    (line,) = document.lines
    assert (line.quantity, line.unit_price, line.net) == (
        Decimal("-7.5"), Decimal("412.5"), Decimal("-3093.75"),
    )  # fmt: skip
    assert document.project_number == "P7"


@pytest.mark.parametrize("credit_note", [False, True])
def test_allowances_and_charges_of_the_document_become_lines(credit_note: bool) -> None:
    wholes = [Whole(10_000), Whole(-2_550, ("S", "15"), "95", "Rabatt")]
    document = read_one(Sample(wholes=wholes, credit_note=credit_note))
    sign = -1 if credit_note else 1
    _, charge, allowance = document.lines
    assert (charge.product_number, charge.text, charge.net) == (
        "9002", "Frakt", Decimal(sign * 100),
    )  # fmt: skip
    assert (charge.quantity, charge.unit_price) == (Decimal(sign), Decimal(100))
    assert (allowance.product_number, allowance.text) == ("9001", "Rabatt")
    assert (allowance.quantity, allowance.unit_price) == (Decimal(-sign), Decimal("25.5"))
    assert (allowance.net, allowance.vat_rate) == (-sign * Decimal("25.5"), Decimal(15))


def test_a_negative_charge_of_a_negative_invoice_is_credited() -> None:
    changes = {
        "<cbc:ChargeIndicator>false": "<cbc:ChargeIndicator>true",
        '<cbc:Amount currencyID="NOK">100.00': '<cbc:Amount currencyID="NOK">-100.00',
        'AllowanceTotalAmount currencyID="NOK">100.00': 'AllowanceTotalAmount currencyID="NOK">0',
        'ChargeTotalAmount currencyID="NOK">0.00': 'ChargeTotalAmount currencyID="NOK">-100.00',
    }
    sample = Sample(items=[Item(quantity="-1")], wholes=[Whole(-10_000)], changes=changes)
    document = read_one(sample)
    assert document.kind is DocumentKind.CREDIT_NOTE
    charge = document.lines[1]
    assert (charge.product_number, charge.quantity) == ("9002", Decimal(-1))
    assert (charge.unit_price, charge.net) == (Decimal(100), Decimal(-100))


def test_a_charge_without_a_product_number_holds_the_document_and_names_the_setting() -> None:
    document = read_one(Sample(wholes=[Whole(10_000)]), Supplement(department="10"))
    assert "SO24_EHF_CHARGE_PRODUCT" in document.held
    assert document.lines[1].product_number == ""


def test_a_quantity_that_never_ends_comes_in_where_its_sum_is_missed_by_an_ore() -> None:
    (line,) = read_one(Sample(items=[Item(quantity="7.33333333333333", price="5000.03")])).lines
    assert (line.quantity, line.net) == (Decimal("7.333333"), Decimal("36666.89"))
    assert round_half_up(line.quantity * line.unit_price) == Decimal("36666.88")
    too_much = Sample(items=[Item(quantity="7.33333333333333", price="45000000")])
    assert rules_broken(too_much) == ["so24's own limit"]


def test_a_price_for_several_units_is_the_price_of_one() -> None:
    (line,) = read_one(Sample(items=[Item(quantity="10", price="200", base="2")])).lines
    assert (line.unit_price, line.net) == (Decimal(100), Decimal(1000))
    (odd,) = read_one(Sample(items=[Item(quantity="9", price="10", base="3.5")])).lines
    assert odd.unit_price == Decimal("2.857143")


def test_the_price_of_a_line_with_allowances_gives_its_net() -> None:
    item = Item(quantity="10", price="410", off=10_100, on=100)
    (line,) = read_one(Sample(items=[item])).lines
    assert (line.net, line.unit_price) == (Decimal(4000), Decimal(400))


@pytest.mark.parametrize(
    ("sample", "words"),
    [
        (Sample(prepaid=100_000), "prepaid 1 000,00"),
        (Sample(rounding=-19), "rounding −0,19"),
        (Sample(code="384"), "384, a corrected invoice"),
        (Sample(code="386"), "386, an invoice for a payment in advance"),
        (Sample(code="393"), "393, an invoice whose claim was sold"),
        (Sample(credit_note=True, items=[Item(quantity="-1")]), "does it credit or charge?"),
        (Sample(credit_note=True, credited=["1", "2"]), "several invoices that it credits: 1, 2"),
        (
            Sample(changes={"</cac:PaymentMeans>": "<cbc:PaymentID>1</cbc:PaymentID>"
                            "</cac:PaymentMeans>"}),
            "several payment ids",
        ),
    ],
)  # fmt: skip
def test_what_is_doubtful_is_held_for_a_person(sample: Sample, words: str) -> None:
    assert words in read_one(sample).held.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("sample", "total"),
    [
        # the VAT of a rate taken back: no net at all
        (Sample(credit_note=True, items=[Item(quantity="1", price="1000"),
                                         Item(quantity="-1", price="1000", tax=("Z", "0"))]),
         "-250.00"),
        # more is credited without VAT than charged with it
        (Sample(credit_note=True, items=[Item(quantity="1", price="900"),
                                         Item(quantity="-1", price="1000", tax=("Z", "0"))]),
         "-125.00"),
        (Sample(items=[Item(quantity="1", price="1000", tax=("Z", "0")),
                       Item(quantity="-1", price="900")]),
         "-125.00"),
        (Sample(credit_note=True, items=[Item(quantity="1", price="1000", tax=("Z", "0")),
                                         Item(quantity="-1", price="800")]),
         "0.00"),
    ],
    ids=["credit of VAT only", "net and total differ", "negative invoice", "nothing credited"],
)  # fmt: skip
def test_the_total_and_not_the_net_says_which_sign_a_credit_note_has(
    sample: Sample, total: str
) -> None:
    document = read_one(sample)
    assert document.kind is DocumentKind.CREDIT_NOTE
    assert (add_up(document.lines).total, document.held) == (Decimal(total), "")
    assert document.particulars.total == Decimal(total)


def test_a_payment_id_that_is_no_kid_is_not_taken_for_one() -> None:
    assert read_one(Sample(changes={">602243<": ">Faktura 1001<"})).particulars.kid == ""


def test_the_department_is_the_chosen_one_else_that_of_the_sellers_number() -> None:
    assert read_one(Sample()).department_number == "10"
    assert DEPARTMENT in read_one(Sample()).unstated
    by_seller = Supplement(departments=frozenset({"10", f"org-{SELLER}"}))
    assert read_one(Sample(), by_seller).department_number == f"org-{SELLER}"
    reason = refused(Sample(), Supplement(departments=frozenset({"10"})))
    assert "“Department of EHF files”" in reason
    assert f"org-{SELLER}" in reason


@pytest.mark.parametrize(
    ("known", "number"),
    [({}, BUYER), ({BUYER: frozenset({"5001"})}, "5001")],
)
def test_a_customer_without_number_is_known_by_its_organization_number_or_gets_it(
    known: dict[str, Any], number: str
) -> None:
    document = read_one(NO_CUSTOMER, Supplement(department="10", customers=known))
    assert (document.customer_number, CUSTOMER in document.unstated) == (number, True)
    assert CUSTOMER not in read_one(Sample()).unstated


def test_a_number_with_a_scheme_is_no_customer_number() -> None:
    sample = Sample(changes={"<cbc:ID>5001": '<cbc:ID schemeID="0088">7300010000001'})
    assert read_one(sample).customer_number == BUYER


def test_a_buyer_that_cannot_be_told_is_refused_with_what_to_do() -> None:
    several = Supplement(department="10", customers={BUYER: frozenset({"5001", "5002"})})
    assert "5001, 5002" in refused(NO_CUSTOMER, several)
    text = NO_CUSTOMER.xml.replace(BUYER, "").replace("NOMVA", "X")
    text = text.replace('<cbc:EndpointID schemeID="0192"></', '<cbc:EndpointID schemeID="EM">a@b</')
    text = text.replace('<cbc:CompanyID schemeID="0192"></cbc:CompanyID>', "")
    (source,) = read_all(("a.xml", text.encode()))
    assert "neither a customer number nor an organization number" in source.refused[0].reason


def test_what_is_too_long_to_travel_is_refused() -> None:
    assert "longer than 26 characters" in refused(Sample(number="F" * 27))


def test_long_texts_are_shortened() -> None:
    (line,) = read_one(Sample(items=[Item(name="Vakt " * 100)])).lines
    assert len(line.text) == 300
    assert line.text.endswith("…")
