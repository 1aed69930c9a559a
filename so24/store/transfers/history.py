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
import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from so24.language.said import say, say_count
from so24.store.database.dialects import among_given, listed
from so24.store.tables.ground import now
from so24.store.tables.transfer_tables import HistoryAnchor, Transfer, TransferEvent

GENESIS = "0" * 64
ANCHOR_EVERY = dt.timedelta(hours=1)
_MOST_WAITING = 10_000  # events without an anchor: the write lock is held while they are marked
_AT_ONCE = 2_000  # rows in memory while all events are read
_MOST_BREAKS = 1_000
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
_TABLE: sa.Table = TransferEvent.__table__  # type: ignore[attr-defined] # SQLModel hides it
_ANCHORS: sa.Table = HistoryAnchor.__table__  # type: ignore[attr-defined] # as above
_UNANCHORED = _TABLE.c.anchor_id.is_(None)
# a lane asks and writes these at every step: they are made once
_INSERT, _INSERT_ANCHOR = sa.insert(_TABLE), sa.insert(_ANCHORS)
_LATEST_ANCHOR = select(HistoryAnchor).order_by(col(HistoryAnchor.id).desc()).limit(1)
_MARK = (
    sa.update(_TABLE)
    .where(_UNANCHORED)
    .values(anchor_id=sa.bindparam("number"))
    .returning(_TABLE.c.invoice_id, _TABLE.c.sequence, _TABLE.c.hash)
)
_MORE_WAIT = sa.select(_TABLE.c.id).where(_UNANCHORED).limit(1).offset(sa.bindparam("most"))


@dataclass(frozen=True)
class HistoryVerdict:
    """The result of verifying the history: counts, and a sentence for each break.

    ``days`` are those that a sealed head covers.
    """

    chains: int
    events: int
    breaks: tuple[str, ...]
    anchors: int = 0
    days: int = 0


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
        values["hash"] = _hash_event([values[name] for name in HASHED])
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
    section = _Section()
    for invoice_id, sequence, digest in sorted((row[0], row[1], row[2]) for row in marked):
        section.add(invoice_id, sequence, digest)
    values = {
        "at": now(),
        "chains": (before.chains if before else 0) + section.chains,
        "events": (before.events if before else 0) + section.events,
        "hash_before": before.hash if before else GENESIS,
    }
    values["hash"] = _hash_anchor(values, section)
    session.execute(_INSERT_ANCHOR, {"id": number, **values})


def verify_history(session: Session) -> HistoryVerdict:
    """Recompute every chain and every anchor in one pass; reports each break, raises nothing.

    The anchors are read before the events, and those that were written meanwhile after them, so
    that a history that grows at the same time is found whole without stopping anybody.
    """
    anchors = _read_anchors(session, after=0)
    verification = _Verification()
    columns = [_TABLE.c[name] for name in (*HASHED, "hash", "id", "anchor_id")]
    order = (_TABLE.c.invoice_id, _TABLE.c.sequence)
    for event in _stream(session, sa.select(*columns).order_by(*order)):
        verification.read(event)
    verification.check_anchors(anchors)
    later = _read_anchors(session, after=anchors[-1]["id"] if anchors else 0)
    verification.check_names([*anchors, *later])
    for transfer_id, invoice_id in _stream(session, _without_events()):
        verification.note(
            say(
                "document {invoice_id}: transfer {transfer_id} has lost its events",
                invoice_id=invoice_id,
                transfer_id=transfer_id,
            )
        )
    return verification.verdict(len(anchors))


def digest_heads(heads: Iterable[tuple[int, int, str]]) -> str:
    """The digest of a section by the newest event of each of its documents.

    Each is its document, sequence and hash; they are in the order of the documents.
    """
    digest = hashlib.sha256()
    for head in heads:
        digest.update(_told_head(head))
    return digest.hexdigest()


def _told_head(head: tuple[int, int, str]) -> bytes:
    return "{}:{}:{};".format(*head).encode()


class _Section:
    """The events of one anchor, added chain after chain: their counts, and a digest of heads."""

    def __init__(self) -> None:
        self.events = 0
        self.chains = 0  # that begin here
        self._digest = hashlib.sha256()
        self._head: tuple[int, int, str] | None = None

    def add(self, invoice_id: int, sequence: int, digest: str) -> None:
        """Add an event; those of one document come one after the other, in their order."""
        if self._head is not None and self._head[0] != invoice_id:
            self._take_head()
        self.events += 1
        self.chains += sequence == 1
        self._head = (invoice_id, sequence, digest)

    def digest(self) -> str:
        """The digest over the newest event of each document."""
        self._take_head()
        return self._digest.hexdigest()

    def _take_head(self) -> None:
        if self._head is not None:
            self._digest.update(_told_head(self._head))
            self._head = None


