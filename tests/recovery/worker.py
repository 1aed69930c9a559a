"""``python -m tests.recovery.worker``: runs an installation's jobs until its input ends.

It is as much as the command ``so24 worker`` does in the installation that ``SO24_…`` describes, but
it starts sooner. Retries come soon, unless ``SO24_TEST_RETRY_SECONDS`` says otherwise; at the crash
point ``SO24_TEST_DIE_AT`` the process kills itself.
"""

from __future__ import annotations

import datetime as dt
import os
import signal
import sys

from so24 import crashpoints
from so24.installation import open_installation
from so24.transfer.jobs import worker as jobs_worker
from so24.transfer.jobs.worker import JobWorker
from so24.transfer.lane import waiting

LAST_LOOK_AFTER = dt.timedelta(seconds=3)  # a day is long for a test
RETRY_SECONDS = 0.3


def die_at(point: str) -> None:
    """Kill this process where it comes to this point for the first time."""

    def strike(reached: str, _key_id: int | None) -> None:
        if reached == point:
            os.kill(os.getpid(), signal.SIGKILL)

    crashpoints.arm(strike)


def main() -> None:
    """Run the jobs; says so on its first line, and ends with 1 where another process has them."""
    waiting.LAST_LOOK_AFTER = LAST_LOOK_AFTER
    seconds = float(os.environ.get("SO24_TEST_RETRY_SECONDS", RETRY_SECONDS))
    waiting.RETRY_DISTANCES = (dt.timedelta(seconds=seconds),) * len(waiting.RETRY_DISTANCES)
    jobs_worker.RETRY_SECONDS = 0.2
    die_at(os.environ.get("SO24_TEST_DIE_AT", ""))
    installation = open_installation()
    worker = JobWorker(installation)
    if not worker.start():
        sys.exit(1)
    sys.stdout.write("running\n")
    sys.stdout.flush()
    sys.stdin.read()
    worker.stop()
    installation.close()


if __name__ == "__main__":
    main()
