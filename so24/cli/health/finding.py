"""What a look around finds: one line per subject, and what it means for the exit code."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from so24.cli.terminal.exits import ALL_WELL, NEEDS_A_PERSON, WRONG_USE

Standing = Literal["ok", "note", "warning", "fault"]


@dataclass(frozen=True)
class HealthFinding:
    """One thing that was looked at.

    A *note* needs nobody; a *warning* needs a person soon, though the work goes on; a *fault* is a
    setting or a part that cannot be worked with.
    """

    subject: str
    standing: Standing
    words: str


def exit_code(findings: Iterable[HealthFinding]) -> int:
    """2 where there is a fault, else 1 where there is a warning, else 0."""
    standings = {each.standing for each in findings}
    if "fault" in standings:
        return WRONG_USE
    return NEEDS_A_PERSON if "warning" in standings else ALL_WELL
