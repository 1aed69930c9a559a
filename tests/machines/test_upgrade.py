"""What the release before had under way when it was struck, this one brings to its end.

That release is taken out of the repository and runs its own command line until it is killed at a
named place; then this one's command line upgrades the database, goes on, and is judged by the
office's books; ``SO24_LONG=1`` strikes at the second and third time of a place as well, in whatever
lane that is. On PostgreSQL it is the release's worker that is struck, and a worker of this one
that goes on. Where the repository has no history (an archive of the files) there is nothing to be
struck.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tarfile
import time
import uuid
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa

from so24.crashpoints import CRASH_POINTS
from so24.sandbox.books.seed import OSLO
from so24.sandbox.runner import Control
from so24.sandbox.serve import SandboxServer
from so24.sandbox.wire.faults import Fault
from so24.vault import new_cookie_key, new_secret_key
from tests.postgres import Cluster
from tests.recovery.processes import ROOT, clean, running
from tests.sources.report_files import as_grid, as_workbook, customer, line

BEFORE = "fa9f29f98fe584ae558d04f8385eebc90c682824"
COUNT = 6
KILLED = 9
TIMES = (1, 2, 3) if os.environ.get("SO24_LONG") == "1" else (1,)
EXPORT_POINTS = CRASH_POINTS[:-2]  # the last two are in the sweep
FIRST_BOOKING = EXPORT_POINTS.index("after draft intent")
SQLITE, POSTGRESQL = "sqlite", "postgresql"


def marks_of(number: int, database: str) -> list[pytest.MarkDecorator]:
    """Each place from the first draft on is struck on one of the two, in turn; the rest at length.

    Before the first draft nothing can be booked twice.
    """
    in_turn = number % 2 == (database == POSTGRESQL)
    marks = [] if number >= FIRST_BOOKING and in_turn else [pytest.mark.long]
    return [*marks, pytest.mark.postgresql] if database == POSTGRESQL else marks


PLACES = [
    pytest.param(database, point, marks=marks_of(number, database))
    for number, point in enumerate(EXPORT_POINTS)
    for database in (SQLITE, POSTGRESQL)
]
STRIKE = """
import os, sys
from so24.crashpoints import arm
from so24.cli.program import app
point, nth = sys.argv[1], int(sys.argv[2])
reached = [0]
def strike(name, key):
    reached[0] += name == point
    if name == point and reached[0] == nth:
        os._exit(9)
arm(strike)
app(sys.argv[3:], standalone_mode=True)
"""
EXPORT = ("export", "--all", "--wait")
OPEN = ["queued", "preparing", "drafted", "compared", "invoicing", "unknown"]
END_SECONDS = 60
LOSES = {"during draft call": "draft", "during invoicing call": "invoicing"}

pytestmark = pytest.mark.slow


@pytest.fixture(scope="session")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of the release before."""
    folder = tmp_path_factory.mktemp("before")
    archive = folder / "so24.tar"
    with archive.open("wb") as file:
        command = ["git", "archive", BEFORE, "so24", "data"]
        told = subprocess.run(command, cwd=ROOT, stdout=file, check=False)
    if told.returncode:
        pytest.skip("the repository does not hold the release before")
    with tarfile.open(archive) as tar:
        tar.extractall(folder, filter="data")
    return folder


@pytest.fixture
def office() -> Iterator[SandboxServer]:
    with SandboxServer(world=None) as server:
        yield server


