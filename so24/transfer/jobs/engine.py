"""The durable engine: who works which lane, when and where. Only this module knows DBOS.

The store's transfers are the only truth about documents; the engine's own tables say who runs what.
One workflow per lane and attempt (``run:key:attempt``), one queue partitioned so that a company is
written to by one lane at a time, and an account used by one (:func:`name_workplace`).
Whatever must be fresh is inside the step that acts on it.
"""

from __future__ import annotations

import datetime as dt
import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, NamedTuple, cast

from dbos import DBOS, DBOSClient, DBOSConfig, DBOSPortableJSONSerializer, Queue, _workflow_commands
from dbos._queue import queue_worker_thread
from sqlmodel import Session

from so24.alerts.delivery import deliver
from so24.errors import LeaseLost
from so24.installation import Installation
from so24.keys.routing import name_workplace
from so24.ledger.payments.reading import read_portion
from so24.office.soap import load_zeep
from so24.store.database.engine import OUTAGES, engine_database, engine_url
from so24.store.database.wakeups import announce, open_watch
from so24.store.keys.keys import key_of_lane, living_keys
from so24.store.tables.ground import new_id
from so24.store.tables.key_tables import Key
from so24.store.transfers.transfers import LaneName, open_of_lane
from so24.store.upkeep.upkeep import UNDER_WAY
from so24.transfer.jobs.rounds import Rounds
from so24.transfer.lane.batches import in_chunks
from so24.transfer.lane.lane import work_lane
from so24.transfer.lane.late_drafts import sweep_late_drafts
from so24.transfer.lane.waiting import MayCall
from so24.transfer.schedules.working import work_due_occasions

APPLICATION = "so24"
VERSION = "so24-lane-1"  # raise it when the order of a workflow's steps changes
QUEUE = "export"
ALERTS = "alerts"  # the part of the queue that no company is worked in
SCHEDULES = "schedules"  # the part in which one job at a time does what is due by itself
# the queue is asked when something was queued; often while jobs are under way, and more often just
# after one has ended, for then the next of its company may begin; else only now and then
BUSY_SECONDS = 0.1
BUSY_FOR_SECONDS = 2.0
ENDED_SECONDS = 0.04
ENDED_FOR_SECONDS = 0.1
IDLE_SECONDS = {True: 5.0, False: 1.0}  # embedded or not: a connection that listens may break
# the engine's own chores, none of which we use, would be done every second
CHORE_SECONDS = 60.0
# PostgreSQL: the engine's own connections of a process that queues, and more of one that runs jobs
CLIENT_POOL = 5
RUNNER_POOL = 10
ENDED = ("SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED")
FORGET_AT_ONCE = 500
CUT_SHORT = -1  # what a job returns where the database was away in the middle of it

log = logging.getLogger("so24.engine")
_serving: list[tuple[Installation, Callable[[], MayCall]]] = []
_queue: list[QueueWorker] = []
_ended_at = [0.0]
_under_way: list[str] = []
_clients: dict[str, EngineClient] = {}
_clients_lock = threading.Lock()


@dataclass(frozen=True)
class Job:
    """A workflow as far as housekeeping needs to know it.

    ``cut_short``: a job that has ended because the database was away in the middle of it.
    """

    id: str
    status: str
    executor: str
    version: str
    changed_at: dt.datetime
    cut_short: bool = False


class OneLine(logging.Filter):
    """Makes one line of what the engine logs: nobody but its makers can read its tracebacks.

    While this process is ``leaving`` it says nothing, for its work is taken up elsewhere.
    """

    leaving = False

    def filter(self, record: logging.LogRecord) -> bool:
        """Shorten the record; False drops it."""
        error = record.exc_info[1] if record.exc_info else None
        words = record.getMessage().partition("\n")[0].rstrip(": ")
        cause = str(error).partition("\n")[0] if error else ""
        record.msg, record.args = ": ".join(filter(None, (words, cause))), ()
        record.exc_info = record.exc_text = record.stack_info = None
        return not self.leaving


_quiet = OneLine()


