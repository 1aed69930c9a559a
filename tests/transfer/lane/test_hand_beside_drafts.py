"""A hand invoices a document of which a draft of ours stands: so24 invoices nothing beside it."""

from __future__ import annotations

import pytest

from so24.invoices.declarations import declare_other
from so24.people.desk import Desk
from so24.sandbox.serve import SandboxServer
from so24.sandbox.wire.faults import Fault
from so24.store.tables.transfer_tables import State
from tests.transfer.by_hand import enter_twin
from tests.transfer.lane.test_late_drafts import look_once_more, rows_of
from tests.transfer.world import ADMIN, CLIENT, World, booked_by_reference, drafts_left

pytestmark = pytest.mark.slow


@pytest.fixture
def ids(world: World) -> list[int]:
    """Invoices 1001 to 1004 of a department with a key."""
    department = world.add_department()
    world.add_key([department])
    return world.add_invoices(department, 4)


def leave_a_draft(world: World, sandbox: SandboxServer, invoice_id: int, *, bound: bool) -> str:
    """A run that came as far as a draft, seen and bound or not; returns the run."""
    if not bound:
        sandbox.faults.arm(Fault("lost_after", "SaveInvoices", only="draft"))
    sandbox.faults.arm(Fault("html", "GetInvoices", nth=1, times=0, status=503))
    run = world.start([invoice_id])
    world.work(run)
    sandbox.faults.clear()
    assert drafts_left(world) == 1
    return run


@pytest.mark.parametrize("bound", [True, False])
def test_an_invoice_by_hand_without_our_reference_stops_a_document_that_has_a_draft(
    world: World, sandbox: SandboxServer, ids: list[int], bound: bool
) -> None:
    run = leave_a_draft(world, sandbox, ids[3], bound=bound)
    enter_twin(world, ids)
    again = world.work(run) if not bound else world.export(ids[3:])
    assert [(row.state, row.reason) for row in again] == [(State.EXISTS, "exists_probably")]
    assert "A second draft, order 20001, was set inactive." in again[0].words
    assert drafts_left(world) == 0
    assert "RM-10-1004" not in booked_by_reference(world)


@pytest.mark.parametrize("bound", [True, False])
def test_a_document_that_is_declared_another_gets_a_new_draft(
    world: World, sandbox: SandboxServer, ids: list[int], bound: bool
) -> None:
    run = leave_a_draft(world, sandbox, ids[3], bound=bound)
    enter_twin(world, ids)
    world.work(run) if not bound else world.export(ids[3:])
    declare_other(Desk(world.installation, ADMIN), ids[3])
    assert [row.state for row in world.export(ids[3:])] == [State.TRANSFERRED]
    assert booked_by_reference(world)["RM-10-1004"] == 1
    assert drafts_left(world) == 0


def test_a_draft_that_cannot_be_retired_beside_an_invoice_by_hand_is_named(
    world: World, sandbox: SandboxServer, ids: list[int]
) -> None:
    run = leave_a_draft(world, sandbox, ids[3], bound=False)
    enter_twin(world, ids)
    sandbox.faults.arm(Fault("fault", "SaveInvoices"))
    [row] = world.work(run)
    assert row.state is State.EXISTS
    assert "A second draft, order 20001, could not be set inactive" in row.words


def test_an_invoicing_that_lands_beside_an_invoice_by_hand_is_told_with_its_number(
    world: World, sandbox: SandboxServer, ids: list[int]
) -> None:
    run = leave_a_draft(world, sandbox, ids[3], bound=False)
    by_hand = enter_twin(world, ids)
    sandbox.faults.arm(Fault("fault", "SaveInvoices"))
    [row] = world.work(run)
    assert (row.state, row.order_id) == (State.EXISTS, by_hand)
    late = world.control.edit("invoice_order", CLIENT, order_id=20001)
    look_once_more(world)
    look_once_more(world)
    [row] = rows_of(world, run)
    told = f"Order 20001 of this document is booked as well, as invoice {late['InvoiceId']}"
    assert row.words.count(told) == 1
    assert (row.state, row.order_id) == (State.EXISTS, by_hand)
