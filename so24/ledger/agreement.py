"""How a reading of the ledger has come out, in the same words wherever it is told (pure)."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Protocol

from so24.amounts import format_amount, format_count
from so24.language.said import say, say_count


class OurPart(Protocol):
    """What a line, by whatever witness, says of our side."""

    @property
    def currency(self) -> str:
        """The currency of its amounts."""

    @property
    def our_part(self) -> Decimal | None:
        """What it adds to our sum; None where it adds nothing."""

    @property
    def transferred(self) -> bool:
        """Whether so24 has transferred the document itself."""


def tell_agreement(lines: int, agreeing: int) -> str:
    """How many of the lines that count agree, and how many need a look; drafts do not count."""
    if not lines:
        return say("nothing is there to compare")
    counts = {"agreeing": format_count(agreeing), "lines": format_count(lines)}
    if lines == agreeing:
        return say("{agreeing} of {lines} agree", **counts)
    return say_count(
        "{agreeing} of {lines} agree, {number} needs a look",
        "{agreeing} of {lines} agree, {number} need a look",
        lines - agreeing,
        **counts,
    )


def tell_ours(lines: Iterable[OurPart], currency: str) -> str:
    """What our sum of a currency is made of: transferred by so24, and there already."""
    parts: dict[bool, list[Decimal]] = {True: [], False: []}
    for line in lines:
        if line.currency == currency and line.our_part is not None:
            parts[line.transferred].append(line.our_part)
    sent, there = parts[True], parts[False]
    counts = {
        "currency": currency,
        "sent": format_count(len(sent)),
        "sent_sum": format_amount(sum(sent, Decimal(0))),
        "there": format_count(len(there)),
        "there_sum": format_amount(sum(there, Decimal(0))),
    }
    return say(
        "In so24, {currency}: {sent_sum} transferred by so24 (documents: {sent}), as Transfer "
        "history and Figures have it for these invoice dates, and {there_sum} that is there "
        "already and that so24 has not transferred (documents: {there}).",
        **counts,
    )
