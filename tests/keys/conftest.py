"""Fixtures of the keys' tests: a real sandbox over HTTP that the installation talks to."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from so24.installation import Installation, open_installation
from so24.keys.credentials import NewKey
from so24.sandbox.books.seed import OSLO
from so24.sandbox.runner import SandboxServer
from so24.settings import Settings


@pytest.fixture
def office() -> Iterator[SandboxServer]:
    """The demo world in memory, on a port of its own."""
    with SandboxServer() as server:
        yield server


@pytest.fixture
def connected(settings: Settings, office: SandboxServer) -> Iterator[Installation]:
    """An empty installation whose 24SevenOffice is the sandbox."""
    opened = open_installation(settings.model_copy(update={"office_url": office.address}))
    yield opened
    opened.close()


@pytest.fixture
def oslo_key() -> NewKey:
    """A key that reaches its own company, for all departments."""
    return NewKey(
        name="Oslo",
        organization_id=OSLO,
        username="oslo@sandbox.example",
        password="sandbox-oslo",
        all_departments=True,
    )
