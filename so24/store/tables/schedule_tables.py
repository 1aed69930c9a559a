"""Tables of schedules: what is done by itself at which times, and what became of each of them."""

from __future__ import annotations

import datetime as dt
import enum
from decimal import Decimal

import sqlalchemy as sa
from sqlmodel import Field

from so24.store.tables.ground import Money, SaidWords, Stored, Table, enum_column, now

_OF_NO_KEY = "key_id IS NULL"


class ScheduleKind(enum.StrEnum):
    """What is done on a schedule."""

    FETCH = "fetch"
    EXPORT = "export"


class OccasionEnd(enum.StrEnum):
    """How it ended when the time had come."""

    FETCHED = "fetched"
    STARTED = "started"  # a run
    QUIET = "quiet"  # there was nothing to send
    LEFT = "left"  # all that there was is left for people
    OVER = "over"  # more than the schedule may send without being asked
    HELD = "held"
    MISSED = "missed"
    FAILED = "failed"


class Schedule(Stored, table=True):
    """What is done by itself: an export by the key, or without one the fetch from RecMan.

    ``weekdays`` are the digits of the days, Monday 1; ``minute`` is that of the day in Oslo. Of an
    export no more than ``most_documents`` with ``most_amount`` NOK together go unasked. Times count
    from ``set_at`` on; ``active`` is False where somebody has turned it off.
    """

    __tablename__ = "schedule"
    __table_args__ = (
        sa.Index(
            "uq_schedule_of_no_key",
            "kind",
            unique=True,
            sqlite_where=sa.text(_OF_NO_KEY),
            postgresql_where=sa.text(_OF_NO_KEY),
        ),
    )

    kind: ScheduleKind = Field(sa_type=enum_column(ScheduleKind))
    key_id: int | None = Field(default=None, foreign_key="office_key.id", unique=True)
    weekdays: str = Field(max_length=7)
    minute: int
    most_documents: int = 0
    most_amount: Decimal = Field(default=Decimal("0.00"), sa_type=Money)
    active: bool = True
    set_at: dt.datetime = Field(default_factory=now)
    set_by: str = Field(max_length=96)


class Occasion(Stored, table=True):
    """One time of a schedule, claimed before anything is begun: there is one of each, ever.

    It is open until ``ended_at``; nobody sets about it before ``next_at``. ``run_id`` is the run
    that it has started, in the transaction in which it ended. ``left_count`` counts what is left
    for people.
    """

    __tablename__ = "schedule_occasion"
    __table_args__ = (sa.UniqueConstraint("schedule_id", "moment"),)

    schedule_id: int = Field(foreign_key="schedule.id")
    moment: dt.datetime
    claimed_at: dt.datetime = Field(default_factory=now)
    next_at: dt.datetime = Field(default_factory=now)
    attempts: int = 0
    ended_at: dt.datetime | None = None
    ending: OccasionEnd | None = Field(default=None, sa_type=enum_column(OccasionEnd))
    run_id: str | None = Field(default=None, foreign_key="run.id", max_length=32, index=True)
    documents: int = 0
    left_count: int = 0
    words: str = Field(default="", sa_type=SaidWords)


class LeftDocument(Table, table=True):
    """A document that a schedule has left for people at its last time, and why."""

    __tablename__ = "schedule_left"

    schedule_id: int = Field(foreign_key="schedule.id", primary_key=True)
    invoice_id: int = Field(foreign_key="invoice.id", primary_key=True, index=True)
    words: str = Field(sa_type=SaidWords)
