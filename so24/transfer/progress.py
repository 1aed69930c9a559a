"""How far a run is, and how long it may still take (pure).

A lane takes many documents a step at a time, so that none is done for long and then many are at
once. So each step counts, not only the last one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from so24.amounts import format_count
from so24.dates import describe_seconds
from so24.language.said import join_said, say, say_count
from so24.states import State

# how much of a document's way lies behind it; what has ended has come to its end
_BEHIND = {
    State.QUEUED: Fraction(0),
    State.PREPARING: Fraction(1, 10),
    State.DRAFTED: Fraction(4, 10),
    State.COMPARED: Fraction(6, 10),
    State.INVOICING: Fraction(8, 10),
    State.UNKNOWN: Fraction(5, 10),
}
_ENOUGH = Fraction(1, 20)  # before that much is done, every guess is wrong


@dataclass(frozen=True)
class Progress:
    """How many of the documents that a run takes up are done, and the share of all steps that are.

    Documents that were never to be sent, because the plan had a reason, are not counted.
    """

    documents: int
    done: int  # they have come to an end, whichever
    share: Fraction
    transferred: int = 0

    @property
    def count(self) -> str:
        """``12/40``."""
        return f"{format_count(self.done)}/{format_count(self.documents)}"

    @property
    def words(self) -> str:
        """How many have come to an end, and to the good one where not all of them have."""
        counts = {
            "done": format_count(self.done),
            "documents": format_count(self.documents),
            "transferred": format_count(self.transferred),
        }
        if self.done == self.transferred:
            return say("{done} of {documents} transferred", **counts)
        return say("{done} of {documents} handled, {transferred} transferred", **counts)


@dataclass(frozen=True)
class RunUnderWay:
    """A run of which something is in transfer; times aware UTC.

    ``waiting``: so many of its documents go on only when a person has mended their key. ``again``:
    what is in transfer is tried again, some time after the rest.
    """

    run_id: str
    started_at: dt.datetime
    started_by: str
    progress: Progress
    waiting: int
    stopping: bool
    again: bool = False

    def describe(self, moment: dt.datetime) -> str:
        """How far it is, since when, and how long it may take, in one line without a full stop."""
        elapsed = (moment - self.started_at).total_seconds()
        how_long = (  # where it is tried again, how long it has taken says nothing
            say("trying again what was not sent")
            if self.again
            else say("under way for {time}", time=describe_seconds(elapsed))
        )
        return join_said([self.progress.words, how_long, self._describe_end(elapsed)], ", ")

    def _describe_end(self, elapsed: float) -> str:
        """What its end waits for, or how long that takes; empty where nobody knows."""
        if self.stopping:
            return say("stopping")
        if self.waiting:
            return say_count(
                "{number} waits for a System Administrator",
                "{number} wait for a System Administrator",
                self.waiting,
            )
        left = None if self.again else estimate_left(self.progress, elapsed)
        return say("{time} left", time=describe_seconds(left)) if left is not None else ""


def measure_progress(counts: Mapping[State, int]) -> Progress:
    """The progress of a run by how many of the documents that it sends are in each state."""
    documents = sum(counts.values())
    done = sum(count for state, count in counts.items() if not state.is_open)
    behind = sum(
        (count * _BEHIND.get(state, Fraction(1)) for state, count in counts.items()), Fraction(0)
    )
    share = behind / documents if documents else Fraction(1)
    return Progress(documents, done, share, counts.get(State.TRANSFERRED, 0))


def estimate_left(progress: Progress, elapsed: float) -> float | None:
    """Seconds until the end if it goes on as it went; None as long as that would be a guess."""
    if progress.share < _ENOUGH or elapsed <= 0:
        return None
    return elapsed * float((1 - progress.share) / progress.share)
