"""From the press of the button to the first call: embedded, and by a worker on PostgreSQL."""

from __future__ import annotations

import statistics
import tempfile
import threading
import time
from pathlib import Path

from pydantic import SecretStr

from so24 import crashpoints
from so24.installation import open_installation
from so24.people.desk import Desk
from so24.people.roles import Actor
from so24.sandbox.serve import SandboxServer
from so24.settings import Settings
from so24.store.tables.people_tables import Role
from so24.transfer.jobs.worker import JobWorker, job_enqueuer
from so24.transfer.runs import open_transfers, start_run
from so24.vault import new_cookie_key, new_secret_key
from tests.postgres import Cluster, find_postgres
from tests.transfer.world import make_world

PRESSES = 20


def print_engine_latency() -> None:
    """Print the median and the longest of twenty presses, on either kind of database."""
    _print_presses("embedded", measure_presses())
    programs = find_postgres()
    if programs is None:
        print("press to first call, on PostgreSQL: not measured, it is not installed")
        return
    with Cluster(programs) as cluster:
        _print_presses("on PostgreSQL", measure_presses(cluster.create_database()))


def _print_presses(where: str, seconds: list[float]) -> None:
    print(
        f"press to first call, {where}: median {statistics.median(seconds) * 1000:.0f} ms, "
        f"longest {max(seconds) * 1000:.0f} ms of {len(seconds)}",
        flush=True,
    )


def measure_presses(database_url: str = "") -> list[float]:
    """Seconds from ``start_run`` until the lane has made its first call, guard included."""
    with tempfile.TemporaryDirectory() as folder, SandboxServer(world=None) as server:
        settings = Settings(
            _env_file=None,
            data_dir=Path(folder),
            database_url=database_url,
            office_url=server.address,
            secret_keys=SecretStr(new_secret_key()),
            cookie_key=SecretStr(new_cookie_key()),
        )
        installation = open_installation(settings)
        world = make_world(installation, server.address)
        department = world.add_department()
        world.add_key([department])
        ids = world.add_invoices(department, PRESSES)
        worker = JobWorker(installation)
        worker.start()
        enqueue = job_enqueuer(installation)
        actor = Actor("benchmark", Role.ADMIN)
        reached = threading.Event()
        crashpoints.arm(lambda point, _: reached.set() if point == "after guard" else None)
        seconds = []
        for invoice_id in ids:
            reached.clear()
            begun = time.perf_counter()
            start_run(Desk(installation, actor), [invoice_id], enqueue)
            reached.wait(30)
            seconds.append(time.perf_counter() - begun)
            while open_transfers(installation, [invoice_id]):
                threading.Event().wait(0.02)
        crashpoints.arm(None)
        worker.stop()
        installation.close()
    return seconds
