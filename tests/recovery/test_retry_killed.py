"""``kill -9`` while what was not sent is tried again by itself: every document arrives once."""

from __future__ import annotations

import pytest

from so24.crashpoints import RETRY_POINTS
from so24.sandbox.wire.faults import Fault
from so24.states import State
from so24.store.transfers.transfers import transfers_of_run
from tests.crash.invariants import find_breaches
from tests.recovery.conftest import Site
from tests.recovery.processes import await_truth, first_line, kill, running

pytestmark = pytest.mark.slow

WORKER = ("-m", "tests.recovery.worker")
# where the worker dies, by what was away before: all of it, or all but what makes the drafts
POINTS = [
    *(
        ("GetCompanySyncList", point)
        for point in (
            *RETRY_POINTS,
            "after guard",
            "after draft intent",
            "after draft answer",
            "before invoicing",
        )
    ),
    *(
        ("GetInvoices", point)
        for point in (
            "retry begun",
            "after guard",
            "before invoicing",
            "during invoicing call",
            "after invoicing answer",
        )
    ),
]


def is_left_for_later(site: Site, run: str) -> bool:
    with site.installation.db.reading() as session:
        rows = transfers_of_run(session, run)
    return all(row.state is State.NOT_SENT and row.retry_at for row in rows)


def breaches_of(site: Site) -> list[str]:
    return find_breaches(site.installation, site.office.books())


@pytest.mark.long
@pytest.mark.parametrize(("operation", "point"), POINTS)
def test_a_worker_killed_while_it_tries_again_sends_nothing_twice(
    site: Site, operation: str, point: str
) -> None:
    environment = site.environment | {"SO24_PATIENCE_SECONDS": "0.2"}
    site.office.arm(Fault("html", operation, times=0, status=503))
    run = site.press()
    waits = environment | {"SO24_TEST_RETRY_SECONDS": "3600"}
    with running(*WORKER, environment=waits, log=site.log) as worker:
        first_line(worker)
        await_truth(lambda: is_left_for_later(site, run), "everything is left for later")
        kill(worker)
    site.office.set(clear=True)
    if point == "during invoicing call":
        site.office.arm(Fault("lost_after", "SaveInvoices", only="invoicing"))
    site.make_due()
    dies = site.environment | {"SO24_TEST_DIE_AT": point}
    with running(*WORKER, environment=dies, log=site.log) as worker:
        first_line(worker)
        assert worker.wait(60) == -9, "the kill came too late to prove anything"
    assert not site.is_finished(run) or is_left_for_later(site, run)
    with running(*WORKER, environment=site.environment, log=site.log) as worker:
        await_truth(lambda: site.has_arrived(run), "everything is transferred")
        site.await_last_look(run)
        await_truth(lambda: not breaches_of(site), "no rule is broken when all is at rest")
    site.check_all_arrived_once(run)
    assert breaches_of(site) == []
