"""``python -m tests.recovery.worker``: runs an installation's jobs until its input ends.

It is as much as the command ``so24 worker`` does in the installation that ``SO24_…`` describes, but
it starts sooner.
"""

from __future__ import annotations

import datetime as dt
import sys

from so24.installation import open_installation
from so24.transfer.jobs.worker import JobWorker
from so24.transfer.lane import waiting

LAST_LOOK_AFTER = dt.timedelta(seconds=3)  # a day is long for a test


def main() -> None:
    """Run the jobs; says so on its first line, and ends with 1 where another process has them."""
    waiting.LAST_LOOK_AFTER = LAST_LOOK_AFTER
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
