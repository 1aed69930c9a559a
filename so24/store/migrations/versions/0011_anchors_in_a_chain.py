"""Anchors of the history are chained, each covers what is new; imports keep their warnings.

The anchors until now held the heads of *all* chains, found again by the highest id of an event.
Each is compared once more as it was made; then it is made anew over the events that have come since
the one before it, and they are marked with it. One that does not agree keeps its hash, so that what
was a break of the history stays one.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0008"

_GENESIS = "0" * 64
_UNANCHORED = "anchor_id IS NULL"
_EVENTS = sa.table(
    "transfer_event",
    *(sa.column(name) for name in ("id", "invoice_id", "sequence", "hash", "anchor_id")),
)
_ANCHORS = sa.table(
    "history_anchor",
    sa.column("at", sa.DateTime(timezone=True)),
    *(sa.column(name) for name in ("id", "chains", "events", "last_event_id")),
    *(sa.column(name) for name in ("hash", "hash_before")),
)


def upgrade() -> None:
    """Go forward."""
    op.add_column("transfer_event", sa.Column("after_anchor", sa.String(64), nullable=True))
    op.add_column("transfer_event", sa.Column("anchor_id", sa.Integer(), nullable=True))
    _anchor_anew(op.get_bind())
    op.create_index(
        "ix_transfer_event_unanchored",
        "transfer_event",
        ["id"],
        sqlite_where=sa.text(_UNANCHORED),
        postgresql_where=sa.text(_UNANCHORED),
    )
    with op.batch_alter_table("history_anchor") as table:
        table.drop_column("last_event_id")
    op.add_column("import_run", sa.Column("remarks", sa.String(), nullable=True))
    op.execute("""UPDATE import_run SET remarks = '{"warnings": [], "sellers": []}'""")


def _anchor_anew(connection: sa.Connection) -> None:
    heads: dict[int, str] = {}  # of all chains, as the old anchors digested them
    covered, old_hash, new_hash = 0, _GENESIS, _GENESIS
    chains = events = 0
    for anchor in connection.execute(sa.select(_ANCHORS).order_by(_ANCHORS.c.id)).all():
        here = sa.and_(_EVENTS.c.id > covered, _EVENTS.c.id <= anchor.last_event_id)
        connection.execute(sa.update(_EVENTS).where(here).values(anchor_id=anchor.id))
        new: dict[int, str] = {}
        columns = (_EVENTS.c.invoice_id, _EVENTS.c.sequence, _EVENTS.c.hash)
        rows = connection.execute(sa.select(*columns).where(here).order_by(*columns[:2]))
        for invoice_id, sequence, digest in rows:
            new[invoice_id] = f"{invoice_id}:{sequence}:{digest};"
            chains += sequence == 1
            events += 1
        heads |= new
        values = {"hash_before": anchor.hash_before, "hash": anchor.hash}
        if anchor.hash_before == old_hash:
            values["hash_before"] = new_hash
        if _digest(heads) == anchor.hash:
            values |= {"chains": chains, "events": events}
            moment = _in_utc(anchor.at).isoformat()
            values["hash"] = _hash([moment, chains, events, _digest(new), values["hash_before"]])
        connection.execute(sa.update(_ANCHORS).where(_ANCHORS.c.id == anchor.id).values(values))
        covered, old_hash, new_hash = anchor.last_event_id, anchor.hash, values["hash"]


def _digest(heads: dict[int, str]) -> str:
    return hashlib.sha256("".join(map(heads.__getitem__, sorted(heads))).encode()).hexdigest()


def _hash(values: Iterable[Any]) -> str:
    return hashlib.sha256(json.dumps(list(values)).encode()).hexdigest()


def _in_utc(moment: dt.datetime) -> dt.datetime:
    """SQLite keeps UTC without saying so."""
    return moment.astimezone(dt.UTC) if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
