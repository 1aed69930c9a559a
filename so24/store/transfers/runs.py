"""Runs: a press of the button each, with their transfers; and what a dry run before has shown."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session, col, select

from so24.reasons import Reason
from so24.store.history.events import append_events
from so24.store.tables.ground import now
from so24.store.tables.transfer_tables import KeptPreview, Run, State
from so24.store.transfers.retries import drop_retries_of
from so24.store.transfers.transfers import TABLE, standing_rows

SHORT_RUN_ID = 8  # characters, by which files of a receipt are named
_INSERT, _INSERT_RUN = sa.insert(TABLE), sa.insert(Run.__table__)  # type: ignore[attr-defined] # SQLModel hides it
_STOPPED_AT = select(Run.cancel_requested_at).where(Run.id == sa.bindparam("run"))


@dataclass(frozen=True)
class NewTransfer:
    """One document of a run as the plan decided it.

    ``made_hash`` is the fingerprint of its order as far as the store decides about that, by which
    its lane knows whether it would send what was planned; empty where that is not to be held.
    ``confirmed_hash`` is that of all that a person can see of it: it is tried again by itself only
    as long as that is the same.
    """

    invoice_id: int
    state: State
    key_id: int | None = None
    organization_id: int | None = None
    reason: Reason = Reason.NONE
    words: str = ""
    made_hash: str = ""
    confirmed_hash: str = ""


def create_run(
    session: Session, actor: str, transfers: Sequence[NewTransfer], *, retry_of: str | None = None
) -> Run:
    """Insert a run with its transfers and the first event of each.

    Whatever was planned for its documents, to try them again by itself, is dropped. Raises
    ``IntegrityError`` where a document got a live transfer elsewhere meanwhile.
    """
    drop_retries_of(session, [new.invoice_id for new in transfers])
    run = Run(created_by=actor, retry_of=retry_of)
    session.connection().execute(_INSERT_RUN, run.model_dump())
    moment = now()
    rows = [
        {
            **new.__dict__,
            "run_id": run.id,
            "note": "",
            "payload_hash": "",
            "created_at": moment,
            "updated_at": moment,
        }
        for new in transfers
    ]
    session.connection().execute(_INSERT, rows)
    append_events(session, standing_rows(session, run.id), actor)
    return run


def get_run(session: Session, run_id: str) -> Run | None:
    """The run, or None."""
    return session.get(Run, run_id)


def runs_beginning(session: Session, short_id: str) -> list[Run]:
    """The runs whose ids begin so, two of them at most; short ids name the files of a receipt."""
    if len(short_id) < SHORT_RUN_ID:
        return []
    alike = select(Run).where(col(Run.id).startswith(short_id, autoescape=True))
    return [*session.exec(alike.limit(2))]


def latest_run(session: Session, created_by: str | None = None) -> Run | None:
    """The newest run, of one user or of all."""
    statement = select(Run).order_by(col(Run.created_at).desc(), col(Run.id)).limit(1)
    if created_by is not None:
        statement = statement.where(Run.created_by == created_by)
    return session.exec(statement).first()


def request_cancel(session: Session, run_id: str, actor: str) -> bool:
    """Ask the run to stop before its next call; False where it was asked before or is unknown."""
    result = session.execute(
        sa.update(Run)
        .where(col(Run.id) == run_id, col(Run.cancel_requested_at).is_(None))
        .values(cancel_requested_at=now(), cancelled_by=actor)
    )
    return isinstance(result, sa.CursorResult) and result.rowcount == 1


def is_cancelled(session: Session, run_id: str) -> bool:
    """Whether somebody has asked this run to stop."""
    return session.exec(_STOPPED_AT, params={"run": run_id}).first() is not None


KEPT = dt.timedelta(days=14)


def keep_preview(session: Session, fingerprint: str, facts: str, actor: str) -> None:
    """Keep what was shown; those shown longer than :data:`KEPT` ago are dropped."""
    session.execute(sa.delete(KeptPreview).where(col(KeptPreview.shown_at) < now() - KEPT))
    row = KeptPreview(fingerprint=fingerprint, facts=facts, shown_by=actor, shown_at=now())
    session.merge(row)


def kept_preview(session: Session, fingerprint: str) -> str | None:
    """The facts that were shown under this fingerprint, or None."""
    row = session.get(KeptPreview, fingerprint)
    return None if row is None else row.facts
