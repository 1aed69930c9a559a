"""How a reading of the ledger has come out, in the same words wherever it is told (pure)."""

from __future__ import annotations

from so24.amounts import format_count
from so24.language.said import say, say_count


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
