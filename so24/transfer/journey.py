"""One pass of a lane: the documents on their way, and how a step records what it learnt."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from sqlmodel import Session

from so24.installation import Installation
from so24.office.gateway import Office
from so24.office.values import NewOrder
from so24.store.documents import Document
from so24.store.key_tables import Key
from so24.store.links import Binding
from so24.store.tables import now
from so24.store.transfer_tables import OPEN, State, Transfer
from so24.store.transfers import Move, move_transfers
from so24.transfer.judge import Judgement

T = TypeVar("T")


@dataclass(eq=False)
class Item:
    """One document in this pass: what the store says of its transfer and what was learnt since.

    ``payload_hash`` is not empty once the intent to send a draft was committed; ``draft_id`` is
    the order that the transfer names, bound or not.
    """

    id: int
    document: Document
    state: State
    sent_at: dt.datetime | None
    payload_hash: str
    draft_id: int | None
    company_id: int | None = None
    binding: Binding | None = None
    judgement: Judgement | None = None
    order: NewOrder | None = None
    compared: bool = False
    refusal: str = ""
    remark: str = ""

    @property
    def order_id(self) -> int | None:
        """The order of this document as far as it is known."""
        return self.binding.order_id if self.binding else self.draft_id

    def take(self, move: Move) -> None:
        """Follow a move that the store has made."""
        self.state = move.state
        self.sent_at = move.values.get("sent_at", self.sent_at)
        self.payload_hash = move.values.get("payload_hash", self.payload_hash)
        self.draft_id = move.values.get("order_id", self.draft_id)


def begin_item(row: Transfer, document: Document) -> Item:
    """An item as the store says at the beginning of a pass."""
    if row.id is None:
        raise TypeError("a transfer without id has not been stored")
    return Item(row.id, document, row.state, row.sent_at, row.payload_hash, row.order_id)


@dataclass
class Journey:
    """The state of one pass; an item leaves ``items`` when its transfer is no longer open."""

    installation: Installation
    key: Key
    items: list[Item]
    actor: str
    batch_size: int
    singly: set[int]
    products: dict[str, int] = field(default_factory=dict)
    _office: Office | None = None

    @property
    def office(self) -> Office:
        """The gateway, proven to reach the key's company."""
        if self._office is None:
            raise RuntimeError("the key has not been proven yet")
        return self._office

    @office.setter
    def office(self, office: Office) -> None:
        self._office = office

    @property
    def organization_id(self) -> int:
        """The company that everything in this lane is written to."""
        return self.key.client_id

    def read(self, work: Callable[[Session], T]) -> T:
        """Run a query in a reading session."""
        with self.installation.db.reading() as session:
            return work(session)

    def move(self, moves: Mapping[Item, Move]) -> None:
        """Record moves; an item that is no longer open, here or in the store, leaves the pass."""
        if not moves:
            return
        by_id = {item.id: move for item, move in moves.items()}
        moved = self.installation.db.insisting(
            lambda session: move_transfers(session, by_id, self.actor)
        )
        self._follow(moves, moved)

    def refuse(self, items: Iterable[Item], reason: str, words: str) -> None:
        """End these items as refused by 24SevenOffice, in its own words."""
        self.move({item: Move(State.REFUSED, reason, words) for item in items})

    def intend(
        self, moves: Mapping[Item, Move], hold: Callable[[Session], set[Item]] | None = None
    ) -> list[Item]:
        """Commit the intent of a write by compare-and-set; returns the items that may be written.

        An item that another worker has written since this pass began is left to that worker.
        ``hold`` runs first, in the same transaction, and returns the items that may go at all.
        """
        sent_at = now()
        stamped = {
            item: Move(move.state, move.reason, move.words, {**move.values, "sent_at": sent_at})
            for item, move in moves.items()
        }
        before = {item.id: item.sent_at for item in moves}

        def write(session: Session) -> set[int]:
            held = hold(session) if hold else set(moves)
            by_id = {item.id: move for item, move in stamped.items() if item in held}
            return move_transfers(session, by_id, self.actor, sent_before=before)

        return self._follow(stamped, self.installation.db.insisting(write))

    def _follow(self, moves: Mapping[Item, Move], moved: set[int]) -> list[Item]:
        """Let the items follow their moves; one that did not move leaves the pass."""
        for item, move in moves.items():
            if item.id not in moved:
                self._leave(item)
                continue
            item.take(move)
            if move.state not in OPEN:
                self._leave(item)
        return [item for item in moves if item.id in moved]

    def _leave(self, item: Item) -> None:
        if item in self.items:
            self.items.remove(item)

    def batches(self, items: list[Item]) -> Iterator[list[Item]]:
        """The items in their order, in batches; those whose batch was refused go one by one."""
        batch: list[Item] = []
        for item in items:
            if item.id in self.singly:
                if batch:
                    yield batch
                yield [item]
                batch = []
                continue
            batch.append(item)
            if len(batch) >= self.batch_size:
                yield batch
                batch = []
        if batch:
            yield batch
