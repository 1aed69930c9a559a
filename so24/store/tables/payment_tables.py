"""Tables of what 24SevenOffice states of payments, and of how far each company's are read."""

from __future__ import annotations

import datetime as dt
import enum

import sqlalchemy as sa
from sqlmodel import Field

from so24.store.tables.ground import SaidWords, Table, enum_column


class PaymentState(enum.StrEnum):
    """What was read of an invoice's payment; the first two are of documents without a reading."""

    NONE = ""
    UNREAD = "unread"
    PAID = "paid"
    NOT_PAID = "not_paid"
    OVERDUE = "overdue"


class Payment(Table, table=True):
    """What 24SevenOffice has stated of the payment of a booked invoice, at the moment ``read_at``.

    ``paid_on``: the day of payment that it states. ``state`` is as of that moment, too: what has
    become of the invoice since is not known.
    """

    __tablename__ = "payment"
    __table_args__ = (sa.Index("ix_payment_state", "state", "invoice_id"),)

    invoice_id: int = Field(
        foreign_key="invoice.id", primary_key=True, sa_column_kwargs={"autoincrement": False}
    )
    organization_id: int = Field(sa_type=sa.BigInteger, index=True)
    order_id: int
    state: PaymentState = Field(sa_type=enum_column(PaymentState))
    paid_on: dt.date | None = None
    read_at: dt.datetime


class PaymentReading(Table, table=True):
    """How far the payments of a company are read, and when that is due again.

    A reading is under way from ``begun_at`` to its end; ``whole``: it reads every invoice, not only
    what has changed. ``read_at`` is when the last one that came to its end was begun, ``whole_at``
    the last whole one. ``wanted_by`` has pressed for one that has not ended. ``failure`` is why the
    last attempt came to none. ``stored`` counts how often something was stored.
    """

    __tablename__ = "payment_reading"

    client_id: int = Field(
        sa_type=sa.BigInteger, primary_key=True, sa_column_kwargs={"autoincrement": False}
    )
    company: str = Field(default="", max_length=240)
    next_at: dt.datetime
    begun_at: dt.datetime | None = None
    whole: bool = False
    read_at: dt.datetime | None = None
    whole_at: dt.datetime | None = None
    wanted_by: str = Field(default="", max_length=96)
    failure: str = Field(default="", sa_type=SaidWords)
    stored: int = 0
