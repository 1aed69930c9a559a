"""Orders: what can be saved, what is computed, what is frozen."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from so24.errors import WrongUse
from so24.sandbox.books.seed import OSLO
from so24.sandbox.runner import Control
from so24.sandbox.wire.faults import Fault
from tests.sandbox.caller import Caller
from tests.sandbox.conftest import Goods, ordered

NET = {"IncludeVAT": "false"}


def message(echo: dict[str, Any]) -> str:
    """What the exception of an item says; empty when it was saved."""
    return str(echo.get("APIException", {}).get("Message", ""))


def rows(*some: dict[str, object]) -> dict[str, object]:
    return {"InvoiceRow": list(some)}


def test_a_draft_gets_an_order_id_and_no_invoice_id(caller: Caller, goods: Goods) -> None:
    echo = caller.save_order(ordered(goods.order(ReferenceNumber="RM-10-1")))
    assert (echo["OrderId"], echo["ReferenceNumber"]) == ("20001", "RM-10-1")
    assert (echo["OrderTotalIncVat"], echo["OrderTotalVat"]) == ("250.00", "50.00")
    assert "InvoiceId" not in echo


def test_invoices_are_numbered_in_the_order_in_which_they_are_invoiced(
    caller: Caller, goods: Goods
) -> None:
    first, second = caller.save_orders([goods.order(), goods.order()])
    invoiced = [
        caller.save_order({"OrderId": order["OrderId"], "OrderStatus": "Invoiced", **NET})
        for order in (second, first)
    ]
    assert [order["InvoiceId"] for order in invoiced] == ["10001", "10002"]
    direct = caller.save_order(goods.order("Invoiced"))
    assert direct["InvoiceId"] == "10003"


def test_a_series_goes_on_with_the_number_that_it_is_set_to_and_hands_use_it_too(
    caller: Caller, goods: Goods, control: Control
) -> None:
    control.edit("set_invoice_series", OSLO, number=7)
    assert caller.save_order(goods.order("Invoiced"))["InvoiceId"] == "7"
    assert control.edit("invoice_by_hand", OSLO)["InvoiceId"] == 8
    assert caller.save_order(goods.order("Invoiced"))["InvoiceId"] == "9"
    with pytest.raises(WrongUse, match="begins with 1 or more"):
        control.edit("set_invoice_series", OSLO, number=0)


def test_a_hand_right_before_a_call_takes_its_number(
    caller: Caller, goods: Goods, control: Control
) -> None:
    control.arm(Fault("by_hand", "SaveInvoices", only="invoicing", nth=2))
    given = [caller.save_order(goods.order("Invoiced"))["InvoiceId"] for _ in range(3)]
    assert given == ["10001", "10003", "10004"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"CustomerId": 77}, "Customer 77 does not exist"),
        ({"CustomerId": -2147483648}, "CustomerId is required"),
        ({"InvoiceId": 5}, "InvoiceId is set by the system"),
        ({"CustomerName": "x" * 101}, "CustomerName cannot be longer than 100"),
        ({"YourReference": "x" * 51}, "YourReference cannot be longer than 50"),
        ({"InvoiceTitle": "x" * 301}, "InvoiceTitle cannot be longer than 300"),
        ({"InvoiceText": "x" * 751}, "InvoiceText cannot be longer than 750"),
        ({"OCR": "1" * 33}, "OCR cannot be longer than 32"),
        ({"CustomerOrgNo": "1" * 21}, "CustomerOrgNo cannot be longer than 20"),
        ({"InvoiceEmailAddress": "x" * 251}, "InvoiceEmailAddress cannot be longer than 250"),
        ({"ReferenceNumber": "x" * 51}, "ReferenceNumber cannot be longer than 50"),
        ({"ReferenceInvoiceId": 77}, "Invoice 77 does not exist"),
        ({"ReferenceOrderId": 77}, "Order 77 does not exist"),
        ({"InvoiceRows": {}}, "at least one row"),
        ({"InvoiceRows": rows({"ProductId": 77})}, "Product 77 does not exist"),
        ({"InvoiceRows": rows({"Price": 1})}, "ProductId is required in row 1"),
        ({"InvoiceRows": rows({"Name": "x" * 301, "Type": "Text"})}, "Name cannot be longer"),
    ],
)
def test_an_order_that_breaks_a_rule_gets_its_own_exception_and_the_rest_is_saved(
    caller: Caller, goods: Goods, change: dict[str, object], words: str
) -> None:
    bad, good = caller.save_orders([ordered(goods.order(**change)), goods.order()])
    assert words in message(bad)
    assert bad["APIException"]["Type"].startswith("Office24Seven.Library.")
    assert good["OrderId"] == "20001"
    found = caller.find_orders({"ChangedAfter": "2000-01-01T00:00:00"})
    assert [order["OrderId"] for order in found] == ["20001"]


def test_texts_of_exactly_the_documented_length_are_taken(caller: Caller, goods: Goods) -> None:
    order = goods.order(ReferenceNumber="x" * 50, InvoiceText="y" * 750, OCR="1" * 32)
    assert message(caller.save_order(ordered(order))) == ""


def test_an_unknown_state_fails_the_whole_call(caller: Caller, goods: Goods) -> None:
    orders = {"invoices": {"InvoiceOrder": [goods.order(), goods.order("Fakturert")]}}
    reply = caller.call("InvoiceService", "SaveInvoices", orders)
    assert "Instance validation error" in (reply.fault or "")
    assert caller.find_orders({"ChangedAfter": "2000-01-01T00:00:00"}) == []


def test_a_blocked_customer_takes_no_order_but_an_old_draft_can_be_retired(
    caller: Caller, goods: Goods, control: Control
) -> None:
    draft = caller.save_order(goods.order())["OrderId"]
    control.edit("edit_company", OSLO, Id=goods.customer, BlockInvoice=True)
    assert "is blocked for invoicing" in message(caller.save_order(goods.order()))
    closing = {"OrderId": draft, "OrderStatus": "Invoiced", **NET}
    assert "is blocked for invoicing" in message(caller.save_order(closing))
    retired = caller.save_order(closing | {"OrderStatus": "Inactive"})
    assert message(retired) == ""


@pytest.mark.parametrize("state", ["Invoiced", "Inactive"])
def test_invoiced_and_inactive_orders_are_frozen(caller: Caller, goods: Goods, state: str) -> None:
    number = caller.save_order(goods.order(state))["OrderId"]
    columns = "OrderId InvoiceId OrderStatus OrderTotalIncVat YourReference DateChanged"
    before = caller.find_orders({"OrderIds": {"int": [number]}}, columns)
    for change in (
        {"OrderStatus": "Draft"},
        {"OrderStatus": "Invoiced"},
        {"OrderStatus": "Inactive"},
    ):
        echo = caller.save_order({"OrderId": number, **change, **NET, "YourReference": "x"})
        assert "cannot be changed" in message(echo)
        assert ("already invoiced" in message(echo)) is (state == "Invoiced")
    assert caller.find_orders({"OrderIds": {"int": [number]}}, columns) == before


def test_an_update_keeps_the_rows_and_fields_it_leaves_out(caller: Caller, goods: Goods) -> None:
    number = caller.save_order(ordered(goods.order(YourReference="Kari")))["OrderId"]
    caller.save_order({"OrderId": number, "OrderStatus": "ForInvoicing", **NET})
    (order,) = caller.find_orders(
        {"OrderIds": {"int": [number]}}, "OrderStatus YourReference InvoiceRows", "Quantity Price"
    )
    assert order["YourReference"] == "Kari"
    assert order["OrderStatus"] == "ForInvoicing"
    assert order["InvoiceRows"] == {"InvoiceRow": {"Price": "100", "Quantity": "2"}}


def test_rows_of_an_existing_order_are_added_edited_and_deleted_by_row_id(
    caller: Caller, goods: Goods
) -> None:
    order = goods.order(InvoiceRows=rows(goods.row(), goods.row(Price=50)))
    number = caller.save_order(order)["OrderId"]
    changes = rows(
        {"RowId": 1, "ChangeState": "Delete"},
        {"RowId": 2, "Price": 60, "ChangeState": "Edit"},
        {"ProductId": goods.vat0, "Price": 7, "ChangeState": "Add"},
    )
    echo = caller.save_order({"OrderId": number, **NET, "InvoiceRows": changes})
    assert (echo["OrderTotalIncVat"], echo["OrderTotalVat"]) == ("157.00", "30.00")


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"RowId": 1, "Price": 5}, "ChangeState is required"),
        ({"RowId": 9, "ChangeState": "Edit"}, "Row 9 does not exist"),
        ({"RowId": 1, "ChangeState": "Delete"}, "at least one row"),
    ],
)
def test_a_wrong_change_of_rows_leaves_the_order_as_it_was(
    caller: Caller, goods: Goods, row: dict[str, object], words: str
) -> None:
    number = caller.save_order(goods.order())["OrderId"]
    echo = caller.save_order({"OrderId": number, **NET, "InvoiceRows": rows(row)})
    assert words in message(echo)
    (order,) = caller.find_orders({"OrderIds": {"int": [number]}}, "OrderTotalIncVat")
    assert order["OrderTotalIncVat"] == "250.00"


def test_an_unknown_order_id_makes_that_order_with_rows_and_is_refused_without(
    caller: Caller, goods: Goods
) -> None:
    bare = {"OrderId": 555000, "CustomerId": goods.customer, "OrderStatus": "Invoiced", **NET}
    assert "Order 555000 does not exist" in message(caller.save_order(bare))
    made = caller.save_order(ordered(goods.order(OrderId=555000)))
    assert made["OrderId"] == "555000"
    assert caller.save_order(goods.order())["OrderId"] == "555001"


def test_vat_follows_the_product_and_the_row_may_override_it(caller: Caller, goods: Goods) -> None:
    override = {"TaxSettings": {"TaxRate": 12}}
    order = goods.order(
        InvoiceRows=rows(
            goods.row(),
            goods.row(ProductId=goods.vat15),
            goods.row(ProductId=goods.vat0),
            goods.row() | override,
            {"Name": "Thank you", "Type": "Text"},
        )
    )
    echo = caller.save_order(order)
    assert (echo["OrderTotalIncVat"], echo["OrderTotalVat"]) == ("904.00", "104.00")
    (read,) = caller.find_orders(
        {"OrderIds": {"int": [echo["OrderId"]]}}, "InvoiceRows", "VatRate ProductId ProductNo Type"
    )
    seen = [(row.get("ProductNo"), row.get("VatRate")) for row in read["InvoiceRows"]["InvoiceRow"]]
    assert seen == [("hours", "25"), ("lunch", "15"), ("fee", "0"), ("hours", "12"), (None, None)]
    assert read["InvoiceRows"]["InvoiceRow"][-1]["ProductId"] == "-1"


@pytest.mark.parametrize(
    ("prices", "total", "vat"),
    [
        (["0.11", "0.11"], "0.28", "0.06"),  # 25 % of 0.22 is 0.055
        (["0.13", "0.13"], "0.33", "0.07"),  # 0.065; rounded per row it would be 0.03 twice
        (["0.02"], "0.03", "0.01"),
        (["-0.02"], "-0.03", "-0.01"),
        (["99.995"], "125.00", "25.00"),
        (["99.994"], "124.99", "25.00"),
    ],
)
def test_rows_are_rounded_half_up_and_vat_once_per_rate(
    caller: Caller, goods: Goods, prices: list[str], total: str, vat: str
) -> None:
    some = (goods.row(Price=price, Quantity=1) for price in prices)
    echo = caller.save_order(goods.order(InvoiceRows=rows(*some)))
    assert (echo["OrderTotalIncVat"], echo["OrderTotalVat"]) == (total, vat)


def test_a_discount_lowers_the_row_and_prices_may_include_vat(caller: Caller, goods: Goods) -> None:
    row = {"ProductId": goods.vat25, "Price": 100, "DiscountRate": "12.5", "Quantity": 2}
    net = caller.save_order(goods.order(InvoiceRows=rows(row)))
    assert Decimal(net["OrderTotalIncVat"]) == Decimal("218.75")
    gross = caller.save_order(goods.order(InvoiceRows=rows(row), IncludeVAT="true"))
    assert (gross["OrderTotalIncVat"], gross["OrderTotalVat"]) == ("175.00", "35.00")


def test_a_local_date_is_read_back_in_utc(caller: Caller, goods: Goods) -> None:
    order = ordered(goods.order("Invoiced", DateInvoiced="2026-01-01T00:00:00"))
    number = caller.save_order(order)["OrderId"]
    (read,) = caller.find_orders({"OrderIds": {"int": [number]}}, "DateInvoiced")
    assert read["DateInvoiced"] == "2025-12-31T23:00:00Z"


def test_a_local_time_that_does_not_exist_is_refused(caller: Caller, goods: Goods) -> None:
    order = ordered(goods.order(DateInvoiced="2026-03-29T02:30:00"))
    reply = caller.call("InvoiceService", "SaveInvoices", {"invoices": {"InvoiceOrder": order}})
    assert "does not exist in the time zone" in (reply.fault or "")


def test_texts_come_back_unchanged(caller: Caller, goods: Goods) -> None:
    text = "Blåbærsyltetøy & <søt> ]]> \N{GRINNING FACE}\n  čáŋ "
    number = caller.save_order(ordered(goods.order(InvoiceText=text)))["OrderId"]
    (read,) = caller.find_orders({"OrderIds": {"int": [number]}}, "InvoiceText")
    assert read["InvoiceText"] == text
