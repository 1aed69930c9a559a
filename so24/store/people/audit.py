"""The audit trail: written in the transaction of what it reports, read newest first."""

from __future__ import annotations

from collections.abc import Collection

from sqlmodel import Session, col, select

from so24.store.tables.people_tables import AuditEvent


def record(session: Session, actor: str, action: str, subject: str = "", detail: str = "") -> None:
    """Append one event; ``detail`` must hold no secret."""
    session.add(AuditEvent(actor=actor, action=action, subject=subject[:200], detail=detail))


def latest_events(session: Session, *, limit: int = 200) -> list[AuditEvent]:
    """The newest events first, at most ``limit``."""
    return list(session.exec(select(AuditEvent).order_by(col(AuditEvent.id).desc()).limit(limit)))


def newest_event(session: Session, besides: Collection[str] = ()) -> int:
    """The id of the newest event, but for these actions; 0 where there is none."""
    statement = select(AuditEvent.id).where(col(AuditEvent.action).not_in(besides))
    return session.exec(statement.order_by(col(AuditEvent.id).desc()).limit(1)).first() or 0
