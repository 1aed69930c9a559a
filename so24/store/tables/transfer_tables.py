"""Tables of the export: runs, transfers, their history, and our ids beside 24SevenOffice's."""

from __future__ import annotations

import datetime as dt
import enum
from decimal import Decimal

import sqlalchemy as sa
from sqlmodel import Field

from so24.language.said import said_before, say
from so24.reasons import Reason
from so24.states import LIVE as LIVE
from so24.states import OPEN as OPEN
from so24.states import State as State
from so24.store.tables.ground import (
    Fine,
    Money,
    SaidWords,
    Stored,
    StoredReason,
    Table,
    enum_column,
    new_id,
    now,
)

_LIVE_SQL = "state IN (" + ", ".join(f"'{state.value}'" for state in LIVE) + ")"
_UNANCHORED_SQL = "anchor_id IS NULL"


class Run(Table, table=True):
    """One press of the button; how it stands is derived from its transfers, never stored."""

    __tablename__ = "run"

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    created_at: dt.datetime = Field(default_factory=now, index=True)
    created_by: str = Field(max_length=96, index=True)
    cancel_requested_at: dt.datetime | None = None
    cancelled_by: str = Field(default="", max_length=96)
    retry_of: str | None = Field(default=None, foreign_key="run.id", max_length=32)


class Transfer(Stored, table=True):
    """One document in one run. At most one *live* transfer per document exists, ever.

    ``company_id`` and ``card`` are the customer's card in 24SevenOffice, the second as people read
    it, with by what it was found. ``confirmed_hash`` is the fingerprint of all that a person could
    see of the document at the press. ``retry_at`` is when it is tried again by itself, None where
    it is not; ``retries`` counts how often that was begun.
    """

    __tablename__ = "transfer"
    __table_args__ = (
        sa.Index(
            "uq_transfer_live",
            "invoice_id",
            unique=True,
            sqlite_where=sa.text(_LIVE_SQL),
            postgresql_where=sa.text(_LIVE_SQL),
        ),
        sa.UniqueConstraint("run_id", "invoice_id"),
        sa.Index("ix_transfer_lane", "run_id", "key_id", "state"),
        sa.Index("ix_transfer_latest", "invoice_id", "id"),
        # with the document, so that all that are in a state are found by the index alone
        sa.Index("ix_transfer_state", "state", "invoice_id"),
        sa.Index("ix_transfer_there", "office_invoice_id", "order_id", "invoice_id"),
    )

    run_id: str = Field(foreign_key="run.id", max_length=32)
    invoice_id: int = Field(foreign_key="invoice.id")
    key_id: int | None = Field(default=None, foreign_key="office_key.id")
    organization_id: int | None = Field(default=None, sa_type=sa.BigInteger)
    state: State = Field(default=State.QUEUED, sa_type=enum_column(State))
    reason: Reason = Field(default=Reason.NONE, sa_type=StoredReason)
    words: str = Field(default="", sa_type=SaidWords)
    note: str = Field(default="", sa_type=SaidWords)
    company_id: int | None = None
    card: str = Field(default="", sa_type=SaidWords)
    order_id: int | None = None
    office_invoice_id: int | None = None
    office_total: Decimal | None = Field(default=None, sa_type=Money)
    made_hash: str = Field(default="", max_length=64)
    payload_hash: str = Field(default="", max_length=64)
    sent_at: dt.datetime | None = None
    look_again_at: dt.datetime | None = Field(default=None, index=True)
    confirmed_hash: str = Field(default="", max_length=64)
    retry_at: dt.datetime | None = Field(default=None, index=True)
    retries: int = 0
    created_at: dt.datetime = Field(default_factory=now, index=True)
    updated_at: dt.datetime = Field(default_factory=now)


class TransferEvent(Stored, table=True):
    """One change of a transfer; append-only, each chained to the document's event before it.

    ``after_anchor`` is the hash of the newest anchor when the event was written. ``anchor_id`` is
    the anchor that covers the event: the one column that is set later, once.
    """

    __tablename__ = "transfer_event"
    __table_args__ = (
        sa.UniqueConstraint("invoice_id", "sequence"),
        sa.Index(
            "ix_transfer_event_unanchored",
            "id",
            sqlite_where=sa.text(_UNANCHORED_SQL),
            postgresql_where=sa.text(_UNANCHORED_SQL),
        ),
    )

    transfer_id: int = Field(foreign_key="transfer.id", index=True)
    invoice_id: int = Field(foreign_key="invoice.id")
    sequence: int
    at: dt.datetime = Field(default_factory=now)
    actor: str = Field(max_length=96)
    state: str = Field(max_length=24)
    reason: Reason = Field(default=Reason.NONE, sa_type=StoredReason)
    order_id: int | None = None
    office_invoice_id: int | None = None
    payload_hash: str = Field(default="", max_length=64)
    words: str = Field(default="", sa_type=SaidWords)
    hash_before: str = Field(max_length=64)
    hash: str = Field(max_length=64)
    after_anchor: str | None = Field(default=None, max_length=64)
    anchor_id: int | None = None  # no foreign key: an anchor that somebody removes is told of


