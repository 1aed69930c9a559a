"""Runs the engine's jobs in this process: it is launched, takes jobs from the queue, shuts down."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from dbos import DBOS, DBOSConfig, DBOSPortableJSONSerializer, Queue, _workflow_commands
from dbos._queue import queue_worker_thread

from so24.installation import Installation
from so24.office.soap import load_zeep
from so24.store.database.engine import engine_database, engine_url
from so24.store.database.wakeups import open_watch
from so24.transfer.jobs import engine, workflows
from so24.transfer.jobs.rounds import Rounds
from so24.transfer.lane.waiting import MayCall

# the queue is asked when something was queued; often while jobs are under way, and more often just
# after one has ended, for then the next of its company may begin; else only now and then
BUSY_SECONDS = 0.1
BUSY_FOR_SECONDS = 2.0
ENDED_SECONDS = 0.04
ENDED_FOR_SECONDS = 0.1
IDLE_SECONDS = {True: 5.0, False: 1.0}  # embedded or not: a connection that listens may break
# the engine's own chores, none of which we use, would be done every second
CHORE_SECONDS = 60.0
RUNNER_POOL = 10  # PostgreSQL: the engine's own connections of a process that runs jobs

_queue: list[QueueWorker] = []


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


def launch(installation: Installation, executor: str, permit: Callable[[], MayCall]) -> None:
    """Begin to run jobs in this process; work that it left before is taken up.

    ``permit`` gives each lane what it asks before each call, and which may raise to stop it.
    """
    config: DBOSConfig = {
        "name": engine.APPLICATION,
        "system_database_url": engine_url(installation.db.url),
        "application_version": engine.VERSION,
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
    workflows.serve(workflows.Serving(installation, permit, _wake_all))
    _workflow_commands._BACKGROUND_JOBS_INTERVAL_SEC = CHORE_SECONDS
    dbos = DBOS(config=config)
    dbos._registry.get_internal_queue()._polling_interval_sec = CHORE_SECONDS
    try:
        DBOS.listen_queues([])  # the one queue is polled by us, see QueueWorker
        DBOS.launch()
        queue = DBOS.register_queue(
            engine.QUEUE,
            partition_concurrency=1,
            worker_concurrency=installation.settings.lanes_at_once,
            on_conflict="always_update",
        )
        queue.database_backed_queue = False  # it is as we have just registered it
        _queue[:] = [QueueWorker(installation, dbos, queue)]
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
    workflows.stop_serving()
    return not workflows.is_under_way()


def jobs_in_hand() -> frozenset[str]:
    """The jobs, by their ids, that threads of this process are at."""
    return frozenset(each for queue in _queue for each in queue.jobs_in_hand())


def trouble() -> str:
    """Why this process takes no jobs from the queue, though it should; empty where it does."""
    return next((each.rounds.trouble for each in _queue if each.rounds.trouble), "")


def _wake_all() -> None:
    for each in _queue:
        each.wake()


class QueueWorker:
    """Takes jobs from the queue when something was queued, rather than ten times a second.

    The engine's own loop polls at a fixed distance and cannot be woken. It is run here for one poll
    at a time, with :class:`OnePoll` in the place of the event that ends it.
    """

    def __init__(self, installation: Installation, dbos: DBOS, queue: Queue) -> None:
        self._engine = dbos
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
        if workflows.is_under_way():
            self._busy_until = moment + BUSY_FOR_SECONDS
        busy = moment < self._busy_until
        seconds = BUSY_SECONDS if busy else self._idle_seconds
        if moment < workflows.last_end() + ENDED_FOR_SECONDS:
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
