"""What a write with a lost answer may have left: later looks for it, and under which hashes.

Finished transfers are looked at once more where a lost write may have landed late. The history
tells under which payload hashes an order may have been made.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session, col, select

from so24.language.said import join_said, said_before, say_count
from so24.reasons import Reason
from so24.store.database.dialects import among_given, listed
from so24.store.history.events import append_events
from so24.store.tables.document_tables import Invoice
from so24.store.tables.ground import now
from so24.store.tables.transfer_tables import OPEN, State, Transfer, TransferEvent
from so24.store.transfers.transfers import TABLE, standing_by_ids

SENDING = Reason.SENDING_DRAFT
ADOPTED = Reason.ADOPTED
ATTEMPTS = (SENDING, Reason.ANSWERED_OTHERWISE)

_DUE = sa.select(TABLE.c.key_id, TABLE.c.id).where(
    TABLE.c.look_again_at <= sa.bindparam("moment"),
    TABLE.c.state.not_in(OPEN),
    TABLE.c.key_id.is_not(None),
)
_BESIDE = (
    select(Transfer)
    .join(Invoice, col(Invoice.id) == TABLE.c.invoice_id)
    .where(
        among_given(Invoice.customer_id, "customers"),
        TABLE.c.key_id == sa.bindparam("key"),
        TABLE.c.sent_at > sa.bindparam("since"),
        TABLE.c.state.not_in(OPEN),
    )
    .order_by(TABLE.c.id)
)
_ENDINGS = (
    select(Transfer)
    .where(among_given(TABLE.c.invoice_id, "documents"), TABLE.c.state.not_in(OPEN))
    .order_by(TABLE.c.id)
)
_SENT = (
    select(TransferEvent)
    .join(Transfer, col(Transfer.id) == col(TransferEvent.transfer_id))
    .where(
        among_given(TransferEvent.invoice_id, "documents"),
        Transfer.organization_id == sa.bindparam("organization"),
        col(TransferEvent.state).in_((State.PREPARING, State.DRAFTED, State.REFUSED)),
    )
    .order_by(col(TransferEvent.invoice_id), col(TransferEvent.sequence))
)
_ATTEMPTS_OF = (
    select(TransferEvent)
    .where(
        among_given(TransferEvent.transfer_id, "transfers"),
        col(TransferEvent.reason).in_(ATTEMPTS),
    )
    .order_by(col(TransferEvent.transfer_id), col(TransferEvent.sequence))
)
_SAY = (
    sa.update(TABLE)
    .where(TABLE.c.id == sa.bindparam("which"))
    .values(words=sa.bindparam("said"), updated_at=sa.bindparam("moment"))
)
_PLAN = (
    sa.update(TABLE)
    .where(TABLE.c.id == sa.bindparam("which"))
    .values(look_again_at=sa.bindparam("moment"))
)

MOST_STRANGE = 2  # answers for another reference, of which the look-up shows nothing
MOST_SENT = 8  # drafts of one transfer; halving a batch of 100 to one takes seven


def due_for_another_look(session: Session, moment: dt.datetime) -> dict[int, list[int]]:
    """Finished transfers (ids by key) whose lost write may have landed late, to be looked at."""
    due: dict[int, list[int]] = {}
    for key_id, transfer_id in session.execute(_DUE, {"moment": moment}):
        due.setdefault(key_id, []).append(transfer_id)
    return due


def sent_beside(
    session: Session, key_id: int, customers: Collection[int], since: dt.datetime
) -> list[Transfer]:
    """The key's finished transfers of these customers' documents that have written since then."""
    asked = {"key": key_id, "customers": listed(customers), "since": since}
    return list(session.exec(_BESIDE, params=asked))


def newest_endings(session: Session, invoice_ids: Collection[int]) -> dict[int, Transfer]:
    """The newest transfer that has ended of each of these documents that has one."""
    rows = session.exec(_ENDINGS, params={"documents": listed(invoice_ids)})
    return {row.invoice_id: row for row in rows}


def plan_looks(session: Session, moments: Mapping[int, dt.datetime | None]) -> None:
    """Plan another look at these transfers (by id), or note that it has been taken."""
    if moments:
        rows = [{"which": each, "moment": moments[each]} for each in sorted(moments)]
        session.connection().execute(_PLAN, rows)


def end_looks(session: Session, ids: Collection[int], words: str, actor: str) -> None:
    """Look no more at these finished transfers, and say in their history why."""
    note_late_drafts(session, dict.fromkeys(ids, words), actor)
    plan_looks(session, dict.fromkeys(ids))


def note_late_drafts(session: Session, words: Mapping[int, str], actor: str) -> None:
    """Append these words to finished transfers, and to their history."""
    if not words:
        return
    told = [
        {**row, "words": join_said([said_before(row["words"]), words[row["id"]]])}
        for row in standing_by_ids(session, words)
    ]
    moment = now()
    rows = [{"which": row["id"], "said": row["words"], "moment": moment} for row in told]
    session.connection().execute(_SAY, rows)
    append_events(session, told, actor)


@dataclass(frozen=True)
class Attempts:
    """How often a transfer's draft was sent, and the answers that were for another reference."""

    sent: int
    strange: tuple[str, ...]

    @property
    def are_enough(self) -> bool:
        """Whether sending it once more would only leave one more draft."""
        return len(self.strange) >= MOST_STRANGE or self.sent >= MOST_SENT

    @property
    def words(self) -> str:
        """How often it was sent and what came back, as sentences."""
        times = say_count("A draft was sent once.", "A draft was sent {number} times.", self.sent)
        return join_said((times, *map(said_before, dict.fromkeys(self.strange))))


def attempts_of(session: Session, ids: Collection[int]) -> dict[int, Attempts]:
    """What the history tells of the drafts that these transfers (by id) have sent."""
    sent: Counter[int] = Counter()
    strange: dict[int, list[str]] = defaultdict(list)
    for each in session.exec(_ATTEMPTS_OF, params={"transfers": listed(ids)}):
        if each.reason == SENDING:
            sent[each.transfer_id] += 1
        else:
            strange[each.transfer_id].append(each.words)
    return {each: Attempts(count, tuple(strange[each])) for each, count in sent.items()}


def payloads_of(
    session: Session, organization_id: int, orders: Mapping[int, int]
) -> dict[int, frozenset[str]]:
    """The hashes of what each order (by invoice id) may have been sent as; empty if unknown.

    An order that an answer has named was sent as that answer's request: one hash. One that was
    found instead is that of a request whose answer was lost, whichever it was.
    """
    unanswered: dict[int, set[str]] = defaultdict(set)
    found: dict[int, frozenset[str]] = {}
    for event in _events(session, organization_id, orders):
        lost = unanswered[event.invoice_id]
        if event.reason == SENDING:
            lost.add(event.payload_hash)
            continue
        if event.state == State.DRAFTED and event.order_id == orders[event.invoice_id]:
            known = lost if event.reason == ADOPTED else {event.payload_hash}
            found.setdefault(event.invoice_id, frozenset(known))
        if event.reason != ADOPTED:
            lost.discard(event.payload_hash)
    return {each: found.get(each, frozenset(unanswered[each])) for each in orders}


def _events(
    session: Session, organization_id: int, orders: Mapping[int, int]
) -> list[TransferEvent]:
    """What was sent to this company and what the answers brought, in its order."""
    asked = {"documents": listed(orders), "organization": organization_id}
    return list(session.exec(_SENT, params=asked))
