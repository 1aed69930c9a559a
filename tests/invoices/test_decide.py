"""A person's word on documents that 24SevenOffice seems to have already."""

from __future__ import annotations

from decimal import Decimal

import pytest

from so24.errors import NotAllowed, WrongUse
from so24.invoices.decisions import set_excluded
from so24.invoices.declarations import declare_other, declare_same, read_decisions
from so24.people.desk import Desk
from so24.people.roles import Actor
from so24.store.people.audit import latest_events
from so24.store.tables.transfer_tables import State
from so24.store.transfers.transfer_list import TransferFilter
from so24.transfer.history import read_history
from so24.transfer.receipt import read_receipt
from so24.transfer.runs import start_run
from tests.transfer.by_hand import enter_twin
from tests.transfer.world import ADMIN, World, booked_by_reference


@pytest.fixture
def ids(world: World) -> list[int]:
    """Invoices 1001 to 1004 of a department with a key."""
    department = world.add_department()
    world.add_key([department])
    return world.add_invoices(department, 4)


@pytest.fixture
def doubtful(world: World, ids: list[int]) -> int:
    """Invoice 1004, which an order by hand seems to be."""
    enter_twin(world, ids)
    (transfer,) = world.export(ids[3:])
    assert (transfer.state, transfer.reason) == (State.EXISTS, "exists_probably")
    return ids[3]


def test_the_same_document_is_excluded_and_names_the_order(world: World, doubtful: int) -> None:
    declare_same(Desk(world.installation, ADMIN), doubtful)
    decided = read_decisions(Desk(world.installation, ADMIN), [doubtful])[doubtful]
    assert decided.excluded
    assert "The same document as order 20004, invoice 10004" in decided.reason
    (transfer,) = world.export([doubtful])
    assert (transfer.state, transfer.reason) == (State.BLOCKED, "excluded")


def test_another_document_is_sent_by_the_next_run(world: World, doubtful: int) -> None:
    declare_other(Desk(world.installation, ADMIN), doubtful)
    decided = read_decisions(Desk(world.installation, ADMIN), [doubtful])[doubtful]
    assert (decided.excluded, decided.other_orders) == (False, (20004,))
    (transfer,) = world.export([doubtful])
    assert transfer.state is State.TRANSFERRED
    assert booked_by_reference(world)["RM-10-1004"] == 1


@pytest.mark.both
def test_no_list_has_the_numbers_of_an_order_that_is_another_document(
    world: World, doubtful: int
) -> None:
    [asked] = read_history(Desk(world.installation, ADMIN), TransferFilter(latest_only=True))[:1]
    assert (asked.order_id, asked.office_invoice_id) == (20004, 10004)
    declare_other(Desk(world.installation, ADMIN), doubtful)

    def numbers() -> list[tuple[int | None, int | None, Decimal | None]]:
        """Of the first run's line, on its receipt and in the history."""
        [line] = world.receipt(asked.run)
        [past] = read_history(Desk(world.installation, ADMIN), TransferFilter(run_id=asked.run))
        return [(row.order_id, row.office_invoice_id, row.office_total) for row in (line, past)]

    assert numbers() == [(None, None, None)] * 2
    (transfer,) = world.export([doubtful])
    own = (transfer.order_id, transfer.office_invoice_id, transfer.office_total)
    assert own[0] not in (None, 20004)
    assert numbers() == [own, (None, None, None)]


def test_an_excluded_document_is_not_declared_another(world: World, doubtful: int) -> None:
    declare_same(Desk(world.installation, ADMIN), doubtful)
    with pytest.raises(WrongUse, match="1004 is excluded from export: The same document as order"):
        declare_other(Desk(world.installation, ADMIN), doubtful)


def test_the_same_document_forgets_that_it_was_declared_another(
    world: World, doubtful: int
) -> None:
    declare_other(Desk(world.installation, ADMIN), doubtful)
    declare_same(Desk(world.installation, ADMIN), doubtful)
    decided = read_decisions(Desk(world.installation, ADMIN), [doubtful])[doubtful]
    assert (decided.excluded, decided.other_orders) == (True, ())


def test_an_excluded_document_that_is_taken_in_again_is_asked_about_anew(
    world: World, doubtful: int
) -> None:
    declare_other(Desk(world.installation, ADMIN), doubtful)
    set_excluded(Desk(world.installation, ADMIN), [doubtful], "let us see")
    set_excluded(Desk(world.installation, ADMIN), [doubtful], None)
    (transfer,) = world.export([doubtful])
    assert (transfer.state, transfer.reason) == (State.EXISTS, "exists_probably")


@pytest.mark.parametrize("decide", [declare_same, declare_other])
def test_a_run_that_came_too_late_takes_no_decision_away(
    world: World, ids: list[int], decide: type
) -> None:
    enter_twin(world, ids)
    first = start_run(Desk(world.installation, ADMIN), ids[3:], lambda session, lane: None)
    late = start_run(Desk(world.installation, ADMIN), ids[3:], lambda session, lane: None)
    (line,) = read_receipt(Desk(world.installation, ADMIN), late).lines
    assert line.reason == "in_other_run"
    world.work(first)
    decide(Desk(world.installation, ADMIN), ids[3])


def test_a_decision_is_in_the_audit_trail(world: World, doubtful: int) -> None:
    declare_other(Desk(world.installation, ADMIN), doubtful)
    with world.installation.db.reading() as session:
        event = latest_events(session, limit=1)[0]
    assert (event.actor, event.action) == ("ada", "declared another document")
    assert (event.subject, event.detail) == ("invoice 10-1004", "order 20004, invoice 10004")


@pytest.mark.parametrize("decide", [declare_same, declare_other])
def test_an_analyst_decides_nothing(
    world: World, doubtful: int, analyst: Actor, decide: type
) -> None:
    with pytest.raises(NotAllowed, match="export invoices"):
        decide(Desk(world.installation, analyst), doubtful)


@pytest.mark.parametrize("decide", [declare_same, declare_other])
def test_a_document_without_such_a_finding_is_refused(
    world: World, ids: list[int], decide: type
) -> None:
    world.export(ids[:1])
    with pytest.raises(WrongUse, match="Document 1001 waits for no such decision"):
        decide(Desk(world.installation, ADMIN), ids[0])


def test_a_decision_that_was_overtaken_is_refused(world: World, doubtful: int) -> None:
    declare_other(Desk(world.installation, ADMIN), doubtful)
    world.export([doubtful])
    with pytest.raises(WrongUse, match="waits for no such decision"):
        declare_same(Desk(world.installation, ADMIN), doubtful)


def test_a_document_that_does_not_exist_is_refused(world: World) -> None:
    with pytest.raises(WrongUse, match="does not exist"):
        declare_same(Desk(world.installation, ADMIN), 4711)
