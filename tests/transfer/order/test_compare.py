"""Whether an order is the document: customer, rows and amounts, to the tolerance."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from so24.transfer.order.compare import Comparison, compare_order
from so24.transfer.order.mapping import map_order
from tests.transfer.papers import document, invoice, line, order, order_row


def compare(tolerance: str = "0.00", **changes: Any) -> Comparison:
    paper = document()
    sent = map_order(paper, 30001, {"1001": 7})
    return compare_order(paper, sent, order(**changes), Decimal(tolerance))


def test_an_equal_order_agrees_however_many_zeros_it_writes() -> None:
    assert compare().agrees
    assert compare(total=Decimal("250.000"), vat=Decimal("50.0")).agrees
    assert compare(rows=(order_row(price=Decimal("100.00"), quantity=Decimal("2.0")),)).agrees


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"customer_id": 30002}, "customer"),
        ({"rows": ()}, "rows"),
        ({"rows": (order_row(), order_row())}, "rows"),
        ({"rows": (order_row(product_id=8),)}, "Row 1"),
        ({"rows": (order_row(price=Decimal(101)),)}, "Row 1"),
        ({"rows": (order_row(quantity=Decimal(3)),)}, "Row 1"),
        ({"total": Decimal("250.01")}, "Total"),
        ({"vat": Decimal("49.99")}, "VAT"),
        ({"total": None}, "did not state"),
    ],
)
def test_every_difference_is_named(changes: dict[str, Any], word: str) -> None:
    found = compare(**changes)
    assert not found.agrees
    assert word in found.words


def test_a_difference_within_the_tolerance_agrees_but_stays_visible() -> None:
    found = compare("0.05", total=Decimal("250.05"), vat=Decimal("50.05"))
    assert found.agrees
    assert found.difference == Decimal("0.05")
    assert not compare("0.05", total=Decimal("250.06"), vat=Decimal("50.06")).agrees


def test_rows_of_text_do_not_count() -> None:
    texts = document(lines=(line(), line(position=2, product_number="", net=Decimal(0))))
    text_row = order_row(product_id=None, type="Text", quantity=None, price=None)
    sent = map_order(texts, 30001, {"1001": 7})
    held = order(rows=(order_row(), text_row))
    assert compare_order(texts, sent, held, Decimal(0)).agrees


PAIR = document(
    lines=(line(), line(position=2, vat_rate=Decimal(0))),
    head=invoice(net=Decimal("400.00"), vat=Decimal("50.00"), total=Decimal("450.00")),
)


def compare_rates(*rates: str | None, tolerance: str = "0.00", vat: str = "50") -> Comparison:
    """Compare two rows of 200, at 25 % and 0 %, with an order whose rows state these rates."""
    rows = tuple(order_row(vat_rate=None if rate is None else Decimal(rate)) for rate in rates)
    held = order(rows=rows, total=Decimal(400) + Decimal(vat), vat=Decimal(vat))
    return compare_order(PAIR, map_order(PAIR, 30001, {"1001": 7}), held, Decimal(tolerance))


def test_rows_of_swapped_vat_rates_are_told_though_the_sums_agree() -> None:
    assert compare_rates("25.00", "0").agrees
    found = compare_rates("0", "25.00")
    assert found.differences == (
        "Row 1 has 25 % VAT in RecMan and 0 % in 24SevenOffice.",
        "Row 2 has 0 % VAT in RecMan and 25 % in 24SevenOffice.",
    )
    assert found.difference == 0


def test_a_rate_that_makes_no_difference_within_the_tolerance_agrees() -> None:
    assert not compare_rates("25.01", "0", vat="50.02").agrees
    assert compare_rates("25.01", "0", vat="50.02", tolerance="0.05").agrees


@pytest.mark.parametrize("rates", [(None, None), ("0", None), ("0", "0"), ("0.25", "0")])
def test_rates_that_are_not_stated_or_do_not_give_the_orders_vat_say_nothing(
    rates: tuple[str | None, ...],
) -> None:
    assert compare_rates(*rates).agrees
