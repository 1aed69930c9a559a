"""``python -m tests.machines.worker [VERSION]``: a worker, of another version of so24 if told."""

from __future__ import annotations

import sys

from so24.transfer.jobs import engine
from tests.recovery import worker

if __name__ == "__main__":
    if len(sys.argv) > 1:
        engine.VERSION = sys.argv[1]
    worker.main()
