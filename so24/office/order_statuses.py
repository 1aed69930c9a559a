"""The statuses of an order in 24SevenOffice, as words for people (pure).

In English they are 24SevenOffice's own names, by which its API and its screens know them.
"""

from __future__ import annotations

from collections.abc import Mapping

from so24.language.said import say_as

_WORDS: Mapping[str, str] = {
    str(each): each
    for each in (
        say_as("order status", "Offer"),
        say_as("order status", "Pack"),
        say_as("order status", "Invoiced"),
        say_as("order status", "Web"),
        say_as("order status", "Repeating"),
        say_as("order status", "CollectingOrder"),
        say_as("order status", "Return"),
        say_as("order status", "Distribution"),
        say_as("order status", "Rest"),
        say_as("order status", "ForInvoicing"),
        say_as("order status", "OvertimeRent"),
        say_as("order status", "Confirmed"),
        say_as("order status", "OrderState_Sent"),
        say_as("order status", "Production"),
        say_as("order status", "PaymentReminder"),
        say_as("order status", "OnAccount"),
        say_as("order status", "Lending"),
        say_as("order status", "InvoicedCashAccount"),
        say_as("order status", "InvoicedPack"),
        say_as("order status", "Inactive"),
        say_as("order status", "Hours"),
        say_as("order status", "OrderState_SuperStore"),
        say_as("order status", "Draft"),
    )
}


def say_status(status: str) -> str:
    """The status as a value of a text for people; one that is not known stands as it is."""
    return _WORDS.get(status, status)
