"""One history: the product is put into a simulated world, which is played from a seed."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Callable, Collection, Iterable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager, nullcontext
from functools import cache
from typing import Any
from unittest import mock

from so24 import crashpoints
from so24.keys import access
from so24.office import gateway, outcomes
from so24.store.database import dialects
from so24.transfer.lane import lane_pass, late_drafts, waiting
from tests.simulation import clock
from tests.simulation.beginning import Known, keep_known
from tests.simulation.quick.remembered import remembered
from tests.simulation.quick.shortcut import QuickSession
from tests.simulation.wire import SimulatedOffice
from tests.simulation.world import Plan, Verdict, World

MOST_BUILT = 5_000
# a history that only waits shows nothing: what is a day, or a quarter of a second, in the product
LAST_LOOK_AFTER = dt.timedelta(seconds=100)  # nothing lands so late here
NEXT_LOOK = dt.timedelta(seconds=3)
RETRY_DISTANCES = tuple(dt.timedelta(seconds=30.0 * 2**each) for each in range(6))
SHORTEST_PAUSE, LONGEST_PAUSE = dt.timedelta(seconds=1), dt.timedelta(seconds=15)
LAST_USE_TO = dt.timedelta(hours=6)


class AtOnce:
    """Does what is submitted in the same thread, in the place of the pass's own thread."""

    def __init__(self, *_: Any, **_more: Any) -> None:
        """There is no thread to be named."""

    def submit(self, work: Callable[[], Any]) -> Future[Any]:
        """Do it now."""
        done: Future[Any] = Future()
        try:
            done.set_result(work())
        except Exception as error:
            done.set_exception(error)
        return done

    def shutdown(self, **_more: Any) -> None:
        """Nothing is under way."""


@contextmanager
def said_once() -> Iterator[None]:
    """Build each condition on a list of values once: a history asks for the same few again."""
    build = dialects.among
    built: dict[tuple[Any, tuple[Any, ...]], Any] = {}

    def among(column: Any, values: Iterable[Any]) -> Any:
        if len(built) > MOST_BUILT:
            built.clear()
        wanted = column, tuple(values)
        if wanted not in built:
            built[wanted] = build(*wanted)
        return built[wanted]

    knowing = [module for module in sys.modules.values() if getattr(module, "among", None) is build]
    patches = [mock.patch.object(module, "among", among) for module in knowing]
    for each in patches:
        each.start()
    try:
        yield
    finally:
        for each in patches:
            each.stop()


@contextmanager
def quickly() -> Iterator[None]:
    """Ask the store nothing twice, and SQLAlchemy for each form of a statement once."""
    with said_once(), remembered(), mock.patch.object(QuickSession, "quick", True):
        yield


@contextmanager
def simulated(*, quick: bool = True) -> Iterator[None]:
    """Put the simulation's time, gateway and points in the place of the real ones.

    Without ``quick`` every question is asked and every statement is carried out by SQLAlchemy: the
    histories are the same.
    """

    def keep_fields(_kind: Any, sent: Any) -> Any:
        return sent

    with (
        clock.virtual_time(),
        mock.patch.object(access, "Office", SimulatedOffice),
        mock.patch.object(outcomes, "encode_saving", keep_fields),
        mock.patch.object(gateway, "encode_saving", keep_fields),
        mock.patch.object(lane_pass, "ThreadPoolExecutor", AtOnce),
        mock.patch.object(access, "NEXT_LOOK", NEXT_LOOK),
        mock.patch.object(access, "LAST_USE_TO", LAST_USE_TO),
        mock.patch.object(waiting, "SHORTEST_PAUSE", SHORTEST_PAUSE),
        mock.patch.object(waiting, "LONGEST_PAUSE", LONGEST_PAUSE),
        mock.patch.object(waiting, "LAST_LOOK_AFTER", LAST_LOOK_AFTER),
        mock.patch.object(waiting, "RETRY_DISTANCES", RETRY_DISTANCES),
        mock.patch.object(late_drafts, "LAST_LOOK_AFTER", LAST_LOOK_AFTER),
        quickly() if quick else nullcontext(),
    ):
        try:
            yield
        finally:
            crashpoints.arm(None)


def play(seed: int, plan: Plan | None = None, *, tell: bool = False) -> Verdict:
    """Play one history and judge it; with ``tell`` every step is kept."""
    return World(seed, plan or Plan(), tell=tell, known=first_export()).live()


@cache
def first_export() -> Known:
    """What an export of everything leaves when nothing goes wrong."""
    world = _FirstExport(-1, Plan(habits=()))
    world.live()
    return keep_known(world.sites[0], world.server)


class _FirstExport(World):
    def _choose_documents(self, most: int) -> tuple[int, ...]:
        return tuple(range(1, most + 1))


def names_of(breaches: Collection[str]) -> tuple[str, ...]:
    """The rules that were broken."""
    return tuple(sorted({each.partition(":")[0] for each in breaches}))
