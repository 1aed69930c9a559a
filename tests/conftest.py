"""Fixtures that every test may use: an installation of its own, and people to act in it."""

from __future__ import annotations

import gc
import os
import re
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import hypothesis
import pytest
from pydantic import SecretStr

from so24.installation import Installation, open_installation
from so24.people.roles import Actor
from so24.sandbox.serve import SandboxServer
from so24.settings import Settings
from so24.store.database.migrate import upgrade
from so24.store.tables.people_tables import Role
from so24.transfer.jobs.engine import migrate_engine
from so24.vault import new_cookie_key, new_secret_key
from tests.compiled import share_compiled_statements
from tests.postgres import Cluster, choose_place, find_postgres
from tests.transfer.claims import broken_claims
from tests.transfer.world import World, make_world

SQLITE, POSTGRESQL = "sqlite", "postgresql"
# the folders whose tests run on both databases; the others are about what stands on the store
ON_BOTH = {
    "customer_cards",
    "invoices",
    "kept",
    "keys",
    "ledger",
    "people",
    "sources",
    "store",
    "today",
    "transfer",
}
READERS = {"ehf", "recman"}  # folders inside them that read files and answers only
COLLECT_AFTER = 50_000  # objects; a test makes some ten times as many
DEFAULT_LIST = "not slow and not long"
IN_ANOTHER_LIST = re.compile(r"^pytestmark = .*\bpytest\.mark\.(?:slow|long)\b", re.MULTILINE)
# .ci/run sets it: there the tests of PostgreSQL are run, not skipped
REQUIRED = os.environ.get("SO24_TEST_POSTGRES") == "required"


def pytest_configure() -> None:
    """Let all engines of a test process share the statements that one of them has compiled.

    The tests' folders lie in memory where there is plenty, for each commit of SQLite waits for the
    disk. Python's collector looks less often through all that the libraries hold, which stays.
    """
    share_compiled_statements()
    gc.set_threshold(COLLECT_AFTER)
    # a fresh machine may forbid to keep compiled modules; hundreds of processes would compile anew
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False
    # whether a test passes shall not depend on how busy the machine is
    hypothesis.settings.register_profile("so24", deadline=None)
    hypothesis.settings.load_profile("so24")
    if (place := choose_place()) is not None:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(place))


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A private PostgreSQL server for the whole session; a test that stops it starts it again."""
    programs = find_postgres()
    if programs is None:
        missing = "PostgreSQL is not installed (Debian: apt-get install postgresql)"
        if REQUIRED:
            pytest.fail(f"{missing}, and SO24_TEST_POSTGRES=required says that it must be")
        pytest.skip(missing)
    with Cluster(programs) as started:
        yield started


@pytest.fixture
def postgres_url(cluster: Cluster) -> Iterator[str]:
    """A PostgreSQL database that nobody has used, with all tables in place."""
    url = cluster.create_database()
    yield url
    cluster.drop_database(url)


@pytest.fixture
def database_url(request: pytest.FixtureRequest) -> str:
    """The ``SO24_DATABASE_URL`` of the test's installation: empty, which is SQLite in a file.

    The folders of :data:`ON_BOTH` have it as a parameter.
    """
    if getattr(request, "param", SQLITE) == SQLITE:
        return ""
    return str(request.getfixturevalue("postgres_url"))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run what uses a database twice in the folders of :data:`ON_BOTH`, else on SQLite alone.

    The second run is in the default list where the test is marked ``both``, for there the two
    databases may differ: locks, conflicts, times, letters, long lists. Else it is in the long one.
    """
    if "database_url" not in metafunc.fixturenames:
        return
    folders = metafunc.definition.path.relative_to(Path(__file__).parent).parts[:-1]
    if folders[:1] not in {(name,) for name in ON_BOTH} or READERS & set(folders):
        return
    kinds: list[object] = [SQLITE]
    if metafunc.definition.get_closest_marker("sqlite_only") is None:
        marks = [pytest.mark.postgresql]
        if metafunc.definition.get_closest_marker("both") is None:
            marks.append(pytest.mark.long)
        kinds.append(pytest.param(POSTGRESQL, marks=marks))
    metafunc.parametrize("database_url", kinds, indirect=True)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Load no file for the default list that is in another one as a whole, unless it is named."""
    if config.option.markexpr != DEFAULT_LIST or not collection_path.match("test_*.py"):
        return None
    if collection_path in {Path(each.split("::")[0]).absolute() for each in config.args}:
        return None
    return bool(IN_ANOTHER_LIST.search(collection_path.read_text(encoding="utf-8"))) or None


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """One process more than there are processors; two for the slow list, for its tests wait more.

    Each process loads everything, which costs it as much as hundreds of tests.
    """
    waiting = 2 if config.option.markexpr.startswith("slow") else 1
    return (os.cpu_count() or 1) + waiting


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A SQLite file with all tables in place; a copy is made sooner than the tables are."""
    folder = tmp_path_factory.mktemp("migrated")
    url = f"sqlite:///{folder / 'so24.db'}"
    upgrade(url, folder)
    migrate_engine(url)
    return (folder / "so24.db").read_bytes()


