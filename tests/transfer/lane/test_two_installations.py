"""Two installations with stores of their own at one company: each document is booked once.

A second copy of so24, on a laptop or restored from a back-up, knows nothing of the first one's
orders. It is made to work at every named point of the first one's lane, wholly or until it dies.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from so24.crashpoints import CRASH_POINTS, arm
from so24.installation import open_installation
from so24.office.gateway import Office
from so24.office.values import NewCompany, Order, SaveOutcome
from so24.people.desk import Desk
from so24.reasons import Reason
from so24.sandbox.serve import SandboxServer
from so24.sandbox.wire.faults import Fault
from so24.settings import Settings
from so24.store.tables.transfer_tables import State, Transfer
from so24.transfer.history import read_events
from tests.transfer.world import ADMIN, CLIENT, World, booked_by_reference, drafts_left, make_world

pytestmark = pytest.mark.slow

COUNT = 3
# up to the moment in which the first one's invoices are booked
POINTS = CRASH_POINTS[1 : CRASH_POINTS.index("after invoicing answer") + 1]
POINTS = tuple(point for point in POINTS if "during" not in point)
FEW = ("after draft intent", "after invoicing intent")
DIES_AT = ("after draft answer", "after compare", "after invoicing intent")
ENDS = {State.TRANSFERRED, State.EXISTS}


def in_short(values: Any, short: bool) -> Any:
    """A case that only the long list has, unless it is told to be in the short one."""
    given = values if isinstance(values, tuple) else (values,)
    return pytest.param(*given, marks=[] if short else [pytest.mark.long])


class Died(Exception):
    """The second installation's process is no more."""


@pytest.fixture
def other(world: World, settings: Settings, tmp_path: Path) -> Iterator[World]:
    """A second installation with the same documents and a key for the same company."""
    changed = world.installation.settings.model_copy(update={"data_dir": tmp_path / "other"})
    changed = changed.model_copy(update={"database_url": ""})
    installation = open_installation(changed)
    yield make_world(installation, world.address)
    installation.close()


def add_documents(*worlds: World) -> list[int]:
    """The same documents in each installation; returns their ids, which are the same."""
    for each in worlds:
        department = each.add_department()
        each.add_key([department])
        ids = each.add_invoices(department, COUNT, customers=2)
    return ids


def work_inside(point: str, world: World, run: str, dies_at: str = "") -> None:
    """Have the run worked when another lane comes to this point for the first time."""

    def strike(reached: str, _key: int | None) -> None:
        if reached != point:
            return
        arm(strike_again if dies_at else None)
        with suppress(Died):
            world.work(run)
        arm(None)

    def strike_again(reached: str, _key: int | None) -> None:
        if reached == dies_at:
            die()

    arm(strike)


@pytest.fixture(autouse=True)
def _disarmed() -> Iterator[None]:
    yield
    arm(None)


def check_books(world: World, *rows: list[Transfer]) -> None:
    """Each document is invoiced once, no draft is left, and what the receipts say is so."""
    assert list(booked_by_reference(world).values()) == [1] * COUNT
    assert drafts_left(world) == 0
    orders = {order["OrderId"]: order for order in world.control.books()[CLIENT]["orders"]}
    for row in (row for each in rows for row in each):
        assert row.state in ENDS, (row.state, row.reason, row.words)
        assert orders[row.order_id]["InvoiceId"] == row.office_invoice_id


@pytest.mark.parametrize("point", [in_short(point, point in FEW) for point in POINTS])
def test_a_whole_run_of_another_installation_at_any_point_books_nothing_twice(
    world: World, other: World, point: str
) -> None:
    ids = add_documents(world, other)
    run, theirs = world.start(ids), other.start(ids)
    work_inside(point, other, theirs)
    ours = world.work(run)
    arm(None)
    check_books(world, ours, other.work(theirs))


