"""Credit notes in the sandbox: orders that name what they credit, with the rules assumed."""

from __future__ import annotations

from typing import Any

import pytest

from so24.sandbox.books.seed import OSLO
from so24.sandbox.runner import Control
from tests.sandbox.books.test_orders import message
from tests.sandbox.caller import Caller
from tests.sandbox.conftest import Goods, ordered


@pytest.fixture
def invoiced(caller: Caller, goods: Goods) -> dict[str, Any]:
    """An order of the customer that has become invoice 10001."""
    return caller.save_order(goods.order("Invoiced"))


def credit_note(goods: Goods, quantity: int = -2, /, **fields: object) -> dict[str, Any]:
    rows = {"InvoiceRow": [goods.row(Quantity=quantity)]}
    return ordered(goods.order("Draft", **{"InvoiceRows": rows, **fields}))


def test_a_credit_note_has_a_negative_total_and_a_number_of_the_same_series(
    caller: Caller, goods: Goods, invoiced: dict[str, Any]
) -> None:
    named = {"ReferenceInvoiceId": invoiced["InvoiceId"], "ReferenceOrderId": invoiced["OrderId"]}
    draft = caller.save_order(credit_note(goods, **named))
    assert (draft["OrderTotalIncVat"], draft["OrderTotalVat"]) == ("-250.00", "-50.00")
    status = {"OrderId": draft["OrderId"], "OrderStatus": "Invoiced", "IncludeVAT": "false"}
    assert caller.save_order(status)["InvoiceId"] == "10002"
    [found] = caller.find_orders({"InvoiceIds": {"int": ["10002"]}})
    assert found["OrderId"] == draft["OrderId"]


def test_only_an_invoice_of_the_same_customer_is_credited(
    caller: Caller, goods: Goods, control: Control, invoiced: dict[str, Any]
) -> None:
    other = control.edit("edit_company", OSLO, Name="Tindtopp Eiendom AS", ExternalId="RM-2")
    draft = caller.save_order(goods.order())
    refused = [
        credit_note(goods, ReferenceInvoiceId=77),
        credit_note(goods, CustomerId=other["Id"], ReferenceInvoiceId=invoiced["InvoiceId"]),
        credit_note(
            goods, ReferenceInvoiceId=invoiced["InvoiceId"], ReferenceOrderId=draft["OrderId"]
        ),
        credit_note(goods, 1, ReferenceInvoiceId=invoiced["InvoiceId"]),
    ]
    words = [message(each) for each in caller.save_orders(refused)]
    assert words[0] == "Invoice 77 does not exist"
    assert f"Invoice 10001 does not belong to customer {other['Id']}" in words[1]
    assert "is not invoice 10001" in words[2]
    assert "cannot have a positive total" in words[3]
