"""What the engine runs: the workflow of a lane and of each other kind of job, and their steps.

Whatever must be fresh is inside the step that acts on it.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import NamedTuple

from dbos import DBOS

from so24.alerts.delivery import deliver
from so24.errors import LeaseLost
from so24.installation import Installation
from so24.ledger.payments.reading import read_portion
from so24.store.database.engine import OUTAGES
from so24.store.transfers.transfers import LaneName, open_of_lane
from so24.transfer.jobs.engine import CUT_SHORT, SCHEDULES, engine_client
from so24.transfer.lane.batches import in_chunks
from so24.transfer.lane.lane import work_lane
from so24.transfer.lane.late_drafts import sweep_late_drafts
from so24.transfer.lane.waiting import MayCall
from so24.transfer.schedules.working import work_due_occasions

log = logging.getLogger("so24.engine")


@dataclass(frozen=True)
class Serving:
    """What the jobs of this process work with.

    ``permit`` gives each lane what it asks before each call, and which may raise to stop it;
    ``job_ended`` is called whenever a step has ended.
    """

    installation: Installation
    permit: Callable[[], MayCall]
    job_ended: Callable[[], None]


_serving: list[Serving] = []
_under_way: list[str] = []
_ended_at = [0.0]


def serve(serving: Serving) -> None:
    """Let the jobs of this process work with this from now on."""
    _serving[:] = [serving]


def stop_serving() -> None:
    """No job of this process begins any more."""
    _serving.clear()


def is_under_way() -> bool:
    """Whether a job of this process is at work."""
    return bool(_under_way)


def last_end() -> float:
    """When a job of this process has ended last, in seconds of the process's clock."""
    return _ended_at[0]


@DBOS.workflow(name="work_lane", max_recovery_attempts=1000)
def _work_lane(run_id: str, key_id: int) -> int:
    """How many chunks there were, or :data:`CUT_SHORT`."""
    chunks = _split_lane(run_id, key_id)
    worked = [_work_chunk(run_id, key_id, ids) for ids in chunks]
    return CUT_SHORT if CUT_SHORT in worked else len(chunks)


@DBOS.workflow(name="sweep", max_recovery_attempts=1000)
def _sweep(key_id: int, ids: list[int]) -> int:
    return _sweep_once(key_id, ids)


@DBOS.step(name="split_lane")
def _split_lane(run_id: str, key_id: int) -> list[list[int]]:
    """The lane's chunks, fixed once, so that a replay makes the same steps."""
    [serving] = _serving
    size = serving.installation.settings.chunk_size
    rows = serving.installation.db.insisting(lambda s: open_of_lane(s, LaneName(run_id, key_id)))
    ids = [row.row_id for row in rows]
    return [list(chunk) for chunk in in_chunks(ids, size)]


@DBOS.step(name="work_chunk")
def _work_chunk(run_id: str, key_id: int, ids: list[int]) -> int:
    [serving] = _serving

    def work() -> int:
        work_lane(serving.installation, LaneName(run_id, key_id), ids, serving.permit())
        return len(ids)

    name = f"{run_id}:{key_id}"
    return _do_step(name, work, Logged(f"lane {name}"), otherwise=len(ids))  # in English: the log


@DBOS.step(name="sweep_once")
def _sweep_once(key_id: int, ids: list[int]) -> int:
    [serving] = _serving
    return _do_step(
        f"sweep:{key_id}",
        lambda: sweep_late_drafts(serving.installation, key_id, ids, serving.permit()),
        Logged(f"the sweep of key {key_id}"),  # in English: the log
    )


@DBOS.workflow(name="deliver_alert", max_recovery_attempts=1000)
def _deliver_alert(delivery_id: int) -> bool:
    return _deliver_once(delivery_id)


@DBOS.step(name="deliver_once")
def _deliver_once(delivery_id: int) -> bool:
    [serving] = _serving
    sent = _do_step(
        f"alert:{delivery_id}",
        lambda: deliver(serving.installation, delivery_id),
        Logged(f"alert {delivery_id}", "was not sent"),  # in English: the log
        cut_short=False,
    )
    return bool(sent)


@DBOS.workflow(name="read_payments", max_recovery_attempts=1000)
def _read_payments(key_id: int) -> int:
    return _read_payments_once(key_id)


@DBOS.step(name="read_payments_once")
def _read_payments_once(key_id: int) -> int:
    [serving] = _serving
    enqueue = engine_client(serving.installation).enqueue_payments
    return _do_step(
        f"payments:{key_id}",
        lambda: read_portion(serving.installation, key_id, serving.permit(), enqueue),
        Logged(f"the reading of payments of key {key_id}"),  # in English: the log
    )


@DBOS.workflow(name="work_schedules", max_recovery_attempts=1000)
def _work_schedules() -> int:
    return _work_schedules_once()


@DBOS.step(name="work_schedules_once")
def _work_schedules_once() -> int:
    [serving] = _serving
    return _do_step(
        SCHEDULES,
        lambda: work_due_occasions(
            serving.installation, engine_client(serving.installation).enqueue_lane
        ),
        Logged("the work on schedules"),  # in English: the log
        cut_short=0,
    )


class Logged(NamedTuple):
    """What a step is called in the log, and what is said of it after a bug."""

    what: str
    failed: str = "stopped"  # in English: the log


def _do_step(
    name: str,
    work: Callable[[], int],
    logged: Logged,
    *,
    cut_short: int = CUT_SHORT,
    otherwise: int = 0,
) -> int:
    """What ``work`` returns; ``cut_short`` in an outage of the database, ``otherwise`` after a bug.

    A bug must not end the workflow: what is open stays open and is taken up again later.
    """
    [serving] = _serving
    try:
        with _counted(name, serving.job_ended):
            return work()
    except OUTAGES as lost:
        serving.installation.db.outage.begin(lost)
        return cut_short
    except LeaseLost:
        log.info("%s waits for the database", logged.what)  # the heartbeat has said it
        return cut_short
    except Exception:
        log.exception("%s %s", *logged)
        return otherwise


@contextmanager
def _counted(name: str, job_ended: Callable[[], None]) -> Iterator[None]:
    """What is under way is not left behind by a worker that says that it leaves."""
    _under_way.append(name)
    try:
        yield
    finally:
        _under_way.remove(name)
        _ended_at[0] = time.monotonic()
        job_ended()
