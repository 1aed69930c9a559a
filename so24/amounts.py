"""Amounts and numbers as Norwegian readers write them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

GROUP = "\u00a0"  # a space that never breaks the line
_CENT = Decimal("0.01")
_KRONE_LESS_CENT = Decimal("0.99")
_BLANKS = re.compile(r"[\s\u00a0\u202f']")
# thousands in groups, or none; decimals behind either sign, as typed in Norway or copied elsewhere
_TYPED = re.compile(r"(\d{1,3}(?:[.,]\d{3})+|\d{1,13})(?:[.,](\d{1,2}))?")


def format_amount(amount: Decimal | None, currency: str = "") -> str:
    """``1 234,50``, with the currency behind it if given; an empty text for None.

    Rounded half-up to two decimals, which the store's amounts have anyway.
    """
    if amount is None:
        return ""
    text = f"{amount.quantize(_CENT, ROUND_HALF_UP):,.2f}"
    text = text.replace(",", GROUP).replace(".", ",").replace("-", "\u2212")
    return f"{text}{GROUP}{currency}" if currency else text


def amounts_typed(text: str) -> tuple[Decimal, Decimal] | None:
    """From which to which amount somebody means who types this; None where it is no amount.

    ``1 234,50``, ``1.234,50`` and ``1234.50`` are one amount, ``1234,5`` as well; ``1234`` is every
    one of so many whole kroner. The sign is not asked for.
    """
    typed = _TYPED.fullmatch(_BLANKS.sub("", text).lstrip("-\u2212"))
    if typed is None:
        return None
    whole = Decimal(re.sub(r"[.,]", "", typed[1]))
    if typed[2] is None:
        return whole, whole + _KRONE_LESS_CENT
    exact = whole + Decimal(f"0.{typed[2]}")
    return exact, exact


def format_count(number: int) -> str:
    """``12 345``."""
    return f"{number:,}".replace(",", GROUP)


def count_things(number: int, thing: str) -> str:
    """``1 document``, ``12 345 documents``; ``thing`` is a word that gets an *s* in the plural."""
    return f"{format_count(number)} {thing}{'' if number == 1 else 's'}"


def sum_by_currency(amounts: Iterable[tuple[str, Decimal]]) -> dict[str, Decimal]:
    """The sums of amounts, each with its currency before it, by currency."""
    sums: dict[str, Decimal] = {}
    for currency, amount in amounts:
        sums[currency] = sums.get(currency, Decimal(0)) + amount
    return sums


def format_quantity(number: Decimal, *, decimals: int = 0) -> str:
    """A number with as many decimals as it has, at least ``decimals``: ``7,5``, ``1 250``."""
    whole, _, rest = f"{number.normalize():,f}".partition(".")
    rest = rest.ljust(decimals, "0")
    text = whole.replace(",", GROUP).replace("-", "\u2212")
    return f"{text},{rest}" if rest else text
