"""The sandbox in a process of its own, so that its work is not counted as ours."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from so24.sandbox.runner import Control
from so24.sandbox.serve import SandboxServer
from so24.sandbox.wire.quota import Limits


@contextmanager
def running_office() -> Iterator[Control]:
    """A fresh sandbox process; yields the hand at its switches."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.benchmarks.office"], stdout=subprocess.PIPE, text=True
    )
    try:
        if process.stdout is None:
            raise RuntimeError("the sandbox's process has no output")
        yield Control(process.stdout.readline().strip(), timeout=60)
    finally:
        process.terminate()
        process.wait()


def serve() -> None:
    """Serve until the process is ended; prints the address."""
    limits = Limits(requests_per_hour=10**7, logins_per_minute=10**6)
    with SandboxServer(world=None, limits=limits) as server:
        print(server.address, flush=True)
        threading.Event().wait()


if __name__ == "__main__":
    serve()
