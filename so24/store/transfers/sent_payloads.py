"""Under which payload hashes an order may have been made, as the history tells."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from sqlmodel import Session, col, select

from so24.reasons import Reason
from so24.store.database.dialects import among
from so24.store.tables.transfer_tables import State, Transfer, TransferEvent

SENDING = Reason.SENDING_DRAFT
ADOPTED = Reason.ADOPTED


def payloads_of(
    session: Session, organization_id: int, orders: Mapping[int, int]
) -> dict[int, frozenset[str]]:
    """The hashes of what each order (by invoice id) may have been sent as; empty if unknown.

    An order that an answer has named was sent as that answer's request: one hash. One that was
    found instead is that of a request whose answer was lost, whichever it was.
    """
    unanswered: dict[int, set[str]] = defaultdict(set)
    found: dict[int, frozenset[str]] = {}
    for event in _events(session, organization_id, orders):
        lost = unanswered[event.invoice_id]
        if event.reason == SENDING:
            lost.add(event.payload_hash)
            continue
        if event.state == State.DRAFTED and event.order_id == orders[event.invoice_id]:
            known = lost if event.reason == ADOPTED else {event.payload_hash}
            found.setdefault(event.invoice_id, frozenset(known))
        if event.reason != ADOPTED:
            lost.discard(event.payload_hash)
    return {each: found.get(each, frozenset(unanswered[each])) for each in orders}


def _events(
    session: Session, organization_id: int, orders: Mapping[int, int]
) -> list[TransferEvent]:
    """What was sent to this company and what the answers brought, in its order."""
    event = TransferEvent
    wanted = (
        select(event)
        .join(Transfer, col(Transfer.id) == col(event.transfer_id))
        .where(
            among(event.invoice_id, orders),
            Transfer.organization_id == organization_id,
            col(event.state).in_((State.PREPARING, State.DRAFTED, State.REFUSED)),
        )
        .order_by(col(event.invoice_id), col(event.sequence))
    )
    return list(session.exec(wanted))
