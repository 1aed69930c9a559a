"""``python -m tests.store.starter``: opens the installation of ``SO24_…`` when a line comes in.

That is what every process of so24 does first. It says ``here`` before, and ``open`` afterwards.
"""

from __future__ import annotations

import sys

from so24.installation import open_installation
from so24.transfer.jobs.engine import engine_client


def main() -> None:
    """Bring the store's and the engine's tables up to date, or find that they are."""
    say("here")
    sys.stdin.readline()
    installation = open_installation()
    engine_client(installation)
    say("open")
    installation.close()


def say(word: str) -> None:
    """Write a line that is read at once."""
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
