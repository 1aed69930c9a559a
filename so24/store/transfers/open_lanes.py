"""Which lanes have something open, what they wait for, and how much there is."""

from __future__ import annotations

from collections.abc import Collection, Iterable

import sqlalchemy as sa
from sqlmodel import Session, col, select

from so24.reasons import Reason
from so24.store.database.dialects import among
from so24.store.tables.document_tables import DocumentKind, Invoice
from so24.store.tables.transfer_tables import State, Transfer
from so24.store.transfers.transfers import IS_OPEN, TABLE, LaneName

_OPEN_LANES = (
    sa.select(TABLE.c.run_id, TABLE.c.key_id).where(IS_OPEN, TABLE.c.key_id.is_not(None)).distinct()
)
_STANDING_LANES = (
    sa.select(
        TABLE.c.run_id,
        TABLE.c.key_id,
        TABLE.c.state,
        TABLE.c.reason,
        sa.and_(TABLE.c.payload_hash == "", col(Invoice.kind) == DocumentKind.CREDIT_NOTE),
    )
    .join(Invoice, col(Invoice.id) == TABLE.c.invoice_id)
    .where(IS_OPEN, TABLE.c.key_id.is_not(None))
    .distinct()
)


def open_lanes(session: Session) -> list[LaneName]:
    """Every lane that has open transfers."""
    return [LaneName(run_id, key_id) for run_id, key_id in session.execute(_OPEN_LANES)]


def lanes_at_rest(
    session: Session, waiting: Collection[Reason]
) -> dict[LaneName, frozenset[Reason]]:
    """The lanes in which nothing moves before something outside of them has changed.

    ``waiting`` are the reasons of transfers in flight whose key is parked; of a lane that has no
    others, those that it has are given. A lane at rest that has none holds but credit notes, whose
    invoices may be in a lane of the same run that waits.
    """
    rows = session.execute(_STANDING_LANES).all()
    reasons: dict[LaneName, set[Reason]] = {}
    moving: set[LaneName] = set()
    for run_id, key_id, state, reason, unsent_note in rows:
        lane = LaneName(run_id, key_id)
        found = reasons.setdefault(lane, set())
        if state is State.UNKNOWN and reason in waiting:
            found.add(reason)
        elif not unsent_note:
            moving.add(lane)
    waits = {lane.run_id for lane, found in reasons.items() if found and lane not in moving}
    return {
        lane: frozenset(found)
        for lane, found in reasons.items()
        if lane not in moving and lane.run_id in waits
    }


def run_of_company(session: Session, organization_id: int) -> str | None:
    """A run that has open transfers to this company, or None."""
    statement = select(Transfer.run_id).where(Transfer.organization_id == organization_id, IS_OPEN)
    return session.exec(statement.limit(1)).first()


def count_open(
    session: Session,
    *,
    run_id: str | None = None,
    key_id: int | None = None,
    customer_id: int | None = None,
    invoice_ids: Iterable[int] | None = None,
) -> int:
    """How many are in transfer: of this run, key, customer or these documents, or all."""
    statement = sa.select(sa.func.count()).select_from(TABLE).where(IS_OPEN)
    if run_id is not None:
        statement = statement.where(TABLE.c.run_id == run_id)
    if key_id is not None:
        statement = statement.where(TABLE.c.key_id == key_id)
    if customer_id is not None:
        statement = statement.join(Invoice, col(Invoice.id) == TABLE.c.invoice_id)
        statement = statement.where(col(Invoice.customer_id) == customer_id)
    if invoice_ids is not None:
        statement = statement.where(among(TABLE.c.invoice_id, invoice_ids))
    return int(session.execute(statement).scalar_one())


def count_in_flight(
    session: Session, invoice_ids: Iterable[int], reasons: Collection[Reason]
) -> dict[int, int]:
    """How many of these documents are in flight for one of these reasons, by key."""
    rows = session.execute(
        sa.select(TABLE.c.key_id, sa.func.count())
        .where(
            among(TABLE.c.invoice_id, invoice_ids),
            TABLE.c.state == State.UNKNOWN,
            among(TABLE.c.reason, reasons),
        )
        .group_by(TABLE.c.key_id)
    ).all()
    return {key_id: count for key_id, count in rows if key_id is not None}
