"""What a day of payment and a due date mean on the day of the reading."""

from __future__ import annotations

import datetime as dt

import pytest

from so24.ledger.payments.states import judge_payment
from so24.store.tables.payment_tables import PaymentState

DAY = dt.date(2026, 11, 20)
ONE = dt.timedelta(days=1)


@pytest.mark.parametrize(
    ("paid_on", "due", "state"),
    [
        (DAY, DAY, PaymentState.PAID),
        (DAY, None, PaymentState.PAID),
        (DAY, DAY - 30 * ONE, PaymentState.PAID),  # late, and paid
        (DAY + ONE, DAY, PaymentState.PAID),  # what is stated is believed
        (None, DAY, PaymentState.NOT_PAID),  # the due date itself is in time
        (None, DAY + ONE, PaymentState.NOT_PAID),
        (None, DAY - ONE, PaymentState.OVERDUE),
        (None, None, PaymentState.NOT_PAID),  # nobody can say when it was due
    ],
)
def test_the_state_is_that_of_the_day_of_the_reading(
    paid_on: dt.date | None, due: dt.date | None, state: PaymentState
) -> None:
    assert judge_payment(paid_on, due, DAY) is state
