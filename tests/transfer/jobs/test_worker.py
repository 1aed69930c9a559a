"""The engine on SQLite: lanes run in the background, and a dead worker's work is taken up."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from so24.people.desk import Desk
from so24.sandbox.serve import SandboxServer
from so24.sandbox.wire.faults import Fault
from so24.store.tables.transfer_tables import State
from so24.store.transfers.transfers import transfers_of_run
from so24.transfer.jobs import worker as worker_module
from so24.transfer.jobs import workflows
from so24.transfer.jobs.worker import JobWorker, job_enqueuer
from so24.transfer.lane import waiting
from so24.transfer.lane.lane import work_lane
from so24.transfer.receipt import read_receipt
from so24.transfer.runs import retry_run, start_run, stop_run
from tests.conftest import wait_until
from tests.transfer.world import ADMIN, CLIENT, World, booked_by_reference

pytestmark = [pytest.mark.both, pytest.mark.slow]


@pytest.fixture
def worker(world: World) -> Iterator[JobWorker]:
    """This process runs the jobs."""
    worker = JobWorker(world.installation)
    assert worker.start()
    yield worker
    worker.stop()


@pytest.fixture
def ids(world: World) -> list[int]:
    """Five documents of a department with a key."""
    department = world.add_department()
    world.add_key([department])
    return world.add_invoices(department, 5)


def finished(world: World, run: str) -> Callable[[], bool]:
    return lambda: read_receipt(Desk(world.installation, ADMIN), run).tally.finished


def test_a_run_is_worked_in_the_background(world: World, worker: JobWorker, ids: list[int]) -> None:
    run = start_run(Desk(world.installation, ADMIN), ids, job_enqueuer(world.installation))
    wait_until(finished(world, run))
    assert read_receipt(Desk(world.installation, ADMIN), run).tally.transferred == 5


@pytest.mark.sqlite_only(reason="on PostgreSQL any number of processes runs jobs")
def test_only_one_process_runs_jobs_on_a_sqlite_file(world: World, worker: JobWorker) -> None:
    other = JobWorker(world.installation)
    assert not other.start()
    worker.stop()
    assert other.start()
    other.stop()


def test_a_lane_that_nobody_works_on_is_taken_up(
    world: World, worker: JobWorker, ids: list[int]
) -> None:
    run = world.start(ids)  # rows without a job, as a lost job would leave them
    wait_until(finished(world, run))
    assert list(booked_by_reference(world).values()) == [1] * 5


@pytest.mark.sqlite_only(reason="the distances are reckoned alike")
def test_a_lane_goes_on_at_once_however_often_the_database_was_away(
    world: World, ids: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker_module, "HOUSEKEEPING_SECONDS", 0.05)
    outages = ["away"] * 6  # by growing distances the next attempt would come after half a minute

    def work_or_lose(*arguments: Any) -> None:
        if outages:
            raise OperationalError("SELECT 1", {}, ConnectionError(outages.pop()))
        work_lane(*arguments)

    monkeypatch.setattr(workflows, "work_lane", work_or_lose)
    worker = JobWorker(world.installation)
    run = start_run(Desk(world.installation, ADMIN), ids, job_enqueuer(world.installation))
    worker.start()
    try:
        wait_until(finished(world, run))
    finally:
        worker.stop()
    assert outages == []
    assert list(booked_by_reference(world).values()) == [1] * 5


def test_work_queued_while_no_worker_ran_is_done_when_one_starts(
    world: World, ids: list[int]
) -> None:
    run = start_run(Desk(world.installation, ADMIN), ids, job_enqueuer(world.installation))
    worker = JobWorker(world.installation)
    worker.start()
    try:
        wait_until(finished(world, run))
    finally:
        worker.stop()
    assert list(booked_by_reference(world).values()) == [1] * 5


def test_a_late_draft_is_retired_by_housekeeping(
    world: World,
    sandbox: SandboxServer,
    worker: JobWorker,
    ids: list[int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(waiting, "LAST_LOOK_AFTER", dt.timedelta(seconds=2.5))
    sandbox.faults.arm(Fault("late", "SaveInvoices", only="draft", seconds=600))
    run = start_run(Desk(world.installation, ADMIN), ids, job_enqueuer(world.installation))
    wait_until(finished(world, run))
    sandbox.sandbox.land()

    def looked_again() -> bool:
        with world.installation.db.reading() as session:
            rows = transfers_of_run(session, run)
        return all(row.look_again_at is None for row in rows)

    wait_until(looked_again)
    assert list(booked_by_reference(world).values()) == [1] * 5


def test_only_the_failed_documents_are_retried(
    world: World, sandbox: SandboxServer, worker: JobWorker, ids: list[int]
) -> None:
    enqueue = job_enqueuer(world.installation)
    sandbox.faults.arm(Fault("html", "GetInvoices", times=0, status=503))
    first = start_run(Desk(world.installation, ADMIN), ids, enqueue)
    wait_until(finished(world, first))
    sandbox.faults.clear()
    second = retry_run(Desk(world.installation, ADMIN), first, enqueue)
    wait_until(finished(world, second))
    assert read_receipt(Desk(world.installation, ADMIN), second).tally.transferred == 5


def test_a_stopped_run_ends_true(
    world: World, sandbox: SandboxServer, worker: JobWorker, ids: list[int]
) -> None:
    sandbox.faults.latency_ms = 50
    run = start_run(Desk(world.installation, ADMIN), ids, job_enqueuer(world.installation))
    stop_run(Desk(world.installation, ADMIN), run)
    wait_until(finished(world, run))
    with world.installation.db.reading() as session:
        rows = transfers_of_run(session, run)
    assert {row.state for row in rows} <= {State.CANCELLED, State.TRANSFERRED}
    booked = sum(booked_by_reference(world).values())
    assert booked == sum(row.state is State.TRANSFERRED for row in rows)


def test_two_keys_of_one_company_do_not_both_create_the_customer_it_lacks(
    world: World, worker: JobWorker, ids: list[int]
) -> None:
    other = world.add_department("20")
    world.add_key([other], account="bergen")
    ids = [*ids, *world.add_invoices(other, 5, first=2001)]
    world.control.set(latency_ms=30)  # time enough for a second lane to look before the first saves
    run = start_run(Desk(world.installation, ADMIN), ids, job_enqueuer(world.installation))
    wait_until(finished(world, run))
    assert read_receipt(Desk(world.installation, ADMIN), run).tally.transferred == 10
    cards = [card["ExternalId"] for card in world.control.books()[CLIENT]["companies"]]
    assert len(cards) == len(set(cards)) == 3
