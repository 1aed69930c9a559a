"""What goes out for a document, a customer and a product."""

from __future__ import annotations

from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from so24.store.tables.document_tables import DocumentKind
from so24.transfer.order.mapping import (
    CreditTarget,
    map_customer,
    map_order,
    map_product,
    reference_of,
    row_amount,
    row_price,
)
from tests.transfer.papers import credit_note, customer, document, invoice, line


def test_the_reference_names_kind_series_and_number() -> None:
    assert reference_of(invoice()) == "RM-10-1001"
    assert reference_of(invoice(kind=DocumentKind.CREDIT_NOTE)) == "RC-10-1001"


def test_no_two_documents_have_the_same_reference() -> None:
    references = {
        reference_of(invoice(series=series, number=number))
        for series, number in (
            ("10", "2026-001"), ("10-2026", "001"), ("(10-2026)", "001"), ("10-(2026)", "001"),
        )
    }  # fmt: skip
    assert len(references) == 4
    assert "RM-(10-2026)-001" in references


def test_an_order_carries_the_document() -> None:
    sent = map_order(document(), 30001, {"1001": 7})
    assert sent.customer_id == 30001
    assert sent.reference == "RM-10-1001"
    assert sent.credit_days == 14
    assert sent.status == "Draft"
    assert [(row.product_id, row.quantity, row.price) for row in sent.rows] == [
        (7, Decimal(2), Decimal(100))
    ]


def test_a_credit_note_names_what_it_credits_and_has_negative_quantities() -> None:
    paper = document(credit_note(), (line(quantity=Decimal(-2), net=Decimal("-200.00")),))
    sent = map_order(paper, 30001, {"1001": 7}, credited=CreditTarget(20001, 10001))
    assert (sent.credited_order_id, sent.credited_invoice_id) == (20001, 10001)
    assert (sent.reference, sent.title) == ("RC-10-9001", "RecMan credit note 9001")
    assert [(row.quantity, row.price) for row in sent.rows] == [(Decimal(-2), Decimal(100))]


def test_a_negative_price_of_a_credit_note_goes_out_as_a_negative_quantity() -> None:
    cut = line(unit_price=Decimal(-100), net=Decimal("-200.00"))
    [row] = map_order(document(credit_note(), (cut,)), 30001, {"1001": 7}).rows
    assert (row.quantity, row.price) == (Decimal(-2), Decimal(100))
    [discount] = map_order(document(lines=(cut,)), 30001, {"1001": 7}).rows
    assert (discount.quantity, discount.price) == (Decimal(2), Decimal(-100))


def test_a_line_of_words_becomes_a_row_of_text() -> None:
    words = line(product_number="", net=Decimal(0), text="Thank you")
    [row] = map_order(document(lines=(words,)), 30001, {}).rows
    assert row.product_id is None
    assert row.name == "Thank you"


def test_a_customer_carries_recmans_number_as_external_id() -> None:
    company = map_customer(customer(organization_number="123456785"))
    assert company.external_id == "RM-5001"
    assert company.organization_number == "123456785"


@pytest.mark.parametrize("number", ["999999999", "000 000 000", "NO123456789MVA", "1234567"])
def test_a_placeholder_is_written_neither_on_a_card_nor_on_an_order(number: str) -> None:
    whose = customer(organization_number=number)
    assert map_customer(whose).organization_number is None
    order = map_order(replace(document(), customer=whose), 30001, {"1001": 7})
    assert order.organization_number is None


def test_a_product_without_a_name_is_called_by_its_number() -> None:
    assert map_product("1001", "", 1).name == "1001"


@given(
    quantity=st.decimals("0.01", "2000", places=2),
    price=st.decimals("0.000001", "5000", places=6),
)
def test_the_price_that_goes_out_reproduces_the_net_that_was_billed(
    quantity: Decimal, price: Decimal
) -> None:
    net = (quantity * price).quantize(Decimal("0.01"), ROUND_HALF_UP)
    cut = line(
        quantity=quantity, unit_price=price.quantize(Decimal("0.01"), ROUND_HALF_UP), net=net
    )
    assert row_amount(quantity, row_price(cut)) == net