class SentOrder(Table, table=True):
    """What was to be sent of a document, as the text that its payload's hash is made of.

    It is written in the transaction of the intent, before the call, and never changed; what is to
    be sent again unchanged has one row.
    """

    __tablename__ = "sent_order"

    invoice_id: int = Field(foreign_key="invoice.id", primary_key=True)
    payload_hash: str = Field(primary_key=True, max_length=64)
    told: str
    at: dt.datetime = Field(default_factory=now)


class HistoryAnchor(Stored, table=True):
    """The heads of the chains that have grown since the anchor before, so that none can vanish.

    ``chains`` and ``events`` count what all anchors up to this one cover.
    """

    __tablename__ = "history_anchor"

    at: dt.datetime = Field(default_factory=now)
    chains: int
    events: int
    hash: str = Field(max_length=64)
    hash_before: str = Field(default="", max_length=64)


class DayHead(Stored, table=True):
    """What history and audit trail were at one moment of a day (UTC), sealed by a key.

    It covers the newest anchor and the ``audit_events`` since the head before it.
    """

    __tablename__ = "day_head"

    day: dt.date = Field(unique=True)
    at: dt.datetime
    anchor_hash: str = Field(max_length=64)
    audit_events: int
    audit_hash: str = Field(max_length=64)
    hash_before: str = Field(max_length=64)
    hash: str = Field(max_length=64)
    seal: str = Field(max_length=64)


class FoundBy(enum.StrEnum):
    """By what a customer's card or a product was found; people read the values."""

    UNKNOWN = ""
    EXTERNAL_ID = say("external id")
    NUMBER = say("organization number")
    PRODUCT_NUMBER = say("product number")
    CREATED = say("created")
    PERSON = say("a person's word")

    def describe(self, name: str) -> str:
        """What was found, by its name, and by what, as people read it."""
        if self is FoundBy.CREATED:
            return say("{name}, created by so24", name=name)
        return say("{name}, by {what}", name=name, what=said_before(self.value)) if self else name


class CustomerLink(Table, table=True):
    """Our customer and the company it is in one organization, with its card as it was last read.

    ``company_id`` is None where a person has said that none of the cards is the customer's, until
    one is created. ``number_then`` is the card's organization number when it was linked;
    ``changed`` is 24SevenOffice's own mark of the card's state, empty where nothing was read.
    """

    __tablename__ = "customer_link"

    organization_id: int = Field(sa_type=sa.BigInteger, primary_key=True)
    customer_id: int = Field(foreign_key="customer.id", primary_key=True)
    company_id: int | None = None
    found_by: str = Field(default="", max_length=32)
    name: str = Field(default="", max_length=251)
    organization_number: str = Field(default="", max_length=20)
    home: str = Field(default="", max_length=2)
    number_then: str = Field(default="", max_length=20)
    changed: str = Field(default="", max_length=40)
    said_by: str = Field(default="", max_length=96)
    said_why: str = Field(default="", max_length=500)
    said_at: dt.datetime | None = None


class ProductLink(Table, table=True):
    """Our product number and the product it is in one organization, as that was last read.

    ``product_id`` is None where a person has said that none of the products is meant, until one is
    created. ``number_there`` and ``vat_rate`` (per cent) are the product's own in 24SevenOffice;
    ``read_at`` is when a lane last saw it there, None where the next one is to look.
    """

    __tablename__ = "product_link"

    organization_id: int = Field(sa_type=sa.BigInteger, primary_key=True)
    product_number: str = Field(primary_key=True, max_length=100)
    product_id: int | None = None
    found_by: str = Field(default="", max_length=32)
    number_there: str = Field(default="", max_length=100)
    name: str = Field(default="", max_length=125)
    vat_rate: Decimal | None = Field(default=None, sa_type=Fine)
    read_at: dt.datetime | None = None
    said_by: str = Field(default="", max_length=96)
    said_why: str = Field(default="", max_length=500)
    said_at: dt.datetime | None = None


class OrderLink(Table, table=True):
    """The one order bound to a document in one organization; only this order is ever invoiced."""

    __tablename__ = "order_link"

    organization_id: int = Field(sa_type=sa.BigInteger, primary_key=True)
    invoice_id: int = Field(foreign_key="invoice.id", primary_key=True)
    order_id: int | None = None
    bound_at: dt.datetime = Field(default_factory=now)
    invoicing_at: dt.datetime | None = None


class KeptPreview(Table, table=True):
    """What a dry run has shown, as JSON, by its fingerprint."""

    __tablename__ = "shown_preview"

    fingerprint: str = Field(primary_key=True, max_length=64)
    facts: str
    shown_by: str = Field(max_length=96)
    shown_at: dt.datetime = Field(default_factory=now, index=True)


class Worker(Table, table=True):
    """A process that runs jobs, and when it was last alive."""

    __tablename__ = "worker"

    id: str = Field(primary_key=True, max_length=120)
    seen: dt.datetime
    version: str = Field(max_length=40)
