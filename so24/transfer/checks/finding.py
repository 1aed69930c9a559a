"""What a check finds in a document: an error, which blocks it, or a warning, which does not."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass

from so24.reasons import Reason, ReasonCard

_LISTED = 6


class Severity(enum.StrEnum):
    """Whether a finding blocks its document."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True)
class Finding:
    """One finding: a reason of the catalogue, the particulars, and the field that it concerns.

    ``words`` are whole sentences, or empty where the card's title says it all.
    """

    reason: Reason
    words: str = ""
    field: str = "document"

    @property
    def severity(self) -> Severity:
        """A doubt never blocks; every other reason does."""
        return Severity.WARNING if self.card.doubt else Severity.ERROR

    @property
    def card(self) -> ReasonCard:
        """The card with the title, the remedy, and who mends it."""
        return self.reason.card

    @property
    def sentence(self) -> str:
        """The finding in full: what it is, and the particulars."""
        return " ".join(part for part in (self.card.sentence, self.words) if part)


def list_errors(errors: Sequence[Finding]) -> str:
    """The particulars for a receipt whose card is the first error's: its words, then the others.

    At most six findings are written out. An excluded document is told nothing but why.
    """
    first, *others = errors
    if first.reason == Reason.EXCLUDED:
        return first.words
    told = [first.words] if first.words else []
    for each in others[: _LISTED - 1]:
        told.append(each.words if each.reason == first.reason else each.sentence)
    if len(errors) > _LISTED:
        told.append(f"And {len(errors) - _LISTED} more.")
    return " ".join(told)
