"""Which version of the code plays: a history is worth what the code is that has lived it."""

from __future__ import annotations

import hashlib
import subprocess
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[3]
FACES = ("ui", "cli", "sandbox")  # of so24: no history comes there
DIGITS = 12


@dataclass(frozen=True)
class Code:
    """A version of the code: the hash of all that a history is made of, and its commit."""

    hash: str
    commit: str

    def __str__(self) -> str:
        """As people read it."""
        return f"{self.hash} (commit {self.commit or 'unknown'})"


def present_code() -> Code:
    """The code that this process plays.

    The hash covers the product without its faces, and the simulation without its tests; the commit
    is for people, and ends in ``+`` where files differ from it.
    """
    covered = hashlib.sha256()
    for path in sorted((*(ROOT / "so24").rglob("*.py"), *Path(__file__).parents[1].rglob("*.py"))):
        name = path.relative_to(ROOT)
        if name.parts[1] not in FACES and not path.name.startswith("test_"):
            covered.update(f"{name.as_posix()}\n".encode() + path.read_bytes())
    return Code(covered.hexdigest()[:DIGITS], _commit())


def _commit() -> str:
    """The commit that is checked out; empty where nobody knows."""
    command = ["git", "describe", "--always", "--exclude=*", f"--abbrev={DIGITS}", "--dirty=+"]
    try:
        told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    except OSError:
        return ""
    return told.stdout.strip()
