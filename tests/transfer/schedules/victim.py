"""A process that runs the jobs, and is killed at a named place of a schedule.

Called with the place; it waits to be killed.
"""

from __future__ import annotations

import datetime as dt
import os
import signal
import sys
import threading

from so24 import crashpoints
from so24.installation import open_installation
from so24.transfer.jobs import worker
from so24.transfer.schedules import working


def main(place: str) -> None:
    """Run the jobs until the place is reached."""

    def strike(point: str, _key: int | None) -> None:
        if point == place:
            os.kill(os.getpid(), signal.SIGKILL)

    crashpoints.arm(strike)
    worker.SCHEDULES_SECONDS = 0.05
    working.TRY_AGAIN = dt.timedelta(seconds=0.5)
    worker.JobWorker(open_installation()).start()
    threading.Event().wait(60)


if __name__ == "__main__":
    main(*sys.argv[1:])
