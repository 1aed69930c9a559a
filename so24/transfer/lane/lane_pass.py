"""One pass of a lane: the documents on their way, and how a step records what it learnt."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import NoReturn, TypeVar

from sqlmodel import Session

from so24.errors import BadRequest, Refused, RunCancelled
from so24.installation import Installation
from so24.office.gateway import Office
from so24.office.outcomes import WrittenOrders
from so24.office.values import NewOrder, SaveOutcome
from so24.reasons import OFFICE_SPEAKS, Reason
from so24.store.tables.ground import now
from so24.store.tables.key_tables import Key
from so24.store.tables.transfer_tables import State
from so24.store.transfers.links import (
    Binding,
    bind_orders,
    customer_links,
    link_customers,
    link_products,
    product_links,
)
from so24.store.transfers.transfers import Move, move_transfers
from so24.transfer.lane.batches import in_batches
from so24.transfer.lane.lane_document import Item
from so24.transfer.lane.written_ahead import WritingAhead
from so24.transfer.order.key_fields import NO_KEY_LISTS, KeyLists
from so24.transfer.order.mapping import map_order

T = TypeVar("T")


@dataclass(frozen=True)
class _Recorded:
    """The ids of the transfers that moved, the bindings of the documents drafted, and whether
    somebody had stopped the run, so that no write was intended.
    """

    moved: set[int]
    bound: Mapping[int, Binding]
    stopped: bool = False


Write = Callable[["Journey", list[Item]], WrittenOrders]


@dataclass
class Journey:
    """The state of one pass; an item leaves ``items`` when its transfer is no longer open.

    ``singly`` outlives the pass: items by id, customers and products by kind and number, that
    were refused together and so are sent alone. ``is_stopped`` tells whether the run shall send
    nothing more.
    """

    installation: Installation
    key: Key
    items: list[Item]
    actor: str
    batch_size: int
    singly: set[Hashable]
    products: dict[str, int] = field(default_factory=dict)
    key_lists: KeyLists = NO_KEY_LISTS
    ahead: WritingAhead = field(default_factory=WritingAhead)
    is_stopped: Callable[[Session], bool] = lambda _: False
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

    def order_for(self, item: Item) -> NewOrder:
        """What is sent for the item, by its customer's company and the products known."""
        if item.company_id is None:
            raise RuntimeError("an order needs the customer's company")
        if item.order is None:
            item.order = map_order(
                item.document, item.company_id, self.products, self.key_lists, item.credited
            )
        return item.order

    def write_ahead(self, write: Write, items: list[Item]) -> None:
        """Have the items' requests written, batch by batch, while calls are under way."""
        for batch in self.batches(items):
            self.ahead.plan(write, batch, partial(write, self, batch))

    def save(
        self, write: Write, items: list[Item], ahead: WrittenOrders | None
    ) -> dict[Item, SaveOutcome]:
        """Save the items' orders in one call, by the request written ahead if there is one."""
        written = ahead or write(self, items)
        return dict(zip(items, self.office.save_orders(written), strict=True))

    def read(self, work: Callable[[Session], T]) -> T:
        """Run a query in a reading session."""
        with self.installation.db.reading() as session:
            return work(session)

    def known_companies(self, customer_ids: Collection[int]) -> dict[int, int]:
        """The companies of those of our customers that are linked."""
        return self.read(lambda s: customer_links(s, self.organization_id, customer_ids))

    def remember_companies(self, found: Mapping[int, int]) -> None:
        """Link customers to companies seen in 24SevenOffice."""
        self.installation.db.insisting(lambda s: link_customers(s, self.organization_id, found))

    def known_products(self, numbers: Collection[str]) -> dict[str, int]:
        """The product ids of those of our product numbers that are linked."""
        return self.read(lambda s: product_links(s, self.organization_id, numbers))

    def remember_products(self, found: Mapping[str, int]) -> None:
        """Link product numbers to products seen in 24SevenOffice."""
        self.installation.db.insisting(lambda s: link_products(s, self.organization_id, found))

    def move(self, moves: Mapping[Item, Move]) -> None:
        """Record moves; an item that is no longer open, here or in the store, leaves the pass.

        A move to *drafted* binds its order to the document in the same transaction, for ever; an
        item whose document has a binding already takes that one. Any end but *transferred* is a
        compare-and-set: an item that another worker has written since is left to that worker.
        """
        if moves:
            self._follow(moves, self.installation.db.insisting(partial(self._record, moves)))

    def look_up_later(self, words: str, reason: Reason = Reason.LOOKING_UP) -> Move:
        """Nobody knows what became of a write: it is looked up, and looked for once more after.

        ``reason`` says what the look-up waits for, if it has to wait.
        """
        return Move(State.UNKNOWN, reason, words, {"look_again_at": self.next_look()})

    def next_look(self) -> dt.datetime:
        """When to look for the first time at what a transfer has left behind at its end."""
        return now() + dt.timedelta(seconds=2 * self.installation.settings.settle)

    def refuse(self, items: Iterable[Item], reason: Reason, words: str) -> None:
        """End these items as refused by 24SevenOffice, in its own words."""
        self.move({item: Move(State.REFUSED, reason, words) for item in items})

    def intend(
        self,
        moves: Mapping[Item, Move],
        *,
        hold: Callable[[Session], set[Item]] | None = None,
        learnt: Mapping[Item, Move] | None = None,
    ) -> list[Item]:
        """Commit the intent of a write by compare-and-set; returns the items that may be written.

        An item that another worker has written since this pass began is left to that worker.
        ``hold`` runs first, in the same transaction, and returns the items that may go at all;
        ``learnt`` are the moves that the call before has brought, recorded along with it. Raises
        :class:`RunCancelled`, with nothing intended, where the run was stopped before.
        """
        learnt = learnt or {}
        sent_at = now()
        stamped = {
            item: Move(move.state, move.reason, move.words, {**move.values, "sent_at": sent_at})
            for item, move in moves.items()
        }
        before = {item.id: item.sent_at for item in moves}

        def write(session: Session) -> _Recorded:
            if self.is_stopped(session):
                return replace(self._record(learnt, session), stopped=True)
            held = hold(session) if hold else set(moves)
            going = {item: move for item, move in stamped.items() if item in held}
            return self._record({**learnt, **going}, session, sent_before=before)

        recorded = self.installation.db.insisting(write)
        self._follow(learnt, recorded)
        if recorded.stopped:
            raise RunCancelled("The run was stopped.")
        return self._follow(stamped, recorded)

    def _record(
        self,
        moves: Mapping[Item, Move],
        session: Session,
        sent_before: Mapping[int, dt.datetime | None] | None = None,
    ) -> _Recorded:
        by_id = {item.id: self._complete(item, move) for item, move in moves.items()}
        before = {item.id: item.sent_at for item, move in moves.items() if not move.state.is_live}
        before |= sent_before or {}
        moved = move_transfers(session, by_id, self.actor, sent_before=before)
        drafts = {
            item.document.invoice_id: order_id
            for item, move in moves.items()
            if item.id in moved
            and move.state is State.DRAFTED
            and (order_id := move.values.get("order_id", item.draft_id))
        }
        return _Recorded(moved, bind_orders(session, self.organization_id, drafts))

    def _complete(self, item: Item, move: Move) -> Move:
        """The move; an end quotes 24SevenOffice, tells what became of other drafts, and may plan
        another look.
        """
        if move.state.is_open:
            return move
        told = f"“{move.words}”." if move.words and move.reason in OFFICE_SPEAKS else move.words
        words = " ".join(part for part in (told, item.remark) if part)
        values = dict(move.values)
        if item.sent_at and item.may_be_there and move.state is not State.TRANSFERRED:
            # another worker's call may book it yet
            values.setdefault("look_again_at", self.next_look())
        return replace(move, words=words, values=values)

    def _follow(self, moves: Mapping[Item, Move], recorded: _Recorded) -> list[Item]:
        """Let the items follow their moves; one that did not move leaves the pass."""
        for item, move in moves.items():
            if item.id not in recorded.moved:
                self._leave(item)
                continue
            item.take(move)
            item.binding = recorded.bound.get(item.document.invoice_id, item.binding)
            if not move.state.is_open:
                self._leave(item)
        return [item for item in moves if item.id in recorded.moved]

    def _leave(self, item: Item) -> None:
        if item in self.items:
            self.items.remove(item)

    def batches(self, items: list[Item]) -> Iterator[list[Item]]:
        """The items in their order, in batches; those whose batch was refused go one by one."""
        return in_batches(items, self.batch_size, lambda item: item.id in self.singly)

    def try_singly(self, things: Iterable[Hashable], refusal: Refused | BadRequest) -> NoReturn:
        """End the pass after a whole call for several was refused; the next tries each alone.

        Before that they are looked up again, for the vendor does not say whether a refused batch
        was carried out in part.
        """
        self.singly.update(things)
        raise refusal
