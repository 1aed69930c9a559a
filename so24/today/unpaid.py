"""What of the booked invoices is not known to be paid, and as of when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from so24.store.payments.stated import PaymentSum
from so24.store.tables.payment_tables import PaymentReading, PaymentState
from so24.today.piles import Pile


@dataclass(frozen=True)
class Unpaid:
    """Piles of booked invoices by what 24SevenOffice has stated: ``overdue`` are ``unpaid``, too.

    ``unread``: nothing was read of them. ``readings``: how far each company with such invoices is
    read. ``any_booked``: there are such invoices.
    """

    unpaid: Pile = field(default_factory=Pile)
    overdue: Pile = field(default_factory=Pile)
    unread: Pile = field(default_factory=Pile)
    readings: tuple[PaymentReading, ...] = ()
    any_booked: bool = True

    @property
    def as_of(self) -> dt.datetime | None:
        """When the company was read that was read longest ago; None where one never was."""
        moments = [each.read_at for each in self.readings]
        known = [each for each in moments if each is not None]
        return min(known) if known and len(known) == len(moments) else None

    @property
    def is_known(self) -> bool:
        """Whether anything was ever read."""
        return any(each.read_at is not None for each in self.readings)


def pile_payments(
    sums: Iterable[PaymentSum], readings: Sequence[PaymentReading], booked: Collection[int]
) -> Unpaid:
    """Lay the sums by state and currency on their piles.

    ``booked`` are the companies with booked invoices; how far another is read says nothing.
    """
    told = tuple(each for each in readings if each.client_id in booked)
    found = Unpaid(readings=told, any_booked=bool(booked))
    piles = {
        PaymentState.NOT_PAID: (found.unpaid,),
        PaymentState.OVERDUE: (found.unpaid, found.overdue),
        PaymentState.UNREAD: (found.unread,),
    }
    for each in sums:
        for pile in piles.get(each.state, ()):
            pile.count += each.count
            pile.sums[each.currency] = pile.sums.get(each.currency, each.amount * 0) + each.amount
    return found
