"""A RecMan to talk to, and an installation that does."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from so24.calls.bounded import CallLimits
from so24.installation import Installation, open_installation
from so24.people.desk import Desk
from so24.people.roles import Actor
from so24.settings import Settings
from so24.sources.recman.connection import confirm_map, connect
from tests.sources.recman.papers import invoice, stand_in
from tests.sources.recman.standin import KEY, StandIn, serving

LIMITS = CallLimits(connect_seconds=2, call_seconds=5, most_bytes=2_000_000)


@pytest.fixture
def recman() -> Iterator[StandIn]:
    """A RecMan with three invoices."""
    with serving(stand_in(invoice("1001"), invoice("1002"), invoice("1003"))) as served:
        yield served


@pytest.fixture
def near(settings: Settings, recman: StandIn) -> Iterator[Installation]:
    """An installation whose RecMan is the stand-in; not connected yet."""
    opened = open_installation(settings.model_copy(update={"recman_url": recman.address}))
    yield opened
    opened.close()


@pytest.fixture
def ready(near: Installation, admin: Actor) -> Installation:
    """The same, connected and confirmed."""
    connect(Desk(near, admin), KEY)
    confirm_map(Desk(near, admin))
    return near
