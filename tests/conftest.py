"""Fixtures that every test may use: an installation of its own, and people to act in it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from so24.installation import Installation, open_installation
from so24.people.roles import Actor
from so24.sandbox.serve import SandboxServer
from so24.settings import Settings, new_cookie_key, new_secret_key
from so24.store.people_tables import Role
from tests.transfer.world import World, make_world


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Sandbox settings with a data folder of its own, whatever the environment says."""
    return Settings(
        _env_file=None,
        mode="sandbox",
        data_dir=tmp_path / "data",
        secret_keys=SecretStr(new_secret_key()),
        cookie_key=SecretStr(new_cookie_key()),
        database_url="",
        office_url="",
        demo=False,
    )


@pytest.fixture
def installation(settings: Settings) -> Iterator[Installation]:
    """An empty installation on a fresh SQLite file."""
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
        threading.Event().wait(0.02)


@pytest.fixture
def sandbox() -> Iterator[SandboxServer]:
    """A sandbox with the demo's companies and empty books otherwise."""
    with SandboxServer(world=None) as server:
        yield server


@pytest.fixture
def world(settings: Settings, sandbox: SandboxServer) -> Iterator[World]:
    """An activated installation that talks to the sandbox."""
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
    installation.close()