@pytest.fixture
def database(request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a database without tables; empty for SQLite in a file."""
    if request.param == SQLITE:
        yield ""
        return
    cluster: Cluster = request.getfixturevalue("cluster")
    url = cluster.create_database(migrated=False)
    yield url
    cluster.drop_database(url)


def variables(folder: Path, office: SandboxServer, code: Path, database: str) -> dict[str, str]:
    """The variables of a live installation whose commands run by this code."""
    return {
        **clean(),
        "PYTHONPATH": str(code),
        "SO24_MODE": "live",
        "SO24_DATA_DIR": str(folder / "data"),
        "SO24_OFFICE_URL": office.address,
        "SO24_APPLICATION_ID": str(uuid.uuid4()),
        "SO24_SECRET_KEYS": new_secret_key(),
        "SO24_COOKIE_KEY": new_cookie_key(),
        "SO24_PACE_PER_SECOND": "200",
        "SO24_PACE_BURST": "200",
        "SO24_CONNECT_SECONDS": "0.5",
        "SO24_READ_SECONDS": "1" if database else "3",
        "SO24_LEASE_SECONDS": "9",
        "SO24_SETTLE_SECONDS": "0.3",
        "SO24_PATIENCE_SECONDS": "5",
        "SO24_LOGIN_PAUSE_SECONDS": "0",
        "SO24_BATCH_SIZE": "2",
        **({"SO24_DATABASE_URL": database} if database else {}),
    }


def run(environment: Mapping[str, str], *arguments: str, stdin: str = "") -> tuple[int, str]:
    """Run Python with these arguments where nothing else can be imported; code and output."""
    done = subprocess.run(
        [sys.executable, "-P", *arguments],
        cwd=environment["SO24_DATA_DIR"],
        env=dict(environment),
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    return done.returncode, done.stdout + done.stderr


def prepare(folder: Path, environment: Mapping[str, str]) -> None:
    """Activate, add a key and import documents by the release before."""
    (folder / "data").mkdir()
    report = folder / "report.xlsx"
    rows = [
        {**line(number=str(1001 + each)), "Invoice date": "18.11.2026"} for each in range(COUNT)
    ]
    report.write_bytes(as_workbook({"Lines": as_grid(rows), "Customers": as_grid([customer()])}))
    key = ("--organization-id", str(OSLO), "--username", "oslo@sandbox.example")
    for arguments, stdin in (
        (("activate",), ""),
        (("keys", "add", "--name", "Oslo", *key, "--password-stdin", "--all-departments",
          "--category", "1"), "sandbox-oslo"),
        (("import", str(report)), ""),
    ):  # fmt: skip
        code, said = run(environment, "-m", "so24.cli", *arguments, stdin=stdin)
        assert code == 0, said


def strike(environment: Mapping[str, str], database: str, point: str, nth: str) -> tuple[int, str]:
    """Export by the release before, and kill it at the place; code and output."""
    if not database:
        return run(environment, "-c", STRIKE, point, nth, *EXPORT)
    code, said = run(environment, "-m", "so24.cli", "export", "--all")
    assert code in (0, 1), said
    log = Path(environment["SO24_DATA_DIR"]) / "struck.log"
    with running("-P", "-c", STRIKE, point, nth, "worker", environment=environment, log=log) as old:
        end = time.monotonic() + END_SECONDS
        while old.poll() is None and count_open(database):
            assert time.monotonic() < end, log.read_text()
            time.sleep(0.02)
    return KILLED, log.read_text()


def finish(environment: Mapping[str, str], database: str) -> tuple[int, str]:
    """Export by this release, on PostgreSQL with a worker; code and output."""
    command = ("-m", "so24.cli", *EXPORT, "--json")
    if not database:
        return run(environment, *command)
    log = Path(environment["SO24_DATA_DIR"]) / "worker.log"
    with running("-P", "-m", "so24.cli", "worker", environment=environment, log=log):
        return run(environment, *command)


def count_open(database: str) -> int:
    """How many documents are in transfer."""
    plain = sa.make_url(database).set(drivername="postgresql")
    with psycopg.connect(plain.render_as_string(hide_password=False)) as connection:
        found = connection.execute("select count(*) from transfer where state = any(%s)", [OPEN])
        return int(found.fetchall()[0][0])


@pytest.mark.parametrize("nth", TIMES)
@pytest.mark.parametrize(("database", "point"), PLACES, indirect=["database"])
def test_what_the_release_before_left_struck_at_any_place_is_finished_once(
    before: Path, tmp_path: Path, office: SandboxServer, database: str, point: str, nth: int
) -> None:
    environment = variables(tmp_path, office, before, database)
    prepare(tmp_path, environment)
    assert str(before) in run(environment, "-c", "import so24; print(so24.__file__)")[1]
    if point in LOSES:
        office.faults.arm(Fault("lost_after", "SaveInvoices", only=LOSES[point], nth=nth))
    code, said = strike(environment, database, point, "1" if point in LOSES else str(nth))
    assert code in (KILLED, 0), said
    office.faults.clear()
    code, said = finish({**environment, "PYTHONPATH": str(ROOT)}, database)
    assert code == 0, said
    lines = json.loads(said[said.index("[") : said.rindex("]") + 1])
    assert Counter(each["state"] for each in lines) == {"transferred": COUNT}
    orders = Control(office.address).books()[OSLO]["orders"]
    assert Counter(each["ReferenceNumber"] for each in orders if each.get("InvoiceId")) == {
        f"RM-10-{1001 + each}": 1 for each in range(COUNT)
    }
    assert "Draft" not in {each["OrderStatus"] for each in orders}
