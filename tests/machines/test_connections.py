"""How many connections to PostgreSQL a process may hold, which is what a server is sized by."""

from __future__ import annotations

import pytest

from so24.store.database.engine import POOL_OVERFLOW, POOL_SIZE
from so24.transfer.jobs.engine import CLIENT_POOL
from so24.transfer.jobs.queue_worker import RUNNER_POOL
from tests.machines.conftest import Machines
from tests.postgres import Cluster
from tests.recovery.processes import await_calls, await_truth

pytestmark = [pytest.mark.postgresql, pytest.mark.slow]
WEB = POOL_SIZE + POOL_OVERFLOW + CLIENT_POOL
WORKER = WEB + RUNNER_POOL


def test_the_figures_of_the_readme_are_those_of_the_pools() -> None:
    assert (WEB, WORKER) == (20, 30)


def test_a_worker_holds_no_more_connections_than_its_pools_allow(
    machines: Machines, cluster: Cluster
) -> None:
    machines.press()
    url = machines.installation.settings.database
    machines.installation.db.dispose()
    ours = cluster.count_connections(url)
    held = []
    with machines.worker():
        for calls in (5, 20, 40, 60):
            await_calls(machines.office, calls)
            held.append(cluster.count_connections(url) - ours)
    assert 0 < max(held) <= WORKER
    await_truth(lambda: cluster.count_connections(url) <= ours, "its connections are closed")
