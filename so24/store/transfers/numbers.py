"""What a company's invoices were numbered, as far as so24 has booked them: what comes next."""

from __future__ import annotations

from typing import NamedTuple

import sqlalchemy as sa
from sqlmodel import Session, col

from so24.states import State
from so24.store.tables.document_tables import Invoice
from so24.store.tables.key_tables import Key
from so24.store.transfers.transfers import IS_OPEN, TABLE, LaneName

# of what was only found there, or was never written by its transfer, the number is no news
_BOOKED = sa.and_(
    TABLE.c.state.in_((State.TRANSFERRED, State.DIFFERS)),
    TABLE.c.office_invoice_id.is_not(None),
    TABLE.c.sent_at.is_not(None),
)
_OF_LANE = (
    TABLE.c.run_id == sa.bindparam("run"),
    TABLE.c.key_id == sa.bindparam("key"),
)
_LAST = (
    sa.select(TABLE.c.office_invoice_id, col(Invoice.series), col(Invoice.kind))
    .join(Invoice, col(Invoice.id) == TABLE.c.invoice_id)
    .where(
        TABLE.c.organization_id == sa.bindparam("organization"),
        TABLE.c.id > sa.bindparam("after"),
        _BOOKED,
    )
    .order_by(TABLE.c.office_invoice_id.desc())
    .limit(1)
)
_LAST_SENT = (
    sa.select(TABLE.c.office_invoice_id)
    .where(TABLE.c.organization_id == sa.bindparam("organization"), _BOOKED)
    .order_by(TABLE.c.sent_at.desc(), TABLE.c.office_invoice_id.desc())
    .limit(1)
)
_NEWEST = sa.select(sa.func.max(TABLE.c.id)).where(
    TABLE.c.organization_id == sa.bindparam("organization")
)
_PROVEN = sa.select(TABLE.c.id).where(*_OF_LANE, _BOOKED).limit(1)
_OPEN_BEFORE = (
    sa.select(TABLE.c.id).where(*_OF_LANE, IS_OPEN, TABLE.c.id < sa.bindparam("which")).limit(1)
)


class NextNumber(NamedTuple):
    """The number that is expected next; ``series`` and ``kind`` are the last booked document's."""

    number: int
    series: str = ""
    kind: str = ""


def expected_number(session: Session, key: Key) -> NextNumber | None:
    """What comes after the highest number that so24 has booked in the key's company.

    What a person has said is next counts from then on; None where nobody has.
    """
    if key.next_number is None:
        return None
    asked = {"organization": key.client_id, "after": key.numbered_after}
    last = session.execute(_LAST, asked).first()
    if last is None or last[0] < key.next_number:
        return NextNumber(key.next_number)
    return NextNumber(last[0] + 1, last[1], last[2].value)


def last_booked(session: Session, organization_id: int) -> int | None:
    """The number that so24's last document of the company was booked under; None before one."""
    number: int | None = session.execute(_LAST_SENT, {"organization": organization_id}).scalar()
    return number


def newest_transfer(session: Session, organization_id: int) -> int:
    """The id of the company's newest transfer; 0 where there is none."""
    return session.execute(_NEWEST, {"organization": organization_id}).scalar() or 0


def has_booked(session: Session, lane: LaneName) -> bool:
    """Whether a document of this lane was seen booked."""
    named = {"run": lane.run_id, "key": lane.key_id}
    return session.execute(_PROVEN, named).first() is not None


def is_open_before(session: Session, lane: LaneName, transfer_id: int) -> bool:
    """Whether a document of this lane is in transfer that was planned before this transfer."""
    named = {"run": lane.run_id, "key": lane.key_id, "which": transfer_id}
    return session.execute(_OPEN_BEFORE, named).first() is not None
