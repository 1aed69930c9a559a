"""How a reading of the ledger has come out, in the same words wherever it is told (pure)."""

from __future__ import annotations

from so24.amounts import format_count


def tell_agreement(lines: int, agreeing: int) -> str:
    """How many of the lines that count agree, and how many need a look; drafts do not count."""
    if not lines:
        return "nothing is there to compare"
    told = f"{format_count(agreeing)} of {format_count(lines)} agree"
    if lines == agreeing:
        return told
    apart = lines - agreeing
    return f"{told}, {format_count(apart)} {'needs' if apart == 1 else 'need'} a look"
