"""What a database needs that has just become older than 24SevenOffice: nothing goes on by itself.

What the back-up believes to be under way may have been sent, stopped or excluded since. So its
open runs are asked to stop, and nobody claims to know what became of their documents: those that
the back-up shows as never sent end here, with a reason of their own; the others are looked up and
never sent. Whoever exports them again begins with the look-up, which finds what was booked since
by our reference.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

import sqlalchemy as sa
from sqlmodel import Session, col

from so24.reasons import Reason
from so24.store.people.audit import record
from so24.store.tables.ground import now
from so24.store.tables.people_tables import LoginSession
from so24.store.tables.transfer_tables import OPEN, OrderLink, State, Transfer, Worker
from so24.store.transfers.runs import request_cancel
from so24.store.transfers.transfers import Move, move_transfers

# what lane and receipt would take for certain, and was so only when the back-up was made
_DRAFT_LEFT = (State.DRAFTED, State.COMPARED)


def latest_write(session: Session) -> dt.datetime | None:
    """When so24 last began a write to 24SevenOffice, as far as this database knows."""
    moments = [
        session.scalar(sa.select(sa.func.max(moment)))
        for moment in (col(Transfer.sent_at), col(OrderLink.invoicing_at))
    ]
    return max((moment for moment in moments if moment is not None), default=None)


def settle_down(session: Session, actor: str, name: str) -> int:
    """Stop what is under way, end all logins, forget the workers; returns how many runs stopped.

    ``name`` is the back-up's, for the audit trail.
    """
    open_runs: Collection[str] = session.scalars(
        sa.select(col(Transfer.run_id)).where(col(Transfer.state).in_(OPEN)).distinct()
    ).all()
    stopped = sum(request_cancel(session, run_id, actor) for run_id in open_runs)
    move_transfers(session, _doubts(session), actor)
    # a login that was ended after the back-up must not come back to life
    session.execute(
        sa.update(LoginSession)
        .where(col(LoginSession.revoked_at).is_(None))
        .values(revoked_at=now())
    )
    session.execute(sa.delete(Worker))
    record(session, actor, "database restored", name, f"{stopped} runs stopped")
    return stopped


def _doubts(session: Session) -> dict[int, Move]:
    """What must not be called sent, nor not sent, by the word of a back-up; by transfer id."""
    rows = session.execute(
        sa.select(col(Transfer.id), col(Transfer.state), col(Transfer.payload_hash)).where(
            col(Transfer.state).in_(OPEN)
        )
    )
    moves: dict[int, Move] = {}
    for transfer_id, state, payload_hash in rows:
        if not payload_hash:
            moves[transfer_id] = Move(State.CANCELLED, Reason.RESTORED)
        elif state in _DRAFT_LEFT:
            moves[transfer_id] = Move(State.UNKNOWN, Reason.RESTORED_LOOKING_UP)
    return moves