def put_database(folder: Path, content: bytes) -> None:
    """Put a SQLite database, its owner's alone, into the data folder, made where it is missing."""
    folder.mkdir(exist_ok=True)
    (folder / "so24.db").touch(0o600)
    (folder / "so24.db").write_bytes(content)


@pytest.fixture
def settings(tmp_path: Path, database_url: str, migrated_file: bytes) -> Settings:
    """Sandbox settings with a database of its own, whatever the environment says."""
    folder = tmp_path / "data"
    folder.mkdir()
    if not database_url:
        put_database(folder, migrated_file)
    return Settings(
        _env_file=None,
        mode="sandbox",
        data_dir=folder,
        secret_keys=SecretStr(new_secret_key()),
        cookie_key=SecretStr(new_cookie_key()),
        database_url=database_url,
        office_url="",
        demo=False,
    )


@pytest.fixture
def installation(settings: Settings) -> Iterator[Installation]:
    """An empty installation on a fresh database."""
    opened = open_installation(settings)
    yield opened
    opened.close()


@pytest.fixture
def admin() -> Actor:
    """A System Administrator."""
    return Actor("ada", Role.ADMIN)


@pytest.fixture
def finance() -> Actor:
    """A finance user."""
    return Actor("fia", Role.FINANCE)


@pytest.fixture
def analyst() -> Actor:
    """An analyst."""
    return Actor("ann", Role.ANALYST)


def wait_until(condition: Callable[[], bool], seconds: float = 30) -> None:
    """Poll until the condition holds; fails the test when it does not in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come true in time"
        threading.Event().wait(0.05)


@pytest.fixture
def sandbox() -> Iterator[SandboxServer]:
    """A sandbox with the demo's companies and empty books otherwise."""
    with SandboxServer(world=None) as server:
        yield server


@pytest.fixture
def world(
    request: pytest.FixtureRequest, settings: Settings, sandbox: SandboxServer
) -> Iterator[World]:
    """An activated installation that talks to the sandbox.

    Whatever a test has done with it, at its end the history of no document says what is not so.
    """
    changed = settings.model_copy(
        update={
            "office_url": sandbox.address,
            "settle_seconds": 0.05,
            "patience_seconds": 1.0,
            "read_seconds": 5.0,
            "login_pause_seconds": 0.0,
            "pace_per_second": 1000.0,
            "pace_burst": 1000,
        }
    )
    installation = open_installation(changed)
    yield make_world(installation, sandbox.address)
    made_up = request.node.get_closest_marker("made_up")
    broken = [] if made_up else list(broken_claims(installation))
    installation.close()
    assert broken == []
