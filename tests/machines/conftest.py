"""One PostgreSQL, one office, six keys with their invoices, and processes that work on them."""

from __future__ import annotations

import datetime as dt
import subprocess
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from so24.installation import open_installation
from so24.settings import Settings
from so24.store.transfers.workers import living_workers
from so24.transfer.jobs.engine import engine_client
from tests.machines.office import add_company_key
from tests.recovery.conftest import CHANGES, Site, variables
from tests.recovery.processes import await_truth, clean, first_line, running
from tests.transfer.world import World, make_world

KEYS = 6
DOCUMENTS = 20  # for each key
TIMES: dict[str, object] = {
    "connect_seconds": 0.5,
    "read_seconds": 1.0,
    "lease_seconds": 3.0,
    "lanes": 2,
}


@dataclass(frozen=True)
class Machines(Site):
    """A site whose installation is on PostgreSQL; each process could be on its own machine."""

    @contextmanager
    def worker(self, version: str = "", database_url: str = "") -> Iterator[subprocess.Popen[str]]:
        """A worker that runs jobs, of another version or by another way to the database."""
        environment = dict(self.environment)
        if database_url:
            environment["SO24_DATABASE_URL"] = database_url
        command = ("-m", "tests.machines.worker", *([version] if version else []))
        with running(*command, environment=environment, log=self.log) as process:
            assert first_line(process) == "running", self.log.read_text()
            yield process

    def executors(self, run: str) -> Counter[str]:
        """How many of the run's jobs each worker has taken."""
        jobs = engine_client(self.installation).jobs(f"{run}:")
        return Counter(job.executor for job in jobs if job.executor)

    def await_workers(self, count: int) -> None:
        """Wait until so many workers are alive, by the database's word."""
        lease = self.installation.settings.lease

        def are_alive() -> bool:
            with self.installation.db.reading() as session:
                return len(living_workers(session, dt.timedelta(seconds=lease))) == count

        await_truth(are_alive, f"{count} workers")

    def check_one_worker_at_a_time(self) -> None:
        """No session has ever had two calls under way: a key is served by one worker at a time."""
        assert self.office.calls()["overlap"] <= 1


@pytest.fixture
def machines(settings: Settings, postgres_url: str, tmp_path: Path) -> Iterator[Machines]:
    """Everything in place, and nobody at work."""
    log = tmp_path / "processes.log"
    with running("-m", "tests.machines.office", environment=clean(), log=log) as office:
        address = first_line(office)
        changes = {**CHANGES, **TIMES, "office_url": address, "database_url": postgres_url}
        changed = settings.model_copy(update=changes)
        installation = open_installation(changed)
        world = make_world(installation, address)
        ids = [each for number in range(KEYS) for each in _add_key(world, number)]
        environment = clean() | variables(changed) | {"SO24_DATABASE_URL": postgres_url}
        environment |= {f"SO24_{name.upper()}": str(value) for name, value in TIMES.items()}
        yield Machines(world, ids, environment, log)
        installation.close()


def _add_key(world: World, number: int) -> list[int]:
    department = add_company_key(world, number)
    return world.add_invoices(department, DOCUMENTS, first=1001 + 100 * number)
