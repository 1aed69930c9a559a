"""Heads of the days: what history and audit trail were when a day ended, sealed by a key.

Whoever can write the database can rewrite chains and anchors alike. A head covers the newest anchor
of the history, the events of the audit trail since the head before it, each marked with the head's
id, and that head's own hash. Its seal is made with the installation's key material, which is not in
the database, and it is handed out to be kept elsewhere: so nobody rewrites a day unseen who has the
database alone, and nobody removes the newest days.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from so24.dates import format_date
from so24.language.said import say
from so24.store.history.events import latest_anchor, write_anchor_if_new
from so24.store.history.hashes import GENESIS
from so24.store.tables.ground import now
from so24.store.tables.people_tables import AuditEvent
from so24.store.tables.transfer_tables import DayHead, HistoryAnchor

_AUDIT: sa.Table = AuditEvent.__table__  # type: ignore[attr-defined] # SQLModel hides it
_TOLD = ("id", "at", "actor", "action", "subject", "detail")
_ORIGIN = ("source", "login", "browser")
_AT_ONCE = 2_000  # rows in memory while the audit trail is read

Seal = Callable[[str], str]
IsSealed = Callable[[str, str], bool]


@dataclass(frozen=True)
class KeptHead:
    """A head as it was handed out: its day (UTC) and hash."""

    day: dt.date
    hash: str


@dataclass(frozen=True)
class HeadsVerdict:
    """How many heads there are, and a sentence for each that does not fit."""

    heads: int
    breaks: tuple[str, ...]


def write_head_when_due(session: Session, seal: Seal) -> DayHead | None:
    """Seal what has come since the newest head, once a day (UTC); None where nothing is due.

    A day on which nothing was done has no head. The caller holds what lets one process keep house.
    """
    latest, moment = _latest_head(session), now()
    if latest is not None and latest.day >= moment.date():
        return None
    write_anchor_if_new(session, latest_anchor(session))
    anchor, number = latest_anchor(session), latest.row_id + 1 if latest else 1
    digest, events = _mark_audit(session, number)
    anchor_hash = anchor.hash if anchor else GENESIS
    if not events and anchor_hash == (latest.anchor_hash if latest else GENESIS):
        return None
    head = DayHead(
        id=number,
        day=moment.date(),
        at=moment,
        anchor_hash=anchor_hash,
        audit_events=events,
        audit_hash=digest,
        hash_before=latest.hash if latest else GENESIS,
        hash="",
        seal="",
    )
    head.hash = _hash_head(head)
    head.seal = seal(head.hash)
    session.add(head)
    session.flush()
    return head


def seal_anew(session: Session, is_sealed: IsSealed, seal: Seal) -> int:
    """Seal each head anew that a known key has sealed; returns how many. The rest stays."""
    heads = [each for each in _heads(session) if is_sealed(each.hash, each.seal)]
    for head in heads:
        head.seal = seal(head.hash)
    return len(heads)


def verify_heads(session: Session, is_sealed: IsSealed, kept: Iterable[KeptHead]) -> HeadsVerdict:
    """Recompute each head and compare them with those that were ``kept``; raises nothing."""
    heads = _heads(session)
    breaks = [*_check_each(session, heads, is_sealed), *_compare(heads, kept)]
    return HeadsVerdict(len(heads), tuple(breaks))


def _check_each(session: Session, heads: Sequence[DayHead], is_sealed: IsSealed) -> Iterator[str]:
    audit = dict(_digest_by_head(session))
    anchors = set(session.exec(select(HistoryAnchor.hash)))
    before = GENESIS
    for head in heads:
        day = format_date(head.day)
        if head.hash_before != before:
            yield say("the head of a day before {day} is missing or was changed", day=day)
        if _hash_head(head) != head.hash:
            yield say("the head of {day} was changed", day=day)
        elif not is_sealed(head.hash, head.seal):
            yield say(
                "the head of {day} is sealed with none of the keys in SO24_SECRET_KEYS", day=day
            )
        if audit.pop(head.row_id, _EMPTY) != (head.audit_hash, head.audit_events):
            yield say(
                "the audit trail that was sealed on {day} was changed, or events are missing",
                day=day,
            )
        if head.anchor_hash not in anchors and head.anchor_hash != GENESIS:
            yield say(
                "the history as it was sealed on {day} is not here: its anchor is missing", day=day
            )
        before = head.hash
    if audit:
        yield say(
            "{audit} heads of days are missing that events of the audit trail name",
            audit=len(audit),
        )


def _compare(heads: Sequence[DayHead], kept: Iterable[KeptHead]) -> Iterator[str]:
    here = {head.hash for head in heads}
    for each in kept:
        if each.hash not in here:
            day = format_date(each.day)
            yield say(
                "the head of {day} that was kept outside is not in the database any more", day=day
            )


def _heads(session: Session) -> Sequence[DayHead]:
    return session.exec(select(DayHead).order_by(col(DayHead.id))).all()


def _latest_head(session: Session) -> DayHead | None:
    return session.exec(select(DayHead).order_by(col(DayHead.id).desc()).limit(1)).first()


def _mark_audit(session: Session, number: int) -> tuple[str, int]:
    """Mark the audit events that no head covers yet; their digest and count.

    Those that another transaction has not committed yet are left to the next head.
    """
    unmarked = sa.update(_AUDIT).where(_AUDIT.c.head_id.is_(None)).values(head_id=number)
    session.execute(unmarked)
    marked = _events().where(_AUDIT.c.head_id == number)
    return _digest(row[1:] for row in _stream(session, marked))


def _digest_by_head(session: Session) -> Iterator[tuple[int, tuple[str, int]]]:
    rows = _stream(session, _events().where(_AUDIT.c.head_id.is_not(None)))
    held: list[Any] = []
    number: int | None = None
    for row in rows:
        if number is not None and row[0] != number:
            yield number, _digest(held)
            held = []
        number = row[0]
        held.append(row[1:])
    if number is not None:
        yield number, _digest(held)


def _events() -> sa.Select[Any]:
    told = [_AUDIT.c[name] for name in (*_TOLD, *_ORIGIN)]
    return sa.select(_AUDIT.c.head_id, *told).order_by(_AUDIT.c.head_id, _AUDIT.c.id)


def _stream(session: Session, statement: sa.Select[Any]) -> Iterator[Any]:
    answer = session.execute(statement, execution_options={"yield_per": _AT_ONCE})
    for part in answer.partitions():
        yield from part


def _digest(events: Iterable[Sequence[Any]]) -> tuple[str, int]:
    """The digest of events, and how many there are.

    One with an origin is covered together with it. One without is from before origins were kept,
    and is covered as it was then: so its digest stays, and whoever gives it an origin later, or
    takes one away, changes the digest of its day.
    """
    digest, count = hashlib.sha256(), 0
    for event in events:
        (number, at, *words), origin = event[: len(_TOLD)], event[len(_TOLD) :]
        covered = [number, at.isoformat(), *words, *(origin if any(origin) else ())]
        digest.update(json.dumps(covered, ensure_ascii=False).encode())
        count += 1
    return digest.hexdigest(), count


_EMPTY = _digest(())


def _hash_head(head: DayHead) -> str:
    covered = [
        head.day.isoformat(),
        head.at.isoformat(),
        head.anchor_hash,
        head.audit_events,
        head.audit_hash,
        head.hash_before,
    ]
    return hashlib.sha256(json.dumps(covered).encode()).hexdigest()
