"""Looking orders up."""

from __future__ import annotations

import pytest

from so24.sandbox.books.seed import OSLO
from so24.sandbox.runner import Control
from so24.sandbox.serve import SandboxServer
from tests.sandbox.caller import Caller, Tree
from tests.sandbox.conftest import Goods, ordered

ALL = {"ChangedAfter": "2000-01-01T00:00:00"}


def find(caller: Caller, search: Tree) -> list[str]:
    return [order["OrderId"] for order in caller.find_orders(search)]


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ({"CustomerIds": {"int": [30001]}}, ["20001", "20002"]),
        ({"CustomerIds": {"int": [30001, 30002]}}, ["20001", "20002", "20003"]),
        ({"OrderStates": {"OrderSlipStateType": ["Draft"]}}, ["20001", "20003"]),
        ({"InvoiceIds": {"int": [10001]}}, ["20002"]),
        ({"OrderIds": {"int": [20003, 77]}}, ["20003"]),
        (
            {
                "CustomerIds": {"int": [30001]},
                "OrderStates": {"OrderSlipStateType": ["Draft", "Inactive"]},
            },
            ["20001"],
        ),
        (ALL, ["20001", "20002", "20003"]),
        ({"ChangedAfter": "2990-01-01T00:00:00"}, []),
    ],
)
def test_orders_are_found_by_every_documented_filter(
    caller: Caller, goods: Goods, control: Control, search: Tree, found: list[str]
) -> None:
    other = control.edit("edit_company", OSLO, Name="Fjord AS")["Id"]
    orders = [goods.order(), goods.order("Invoiced"), goods.order(CustomerId=other)]
    caller.save_orders(orders)
    assert find(caller, search) == found


@pytest.mark.parametrize("search", [{}, {"OrderIds": {}}])
def test_a_look_up_without_a_filter_is_a_fault(caller: Caller, search: Tree) -> None:
    reply = caller.call("InvoiceService", "GetInvoices", {"searchParams": search})
    assert "Please specify at least one search parameter" in (reply.fault or "")


@pytest.mark.parametrize("name", ["OrderIds", "CustomerIds", "InvoiceIds"])
def test_more_than_a_thousand_ids_are_refused(caller: Caller, name: str) -> None:
    for count, status in ((1000, 200), (1001, 500)):
        search = {"searchParams": {name: {"int": list(range(count))}}}
        assert caller.call("InvoiceService", "GetInvoices", search).status == status


def test_only_the_columns_asked_for_are_filled(caller: Caller, goods: Goods) -> None:
    caller.save_order(ordered(goods.order(ReferenceNumber="RM-10-1")))
    (order,) = caller.find_orders(ALL, "OrderId ReferenceNumber", "Price")
    assert order == {"OrderId": "20001", "IncludeVAT": "", "ReferenceNumber": "RM-10-1"}
    (order,) = caller.find_orders(ALL, "InvoiceRows", "Price")
    assert order == {"IncludeVAT": "", "InvoiceRows": {"InvoiceRow": {"Price": "100"}}}
    (order,) = caller.find_orders(ALL, "IncludeVAT InvoiceRows")
    assert order == {"IncludeVAT": "false", "InvoiceRows": {"InvoiceRow": ""}}


def test_a_misspelt_column_is_a_fault(caller: Caller) -> None:
    names = {"invoiceReturnProperties": {"string": ["Total"]}}
    reply = caller.call("InvoiceService", "GetInvoices", {"searchParams": ALL, **names})
    assert "no property 'Total'" in (reply.fault or "")


def test_changed_after_sees_an_order_again_when_it_changes(
    caller: Caller, goods: Goods, server: SandboxServer
) -> None:
    number = caller.save_order(goods.order())["OrderId"]
    (order,) = caller.find_orders(ALL, "DateChanged")
    later = {"ChangedAfter": order["DateChanged"]}
    assert find(caller, later) == []
    server.sandbox.clock.advance(1)
    caller.save_order({"OrderId": number, "IncludeVAT": "false", "YourReference": "Kari"})
    assert find(caller, later) == [number]


def test_the_sync_list_has_the_ids_registered_and_changed_after_a_time(
    caller: Caller, goods: Goods
) -> None:
    caller.save_orders([goods.order(), goods.order()])
    for registered, found in (
        ("2000-01-01T00:00:00", ["20001", "20002"]),
        ("2990-01-01T00:00:00", []),
    ):
        parameters = {"syncParams": {"RegisteredAfter": registered}}
        reply = caller.call("InvoiceService", "GetOrderSyncList", parameters)
        assert reply.records("int") == found