class EngineClient:
    """Hands work to the engine and asks about it; runs nothing itself."""

    def __init__(self, installation: Installation) -> None:
        self._url = installation.db.url
        self._client = DBOSClient(
            system_database_url=engine_url(installation.db.url),
            system_database_engine=engine_database(installation.db),
            system_database_pool_size=CLIENT_POOL,
            application_name=APPLICATION,
            serializer=DBOSPortableJSONSerializer(),
        )

    def enqueue_lane(self, session: Session, lane: LaneName, attempt: int = 1) -> None:
        """Queue a lane in the caller's transaction: rows and job appear together or not at all."""
        workflow_id = f"{lane.run_id}:{lane.key_id}:{attempt}"
        key = key_of_lane(session, lane.key_id)
        self._enqueue(session, "work_lane", workflow_id, key, lane.run_id, lane.key_id)

    def enqueue_sweep(self, session: Session, key_id: int, ids: Sequence[int]) -> None:
        """Queue another look at finished transfers whose lost write may have landed late."""
        key = key_of_lane(session, key_id)
        self._enqueue(session, "sweep", f"sweep:{key_id}:{new_id()}", key, key_id, list(ids))

    def enqueue_alert(self, session: Session, delivery_id: int) -> None:
        """Queue the sending of a message that is owed."""
        workflow_id = f"alert:{delivery_id}:{new_id()}"
        self._enqueue_in(session, "deliver_alert", workflow_id, ALERTS, delivery_id)

    def enqueue_payments(self, session: Session, key_id: int) -> None:
        """Queue a portion of reading what is paid in the key's company."""
        key = key_of_lane(session, key_id)
        self._enqueue(session, "read_payments", f"payments:{key_id}:{new_id()}", key, key_id)

    def enqueue_schedules(self, session: Session) -> None:
        """Queue the work on what is claimed of schedules."""
        workflow_id = f"{SCHEDULES}:{new_id()}"
        self._enqueue_in(session, "work_schedules", workflow_id, SCHEDULES)

    def jobs(self, prefix: str = "", *, active: bool = False) -> list[Job]:
        """The jobs whose id begins so, all or only those not ended."""
        # not by queue: a cancelled job has left it, but its number must not be given again
        found = self._client.list_workflows(
            workflow_id_prefix=prefix or None,
            status=list(UNDER_WAY) if active else None,
            load_input=False,
            load_output=not active,
        )
        return [
            Job(
                each.workflow_id,
                each.status,
                each.executor_id or "",
                each.app_version or "",
                dt.datetime.fromtimestamp((each.updated_at or 0) / 1000, dt.UTC),
                cut_short=each.output == CUT_SHORT,
            )
            for each in found
        ]

    def forget(self, before: dt.datetime) -> int:
        """Remove the jobs that were queued before this moment and have ended; how many there were.

        Their inputs, outputs and steps go with them.
        """
        count = 0
        while True:
            found = self._client.list_workflows(
                status=list(ENDED),
                end_time=before.isoformat(),
                limit=FORGET_AT_ONCE,
                load_input=False,
                load_output=False,
            )
            if found:
                self._client.delete_workflows([each.workflow_id for each in found])
            count += len(found)
            if len(found) < FORGET_AT_ONCE:
                return count

    def take_over(self, ids: list[str]) -> None:
        """Give the jobs of dead workers back to the queue."""
        self._client.resume_workflows(ids, queue_name=QUEUE)

    def retire(self, ids: list[str]) -> None:
        """Cancel jobs of a version that no living worker has."""
        self._client.cancel_workflows(ids)

    def _enqueue(
        self,
        session: Session,
        name: str,
        workflow_id: str,
        key: Key,
        *arguments: Any,
    ) -> None:
        workplace = name_workplace(key, living_keys(session))
        self._enqueue_in(session, name, workflow_id, workplace, *arguments)

    def _enqueue_in(
        self, session: Session, name: str, workflow_id: str, partition: str, *arguments: Any
    ) -> None:
        options: dict[str, Any] = {
            "workflow_name": name,
            "queue_name": QUEUE,
            "queue_partition_key": partition,
            "workflow_id": workflow_id,
            "app_version": VERSION,
        }
        self._client.enqueue_in_transaction(session, cast("Any", options), *arguments)
        announce(session, self._url)


