"""Tables of alerts: who wants to be told of what, what has been raised, what goes out of it."""

from __future__ import annotations

import datetime as dt
import enum

import sqlalchemy as sa
from sqlmodel import Field

from so24.store.tables.ground import SaidWords, Stored, enum_column, now

_STANDING = "recovered_at IS NULL"


class AlertKind(enum.StrEnum):
    """What people can be told of."""

    RUN = "run"
    KEY = "key"
    WAITING = "waiting"
    LEDGER = "ledger"
    SCHEDULE = "schedule"


class Channel(enum.StrEnum):
    """By what they are told."""

    EMAIL = "email"
    WEBHOOK = "webhook"


class AlertChoice(Stored, table=True):
    """What a user wants to be told of, and where.

    ``kinds``: of which kinds, with commas. ``shown`` is what people see of the address, which is
    sealed: whoever knows a webhook's can write there.
    """

    __tablename__ = "alert_choice"

    user_id: int = Field(foreign_key="user_account.id", index=True)
    channel: Channel = Field(sa_type=enum_column(Channel))
    address_sealed: str
    shown: str = Field(max_length=254)
    kinds: str = Field(max_length=120)
    created_at: dt.datetime = Field(default_factory=now)


class Alert(Stored, table=True):
    """Something that went wrong, once for as long as it stands.

    ``subject`` is the run, key or company that it is about; what has happened once, as a run's end,
    has no recovery. ``mark`` tells one state of what is wrong from another; where it is another
    now, this one has ended without a recovery, and the next has begun.
    """

    __tablename__ = "alert"
    __table_args__ = (
        sa.Index(
            "uq_alert_standing",
            "kind",
            "subject",
            unique=True,
            sqlite_where=sa.text(_STANDING),
            postgresql_where=sa.text(_STANDING),
        ),
    )

    kind: AlertKind = Field(sa_type=enum_column(AlertKind))
    subject: str = Field(max_length=64)
    words: str = Field(sa_type=SaidWords)
    mark: str = Field(default="", max_length=64)
    raised_at: dt.datetime = Field(default_factory=now)
    recovered_at: dt.datetime | None = None


class AlertDelivery(Stored, table=True):
    """A message of an alert, or of its recovery, to one address.

    ``begun_at``: somebody has set about sending it. ``ended_at``: it was sent, or given up after so
    many attempts, which ``failure`` says why.
    """

    __tablename__ = "alert_delivery"
    __table_args__ = (sa.UniqueConstraint("alert_id", "choice_id", "recovery"),)

    alert_id: int = Field(foreign_key="alert.id")
    choice_id: int = Field(foreign_key="alert_choice.id", index=True)
    recovery: bool = False
    attempts: int = 0
    begun_at: dt.datetime | None = None
    next_at: dt.datetime = Field(default_factory=now, index=True)
    ended_at: dt.datetime | None = None
    failure: str = Field(default="", max_length=200)
