"""The history of transfers: append-only events, each chained to the document's event before it.

The hash of an event covers its own fields and the hash of the document's previous event, so a
changed or removed event breaks its document's chain. An anchor over all chains' heads makes the
removal of a whole chain visible without serialising those who write.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session, col, select

from so24.store.tables.ground import now
from so24.store.tables.transfer_tables import HistoryAnchor, TransferEvent

GENESIS = "0" * 64
_TABLE: sa.Table = TransferEvent.__table__  # type: ignore[attr-defined] # SQLModel hides it


@dataclass(frozen=True)
class Entry:
    """What happened to one transfer, before it is chained."""

    transfer_id: int
    invoice_id: int
    actor: str
    state: str
    reason: str = ""
    order_id: int | None = None
    office_invoice_id: int | None = None
    payload_hash: str = ""
    words: str = ""


@dataclass(frozen=True)
class Verdict:
    """The result of verifying the history: counts, and a sentence for each break."""

    chains: int
    events: int
    breaks: tuple[str, ...]


def append_events(session: Session, entries: Sequence[Entry]) -> None:
    """Chain and insert the entries, in their order; the caller holds the transfers' locks."""
    if not entries:
        return
    heads = _heads_of(session, {entry.invoice_id for entry in entries})
    at = now()
    rows = []
    for entry in entries:
        sequence, before = heads.get(entry.invoice_id, (0, GENESIS))
        values = {**entry.__dict__, "sequence": sequence + 1, "at": at, "hash_before": before}
        values["hash"] = _hash_event(values)
        heads[entry.invoice_id] = (sequence + 1, values["hash"])
        rows.append(values)
    session.connection().execute(sa.insert(_TABLE), rows)


def events_of(session: Session, invoice_id: int) -> list[TransferEvent]:
    """The whole history of one document, oldest first."""
    return list(
        session.exec(
            select(TransferEvent)
            .where(TransferEvent.invoice_id == invoice_id)
            .order_by(col(TransferEvent.sequence))
        )
    )


def latest_anchor(session: Session) -> HistoryAnchor | None:
    """The newest anchor, or None."""
    return session.exec(
        select(HistoryAnchor).order_by(col(HistoryAnchor.id).desc()).limit(1)
    ).first()


def write_anchor_if_new(session: Session, before: HistoryAnchor | None) -> None:
    """Record the heads of all chains as they stand, unless nothing happened since ``before``."""
    last_event = session.scalar(select(sa.func.max(TransferEvent.id))) or 0
    if before is not None and before.last_event_id == last_event:
        return
    chains, events, digest = _digest_heads(session, last_event)
    session.add(
        HistoryAnchor(
            chains=chains,
            events=events,
            last_event_id=last_event,
            hash=digest,
            hash_before=before.hash if before else GENESIS,
        )
    )


def verify_history(session: Session) -> Verdict:
    """Recompute every chain and every anchor; reports each break instead of raising."""
    breaks: list[str] = []
    heads: dict[int, tuple[int, str]] = {}
    events = 0
    order = (col(TransferEvent.invoice_id), col(TransferEvent.sequence))
    for event in session.exec(select(TransferEvent).order_by(*order)):
        events += 1
        sequence, before = heads.get(event.invoice_id, (0, GENESIS))
        values = event.model_dump()
        if event.sequence != sequence + 1 or event.hash_before != before:
            breaks.append(f"document {event.invoice_id}: an event before {event.id} is missing")
        elif _hash_event(values) != event.hash:
            breaks.append(f"document {event.invoice_id}: event {event.id} was changed")
        heads[event.invoice_id] = (event.sequence, event.hash)
    for anchor in session.exec(select(HistoryAnchor).order_by(col(HistoryAnchor.id))):
        if _digest_heads(session, anchor.last_event_id)[2] != anchor.hash:
            breaks.append(f"the history before {anchor.at:%Y-%m-%d %H:%M} UTC has lost events")
    return Verdict(len(heads), events, tuple(breaks))


def _heads_of(session: Session, invoice_ids: set[int]) -> dict[int, tuple[int, str]]:
    newest = (
        sa.select(_TABLE.c.invoice_id, sa.func.max(_TABLE.c.sequence).label("sequence"))
        .where(_TABLE.c.invoice_id.in_(invoice_ids))
        .group_by(_TABLE.c.invoice_id)
        .subquery()
    )
    is_newest = sa.and_(
        _TABLE.c.invoice_id == newest.c.invoice_id, _TABLE.c.sequence == newest.c.sequence
    )
    heads = sa.select(_TABLE.c.invoice_id, _TABLE.c.sequence, _TABLE.c.hash)
    rows = session.connection().execute(heads.join(newest, is_newest))
    return {invoice_id: (sequence, digest) for invoice_id, sequence, digest in rows}


def _digest_heads(session: Session, last_event_id: int) -> tuple[int, int, str]:
    """Count and digest the chains as they stood when ``last_event_id`` was the newest event."""
    digest = hashlib.sha256()
    head: tuple[int, int, str] | None = None
    chains = events = 0
    rows = session.exec(
        select(TransferEvent.invoice_id, TransferEvent.sequence, TransferEvent.hash)
        .where(col(TransferEvent.id) <= last_event_id)
        .order_by(col(TransferEvent.invoice_id), col(TransferEvent.sequence))
    )
    for row in rows:
        events += 1
        if head is not None and head[0] != row[0]:
            digest.update(f"{head[0]}:{head[1]}:{head[2]};".encode())
        if head is None or head[0] != row[0]:
            chains += 1
        head = (row[0], row[1], row[2])
    if head is not None:
        digest.update(f"{head[0]}:{head[1]}:{head[2]};".encode())
    return chains, events, digest.hexdigest()


_HASHED = (
    "transfer_id",
    "invoice_id",
    "sequence",
    "at",
    "actor",
    "state",
    "reason",
    "order_id",
    "office_invoice_id",
    "payload_hash",
    "words",
    "hash_before",
)


def _hash_event(values: dict[str, object]) -> str:
    at = values["at"]
    if not isinstance(at, dt.datetime):
        raise TypeError("an event's time must be a datetime")
    covered = [at.isoformat() if name == "at" else values[name] for name in _HASHED]
    return hashlib.sha256(json.dumps(covered, ensure_ascii=False).encode()).hexdigest()
