"""The engine reads what is due by itself, and what somebody asks for by a press."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from so24.ledger.payments.schedule import read_payments_now
from so24.people.desk import Desk
from so24.store.tables.payment_tables import PaymentState
from so24.transfer.jobs import worker as worker_module
from so24.transfer.jobs.engine import engine_client
from so24.transfer.jobs.worker import JobWorker
from tests.conftest import wait_until
from tests.ledger.payments.reading_world import calls_made, pay, states_of
from tests.transfer.world import ADMIN, World

pytestmark = [pytest.mark.both, pytest.mark.slow]


@pytest.fixture
def ids(world: World) -> list[int]:
    """Two invoices that are booked; the first one is paid."""
    world.add_key([world.add_department()])
    found = world.add_invoices(1, 2)
    world.export(found)
    pay(world, found[0])
    return found


@pytest.fixture
def worker(world: World, ids: list[int]) -> Iterator[JobWorker]:
    """A process that will run the jobs once it is started."""
    worker = JobWorker(world.installation)
    yield worker
    worker.stop()


def is_read(world: World) -> bool:
    return states_of(world) == {"1001": PaymentState.PAID, "1002": PaymentState.OVERDUE}


def test_what_is_due_is_read_by_itself_and_once(
    world: World, worker: JobWorker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker_module, "PAYMENTS_SECONDS", 0.05)
    calls_made(world)
    assert worker.start()
    wait_until(lambda: is_read(world))
    worker.stop()
    assert calls_made(world)["GetInvoices"] == 1


def test_what_was_asked_for_while_no_process_ran_is_read_when_one_starts(
    world: World, worker: JobWorker
) -> None:
    client = engine_client(world.installation)
    read_payments_now(Desk(world.installation, ADMIN), client.enqueue_payments)
    assert set(states_of(world).values()) == {PaymentState.UNREAD}
    assert worker.start()
    wait_until(lambda: is_read(world))
