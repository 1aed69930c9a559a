"""Named places in the lane where tests strike; in production each is a call that does nothing."""

from __future__ import annotations

from collections.abc import Callable

CRASH_POINTS = (
    "after login",
    "after guard",
    "after customers saved",
    "after products saved",
    "after draft intent",
    "after draft answer",
    "after draft result",
    "after compare",
    "before invoicing",
    "after invoicing intent",
    "after invoicing answer",
    "before confirm",
    "after confirm",
)


def _pass_by(point: str) -> None:
    """Do nothing."""


_strike: Callable[[str], None] = _pass_by


def arm(strike: Callable[[str], None] | None) -> None:
    """Have ``strike`` called with each point's name that is reached; None disarms."""
    global _strike  # one process has one lane code, and tests arm it as a whole
    _strike = strike or _pass_by


def reach(point: str) -> None:
    """Mark that the lane has come to this point."""
    _strike(point)
