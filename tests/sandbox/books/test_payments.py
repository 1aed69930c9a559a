"""A hand pays an invoice in the books, and the service states the day of payment."""

from __future__ import annotations

from typing import Any

import pytest

from so24.errors import WrongUse
from so24.sandbox.books.seed import OSLO
from so24.sandbox.runner import Control
from tests.sandbox.caller import Caller
from tests.sandbox.conftest import Goods, ordered


@pytest.fixture
def order(caller: Caller, goods: Goods) -> int:
    """An invoice of 250.00."""
    return int(caller.save_order(goods.order("Invoiced"))["OrderId"])


def read(caller: Caller, order: int, columns: str = "OrderId Paid") -> dict[str, Any]:
    [found] = caller.find_orders({"OrderIds": {"int": [order]}}, columns)
    return found


def test_an_invoice_is_not_paid_until_somebody_pays_it(
    caller: Caller, control: Control, order: int
) -> None:
    assert "Paid" not in read(caller, order)
    control.edit("pay_order", OSLO, order_id=order, on="2026-11-12")
    assert read(caller, order)["Paid"] == "2026-11-11T23:00:00Z"  # midnight in Norway
    assert "Paid" not in read(caller, order, "OrderId")  # only the columns asked for
    control.edit("take_back_payment", OSLO, order_id=order)
    assert "Paid" not in read(caller, order)


def test_a_part_shows_nowhere_and_the_last_part_is_the_payment(
    caller: Caller, control: Control, order: int
) -> None:
    before = read(caller, order, "OrderId OrderStatus OrderTotalIncVat Paid")
    left = control.edit("pay_order", OSLO, order_id=order, amount="100.50")["left"]
    assert left == "149.50"
    assert read(caller, order, "OrderId OrderStatus OrderTotalIncVat Paid") == before
    assert control.edit("pay_order", OSLO, order_id=order, amount="149.50")["left"] == "0.00"
    assert "Paid" in read(caller, order)


def test_a_payment_marks_the_order_as_changed_unless_it_shall_not(
    caller: Caller, control: Control, order: int
) -> None:
    columns = "OrderId DateChanged"
    before = read(caller, order, columns)
    control.edit("pay_order", OSLO, order_id=order, marked=False)
    assert read(caller, order, columns) == before
    control.edit("take_back_payment", OSLO, order_id=order)
    assert read(caller, order, columns) != before


def test_only_an_invoice_is_paid_and_the_service_takes_no_day_of_payment(
    caller: Caller, control: Control, goods: Goods
) -> None:
    draft = int(caller.save_order(goods.order())["OrderId"])
    with pytest.raises(WrongUse, match="not invoiced"):
        control.edit("pay_order", OSLO, order_id=draft)
    with pytest.raises(WrongUse, match="no order 77"):
        control.edit("pay_order", OSLO, order_id=77)
    sent = ordered(goods.order("Invoiced", Paid="2026-11-12T00:00:00"))
    assert "Paid" not in read(caller, int(caller.save_order(sent)["OrderId"]))
