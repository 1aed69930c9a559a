"""Documents that are tried again by themselves: planned at a lane's end, begun when due, dropped.

A plan stands on the transfer that was not sent. Whoever begins it, or takes the document otherwise,
ends it in the same transaction, so that no document is ever tried twice.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence

import sqlalchemy as sa
from sqlmodel import Session, col, select

from so24.language.said import say
from so24.reasons import Reason
from so24.states import MOST_RETRIES
from so24.store.database.dialects import among, among_given, listed
from so24.store.history.events import append_events
from so24.store.tables.ground import now
from so24.store.tables.transfer_tables import State, Transfer
from so24.store.transfers.lost_writes import note_late_drafts
from so24.store.transfers.transfers import IS_OPEN, TABLE, LaneName, standing_by_ids

_PLANNED = sa.and_(TABLE.c.state == State.NOT_SENT, TABLE.c.retry_at.is_not(None))
_IS_DUE = sa.and_(_PLANNED, TABLE.c.key_id.is_not(None), TABLE.c.retry_at <= sa.bindparam("moment"))
_DUE_LANES = sa.select(TABLE.c.run_id, TABLE.c.key_id).where(_IS_DUE).distinct()
_DUE = (
    select(Transfer)
    .where(_IS_DUE, TABLE.c.run_id == sa.bindparam("run"), TABLE.c.key_id == sa.bindparam("key"))
    .order_by(TABLE.c.id)
    .with_for_update()
)
_BEGIN = (
    sa.update(TABLE)
    .where(TABLE.c.id == sa.bindparam("which"), _PLANNED)
    .values(
        state=State.QUEUED,
        reason=Reason.TRIED_AGAIN,
        words=sa.bindparam("said"),
        retry_at=None,
        retries=sa.bindparam("number"),
        updated_at=sa.bindparam("moment"),
    )
)
_DROP = sa.update(TABLE).where(_PLANNED).values(retry_at=None)
_DROP_OF_DOCUMENTS = _DROP.where(among_given(TABLE.c.invoice_id, "documents"))
_DROP_THESE = _DROP.where(among_given(TABLE.c.id, "ids"))


def due_lanes(session: Session, moment: dt.datetime) -> list[LaneName]:
    """The lanes of which something is to be tried again by now."""
    return [LaneName(run, key) for run, key in session.execute(_DUE_LANES, {"moment": moment})]


def due_of_lane(session: Session, lane: LaneName, moment: dt.datetime) -> list[Transfer]:
    """What of the lane is to be tried again by now, locked, in the order in which it was planned.

    To be begun, or left, in the same transaction.
    """
    asked = {"run": lane.run_id, "key": lane.key_id, "moment": moment}
    return list(session.exec(_DUE, params=asked))


def begin_retries(session: Session, rows: Sequence[Transfer], actor: str) -> None:
    """Queue these planned transfers again in their run, each counted and told in the history."""
    moment = now()
    begun = [
        {
            "which": row.row_id,
            "number": row.retries + 1,
            "said": say("Attempt {attempt} of {most}.", attempt=row.retries + 1, most=MOST_RETRIES),
            "moment": moment,
        }
        for row in rows
    ]
    if begun:
        session.connection().execute(_BEGIN, begun)
        append_events(session, standing_by_ids(session, [row.row_id for row in rows]), actor)


def leave_retries(session: Session, words: Mapping[int, str], actor: str) -> None:
    """Try these transfers (by id) no more by themselves, and say in their history why."""
    note_late_drafts(session, words, actor)
    session.execute(_DROP_THESE, {"ids": listed(words)})


def drop_retries_of(session: Session, invoice_ids: Iterable[int]) -> None:
    """Drop what is planned for these documents: somebody has taken them into a run."""
    session.execute(_DROP_OF_DOCUMENTS, {"documents": listed(invoice_ids)})


def planned_retries(
    session: Session, run_id: str | None = None, ids: Collection[int] | None = None
) -> list[int]:
    """The transfers of a run, or of all, that are to be tried again, locked to be left.

    Only those among ``ids``, where some are given.
    """
    statement = sa.select(TABLE.c.id).where(_PLANNED).order_by(TABLE.c.id).with_for_update()
    if run_id is not None:
        statement = statement.where(TABLE.c.run_id == run_id)
    if ids is not None:
        statement = statement.where(among(TABLE.c.id, ids))
    return list(session.execute(statement).scalars())


def count_retries(session: Session, moment: dt.datetime, waiting: Collection[Reason]) -> int:
    """How many are to be tried again by now, or are being; not those ``waiting`` in transfer."""
    under_way = sa.and_(IS_OPEN, TABLE.c.retries > 0, ~among(TABLE.c.reason, waiting))
    statement = sa.select(sa.func.count()).select_from(TABLE).where(sa.or_(_IS_DUE, under_way))
    return int(session.execute(statement, {"moment": moment}).scalar_one())


def count_planned(session: Session) -> tuple[int, dt.datetime | None]:
    """How many are to be tried again by themselves, and when the next is; None where none is."""
    statement = sa.select(sa.func.count(), sa.func.min(col(Transfer.retry_at))).where(_PLANNED)
    count, at = session.execute(statement).one()
    return count, at
