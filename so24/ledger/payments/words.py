"""How it is said whether an invoice is paid, and as of when (pure).

It is always what 24SevenOffice has stated at a moment; what so24 does not know it says so.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Protocol

from so24.dates import format_date, format_moment
from so24.language.said import join_said, say
from so24.store.tables.payment_tables import PaymentReading, PaymentState

# by what a list can be filtered, in the order of the choice
PAID, NOT_PAID, OVERDUE = say("Paid"), say("Not paid"), say("Overdue")
NOT_READ = say("Payment not read")
PAYMENT_CHOICES: Mapping[str, frozenset[PaymentState]] = {
    PAID: frozenset({PaymentState.PAID}),
    NOT_PAID: frozenset({PaymentState.NOT_PAID, PaymentState.OVERDUE}),
    OVERDUE: frozenset({PaymentState.OVERDUE}),
    NOT_READ: frozenset({PaymentState.UNREAD}),
}
STATE_WORDS: Mapping[PaymentState, str] = {
    PaymentState.NONE: "",
    PaymentState.UNREAD: say("not read yet"),
    PaymentState.PAID: say("paid"),
    PaymentState.NOT_PAID: say("not paid"),
    PaymentState.OVERDUE: say("overdue"),
}
NO_PARTS = say(
    "24SevenOffice states a day of payment and no amount: what is left of an invoice that is paid "
    "in part it does not tell."
)


class StatedPayment(Protocol):
    """What a line of a list knows of its invoice's payment; ``payment_read_at`` is aware UTC."""

    @property
    def payment(self) -> PaymentState:
        """The state at that moment."""

    @property
    def paid_on(self) -> dt.date | None:
        """The day of payment, where one is stated."""

    @property
    def due_date(self) -> dt.date | None:
        """The day on which it was to be paid."""

    @property
    def payment_read_at(self) -> dt.datetime | None:
        """When that was read."""


def choose_states(words: Iterable[str]) -> frozenset[PaymentState]:
    """The states that these choices mean together."""
    return frozenset().union(*(PAYMENT_CHOICES[each] for each in words))


def tell_payment(line: StatedPayment) -> str:
    """The cell of a column *Paid*: the day, or why there is none; empty for what is not booked."""
    match line.payment:
        case PaymentState.PAID:
            return format_date(line.paid_on)
        case PaymentState.OVERDUE:
            return say("was due {date}", date=format_date(line.due_date))
        case state:
            return STATE_WORDS[state]


def describe_payment(line: StatedPayment) -> str:
    """The same as a sentence that names its moment; empty for what is not booked."""
    values = {
        "moment": format_moment(line.payment_read_at),
        "date": format_date(line.paid_on),
        "due": format_date(line.due_date),
    }
    match line.payment:
        case PaymentState.PAID:
            return say("Paid on {date}, as 24SevenOffice stated it at {moment}.", **values)
        case PaymentState.OVERDUE:
            return say("Not paid as of {moment}, and overdue: it was due {due}.", **values)
        case PaymentState.NOT_PAID if line.due_date is not None:
            return say("Not paid as of {moment}; it was to be paid by {due}.", **values)
        case PaymentState.NOT_PAID:
            return say("Not paid as of {moment}.", **values)
        case PaymentState.UNREAD:
            return say("Whether it is paid has not been read from 24SevenOffice yet.")
    return ""


def tell_moment(lines: Iterable[StatedPayment]) -> str:
    """As of when the payments in a list are, as a sentence; empty where nothing of it is booked."""
    booked = [each for each in lines if each.payment is not PaymentState.NONE]
    read = [each.payment_read_at for each in booked if each.payment_read_at is not None]
    if not booked:
        return ""
    if not read:
        return say("Whether these are paid has not been read from 24SevenOffice yet.")
    first, last = format_moment(min(read)), format_moment(max(read))
    if first == last:
        return say("Payments as 24SevenOffice stated them at {moment}.", moment=first)
    return say(
        "Payments as 24SevenOffice stated them, read between {first} and {last}.",
        first=first,
        last=last,
    )


def tell_payment_reading(reading: PaymentReading, *, is_empty: bool = False) -> str:
    """When the payments of a company were last read, and whether a reading has not ended.

    ``is_empty``: no invoice of it is booked, so that 24SevenOffice is not asked at all.
    """
    if is_empty:
        return say(
            "{company}: so24 has transferred no invoice to it, so there is nothing to read.",
            company=reading.company,
        )
    parts = [
        say("{company}: read {moment}.", company=reading.company,
            moment=format_moment(reading.read_at))
        if reading.read_at is not None
        else say("{company}: not read yet.", company=reading.company)
    ]  # fmt: skip
    if reading.failure:
        parts += [say("The last attempt came to nothing:"), reading.failure]
    elif reading.begun_at is not None:
        parts.append(
            say(
                "A reading was begun at {moment} and has not ended yet.",
                moment=format_moment(reading.begun_at),
            )
        )
    return join_said(parts)
