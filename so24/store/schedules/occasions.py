"""The times of schedules: claimed before anything is begun, and ended once.

A time is claimed by inserting its row, of which the database lets there be one. Whoever sets about
it puts off its next attempt in the same statement; what it comes to is noted only where nobody has
noted that before, and the run that it starts is committed together with that note.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence

import sqlalchemy as sa
from sqlmodel import Session, col, select

from so24.store.database.dialects import insert_into
from so24.store.documents.documents import order_numbers
from so24.store.tables.document_tables import Invoice
from so24.store.tables.schedule_tables import LeftDocument, Occasion, OccasionEnd
from so24.store.tables.transfer_tables import Transfer
from so24.store.transfers.standings import left_out

_OCCASIONS: sa.Table = Occasion.__table__  # type: ignore[attr-defined] # SQLModel hides it
_LATEST_TOLD = 60  # of each schedule


def claim_times(
    session: Session, schedule_id: int, moments: Collection[dt.datetime], claimed_at: dt.datetime
) -> int:
    """Claim these times of a schedule; how many were not claimed before."""
    if not moments:
        return 0
    rows = [
        {
            "schedule_id": schedule_id,
            "moment": moment,
            "claimed_at": claimed_at,
            "next_at": claimed_at,
            "attempts": 0,
            "documents": 0,
            "left_count": 0,
            "words": "",
        }
        for moment in moments
    ]
    insert = insert_into(session, _OCCASIONS).on_conflict_do_nothing()
    return len(session.execute(insert.values(rows).returning(_OCCASIONS.c.id)).scalars().all())


def latest_claimed(session: Session) -> dict[int, dt.datetime]:
    """The newest time that was claimed of each schedule, by its id."""
    rows = session.execute(
        sa.select(col(Occasion.schedule_id), sa.func.max(col(Occasion.moment))).group_by(
            col(Occasion.schedule_id)
        )
    )
    return {int(schedule_id): moment for schedule_id, moment in rows}


def due_occasions(session: Session, moment: dt.datetime) -> Sequence[Occasion]:
    """What is open and may be set about at this moment, the oldest time first."""
    return session.exec(
        select(Occasion)
        .where(col(Occasion.ended_at).is_(None), col(Occasion.next_at) <= moment)
        .order_by(col(Occasion.moment), col(Occasion.id))
    ).all()


def begin_attempt(
    session: Session, occasion_id: int, moment: dt.datetime, again: dt.datetime
) -> bool:
    """Set about an occasion, which nobody else does before ``again``; False where it is not due."""
    result = session.execute(
        sa.update(Occasion)
        .where(
            col(Occasion.id) == occasion_id,
            col(Occasion.ended_at).is_(None),
            col(Occasion.next_at) <= moment,
        )
        .values(attempts=col(Occasion.attempts) + 1, next_at=again)
    )
    return isinstance(result, sa.CursorResult) and result.rowcount == 1


def end_occasion(
    session: Session,
    occasion_id: int,
    ending: OccasionEnd,
    words: str,
    ended_at: dt.datetime,
    *,
    documents: int = 0,
    left: Mapping[int, str] | None = None,
    left_count: int = 0,
    run_id: str | None = None,
) -> bool:
    """Note what became of an occasion, with the documents that are ``left`` for people, by id.

    False where it has ended before; nothing is changed then. ``left_count`` is for what is no
    document.
    """
    told = left or {}
    result = session.execute(
        sa.update(Occasion)
        .where(col(Occasion.id) == occasion_id, col(Occasion.ended_at).is_(None))
        .values(
            ending=ending,
            words=words,
            ended_at=ended_at,
            documents=documents,
            left_count=len(told) or left_count,
            run_id=run_id,
        )
        .returning(col(Occasion.schedule_id))
    ).first()
    if result is None:
        return False
    of_it = col(LeftDocument.schedule_id) == result[0]
    session.execute(sa.delete(LeftDocument).where(of_it))
    session.add_all(
        LeftDocument(schedule_id=result[0], invoice_id=each, words=why)
        for each, why in told.items()
    )
    session.flush()
    return True


def note_trouble(session: Session, occasion_id: int, words: str) -> None:
    """Note why an occasion has not come to its end yet."""
    session.execute(
        sa.update(Occasion)
        .where(col(Occasion.id) == occasion_id, col(Occasion.ended_at).is_(None))
        .values(words=words)
    )


def latest_occasions(session: Session, schedule_id: int) -> Sequence[Occasion]:
    """The newest times of a schedule, newest first."""
    return session.exec(
        select(Occasion)
        .where(Occasion.schedule_id == schedule_id)
        .order_by(col(Occasion.moment).desc())
        .limit(_LATEST_TOLD)
    ).all()


def left_documents(session: Session, schedule_id: int) -> list[tuple[int, str, str]]:
    """What a schedule has left for people at its last time: id, number with its series, why.

    In the order of series and numbers, without what somebody has tried to send or excluded since.
    """
    tried = sa.exists().where(col(Transfer.invoice_id) == col(Invoice.id))
    rows = session.execute(
        sa.select(
            col(Invoice.id), col(Invoice.series), col(Invoice.number), col(LeftDocument.words)
        )
        .join(Invoice, col(Invoice.id) == col(LeftDocument.invoice_id))
        .where(col(LeftDocument.schedule_id) == schedule_id, ~tried, ~left_out())
    )
    found = sorted(rows, key=lambda row: order_numbers(row[1], row[2]))
    return [(invoice_id, f"{series}-{number}", why) for invoice_id, series, number, why in found]


def ends_of_run(session: Session, run_id: str) -> Sequence[Transfer]:
    """How the documents of a run that a schedule has started stand."""
    return session.exec(select(Transfer).where(Transfer.run_id == run_id)).all()
