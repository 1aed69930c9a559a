"""What was to be sent of each document, kept in full beside the hash that its history has of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session, col

from so24.store.database.dialects import among, insert_into
from so24.store.tables.ground import now
from so24.store.tables.transfer_tables import SentOrder

_TABLE: sa.Table = SentOrder.__table__  # type: ignore[attr-defined] # SQLModel hides it


@dataclass(frozen=True)
class Sending:
    """An order that is about to go out: of which document, its payload's hash, and its text."""

    invoice_id: int
    payload_hash: str
    told: str


@dataclass(frozen=True)
class SentText:
    """An order as it went out, or was to; ``at`` (aware UTC) is when that was first intended."""

    invoice_id: int
    payload_hash: str
    told: str
    at: dt.datetime


def keep_sent(session: Session, sending: Iterable[Sending]) -> None:
    """Keep what is about to go out; what is known already stays as it is."""
    moment = now()
    rows = [{**vars(each), "at": moment} for each in sending]
    if rows:
        session.connection().execute(insert_into(session, _TABLE).on_conflict_do_nothing(), rows)


def sent_texts(session: Session, invoice_ids: Iterable[int]) -> list[SentText]:
    """What was sent of these documents, by document and time."""
    rows = session.execute(
        sa.select(_TABLE.c.invoice_id, _TABLE.c.payload_hash, _TABLE.c.told, _TABLE.c.at)
        .where(among(SentOrder.invoice_id, invoice_ids))
        .order_by(_TABLE.c.invoice_id, _TABLE.c.at)
    )
    return [SentText(*row) for row in rows]


def forget_sent(session: Session, invoice_ids: Iterable[int]) -> None:
    """Throw away what was sent of these documents: the time of their details is over."""
    session.execute(sa.delete(SentOrder).where(among(col(SentOrder.invoice_id), invoice_ids)))
