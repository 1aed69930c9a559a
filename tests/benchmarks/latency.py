"""From the press of the button to the first call, with the embedded engine."""

from __future__ import annotations

import statistics
import tempfile
import threading
import time
from pathlib import Path

from pydantic import SecretStr

from so24.installation import open_installation
from so24.people.roles import Actor
from so24.sandbox.serve import SandboxServer
from so24.settings import Settings, new_cookie_key, new_secret_key
from so24.store.people_tables import Role
from so24.transfer import crashpoints
from so24.transfer.jobs import JobWorker, job_enqueuer
from so24.transfer.runs import open_transfers, start_run
from tests.transfer.world import make_world

PRESSES = 20


def print_engine_latency() -> None:
    """Print the median and the longest of twenty presses."""
    seconds = measure_presses()
    print(
        f"press to first call, embedded: median {statistics.median(seconds) * 1000:.0f} ms, "
        f"longest {max(seconds) * 1000:.0f} ms of {len(seconds)}"
    )


def measure_presses() -> list[float]:
    """Seconds from ``start_run`` until the lane has made its first call, guard included."""
    with tempfile.TemporaryDirectory() as folder, SandboxServer(world=None) as server:
        settings = Settings(
            _env_file=None,
            data_dir=Path(folder),
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
        crashpoints.arm(lambda point: reached.set() if point == "after guard" else None)
        seconds = []
        for invoice_id in ids:
            reached.clear()
            begun = time.perf_counter()
            start_run(installation, actor, [invoice_id], enqueue)
            reached.wait(30)
            seconds.append(time.perf_counter() - begun)
            while open_transfers(installation, [invoice_id]):
                threading.Event().wait(0.02)
        crashpoints.arm(None)
        worker.stop()
        installation.close()
    return seconds
