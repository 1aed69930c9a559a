"""``kill -9`` for the process that runs the jobs, at any moment: every document arrives once.

The moment is a number of calls that the office has seen. ``SO24_LONG=1`` tries many more of them,
with writes that land late besides.
"""

from __future__ import annotations

import os
import random
from collections.abc import Sequence

import pytest

from so24.sandbox.wire.faults import Fault
from tests.recovery.conftest import Site
from tests.recovery.processes import await_calls, first_line, kill, running

pytestmark = pytest.mark.slow

WORKER = ("-m", "tests.recovery.worker")
# customers and products; drafts; invoicing
MOMENTS = [(9,), (18,), (32,)]
TWICE = (14, 12)  # in one run
SEEDS = range(40)
# later than so24 looks first, sooner than it looks for the last time (twice its settle time)
LATE_SECONDS = 0.5


def kill_and_go_on(site: Site, run: str, moments: Sequence[int]) -> None:
    """Kill a worker after each number of calls, then let one finish the run."""
    for calls in moments:
        with running(*WORKER, environment=site.environment, log=site.log) as worker:
            first_line(worker)
            await_calls(site.office, calls)
            kill(worker)
        assert not site.is_finished(run), "the kill came too late to prove anything"
        site.office.reset_calls()
    with running(*WORKER, environment=site.environment, log=site.log) as worker:
        site.await_end(run)
        site.await_last_look(run)


@pytest.mark.long
@pytest.mark.parametrize("moments", [TWICE, *MOMENTS], ids=str)
def test_a_killed_worker_leaves_nothing_undone_and_nothing_twice(
    site: Site, moments: tuple[int, ...]
) -> None:
    run = site.press()
    kill_and_go_on(site, run, moments)
    site.check_all_arrived_once(run)


def test_no_second_worker_runs_beside_the_first(site: Site) -> None:
    with running(*WORKER, environment=site.environment, log=site.log) as first:
        first_line(first)
        with running(*WORKER, environment=site.environment, log=site.log) as second:
            assert second.wait() == 1


@pytest.mark.long
@pytest.mark.skipif(not os.environ.get("SO24_LONG"), reason="takes minutes: SO24_LONG=1")
@pytest.mark.parametrize("seed", SEEDS)
def test_it_holds_at_any_moment_and_with_late_writes(site: Site, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - a moment, not a secret
    only = chance.choice(["draft", "invoicing"])
    faults = [
        Fault(kind, "SaveInvoices", only=only, nth=chance.randint(1, 8), seconds=LATE_SECONDS)
        for kind in chance.choices(["late", "lost_after", "cut"], k=chance.randint(0, 2))
    ]
    site.office.arm(*faults)
    run = site.press()
    kill_and_go_on(site, run, [chance.randint(1, 12) for _ in range(chance.randint(1, 3))])
    site.check_all_arrived_once(run)
