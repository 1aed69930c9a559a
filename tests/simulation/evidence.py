"""What the judge is shown of the office: its orders, and how each came to be as it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

NEVER = float("inf")


@dataclass(frozen=True)
class Entry:
    """An order in the books: where it is, how it stands, and how it came to that."""

    company: int
    number: int
    born: str  # the reference that it was sent with; empty for one that a hand has entered
    status: str
    invoice: int | None
    total: Decimal
    invoiced_by: str
    by_hand: bool  # a hand has changed it, or its customer
    date_moved: bool
    nameless: bool  # the office has changed its reference, by which alone it could be found
    same_as: str  # of an order that a hand has entered: the document that it is
    since: float  # when it was entered, in seconds
    booked_at: float = NEVER
    withheld: bool = False  # an answer has left it out that should have had it
    shown_at: float = NEVER  # when an answer had it for the first time

    def is_hidden_until(self, moment: float) -> bool:
        """Whether the office was asked for it before, and has left it out of every answer."""
        return self.withheld and self.shown_at >= moment


@dataclass(frozen=True)
class Books:
    """All entries, and the company that each series of documents belongs to."""

    entries: Sequence[Entry]
    companies: Mapping[str, int]
    needs_person: bool  # something happened in the office that only a person can see to

    def of(self, reference: str) -> list[Entry]:
        """The orders that were sent as this document."""
        return [each for each in self.entries if each.born == reference]
