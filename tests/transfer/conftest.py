"""A world per test: real store, real sandbox over HTTP, short deadlines."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from so24.installation import open_installation
from so24.sandbox.serve import SandboxServer
from so24.settings import Settings
from tests.transfer.world import World, make_world


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
    yield make_world(installation, sandbox)
    installation.close()
