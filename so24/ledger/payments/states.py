"""What 24SevenOffice's statement of a payment means for an invoice, at the moment of reading."""

from __future__ import annotations

import datetime as dt

from so24.store.tables.payment_tables import PaymentState


def judge_payment(paid_on: dt.date | None, due: dt.date | None, as_of: dt.date) -> PaymentState:
    """The state of a booked invoice that was read on the day ``as_of`` (Oslo).

    A stated day of payment is believed, whatever day it is. What is not paid is overdue from the
    day after its due date on; without a due date nobody can say that.
    """
    if paid_on is not None:
        return PaymentState.PAID
    if due is not None and due < as_of:
        return PaymentState.OVERDUE
    return PaymentState.NOT_PAID
