"""The engine: what of it we rest on though it is not public, and what it keeps for how long."""

from __future__ import annotations

import datetime as dt
import inspect
import threading
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from dbos import _queue, _workflow_commands

from so24.installation import Installation
from so24.people.desk import Desk
from so24.store.tables.ground import now
from so24.store.upkeep.upkeep import ENGINE_SCHEMA
from so24.transfer.jobs import engine, queue_worker
from so24.transfer.jobs import worker as jobs_worker
from so24.transfer.jobs.engine import engine_client
from so24.transfer.jobs.worker import JobWorker, job_enqueuer
from so24.transfer.receipt import read_receipt
from so24.transfer.runs import start_run
from tests.conftest import wait_until
from tests.transfer.world import ADMIN, World

pytestmark = [pytest.mark.both, pytest.mark.slow]


@pytest.fixture
def worker(world: World) -> Iterator[JobWorker]:
    """This process runs the jobs."""
    worker = JobWorker(world.installation)
    assert worker.start()
    yield worker
    worker.stop()


def export_two(world: World) -> str:
    """Export two documents in the background, to the end of the job."""
    department = world.add_department()
    world.add_key([department])
    ids = world.add_invoices(department, 2)
    run = start_run(Desk(world.installation, ADMIN), ids, job_enqueuer(world.installation))
    client = engine_client(world.installation)
    wait_until(lambda: read_receipt(Desk(world.installation, ADMIN), run).tally.finished)
    wait_until(lambda: not client.jobs(active=True))
    return run


def rows_of_jobs(installation: Installation) -> dict[str, int]:
    """How many rows the engine's tables hold of any workflow."""
    schema = None if installation.db.embedded else ENGINE_SCHEMA
    inspector = sa.inspect(installation.db.engine)
    counts = {}
    with installation.db.reading() as session:
        for name in inspector.get_table_names(schema):
            columns = {column["name"] for column in inspector.get_columns(name, schema)}
            if "workflow_uuid" in columns:
                table = sa.table(name, schema=schema)
                counts[name] = session.scalar(sa.select(sa.func.count()).select_from(table)) or 0
    return {name: count for name, count in counts.items() if count}


def test_jobs_that_ended_are_forgotten_with_all_their_rows(world: World, worker: JobWorker) -> None:
    run = export_two(world)
    client = engine_client(world.installation)
    assert rows_of_jobs(world.installation)
    assert client.forget(now() - dt.timedelta(hours=1)) == 0
    assert len(client.jobs(run)) == 1
    assert client.forget(now() + dt.timedelta(minutes=1)) == 1
    assert rows_of_jobs(world.installation) == {}


def test_many_jobs_are_forgotten_in_parts(
    world: World, worker: JobWorker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "FORGET_AT_ONCE", 1)
    export_two(world)
    ids = world.add_invoices(1, 2, first=1101)
    for each in ids:
        start_run(Desk(world.installation, ADMIN), [each], job_enqueuer(world.installation))
    client = engine_client(world.installation)
    wait_until(lambda: not client.jobs(active=True))
    assert client.forget(now() + dt.timedelta(minutes=1)) == 3
    assert rows_of_jobs(world.installation) == {}


def test_a_job_under_way_is_kept_however_old(world: World) -> None:
    department = world.add_department()
    world.add_key([department])
    ids = world.add_invoices(department, 1)
    run = start_run(Desk(world.installation, ADMIN), ids, job_enqueuer(world.installation))
    client = engine_client(world.installation)
    assert client.forget(now() + dt.timedelta(days=365)) == 0
    assert [job.status for job in client.jobs(run)] == ["ENQUEUED"]


def test_a_worker_forgets_what_is_older_than_a_month(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert dt.timedelta(days=31) == jobs_worker.JOBS_ARE_KEPT
    first = JobWorker(world.installation)
    first.start()
    export_two(world)
    first.stop()
    assert rows_of_jobs(world.installation)
    monkeypatch.setattr(jobs_worker, "JOBS_ARE_KEPT", dt.timedelta(minutes=-1))
    second = JobWorker(world.installation)
    second.start()
    wait_until(lambda: rows_of_jobs(world.installation) == {})
    second.stop()


def test_the_engines_loop_polls_once_at_a_time(
    worker: JobWorker, monkeypatch: pytest.MonkeyPatch
) -> None:
    [serving] = queue_worker._queue
    serving.rounds.stop()  # nobody else polls
    polls = []
    database = serving._engine._sys_db
    poll = database.start_queued_partitioned_workflows

    def count(*arguments: object, **options: object) -> list[str]:
        polls.append(arguments)
        return poll(*arguments, **options)  # type: ignore[arg-type] # whatever it was called with

    monkeypatch.setattr(database, "start_queued_partitioned_workflows", count)
    _queue.queue_worker_thread(queue_worker.OnePoll(), serving._engine, serving._queue)
    assert len(polls) == 1


def test_the_engine_still_has_what_lets_it_rest(worker: JobWorker) -> None:
    assert [*inspect.signature(_queue.queue_worker_thread).parameters] == [
        "stop_event", "dbos", "queue",
    ]  # fmt: skip
    # its chores are done at the distance of this constant, which is read when they begin
    assert _workflow_commands._BACKGROUND_JOBS_INTERVAL_SEC == queue_worker.CHORE_SECONDS
    chores = inspect.getsource(_workflow_commands.background_jobs_thread)
    assert "_BACKGROUND_JOBS_INTERVAL_SEC" in chores
    # and its own queue, which we never use, is polled at the distance of this field
    [serving] = queue_worker._queue
    own = serving._engine._registry.get_internal_queue()
    assert own._polling_interval_sec == queue_worker.CHORE_SECONDS
    assert "queue._polling_interval_sec" in inspect.getsource(_queue.queue_worker_thread)


def test_the_queue_is_polled_by_nobody_else(worker: JobWorker) -> None:
    names = [thread.name for thread in threading.enumerate()]
    assert "so24-queue" in names
    assert f"queue-worker-{engine.QUEUE}" not in names


def test_a_worker_whose_queue_is_not_polled_is_in_trouble(worker: JobWorker) -> None:
    assert worker.trouble == ""
    [serving] = queue_worker._queue
    serving.rounds._failure = "The thread so24-queue fails (OSError); it goes on trying."
    assert "so24-queue fails" in worker.trouble