def engine_client(installation: Installation) -> EngineClient:
    """This process's client of the installation's engine, made once."""
    with _clients_lock:
        client = _clients.get(installation.db.url)
        if client is None:
            migrate_engine(installation.db.url)
            client = _clients[installation.db.url] = EngineClient(installation)
        return client


def migrate_engine(url: str) -> None:
    """Give the database at ``url`` the engine's own tables; the engine lets one process do it."""
    DBOS.migrate(engine_url(url))


def launch(installation: Installation, executor: str, permit: Callable[[], MayCall]) -> None:
    """Begin to run jobs in this process; work that it left before is taken up.

    ``permit`` gives each lane what it asks before each call, and which may raise to stop it.
    """
    config: DBOSConfig = {
        "name": APPLICATION,
        "system_database_url": engine_url(installation.db.url),
        "application_version": VERSION,
        "executor_id": executor,
        "log_level": "ERROR",
        "serializer": DBOSPortableJSONSerializer(),
    }
    database = engine_database(installation.db)
    if database is not None:
        config["system_database_engine"] = database
    else:
        config["sys_db_pool_size"] = RUNNER_POOL
    load_zeep()
    _quiet.leaving = False
    logging.getLogger("dbos").addFilter(_quiet)
    _serving[:] = [(installation, permit)]
    _workflow_commands._BACKGROUND_JOBS_INTERVAL_SEC = CHORE_SECONDS
    engine = DBOS(config=config)
    engine._registry.get_internal_queue()._polling_interval_sec = CHORE_SECONDS
    try:
        DBOS.listen_queues([])  # the one queue is polled by us, see QueueWorker
        DBOS.launch()
        queue = DBOS.register_queue(
            QUEUE,
            partition_concurrency=1,
            worker_concurrency=installation.settings.lanes_at_once,
            on_conflict="always_update",
        )
        queue.database_backed_queue = False  # it is as we have just registered it
        _queue[:] = [QueueWorker(installation, engine, queue)]
    except BaseException:
        shut_down()
        raise


def shut_down(seconds: int = 0) -> bool:
    """Stop running jobs, after so many seconds at most; whether none is under way any more.

    What was under way is taken up at the next launch.
    """
    for each in _queue:
        each.stop()
    _queue.clear()
    _quiet.leaving = True  # what is being dequeued fails, and is taken up at the next start
    DBOS.destroy(workflow_completion_timeout_sec=seconds)
    _serving.clear()
    return not _under_way


def jobs_in_hand() -> frozenset[str]:
    """The jobs, by their ids, that threads of this process are at."""
    return frozenset(each for queue in _queue for each in queue.jobs_in_hand())


def trouble() -> str:
    """Why this process takes no jobs from the queue, though it should; empty where it does."""
    return next((each.rounds.trouble for each in _queue if each.rounds.trouble), "")


class QueueWorker:
    """Takes jobs from the queue when something was queued, rather than ten times a second.

    The engine's own loop polls at a fixed distance and cannot be woken. It is run here for one poll
    at a time, with :class:`OnePoll` in the place of the event that ends it.
    """

    def __init__(self, installation: Installation, engine: DBOS, queue: Queue) -> None:
        self._engine = engine
        self._queue = queue
        self._idle_seconds = IDLE_SECONDS[installation.db.embedded]
        self._watch = open_watch(installation.db)
        self._busy_until = 0.0
        outage = installation.db.outage
        self.rounds = Rounds("so24-queue", self._poll, 0.0, outage, self._watch.wake).start()

    def wake(self) -> None:
        """Ask the queue now."""
        self._watch.wake()

    def jobs_in_hand(self) -> list[str]:
        """The jobs, by their ids, that have a thread."""
        return self._engine._active_workflows_set.activeList()

    def stop(self) -> None:
        """Take no more jobs."""
        self.rounds.stop()
        self._watch.close()

    def _poll(self) -> None:
        queue_worker_thread(OnePoll(), self._engine, self._queue)
        moment = time.monotonic()
        if _under_way:
            self._busy_until = moment + BUSY_FOR_SECONDS
        busy = moment < self._busy_until
        seconds = BUSY_SECONDS if busy else self._idle_seconds
        if moment < _ended_at[0] + ENDED_FOR_SECONDS:
            seconds = ENDED_SECONDS
        if self._watch.wait(seconds) and not busy:
            self._busy_until = time.monotonic() + BUSY_FOR_SECONDS