class _Verification:
    """One pass over the history: what has been read of it so far, and the breaks found."""

    def __init__(self) -> None:
        self._chains = 0
        self._events = 0
        self._breaks: list[str] = []
        self._untold = 0
        self._head: tuple[int, int, str] = (0, 0, GENESIS)
        self._sections: defaultdict[int, _Section] = defaultdict(_Section)
        self._names: set[str] = set()  # hashes of anchors that events name

    def read(self, event: Sequence[Any]) -> None:
        """Check the next event, by document and sequence: its hashed values and three more."""
        _, invoice_id, sequence, *_, before, after_anchor, digest, event_id, anchor_id = event
        if self._head[0] != invoice_id:
            self._head = (invoice_id, 0, GENESIS)
            self._chains += 1
        self._events += 1
        if self._head[1:] != (sequence - 1, before):
            self.note(
                say(
                    "document {invoice_id}: an event before {event_id} is missing",
                    invoice_id=invoice_id,
                    event_id=event_id,
                )
            )
        elif _hash_event(event[: len(HASHED)]) != digest:
            self.note(
                say(
                    "document {invoice_id}: event {event_id} was changed",
                    invoice_id=invoice_id,
                    event_id=event_id,
                )
            )
        self._head = (invoice_id, sequence, digest)
        if anchor_id is not None:
            self._sections[anchor_id].add(invoice_id, sequence, digest)
        if after_anchor is not None:
            self._names.add(after_anchor)

    def check_anchors(self, anchors: Iterable[Mapping[str, Any]]) -> None:
        """Compare all anchors, oldest first, with the events that are marked with them."""
        before, counted = GENESIS, 0
        for anchor in anchors:
            section = self._sections.pop(anchor["id"], None) or _Section()
            moment = f"{anchor['at']:%Y-%m-%d %H:%M} UTC"
            if anchor["hash_before"] != before:
                self.note(
                    say(
                        "an anchor of the history before {moment} is missing or was changed",
                        moment=moment,
                    )
                )
            if _hash_anchor(anchor, section) != anchor["hash"]:
                lost = anchor["events"] - counted - section.events
                self.note(_tell_broken_anchor(moment, lost))
            before, counted = anchor["hash"], anchor["events"]

    def check_names(self, anchors: Sequence[Mapping[str, Any]]) -> None:
        """Look for anchors that events are marked with or name, and that do not exist."""
        missing = sorted(self._sections.keys() - {anchor["id"] for anchor in anchors})
        if missing:
            ids = f"{missing[0]}" if len(missing) == 1 else f"{missing[0]} to {missing[-1]}"
            events = sum(self._sections[each].events for each in missing)
            self.note(
                say_count(
                    "{number} anchor of {events} events is missing (number {ids})",
                    "{number} anchors of {events} events are missing (number {ids})",
                    len(missing),
                    events=events,
                    ids=ids,
                )
            )
        if unknown := self._names - {anchor["hash"] for anchor in anchors}:
            self.note(
                say_count(
                    "{number} anchor that events were written after is missing or was changed",
                    "{number} anchors that events were written after are missing or were changed",
                    len(unknown),
                )
            )

    def note(self, sentence: str) -> None:
        """Keep the sentence, unless there are too many already."""
        if len(self._breaks) < _MOST_BREAKS:
            self._breaks.append(sentence)
        else:
            self._untold += 1

    def verdict(self, anchors: int) -> HistoryVerdict:
        """What was found."""
        breaks = list(self._breaks)
        if self._untold:
            breaks.append(
                say_count("and {number} more break", "and {number} more breaks", self._untold)
            )
        return HistoryVerdict(self._chains, self._events, tuple(breaks), anchors)


def _tell_broken_anchor(moment: str, lost: int) -> str:
    if lost > 0:
        return say("the history before {moment} has lost events ({lost})", moment=moment, lost=lost)
    return say("the history before {moment} or its anchor was changed", moment=moment)


def _read_anchors(session: Session, *, after: int) -> list[Mapping[str, Any]]:
    newer = sa.select(_ANCHORS).where(_ANCHORS.c.id > after).order_by(_ANCHORS.c.id)
    return [dict(row) for row in session.execute(newer).mappings()]


def _without_events() -> sa.Select[int | None, int]:
    """The transfers that no event tells of; each is made together with its first event."""
    told = sa.select(_TABLE.c.id).where(_TABLE.c.transfer_id == col(Transfer.id))
    return sa.select(col(Transfer.id), col(Transfer.invoice_id)).where(~told.exists())


def _stream(session: Session, statement: sa.Executable) -> Iterator[Any]:
    """The rows of a long answer, few of them in memory at once."""
    answer = session.execute(statement, execution_options={"yield_per": _AT_ONCE})
    return chain.from_iterable(answer.partitions())


_NEWEST = (
    sa.select(_TABLE.c.invoice_id, sa.func.max(_TABLE.c.sequence).label("sequence"))
    .where(among_given(_TABLE.c.invoice_id, "documents"))
    .group_by(_TABLE.c.invoice_id)
    .subquery()
)
_HEADS = sa.select(_TABLE.c.invoice_id, _TABLE.c.sequence, _TABLE.c.hash).join(
    _NEWEST,
    sa.and_(_TABLE.c.invoice_id == _NEWEST.c.invoice_id, _TABLE.c.sequence == _NEWEST.c.sequence),
)


def _heads_of(session: Session, invoice_ids: set[int]) -> dict[int, tuple[int, str]]:
    rows = session.connection().execute(_HEADS, {"documents": listed(invoice_ids)})
    return {invoice_id: (sequence, digest) for invoice_id, sequence, digest in rows}


HASHED = (
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
    "after_anchor",
)
_AT = HASHED.index("at")
_as_json = json.JSONEncoder(ensure_ascii=False).encode


def _hash_event(values: Sequence[Any]) -> str:
    """The hash of an event by its values in the order of :data:`HASHED`."""
    covered = list(values)
    covered[_AT] = covered[_AT].isoformat()
    if covered[-1] is None:  # so it was hashed before there was any anchor
        covered.pop()
    return hashlib.sha256(_as_json(covered).encode()).hexdigest()


def _hash_anchor(anchor: Mapping[str, Any], section: _Section) -> str:
    covered = [
        anchor["at"].isoformat(),
        anchor["chains"],
        anchor["events"],
        section.digest(),
        anchor["hash_before"],
    ]
    return hashlib.sha256(_as_json(covered).encode()).hexdigest()
