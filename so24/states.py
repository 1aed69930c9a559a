"""Where a transfer stands: the states, and the words that people read of each.

One place for the dashboard, the command line and the documentation.
"""

from __future__ import annotations

import datetime as dt
import enum

from so24.dates import format_soon
from so24.language.said import say


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
    State.TRANSFERRED: say("✔ transferred"),
    State.EXISTS: say("✖ exists"),
    State.LOGIN: say("✖ login"),
    State.BLOCKED: say("✖ blocked"),
    State.REFUSED: say("✖ refused"),
    State.DIFFERS: say("✖ differs"),
    State.NOT_SENT: say("✖ not sent"),
    State.CANCELLED: say("◌ cancelled"),
    State.QUEUED: say("⟳ queued"),
    State.PREPARING: say("⟳ preparing"),
    State.DRAFTED: say("⟳ drafted"),
    State.COMPARED: say("⟳ compared"),
    State.INVOICING: say("⟳ invoicing"),
    State.UNKNOWN: say("⟳ being looked up"),
}
ASKED_TO_WAIT = "24SevenOffice asks us to wait until"  # in English: begins a transfer's note
WAITS_FOR_KEY = say("⟳ waits for its key")  # in transfer, and goes on when the key is mended
FOR_APPROVAL = say("✔ transferred, waits for approval")
TRIED_LATER = say("⟳ tried again later")  # not sent, and so24 tries again by itself
MOST_RETRIES = 6  # of one document in one run, by so24 itself


def tell_wait(until: dt.datetime) -> str:
    """The note of a transfer while its lane waits as 24SevenOffice asks; ``until`` is in UTC.

    It begins by :data:`ASKED_TO_WAIT`, by which it is known.
    """
    return say("24SevenOffice asks us to wait until {time} UTC.", time=f"{until:%H:%M:%S}")


def tell_retry(at: dt.datetime, begun: int, moment: dt.datetime) -> str:
    """When so24 tries again by itself, as a sentence; ``begun`` retries were made before.

    Both moments are aware; where the first has gone by, only a process that runs jobs is missing.
    """
    values = {"when": format_soon(at, moment), "attempt": begun + 1, "most": MOST_RETRIES}
    if at > moment:
        return say(
            "Will be tried again by itself at {when} (attempt {attempt} of {most}).", **values
        )
    return say(
        "Due to be tried again by itself since {when} (attempt {attempt} of {most}): the process "
        "that runs the jobs does it.",
        **values,
    )


def without_mark(status: str) -> str:
    """The words of a status as a file has them, where a mark would be data."""
    return status.lstrip("✔✖◌⟳ ")


class Since(enum.StrEnum):
    """What has become of a document that an earlier or another run has not transferred.

    The values are what people read in the place of the state that it had in that run.
    """

    NOTHING = ""
    TRANSFERRED = say("◌ transferred")
    IN_TRANSFER = say("◌ in transfer")
    LEFT_OUT = say("◌ left out")
    TRIED_LATER = say("◌ tried again later")
    MENDED = say("◌ can be sent")
    TRIED_AGAIN = say("◌ tried again since")

    @property
    def is_elsewhere(self) -> bool:
        """Whether another run tells how it goes on: it has the document now, or had it last."""
        return self in (Since.IN_TRANSFER, Since.TRIED_LATER, Since.TRIED_AGAIN)
