"""How runs grow with keys and workers: processes of their own on one PostgreSQL."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from so24.installation import Installation, open_installation
from so24.people.desk import Desk
from so24.sandbox.runner import Control
from so24.settings import Settings
from so24.store.tables.transfer_tables import State
from so24.store.transfers.open_lanes import count_open
from so24.store.transfers.transfers import transfers_of_run
from so24.transfer.jobs.worker import job_enqueuer
from so24.transfer.runs import start_run
from tests.benchmarks.settings import unhurried_settings
from tests.machines.office import COMPANIES, add_company_key
from tests.postgres import Cluster, find_postgres
from tests.recovery.processes import clean, first_line, running
from tests.transfer.world import ADMIN, World, make_world

INVOICES = 2_000
DELAYS = (50, 150)
KEYS = (1, 4, 8)
WORKERS = (1, 2, 4)
LANES = (2, 1)  # of one worker at once: what is usual, and what shows workers by themselves
POLL_SECONDS = 0.1
MANY = {"customers": 40, "products": 20, "lines": 5}


@dataclass(frozen=True)
class Plant:
    """An installation on PostgreSQL with eight keys, and what its workers are begun with."""

    world: World
    departments: list[int]
    environment: dict[str, str]
    log: Path

    @property
    def installation(self) -> Installation:
        """The installation as this process has it open."""
        return self.world.installation

    def add_invoices(self, keys: int, count: int, first: int) -> list[int]:
        """``count`` documents over so many keys."""
        each = count // keys
        ids: list[int] = []
        for place, department in enumerate(self.departments[:keys]):
            ids += self.world.add_invoices(department, each, first=first + place * each, **MANY)
        return ids

    @contextmanager
    def workers(self, count: int, lanes: int) -> Iterator[None]:
        """So many workers, alive, each working so many lanes at once."""
        environment = self.environment | {"SO24_LANES": str(lanes)}
        with ExitStack() as stack:
            for _ in range(count):
                command = ("-m", "tests.machines.worker")
                process = running(*command, environment=environment, log=self.log)
                first_line(stack.enter_context(process))
            yield

    def measure_run(self, ids: list[int]) -> float:
        """Seconds from the press of the button until everything has arrived."""
        begun = time.perf_counter()
        run = start_run(Desk(self.installation, ADMIN), ids, job_enqueuer(self.installation))
        while self._is_open(run):
            time.sleep(POLL_SECONDS)
        seconds = time.perf_counter() - begun
        with self.installation.db.reading() as session:
            states = {row.state for row in transfers_of_run(session, run)}
        if states != {State.TRANSFERRED}:
            raise RuntimeError(f"the run ended with {states}")
        return seconds

    def _is_open(self, run: str) -> bool:
        with self.installation.db.reading() as session:
            return bool(count_open(session, run_id=run))


def print_scale() -> None:
    """Print invoices a minute by round trip, keys and workers, and the ratio of 4 workers to 1."""
    programs = find_postgres()
    if programs is None:
        print("scale: not measured, PostgreSQL is not installed")
        return
    print("| round trip | keys | workers | lanes each | invoices | seconds | invoices/minute |")
    print("|" + " --- |" * 7)
    with Cluster(programs) as cluster:
        for delay in DELAYS:
            with open_plant(cluster.create_database(), delay) as plant:
                print_delay(plant, delay)


def print_delay(plant: Plant, delay: int) -> None:
    """Print the rows of one round trip; every run has documents nobody has sent yet."""
    first = 100_001
    with plant.workers(1, LANES[0]):
        plant.measure_run(plant.add_invoices(COMPANIES, 80, first))  # every company is warm now
    seconds: dict[tuple[int, int, int], float] = {}
    for case in product(KEYS, LANES, WORKERS):
        keys, lanes, workers = case
        if workers > keys or (keys < COMPANIES and lanes != LANES[0]):
            continue
        first += INVOICES
        ids = plant.add_invoices(keys, INVOICES, first)
        with plant.workers(workers, lanes):
            seconds[case] = plant.measure_run(ids)
        rate = 60 * len(ids) / seconds[case]
        print(
            f"| {delay} ms | {keys} | {workers} | {lanes} | {len(ids)} | {seconds[case]:.1f} "
            f"| {rate:.0f} |",
            flush=True,
        )
    for lanes in LANES:
        one, many = (seconds[COMPANIES, lanes, workers] for workers in (WORKERS[0], WORKERS[-1]))
        print(
            f"{delay} ms, {COMPANIES} keys, {lanes} lanes each: {WORKERS[-1]} workers are "
            f"{one / many:.1f} x as fast as one"
        )


@contextmanager
def open_plant(url: str, delay: int) -> Iterator[Plant]:
    """An office with this round trip, and an installation on the database at ``url``."""
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log"
        command = ("-m", "tests.machines.office", "0")
        with running(*command, environment=clean(), log=log) as office:
            address = first_line(office)
            settings = unhurried_settings(Path(folder), address, url)
            installation = open_installation(settings)
            world = make_world(installation, address)
            departments = [add_company_key(world, number) for number in range(COMPANIES)]
            Control(address, timeout=60).set(latency_ms=delay)
            yield Plant(world, departments, clean() | _variables(settings), log)
            installation.close()


def _variables(settings: Settings) -> dict[str, str]:
    names = ("data_dir", "database_url", "office_url", "login_pause_seconds", "pace_burst")
    plain = {f"SO24_{name.upper()}": str(getattr(settings, name)) for name in names}
    return plain | {
        "SO24_PACE_PER_SECOND": str(settings.pace_per_second),
        "SO24_SECRET_KEYS": settings.secret_keys.get_secret_value(),
        "SO24_COOKIE_KEY": settings.cookie_key.get_secret_value(),
    }


if __name__ == "__main__":
    print_scale()
