"""Who works the lanes: one worker or two at once, struck at a named point, and housekeeping.

The engine decides who runs a lane and when; here the history does, so that an example takes
milliseconds. What is run is the lane's own code, and all that a new process knows is the store.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable, Sequence

from so24 import crashpoints
from so24.store.tables.ground import now
from so24.store.transfers.lost_writes import due_for_another_look
from so24.store.transfers.open_lanes import open_lanes
from so24.store.transfers.transfers import LaneName
from so24.transfer.lane.lane import work_lane
from so24.transfer.lane.late_drafts import sweep_late_drafts
from tests.stateful.scene import Scene

EVER = dt.timedelta(days=365)
ROUNDS = 20


class Struck(BaseException):
    """The process dies here: nothing that catches exceptions may catch this."""


class Ambush:
    """Does ``deed`` once, when a worker comes to the named point for the ``nth`` time."""

    def __init__(self, point: str, nth: int, deed: Callable[[], None]) -> None:
        self._point = point
        self._left = nth
        self._deed = deed
        self._lock = threading.Lock()

    def __call__(self, point: str, key_id: int | None) -> None:
        with self._lock:
            self._left -= point == self._point
            if self._left or point != self._point:
                return
            self._left = -1
        self._deed()


def strike() -> None:
    """End the worker as a crash would."""
    raise Struck


def at_once(deeds: Sequence[Callable[[], None]]) -> None:
    """Do all of these at the same moment; one that is struck ends, any other failure is raised."""
    barrier = threading.Barrier(len(deeds))
    failures: list[BaseException] = []

    def act(deed: Callable[[], None]) -> None:
        barrier.wait()
        try:
            deed()
        except Struck:
            return
        except BaseException as failure:
            failures.append(failure)

    threads = [threading.Thread(target=act, args=(deed,)) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for failure in failures:
        raise failure


def work_lanes(scene: Scene, workers: int = 1) -> None:
    """Work every open lane once, each by this many workers at the same moment."""
    for lane in lanes_left(scene):
        try:
            if workers == 1:
                work_lane(scene.installation, lane, ())
            else:
                at_once([lambda lane=lane: work_lane(scene.installation, lane, ())] * workers)  # type: ignore[misc] # the default binds the loop's lane
        except Struck:
            continue


def lanes_left(scene: Scene) -> list[LaneName]:
    """The lanes with open transfers, oldest first."""
    with scene.installation.db.reading() as session:
        return open_lanes(session)


def keep_house(scene: Scene, *, ahead: dt.timedelta = dt.timedelta()) -> None:
    """Look for drafts that landed late, as far as that is due by now and ``ahead``."""
    with scene.installation.db.reading() as session:
        due = due_for_another_look(session, now() + ahead)
    for key_id, ids in due.items():
        try:
            sweep_late_drafts(scene.installation, key_id, ids)
        except Struck:
            continue


def come_to_rest(scene: Scene) -> None:
    """Let everything land, work until nothing is open, and let housekeeping look once more.

    Lanes that never end stay open; the rule that nothing is stuck finds them.
    """
    crashpoints.arm(None)
    scene.server.faults.clear()
    with scene.server.sandbox.books.transaction():
        scene.server.sandbox.books.change("update orders set hidden = 0")
    scene.server.sandbox.land()
    for _ in range(ROUNDS):
        if not lanes_left(scene):
            break
        work_lanes(scene)
    keep_house(scene, ahead=EVER)
