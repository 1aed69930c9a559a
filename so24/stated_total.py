"""The source's own total of a document, beside the one that is booked or to be booked."""

from __future__ import annotations

from decimal import Decimal

from so24.amounts import format_amount
from so24.language.said import say


def tell_stated_total(stated: Decimal | None, total: Decimal, currency: str) -> str:
    """The sentence that the source's own total is another than the one booked or to be booked.

    Told from one øre on: the customer pays what the invoice says. Empty where both are equal, and
    where the source states none.
    """
    if stated is None or stated == total:
        return ""
    amounts = {
        "stated": format_amount(stated, currency),
        "apart": format_amount(abs(stated - total), currency),
    }
    if stated > total:
        return say("The source states {stated} as its total, {apart} more.", **amounts)
    return say("The source states {stated} as its total, {apart} less.", **amounts)