@pytest.mark.parametrize(
    ("point", "dies_at"),
    [
        in_short((point, dies_at), point == "after draft answer" and dies_at != DIES_AT[1])
        for point in POINTS
        for dies_at in DIES_AT
    ],
)
def test_another_installation_that_dies_and_is_started_again_books_nothing_twice(
    world: World, other: World, point: str, dies_at: str
) -> None:
    ids = add_documents(world, other)
    run, theirs = world.start(ids), other.start(ids)
    work_inside(point, other, theirs, dies_at)
    ours = world.work(run)
    arm(None)
    check_books(world, ours, other.work(theirs))


def test_while_two_are_sending_both_orders_are_named_and_one_is_kept(
    world: World, other: World
) -> None:
    ids = add_documents(world, other)
    run, theirs = world.start(ids), other.start(ids)
    work_inside("after draft intent", other, theirs, "after draft result")
    rows = world.work(run)
    check_books(world, rows)
    statuses = Counter(each["OrderStatus"] for each in world.control.books()[CLIENT]["orders"])
    assert statuses == {"Invoiced": COUNT, "Inactive": COUNT}
    events = [event for each in ids for event in read_events(Desk(world.installation, ADMIN), each)]
    told = [event.words for event in events if event.reason is Reason.SENT_TWICE]
    orders = [each["OrderId"] for each in world.control.books()[CLIENT]["orders"]]
    assert len(told) == COUNT
    assert all(str(order) in " ".join(told) for order in orders)


@pytest.mark.parametrize(
    "dies_at",
    [in_short("", False), "after customers answer", in_short("after draft result", False)],
)
def test_two_that_make_the_same_customer_at_once_send_nothing_until_a_person_has_said_which_card(
    world: World, other: World, monkeypatch: pytest.MonkeyPatch, dies_at: str
) -> None:
    ids = add_documents(world, other)
    run, theirs = world.start(ids), other.start(ids)
    create = Office.create_companies

    def create_after_the_other(office: Office, new: Sequence[NewCompany]) -> list[SaveOutcome]:
        monkeypatch.setattr(Office, "create_companies", create)
        arm(lambda point, _key: die() if point == dies_at else None)
        with suppress(Died):
            other.work(theirs)
        arm(None)
        return create(office, new)

    monkeypatch.setattr(Office, "create_companies", create_after_the_other)
    ours = world.work(run)
    assert {row.reason for row in ours} <= {Reason.AMBIGUOUS_CUSTOMER, Reason.NONE}
    rest = other.work(theirs)
    assert set(booked_by_reference(world).values()) <= {1}
    told = [row for row in (*ours, *rest) if row.state is State.BLOCKED]
    assert told
    assert all("ExternalId" in row.words for row in told)


def die() -> None:
    """End the process that has come here."""
    raise Died


def test_a_doubled_request_leaves_no_second_draft_that_nobody_is_told_of(
    world: World, sandbox: SandboxServer
) -> None:
    ids = add_documents(world)
    sandbox.faults.arm(Fault("doubled", "SaveInvoices", only="draft", times=1))
    rows = world.export(ids)
    assert {row.state for row in rows} == {State.TRANSFERRED}
    check_books(world, rows)


@pytest.mark.parametrize("shown", [0, COUNT])
def test_nothing_is_invoiced_by_a_look_that_lacks_the_very_order(
    world: World, sandbox: SandboxServer, monkeypatch: pytest.MonkeyPatch, shown: int
) -> None:
    ids = add_documents(world)
    sandbox.faults.arm(Fault("doubled", "SaveInvoices", only="draft", times=1))
    read: Any = Office.orders_of_customers
    looks: list[int] = []

    def lack_the_newest(*given: Any, rows: bool = False, **how: Any) -> list[Order]:
        orders: list[Order] = sorted(read(*given, rows=rows, **how), key=lambda each: each.order_id)
        if not rows or looks:  # of the looks after drafts, the first shows too little
            return orders
        looks.append(len(orders))
        return orders[:shown]

    monkeypatch.setattr(Office, "orders_of_customers", lack_the_newest)
    rows = world.export(ids)
    assert looks == [2 * COUNT]
    assert {row.state for row in rows} == {State.TRANSFERRED}
    assert drafts_left(world) == 0
    check_books(world, rows)
