"""What a cell is: a text as it stands in the file, or what a workbook states exactly.

What reads one raises :class:`BadCell` with the reason, which completes "this cell …".
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any, Self

from so24.language.said import say

Cell = str | Decimal | dt.date


class _NumberWithText(Decimal):
    """A number that keeps a text of its cell, also where it is copied or put on disk."""

    shown: str

    def __new__(cls, number: Decimal, shown: str) -> Self:
        """The number with what the cell shows."""
        made = super().__new__(cls, number)
        made.shown = shown
        return made

    def __reduce__(self) -> Any:  # that of a decimal forgets what is shown
        return type(self), (Decimal(self), self.shown)


class ShownNumber(_NumberWithText):
    """A number whose cell shows other signs than its digits: leading zeros, say."""


class ScaledNumber(Decimal):
    """A number whose cell shows other digits than it has: thousands of it, or it rounded."""


class CurrencyNumber(_NumberWithText):
    """An amount whose cell shows a currency beside it, by its sign or its three letters."""

    @property
    def currency(self) -> str:
        """The currency that the cell shows."""
        return self.shown

    def may_be_in(self, currency: str) -> bool:
        """Whether the cell shows this currency; its sign may be that of several."""
        return currency in CURRENCY_SIGNS.get(self.currency, (self.currency,))


# signs that only these currencies have; kr is that of many
CURRENCY_SIGNS = {
    "€": ("EUR",),
    "£": ("GBP",),
    "¥": ("JPY", "CNY"),
    "$": ("USD", "CAD", "AUD", "NZD", "SGD", "HKD"),
    "zł": ("PLN",),
    "₽": ("RUB",),
    "₹": ("INR",),
    "₺": ("TRY",),
    "₴": ("UAH",),
    "₪": ("ILS",),
    "₩": ("KRW",),
    "₫": ("VND",),
    "฿": ("THB",),
    "₱": ("PHP",),
    "R$": ("BRL",),
    "Kč": ("CZK",),
    "Ft": ("HUF",),
    "лв": ("BGN",),
    "лв.": ("BGN",),
}
SHOWN = 40
EMPTY = say("is empty")


class BadCell(ValueError):
    """A cell cannot be read; the message is the reason, for the import's report."""

    @property
    def words(self) -> str:
        """The reason as it was said."""
        return self.args[0] if self.args and isinstance(self.args[0], str) else str(self)
