"""``python -m tests.recovery.office``: a sandbox in a process of its own, until its input ends."""

from __future__ import annotations

import sys

from so24.sandbox.serve import SandboxServer

LATENCY_MILLISECONDS = 30


def main() -> None:
    """Serve fresh books in memory; the first line printed is the address."""
    with SandboxServer(world=None, latency_ms=LATENCY_MILLISECONDS) as server:
        sys.stdout.write(f"{server.address}\n")
        sys.stdout.flush()
        sys.stdin.read()


if __name__ == "__main__":
    main()