class OnePoll(threading.Event):
    """Lets the engine's loop poll once and ends it where it would wait for the second time."""

    def __init__(self) -> None:
        super().__init__()
        self._polled = False

    def wait(self, timeout: float | None = None) -> bool:
        """False for the first time, without any waiting; then True, which says: stop."""
        polled, self._polled = self._polled, True
        return polled


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
    [(installation, _)] = _serving
    size = installation.settings.chunk_size
    rows = installation.db.insisting(lambda s: open_of_lane(s, LaneName(run_id, key_id)))
    ids = [row.row_id for row in rows]
    return [list(chunk) for chunk in in_chunks(ids, size)]


@DBOS.step(name="work_chunk")
def _work_chunk(run_id: str, key_id: int, ids: list[int]) -> int:
    [(installation, permit)] = _serving

    def work() -> int:
        work_lane(installation, LaneName(run_id, key_id), ids, permit())
        return len(ids)

    name = f"{run_id}:{key_id}"
    return _do_step(name, work, Logged(f"lane {name}"), otherwise=len(ids))  # in English: the log


@DBOS.step(name="sweep_once")
def _sweep_once(key_id: int, ids: list[int]) -> int:
    [(installation, permit)] = _serving
    return _do_step(
        f"sweep:{key_id}",
        lambda: sweep_late_drafts(installation, key_id, ids, permit()),
        Logged(f"the sweep of key {key_id}"),  # in English: the log
    )


@DBOS.workflow(name="deliver_alert", max_recovery_attempts=1000)
def _deliver_alert(delivery_id: int) -> bool:
    return _deliver_once(delivery_id)


@DBOS.step(name="deliver_once")
def _deliver_once(delivery_id: int) -> bool:
    [(installation, _)] = _serving
    sent = _do_step(
        f"alert:{delivery_id}",
        lambda: deliver(installation, delivery_id),
        Logged(f"alert {delivery_id}", "was not sent"),  # in English: the log
        cut_short=False,
    )
    return bool(sent)


@DBOS.workflow(name="read_payments", max_recovery_attempts=1000)
def _read_payments(key_id: int) -> int:
    return _read_payments_once(key_id)


@DBOS.step(name="read_payments_once")
def _read_payments_once(key_id: int) -> int:
    [(installation, permit)] = _serving
    enqueue = engine_client(installation).enqueue_payments
    return _do_step(
        f"payments:{key_id}",
        lambda: read_portion(installation, key_id, permit(), enqueue),
        Logged(f"the reading of payments of key {key_id}"),  # in English: the log
    )


@DBOS.workflow(name="work_schedules", max_recovery_attempts=1000)
def _work_schedules() -> int:
    return _work_schedules_once()


@DBOS.step(name="work_schedules_once")
def _work_schedules_once() -> int:
    [(installation, _)] = _serving
    return _do_step(
        SCHEDULES,
        lambda: work_due_occasions(installation, engine_client(installation).enqueue_lane),
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
    [(installation, _)] = _serving
    try:
        with _counted(name):
            return work()
    except OUTAGES as lost:
        installation.db.outage.begin(lost)
        return cut_short
    except LeaseLost:
        log.info("%s waits for the database", logged.what)  # the heartbeat has said it
        return cut_short
    except Exception:
        log.exception("%s %s", *logged)
        return otherwise


@contextmanager
def _counted(name: str) -> Iterator[None]:
    """What is under way is not left behind by a worker that says that it leaves."""
    _under_way.append(name)
    try:
        yield
    finally:
        _under_way.remove(name)
        _ended_at[0] = time.monotonic()
        for each in _queue:
            each.wake()
