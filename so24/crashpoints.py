"""Named places of lane, sweep and drop folder where tests strike; elsewhere they do nothing."""

from __future__ import annotations

from collections.abc import Callable

CRASH_POINTS = (
    "after login",
    "after guard",
    "after customers answer",
    "after customers saved",
    "after products answer",
    "after products saved",
    "after draft intent",
    "during draft call",  # its answer is lost, and nobody has noted that yet
    "after draft answer",
    "after draft result",
    "after compare",
    "before invoicing",
    "after invoicing intent",
    "during invoicing call",  # as for the draft
    "after invoicing answer",
    "before confirm",
    "after confirm",
    "after another look",  # for drafts that landed late; these two are in the sweep
    "after late drafts retired",
)

RETRY_POINTS = (  # where what is due is taken up to be tried again by itself
    "retry due",
    "retry begun",  # its transfers are queued again, and no job has them yet
)

SCHEDULE_POINTS = (  # of a schedule whose time has come
    "schedule claiming",  # the claim and its job are not committed yet
    "schedule claimed",
    "schedule begun",
    "schedule fetched",
    "schedule judged",
    "schedule starting",  # the run and the end of the occasion are not committed yet
    "schedule started",
    "schedule ended",
)

INBOX_POINTS = (  # of the drop folder, where no lane is at work
    "inbox claimed",
    "inbox read",
    "inbox opening",  # the imports are not committed yet
    "inbox landing",
    "inbox landed",
    "inbox targets noted",
    "inbox note written",
    "inbox file moved",
    "inbox claim dropped",
)

Strike = Callable[[str, int | None], None]


def _pass_by(point: str, key_id: int | None) -> None:
    """Do nothing."""


_strike: Strike = _pass_by


def arm(strike: Strike | None) -> None:
    """Have ``strike`` called with each point that is reached and its lane's key; None disarms."""
    global _strike  # one process has one lane code, and tests arm it as a whole
    _strike = strike or _pass_by


def reach(point: str, key_id: int | None) -> None:
    """Mark that the lane of this key has come to this point."""
    _strike(point, key_id)
