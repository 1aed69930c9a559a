"""With several web replicas and workers a key has one worker, and the loss of any only delays."""

from __future__ import annotations

from contextlib import ExitStack

import pytest

from so24.transfer.jobs import engine
from so24.transfer.jobs.engine import engine_client
from tests.machines.conftest import KEYS, Machines
from tests.machines.relay import relay_to
from tests.recovery.processes import await_calls, await_truth, kill
from tests.recovery.test_product_killed import app, export

pytestmark = pytest.mark.slow


def test_the_lanes_spread_over_the_workers_and_each_key_has_one_at_a_time(
    machines: Machines,
) -> None:
    with ExitStack() as stack:
        for _ in range(3):
            stack.enter_context(machines.worker())
        machines.await_workers(3)
        run = machines.press()
        machines.await_end(run)
        taken = machines.executors(run)
        assert sum(taken.values()) == KEYS
        assert len(taken) == 3
        machines.check_one_worker_at_a_time()
    machines.check_all_arrived_once(run)


def test_web_replicas_run_no_jobs_and_the_loss_of_any_process_only_delays(
    machines: Machines,
) -> None:
    with ExitStack() as stack:
        webs = [stack.enter_context(app(machines)) for _ in range(2)]
        run = machines.press()
        workers = [stack.enter_context(machines.worker()) for _ in range(3)]
        machines.await_workers(3)
        await_calls(machines.office, 20)
        kill(workers[0])
        kill(webs[0])
        await_calls(machines.office, 40)
        kill(workers[1])
        machines.await_end(run)
        machines.check_one_worker_at_a_time()
        machines.check_all_arrived_once(run)
        assert webs[1].poll() is None
    done = export(machines)
    assert done.returncode == 0, done.stderr


def test_a_worker_that_loses_the_database_begins_no_call_and_another_one_goes_on(
    machines: Machines,
) -> None:
    url = machines.installation.settings.database_url
    with relay_to(url) as (relay, way), machines.worker(database_url=way):
        run = machines.press()
        await_calls(machines.office, 15)
        relay.freeze()
        with machines.worker():
            machines.await_end(run)
            machines.check_one_worker_at_a_time()
            machines.check_all_arrived_once(run)
            machines.office.reset_calls()
            relay.thaw()
            machines.await_workers(2)
            assert machines.office.calls()["operations"].get("SaveInvoices", 0) == 0
    machines.check_all_arrived_once(run)


@pytest.mark.parametrize("old_goes_first", [True, False])
def test_lanes_of_an_older_version_are_finished_after_an_upgrade(
    machines: Machines, monkeypatch: pytest.MonkeyPatch, old_goes_first: bool
) -> None:
    new = engine.VERSION
    with monkeypatch.context() as patch, machines.worker("so24-lane-0") as old:
        patch.setattr(engine, "VERSION", "so24-lane-0")
        run = machines.press()
        await_calls(machines.office, 15)
        if old_goes_first:
            kill(old)
        with machines.worker():
            machines.await_end(run)
            machines.check_one_worker_at_a_time()
    machines.check_all_arrived_once(run)
    versions = {job.version for job in engine_client(machines.installation).jobs(f"{run}:")}
    assert versions == ({"so24-lane-0", new} if old_goes_first else {"so24-lane-0"})


def test_a_worker_that_is_told_to_stop_leaves_its_lanes_to_the_others_at_once(
    machines: Machines,
) -> None:
    with machines.worker() as first:
        run = machines.press()
        await_calls(machines.office, 15)
        with machines.worker():
            assert first.stdin is not None
            first.stdin.close()
            await_truth(lambda: first.poll() is not None, "the first worker has stopped")
            machines.await_workers(1)
            machines.await_end(run)
            machines.check_one_worker_at_a_time()
    machines.check_all_arrived_once(run)
