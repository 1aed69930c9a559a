"""Where so24 asks for the time, sleeps and draws identifiers: there the simulation answers.

These are all the places on the way of a lane; a test holds that there are no others.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from unittest import mock

from so24.store.database import engine as database
from so24.store.tables import ground
from so24.transfer.lane import waiting
from tests.simulation.schedule import Scheduler

SLEEPERS = (waiting, database)  # modules that know ``time``


class _Hub:
    """The scheduler that runs at present."""

    scheduler: Scheduler


_hub = _Hub()


def set_scheduler(scheduler: Scheduler) -> None:
    """From here on the time is this scheduler's."""
    _hub.scheduler = scheduler


@contextmanager
def time_of_its_own() -> Iterator[None]:
    """Make what all histories share in a time that is none of theirs."""
    theirs = getattr(_hub, "scheduler", None)
    _hub.scheduler = Scheduler(-1)
    try:
        yield
    finally:
        if theirs is not None:
            _hub.scheduler = theirs


def _new_uuid() -> SimpleNamespace:
    return SimpleNamespace(hex=f"{_hub.scheduler.draw('names').getrandbits(128):032x}")


@contextmanager
def virtual_time() -> Iterator[None]:
    """Let so24 live in the time of the scheduler that is set."""
    time = SimpleNamespace(
        monotonic=lambda: _hub.scheduler.monotonic(),
        sleep=lambda seconds: _hub.scheduler.wait(seconds),
    )
    dates = SimpleNamespace(
        datetime=SimpleNamespace(now=lambda _: _hub.scheduler.now()), UTC=dt.UTC
    )
    with (
        mock.patch.object(ground, "dt", dates),
        mock.patch.object(ground, "uuid", SimpleNamespace(uuid4=_new_uuid)),
    ):
        patches = [mock.patch.object(module, "time", time) for module in SLEEPERS]
        for each in patches:
            each.start()
        try:
            yield
        finally:
            for each in patches:
                each.stop()
