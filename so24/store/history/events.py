"""The history of transfers: append-only events in chains, and anchors over all chains.

The hash of an event covers its own fields and the hash of the event before it of the same
document, so a changed event, or one removed from among others, breaks its document's chain. The
end of a chain, or a whole chain, is guarded by the anchors. An anchor covers the events that were
committed since the anchor before it, each marked with the anchor's id, and its hash covers the
heads of the chains that these belong to and the hash of the anchor before it. An event written
afterwards names the hash of the newest anchor within its own hash, so whoever removes or rewrites
an anchor has to rewrite every chain that has grown since.

What cannot be seen without a witness outside the database, as the heads of days are
(:mod:`so24.store.upkeep.day_heads`): all of it rewritten, the events that no
anchor covers yet changed or cut off, and the newest anchors removed together with the marks, the
events and the transfers of documents, while nothing has been written after these anchors.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from so24.store.database.dialects import among_given, listed
from so24.store.history.hashes import GENESIS, HASHED, AnchorSection, hash_anchor, hash_event
from so24.store.tables.ground import now
from so24.store.tables.transfer_tables import HistoryAnchor, TransferEvent

ANCHOR_EVERY = dt.timedelta(hours=1)
_MOST_WAITING = 10_000  # events without an anchor: the write lock is held while they are marked
# what an event tells of a transfer, by the names of both tables' columns
_TOLD = (
    "invoice_id",
    "state",
    "reason",
    "order_id",
    "office_invoice_id",
    "payload_hash",
    "words",
)
EVENTS: sa.Table = TransferEvent.__table__  # type: ignore[attr-defined] # SQLModel hides it
ANCHORS: sa.Table = HistoryAnchor.__table__  # type: ignore[attr-defined] # as above
_UNANCHORED = EVENTS.c.anchor_id.is_(None)
# a lane asks and writes these at every step: they are made once
_INSERT, _INSERT_ANCHOR = sa.insert(EVENTS), sa.insert(ANCHORS)
_LATEST_ANCHOR = select(HistoryAnchor).order_by(col(HistoryAnchor.id).desc()).limit(1)
_MARK = (
    sa.update(EVENTS)
    .where(_UNANCHORED)
    .values(anchor_id=sa.bindparam("number"))
    .returning(EVENTS.c.invoice_id, EVENTS.c.sequence, EVENTS.c.hash)
)
_MORE_WAIT = sa.select(EVENTS.c.id).where(_UNANCHORED).limit(1).offset(sa.bindparam("most"))


def append_events(session: Session, transfers: Sequence[Mapping[str, Any]], actor: str) -> None:
    """Chain and insert one event for each of these transfers, in their order.

    A transfer is told by its columns as they stand now; the caller holds the transfers' locks.
    """
    if not transfers:
        return
    heads = _heads_of(session, {row["invoice_id"] for row in transfers})
    anchor = latest_anchor(session)
    at = now()
    events = []
    for row in transfers:
        sequence, before = heads.get(row["invoice_id"], (0, GENESIS))
        values = {
            **{name: row[name] for name in _TOLD},
            "state": str(row["state"]),
            "transfer_id": row["id"],
            "actor": actor,
            "sequence": sequence + 1,
            "at": at,
            "hash_before": before,
            "after_anchor": anchor.hash if anchor else None,
        }
        values["hash"] = hash_event([values[name] for name in HASHED])
        heads[row["invoice_id"]] = (sequence + 1, values["hash"])
        events.append(values)
    session.connection().execute(_INSERT, events)


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
    return session.exec(_LATEST_ANCHOR).first()


def write_anchor_when_due(session: Session) -> None:
    """Anchor what is new where the newest anchor is an hour old, or sooner where much is new."""
    latest = latest_anchor(session)
    fresh = latest is not None and now() - latest.at < ANCHOR_EVERY
    if fresh and not much_waits(session):
        return
    write_anchor_if_new(session, latest)


def much_waits(session: Session) -> bool:
    """Whether there are so many events without an anchor that the next one should not wait."""
    return session.execute(_MORE_WAIT, {"most": _MOST_WAITING}).first() is not None


def write_anchor_if_new(session: Session, before: HistoryAnchor | None) -> None:
    """Anchor the events that no anchor covers yet; does nothing where there are none.

    ``before`` is the newest anchor. Events that another transaction has written and not committed
    are not seen, whatever their ids: they stay without a mark, and the next anchor covers them.
    """
    number = before.row_id + 1 if before else 1
    marked = session.execute(_MARK, {"number": number}).all()
    if not marked:
        return
    section = AnchorSection()
    for invoice_id, sequence, digest in sorted((row[0], row[1], row[2]) for row in marked):
        section.add(invoice_id, sequence, digest)
    values = {
        "at": now(),
        "chains": (before.chains if before else 0) + section.chains,
        "events": (before.events if before else 0) + section.events,
        "hash_before": before.hash if before else GENESIS,
    }
    values["hash"] = hash_anchor(values, section)
    session.execute(_INSERT_ANCHOR, {"id": number, **values})


_NEWEST = (
    sa.select(EVENTS.c.invoice_id, sa.func.max(EVENTS.c.sequence).label("sequence"))
    .where(among_given(EVENTS.c.invoice_id, "documents"))
    .group_by(EVENTS.c.invoice_id)
    .subquery()
)

_HEADS = sa.select(EVENTS.c.invoice_id, EVENTS.c.sequence, EVENTS.c.hash).join(
    _NEWEST,
    sa.and_(EVENTS.c.invoice_id == _NEWEST.c.invoice_id, EVENTS.c.sequence == _NEWEST.c.sequence),
)


def _heads_of(session: Session, invoice_ids: set[int]) -> dict[int, tuple[int, str]]:
    rows = session.connection().execute(_HEADS, {"documents": listed(invoice_ids)})
    return {invoice_id: (sequence, digest) for invoice_id, sequence, digest in rows}
