"""An account that reaches several companies: nothing is booked in another one than the key's."""

from __future__ import annotations

import pytest

from so24.crashpoints import arm
from so24.errors import WrongUse
from so24.keys.credentials import try_key
from so24.people.desk import Desk
from so24.sandbox.serve import SandboxServer
from so24.sandbox.wire.faults import Fault
from so24.store.tables.transfer_tables import State
from tests.transfer.world import ADMIN, CLIENT, World, booked_by_reference

BERGEN = 10000002
CALLS = ["GetInvoices", "SaveInvoices", "SaveCompanies", "SaveProducts", "GetCompanySyncList"]


def sell(world: World, account: str, client: int = CLIENT, *, first: int = 1001) -> list[int]:
    """Two documents of a department of its own, by a key with this account."""
    department = world.add_department(str(first))
    world.add_key([department], client=client, account=account)
    return world.add_invoices(department, 2, first=first, customers=2)


def orders_in(world: World, client: int) -> list[str]:
    return [order["OrderStatus"] for order in world.control.books()[client]["orders"]]


@pytest.mark.parametrize(
    "nth",
    [1, pytest.param(2, marks=pytest.mark.long), pytest.param(3, marks=pytest.mark.long)],
)
@pytest.mark.parametrize("operation", CALLS)
def test_a_session_that_is_moved_before_any_call_books_nothing_in_the_other_company(
    world: World, sandbox: SandboxServer, operation: str, nth: int
) -> None:
    ids = sell(world, "bergen")
    sandbox.faults.arm(Fault("moved", operation, nth=nth))
    rows = world.export(ids)
    assert {row.state for row in rows} == {State.TRANSFERRED}
    assert list(booked_by_reference(world).values()) == [1] * len(ids)
    assert "Invoiced" not in orders_in(world, BERGEN)
    booked = {each["OrderId"] for each in world.control.books()[CLIENT]["orders"]}
    assert {row.order_id for row in rows} <= booked


def test_an_account_of_one_company_is_asked_for_it_once_a_pass(world: World) -> None:
    ids = sell(world, "oslo")
    world.control.reset_calls()
    world.export(ids)
    assert world.control.calls()["operations"]["GetIdentity"] == 1


def test_a_key_of_the_same_account_does_not_move_it_while_a_run_uses_it(world: World) -> None:
    ids = sell(world, "bergen")
    other = world.add_key(
        [world.add_department("20")], client=BERGEN, account="bergen", category=None, name="other"
    )
    told: list[str] = []

    def try_the_other(point: str, _by: int | None) -> None:
        if point == "after draft answer":
            with pytest.raises(WrongUse) as refused:
                try_key(Desk(world.installation, ADMIN), other)
            told.append(str(refused.value))

    arm(try_the_other)
    try:
        rows = world.export(ids)
    finally:
        arm(None)
    assert {row.state for row in rows} == {State.TRANSFERRED}
    assert "the same account and another company" in told[0]
