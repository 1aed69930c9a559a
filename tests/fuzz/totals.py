"""What has been tried of which code, in a file to which each sitting adds: a million takes hours.

It is JSON: by the mark of the code that reads, how many inputs each target was given, how many it
read, the faults, the seconds of CPU, and for each seed the number that comes next.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.fuzz.running import Tally

ROOT = Path(__file__).resolve().parents[2]
# what reads the inputs, and what bends and judges them
CODE = ("so24/office", "so24/sources", "so24/calls", "tests/fuzz")
_LETTERS = 12


def mark_code(root: Path = ROOT) -> str:
    """A mark of the code as it is now: another one as soon as a reader changes."""
    found = hashlib.sha256()
    alone = sorted((root / "so24").glob("*.py"))
    for path in [*alone, *(each for name in CODE for each in sorted((root / name).rglob("*.py")))]:
        found.update(f"{path.relative_to(root)}\n".encode() + path.read_bytes())
    return found.hexdigest()[:_LETTERS]


class Totals:
    """The totals of one file."""

    def __init__(self, path: Path, code: str) -> None:
        self._path = path
        self._code = code
        self._kept: dict[str, Any] = json.loads(path.read_text()) if path.exists() else {}
        self._of_code = json.dumps(self._kept.get(code, {"next": {}, "targets": {}}))

    def next_number(self, seed: int) -> int:
        """The first number of this seed that this code has not been given."""
        return int(json.loads(self._of_code)["next"].get(str(seed), 0))

    def keep(self, seed: int, then: int, tallies: Mapping[str, Tally]) -> None:
        """Write what was kept before together with this sitting, up to the number ``then``."""
        total = json.loads(self._of_code)
        total["next"][str(seed)] = then
        for name, each in tallies.items():
            before = total["targets"].get(name, {})
            total["targets"][name] = {
                "inputs": before.get("inputs", 0) + each.inputs,
                "read": before.get("read", 0) + each.read,
                "faults": before.get("faults", 0) + len(each.faults),
                "seconds": round(before.get("seconds", 0.0) + each.seconds, 1),
            }
        self._kept[self._code] = total
        draft = self._path.with_name(f".{self._path.name}")
        draft.write_text(json.dumps(self._kept, indent=1) + "\n")
        draft.replace(self._path)  # whole, whenever the sitting is ended

    def describe(self) -> str:
        """How many inputs this code has been given, and all codes together."""
        counts = {
            code: sum(each["inputs"] for each in total["targets"].values())
            for code, total in self._kept.items()
        }
        this = counts.get(self._code, 0)
        return f"{this:,} of this code ({self._code}), {sum(counts.values()):,} in all"
