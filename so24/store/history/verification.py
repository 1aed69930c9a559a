"""The history is verified: every chain of events and every anchor, in one pass."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from so24.language.said import say, say_count
from so24.store.history.events import ANCHORS, EVENTS
from so24.store.history.hashes import GENESIS, HASHED, AnchorSection, hash_anchor, hash_event
from so24.store.tables.transfer_tables import Transfer

_AT_ONCE = 2_000  # rows in memory while all events are read
_MOST_BREAKS = 1_000


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


def verify_history(session: Session) -> HistoryVerdict:
    """Recompute every chain and every anchor in one pass; reports each break, raises nothing.

    The anchors are read before the events, and those that were written meanwhile after them, so
    that a history that grows at the same time is found whole without stopping anybody.
    """
    anchors = _read_anchors(session, after=0)
    verification = _Verification()
    columns = [EVENTS.c[name] for name in (*HASHED, "hash", "id", "anchor_id")]
    order = (EVENTS.c.invoice_id, EVENTS.c.sequence)
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


class _Verification:
    """One pass over the history: what has been read of it so far, and the breaks found."""

    def __init__(self) -> None:
        self._chains = 0
        self._events = 0
        self._breaks: list[str] = []
        self._untold = 0
        self._head: tuple[int, int, str] = (0, 0, GENESIS)
        self._sections: defaultdict[int, AnchorSection] = defaultdict(AnchorSection)
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
        elif hash_event(event[: len(HASHED)]) != digest:
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
            section = self._sections.pop(anchor["id"], None) or AnchorSection()
            moment = f"{anchor['at']:%Y-%m-%d %H:%M} UTC"
            if anchor["hash_before"] != before:
                self.note(
                    say(
                        "an anchor of the history before {moment} is missing or was changed",
                        moment=moment,
                    )
                )
            if hash_anchor(anchor, section) != anchor["hash"]:
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
    newer = sa.select(ANCHORS).where(ANCHORS.c.id > after).order_by(ANCHORS.c.id)
    return [dict(row) for row in session.execute(newer).mappings()]


def _without_events() -> sa.Select[int | None, int]:
    """The transfers that no event tells of; each is made together with its first event."""
    told = sa.select(EVENTS.c.id).where(EVENTS.c.transfer_id == col(Transfer.id))
    return sa.select(col(Transfer.id), col(Transfer.invoice_id)).where(~told.exists())


def _stream(session: Session, statement: sa.Executable) -> Iterator[Any]:
    """The rows of a long answer, few of them in memory at once."""
    answer = session.execute(statement, execution_options={"yield_per": _AT_ONCE})
    return chain.from_iterable(answer.partitions())
