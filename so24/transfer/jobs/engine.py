"""The durable engine as whoever hands it work knows it: the queue, its jobs, their names.

The store's transfers are the only truth about documents; the engine's own tables say who runs what.
One workflow per lane and attempt (``run:key:attempt``), one queue partitioned so that a company is
written to by one lane at a time, and an account used by one (:func:`name_workplace`).
"""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from dbos import DBOS, DBOSClient, DBOSPortableJSONSerializer
from sqlmodel import Session

from so24.installation import Installation
from so24.keys.routing import name_workplace
from so24.store.database.engine import engine_database, engine_url
from so24.store.database.wakeups import announce
from so24.store.keys.keys import key_of_lane, living_keys
from so24.store.tables.ground import new_id
from so24.store.tables.key_tables import Key
from so24.store.transfers.transfers import LaneName
from so24.store.upkeep.upkeep import UNDER_WAY

APPLICATION = "so24"
VERSION = "so24-lane-1"  # raise it when the order of a workflow's steps changes
QUEUE = "export"
ALERTS = "alerts"  # the part of the queue that no company is worked in
SCHEDULES = "schedules"  # the part in which one job at a time does what is due by itself
CLIENT_POOL = 5  # PostgreSQL: the engine's own connections of a process that queues
ENDED = ("SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED")
FORGET_AT_ONCE = 500
CUT_SHORT = -1  # what a job returns where the database was away in the middle of it

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
