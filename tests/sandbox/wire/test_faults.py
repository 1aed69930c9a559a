"""What goes wrong on purpose, and what is left in the books then."""

from __future__ import annotations

import http.client
import time

import pytest

from so24.errors import WrongUse
from so24.sandbox.books.seed import OSLO
from so24.sandbox.runner import Control
from so24.sandbox.serve import SandboxServer
from so24.sandbox.wire.faults import Fault, parse_fault
from tests.sandbox.caller import Caller
from tests.sandbox.conftest import Goods

LOST = (ConnectionError, http.client.HTTPException)
ALL = {"ChangedAfter": "2000-01-01T00:00:00"}


def states(control: Control) -> list[str]:
    """The states of all orders in the books, by id."""
    return [order["OrderStatus"] for order in control.books()[OSLO]["orders"]]


@pytest.mark.parametrize(
    ("fault", "kept"),
    [
        (Fault("lost_before"), []),
        (Fault("lost_after"), ["Draft"]),
        (Fault("cut"), ["Draft"]),
        (Fault("close"), []),
        (Fault("late", seconds=30), []),
    ],
)
def test_an_answer_is_lost_with_or_without_the_write(
    caller: Caller, goods: Goods, control: Control, fault: Fault, kept: list[str]
) -> None:
    control.arm(fault)
    with pytest.raises(LOST):
        caller.save_order(goods.order())
    assert states(control) == kept
    caller.save_order(goods.order())
    assert states(control) == [*kept, "Draft"]


def test_a_reset_is_a_reset_and_a_lost_answer_a_silent_close(
    caller: Caller, control: Control
) -> None:
    control.arm(Fault("close"), Fault("lost_after"))
    with pytest.raises(ConnectionResetError) as reset:
        caller.call("Authenticate", "HasSession")
    assert not isinstance(reset.value, http.client.RemoteDisconnected)
    with pytest.raises(http.client.RemoteDisconnected):
        caller.call("Authenticate", "HasSession")


def test_a_late_write_lands_when_its_time_has_come(
    caller: Caller, goods: Goods, control: Control
) -> None:
    control.arm(Fault("late", "SaveInvoices", seconds=30))
    with pytest.raises(LOST):
        caller.save_order(goods.order())
    control.set(advance_seconds=29)
    assert caller.find_orders(ALL) == []
    control.set(advance_seconds=2)
    assert [order["OrderId"] for order in caller.find_orders(ALL)] == ["20001"]
    control.set(advance_seconds=60)
    assert len(caller.find_orders(ALL)) == 1


def test_all_late_writes_can_be_landed_at_once_and_obey_the_rules_of_then(
    caller: Caller, goods: Goods, control: Control
) -> None:
    number = caller.save_order(goods.order())["OrderId"]
    control.arm(Fault("late", seconds=30, times=2))
    closing = {"OrderId": number, "OrderStatus": "Invoiced", "IncludeVAT": "false"}
    for _ in range(2):
        with pytest.raises(LOST):
            caller.save_order(closing)
    assert control.set()["late"] == 2
    assert control.set(land=True)["late"] == 0
    (order,) = control.books()[OSLO]["orders"]
    assert (order["OrderStatus"], order["InvoiceId"]) == ("Invoiced", 10001)


def test_a_late_write_still_lands_when_the_draft_was_deleted_by_hand(
    caller: Caller, goods: Goods, control: Control
) -> None:
    number = caller.save_order(goods.order())["OrderId"]
    control.arm(Fault("late", seconds=30))
    with pytest.raises(LOST):
        caller.save_order({"OrderId": number, "OrderStatus": "Invoiced", "IncludeVAT": "false"})
    control.edit("delete_draft", OSLO, order_id=int(number))
    control.set(land=True)
    assert states(control) == []  # it had no rows to make an order of


def test_a_hidden_order_is_found_after_some_look_ups_or_on_demand(
    caller: Caller, goods: Goods, control: Control
) -> None:
    control.arm(Fault("hidden", "SaveInvoices", reads=2), Fault("hidden", "SaveInvoices"))
    caller.save_order(goods.order())
    assert [len(caller.find_orders(ALL)) for _ in range(3)] == [0, 0, 1]
    caller.save_order(goods.order())
    caller.save_order(goods.order())
    found = [order["OrderId"] for order in caller.find_orders(ALL)]
    assert found == ["20001", "20003"]
    assert control.set(reveal=True)["hidden"] == 0
    assert len(caller.find_orders(ALL)) == 3


