"""A process that watches a drop folder, and is killed at a named place of it.

Called with the folder, the place (or nothing) and the how-manieth time it is reached; without a
place it ends by itself when nothing waits any more.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from so24 import crashpoints
from so24.installation import open_installation
from so24.sources.inbox.watch import Inbox

MOST_LOOKS = 20


def kill_at(place: str, time: int) -> None:
    """Have this process killed when it reaches the place for the ``time``-th time."""
    reached = 0

    def strike(point: str, _key: int | None) -> None:
        nonlocal reached
        reached += point == place
        if point == place and reached == time:
            os.kill(os.getpid(), signal.SIGKILL)

    crashpoints.arm(strike)


def main(folder: str, place: str, time: str) -> None:
    """Watch the folder until nothing waits."""
    if place:
        kill_at(place, int(time))
    inbox = Inbox(open_installation(), Path(folder))
    inbox.look()
    for _ in range(MOST_LOOKS):
        inbox.look()
        if not inbox.waiting:
            break


if __name__ == "__main__":
    main(*sys.argv[1:])
