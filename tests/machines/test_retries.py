"""With several workers what was not sent is tried again by one of them, whichever is lost."""

from __future__ import annotations

from contextlib import ExitStack

import pytest

from so24.sandbox.wire.faults import Fault
from so24.store.transfers.transfers import transfers_of_run
from tests.machines.conftest import Machines
from tests.recovery.processes import await_calls, await_truth, first_line, kill, running
from tests.recovery.test_retry_killed import WORKER, breaches_of, is_left_for_later


@pytest.mark.long
def test_what_is_due_is_begun_by_one_worker_and_the_loss_of_any_only_delays(
    machines: Machines,
) -> None:
    machines.office.arm(Fault("html", "GetInvoices", times=0, status=503))
    waits = {"SO24_PATIENCE_SECONDS": "0.2", "SO24_TEST_RETRY_SECONDS": "3600"}
    run = machines.press()
    with running(*WORKER, environment=machines.environment | waits, log=machines.log) as worker:
        first_line(worker)
        await_truth(lambda: is_left_for_later(machines, run), "everything is left for later")
        kill(worker)
    machines.office.set(clear=True)
    machines.make_due()
    machines.office.reset_calls()
    with ExitStack() as stack:
        workers = [stack.enter_context(machines.worker()) for _ in range(3)]
        await_calls(machines.office, 20)
        kill(workers[0])
        await_truth(lambda: machines.has_arrived(run), "everything is transferred")
        machines.await_last_look(run)
        machines.check_one_worker_at_a_time()
        await_truth(lambda: not breaches_of(machines), "no rule is broken when all is at rest")
    machines.check_all_arrived_once(run)
    with machines.installation.db.reading() as session:
        assert {row.retries for row in transfers_of_run(session, run)} == {1}
