"""What a dry run has shown, kept for a while, so that differences can be told later."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlmodel import Session, col

from so24.store.tables.ground import now
from so24.store.tables.transfer_tables import KeptPreview

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