def test_a_fault_can_wait_for_the_nth_draft_or_invoicing_write(
    caller: Caller, goods: Goods, control: Control
) -> None:
    control.arm(
        Fault("fault", "SaveInvoices", only="invoicing", text="no invoicing"),
        Fault("fault", "SaveInvoices", only="draft", nth=2, times=2, text="no draft"),
    )

    def save(state: str) -> str | None:
        orders = {"invoices": {"InvoiceOrder": goods.order(state)}}
        return caller.call("InvoiceService", "SaveInvoices", orders).fault

    assert [save("Draft") for _ in range(4)] == [None, "no draft", "no draft", None]
    assert [save("Invoiced") for _ in range(2)] == ["no invoicing", None]
    assert caller.call("Authenticate", "HasSession").result == "true"


@pytest.mark.parametrize("status", [200, 500, 503])
def test_an_html_page_can_stand_in_for_the_answer(
    caller: Caller, control: Control, status: int
) -> None:
    control.arm(Fault("html", status=status))
    reply = caller.call("Authenticate", "HasSession")
    assert reply.status == status
    assert reply.body.startswith(b"<html>")


def test_a_page_or_throttle_may_come_after_the_write(
    caller: Caller, goods: Goods, control: Control
) -> None:
    control.arm(Fault("html", performed=True), Fault("throttle", seconds=7))
    parameters = {"invoices": {"InvoiceOrder": goods.order()}}
    assert caller.call("InvoiceService", "SaveInvoices", parameters).status == 500
    reply = caller.call("InvoiceService", "SaveInvoices", parameters)
    assert (reply.status, reply.headers["Retry-After"]) == (429, "7")
    assert states(control) == ["Draft"]


def test_expired_sessions_end_for_everybody(caller: Caller, control: Control) -> None:
    control.arm(Fault("expire", "GetProducts"))
    assert caller.call("Authenticate", "HasSession").result == "true"
    reply = caller.call("ProductService", "GetProducts")
    assert "Session is not authenticated" in (reply.fault or "")
    assert caller.call("Authenticate", "HasSession").result == "false"


def test_a_lost_answer_can_keep_the_caller_waiting(caller: Caller, control: Control) -> None:
    control.arm(Fault("lost_before", hold=0.2))
    begun = time.monotonic()
    with pytest.raises(LOST):
        caller.call("Authenticate", "HasSession")
    assert time.monotonic() - begun >= 0.2


def test_every_answer_can_be_delayed(caller: Caller, control: Control) -> None:
    control.set(latency_ms=150)
    begun = time.monotonic()
    caller.call("Authenticate", "HasSession")
    assert time.monotonic() - begun >= 0.15


def test_a_fault_that_repeats_for_ever_ends_when_it_is_cleared(
    caller: Caller, control: Control
) -> None:
    control.arm(Fault("fault", times=0))
    assert [caller.call("Authenticate", "HasSession").status for _ in range(3)] == [500] * 3
    assert control.set(clear=True)["armed"] == []
    assert caller.call("Authenticate", "HasSession").status == 200


def test_a_fault_can_be_written_on_the_command_line() -> None:
    assert parse_fault("lost_after:SaveInvoices,only=draft,nth=2,hold=1.5") == Fault(
        "lost_after", "SaveInvoices", only="draft", nth=2, hold=1.5
    )
    assert parse_fault("expire") == Fault("expire")


@pytest.mark.parametrize(
    "text", ["", "explode", "late,seconds", "late,seconds=soon", "late,when=now", "late,only=all"]
)
def test_a_fault_that_cannot_be_read_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(WrongUse, match=r"\.$"):
        parse_fault(text)


def test_a_fault_armed_in_the_program_strikes_as_well(
    caller: Caller, server: SandboxServer
) -> None:
    server.faults.arm(Fault("fault", text="armed here"))
    assert caller.call("Authenticate", "HasSession").fault == "armed here"
