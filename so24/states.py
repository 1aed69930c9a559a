"""Where a transfer stands: the states, and the words that people read of each.

One place for the dashboard, the command line and the documentation.
"""

from __future__ import annotations

import datetime as dt
import enum

from so24.dates import format_soon


class State(enum.StrEnum):
    """Where a transfer stands."""

    QUEUED = "queued"
    PREPARING = "preparing"
    DRAFTED = "drafted"
    COMPARED = "compared"
    INVOICING = "invoicing"
    UNKNOWN = "unknown"
    TRANSFERRED = "transferred"
    EXISTS = "exists"
    LOGIN = "login"
    BLOCKED = "blocked"
    REFUSED = "refused"
    DIFFERS = "differs"
    NOT_SENT = "not_sent"
    CANCELLED = "cancelled"

    @property
    def is_open(self) -> bool:
        """Whether the transfer goes on by itself: it is *in transfer*."""
        return self in OPEN

    @property
    def is_live(self) -> bool:
        """Whether it is the document's one transfer that counts: in transfer, or transferred."""
        return self in LIVE

    @property
    def is_failed(self) -> bool:
        """Whether it has ended otherwise than people wished."""
        return not self.is_live and self is not State.CANCELLED

    @property
    def public_name(self) -> str:
        """The state as interfaces name it: every open one is ``in_transfer``."""
        return "in_transfer" if self.is_open else self.value


OPEN = (
    State.QUEUED,
    State.PREPARING,
    State.DRAFTED,
    State.COMPARED,
    State.INVOICING,
    State.UNKNOWN,
)
LIVE = (*OPEN, State.TRANSFERRED)

STATUS_WORDS = {
    State.TRANSFERRED: "✔ transferred",
    State.EXISTS: "✖ exists",
    State.LOGIN: "✖ login",
    State.BLOCKED: "✖ blocked",
    State.REFUSED: "✖ refused",
    State.DIFFERS: "✖ differs",
    State.NOT_SENT: "✖ not sent",
    State.CANCELLED: "◌ cancelled",
    State.QUEUED: "⟳ queued",
    State.PREPARING: "⟳ preparing",
    State.DRAFTED: "⟳ drafted",
    State.COMPARED: "⟳ compared",
    State.INVOICING: "⟳ invoicing",
    State.UNKNOWN: "⟳ being looked up",
}
ASKED_TO_WAIT = "24SevenOffice asks us to wait until"  # begins the note of a transfer
WAITS_FOR_KEY = "⟳ waits for its key"  # in transfer, and goes on when the key is mended
FOR_APPROVAL = f"{STATUS_WORDS[State.TRANSFERRED]}, waits for approval"
TRIED_LATER = "⟳ tried again later"  # not sent, and so24 tries again by itself
MOST_RETRIES = 6  # of one document in one run, by so24 itself


def tell_retry(at: dt.datetime, begun: int, moment: dt.datetime) -> str:
    """When so24 tries again by itself, as a sentence; ``begun`` retries were made before.

    Both moments are aware; where the first has gone by, only a process that runs jobs is missing.
    """
    attempt = f"attempt {begun + 1} of {MOST_RETRIES}"
    when = format_soon(at, moment)
    if at > moment:
        return f"Will be tried again by itself at {when} ({attempt})."
    return (
        f"Due to be tried again by itself since {when} ({attempt}): the process that runs the jobs "
        "does it."
    )


def without_mark(status: str) -> str:
    """The words of a status as a file has them, where a mark would be data."""
    return status.lstrip("✔✖◌⟳ ")


class Since(enum.StrEnum):
    """What has become of a document that an earlier or another run has not transferred.

    The values are what people read in the place of the state that it had in that run.
    """

    NOTHING = ""
    TRANSFERRED = "◌ transferred"
    IN_TRANSFER = "◌ in transfer"
    LEFT_OUT = "◌ left out"
    TRIED_LATER = "◌ tried again later"
    MENDED = "◌ can be sent"
