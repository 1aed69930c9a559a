"""One pass of a lane: its state, and the only door by which a step records what it learnt."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace
from functools import partial
from typing import NoReturn, Protocol, TypeVar

from sqlmodel import Session

from so24.errors import BadRequest, Refused, RunCancelled
from so24.keys.routing import KeyScope
from so24.language.said import join_said, say
from so24.office.gateway import Office
from so24.office.outcomes import WrittenOrders
from so24.office.values import NewOrder, SaveOutcome
from so24.reasons import OFFICE_SPEAKS, Reason
from so24.store.documents.credits import Credited
from so24.store.evidence.sent_orders import Sending
from so24.store.links.links import Binding, LinkedCard, denied_customers, linked_cards
from so24.store.links.product_links import LinkedProduct, denied_products, linked_products
from so24.store.tables.document_tables import Invoice
from so24.store.tables.ground import now
from so24.store.tables.key_tables import Key
from so24.store.tables.transfer_tables import State
from so24.store.transfers.transfers import Move, Recorded
from so24.transfer.lane.batches import in_batches
from so24.transfer.lane.lane_document import LaneDocument
from so24.transfer.order.key_fields import NO_KEY_LISTS, KeyLists
from so24.transfer.order.mapping import is_text, map_order
from so24.transfer.order.which_product import ProductFile

Bound = Callable[[], WrittenOrders]  # a write with its pass and documents


class WritingAhead:
    """Requests by their purpose and the things that they carry; each is used once or not at all."""

    def __init__(self) -> None:
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="so24-writer")
        self._planned: list[tuple[object, tuple[object, ...], Bound]] = []
        self._begun: list[tuple[object, tuple[object, ...], Future[WrittenOrders]]] = []

    def plan(self, purpose: object, carried: Sequence[object], write: Bound) -> None:
        """Have a request written in another thread, as soon as :meth:`begin` says so."""
        self._planned.append((purpose, tuple(carried), write))

    def begin(self) -> None:
        """Begin to write what is planned: a call leaves now, and its answer will take a while."""
        for purpose, carried, write in self._planned:
            self._begun.append((purpose, carried, self._writer.submit(write)))
        self._planned.clear()

    def take(self, purpose: object, carried: Sequence[object]) -> WrittenOrders | None:
        """The request for this purpose and just these things, waited for; None without one.

        One that could not be written is left to be written again, where its refusal is expected.
        """
        wanted = (purpose, tuple(carried))
        for place, (*known, request) in enumerate(self._begun):
            if tuple(known) == wanted:
                del self._begun[place]
                wait([request])
                return None if request.exception() else request.result()
        return None

    def close(self) -> None:
        """Write nothing more."""
        self._writer.shutdown(cancel_futures=True)


T = TypeVar("T")


class Purpose(enum.Enum):
    """What a pass is for, and so what it may write in 24SevenOffice."""

    # in English: for who reads the code
    SEND = "everything that sending needs"
    # in English: for who reads the code
    LOOK = "nothing but to set second drafts inactive: the run was stopped"
    # in English: for who reads the code
    PREVIEW = "nothing at all"


class PassRecorder(Protocol):
    """Where a pass keeps what its steps learn: in the store, or for a preview in memory."""

    def read(self, work: Callable[[Session], T]) -> T:
        """Run a query on the store."""

    def read_credited(self, credit_notes: Sequence[Invoice]) -> Mapping[int, Credited]:
        """What each of these credit notes credits as far as is known, by its id."""

    def link_cards(self, found: Mapping[int, LinkedCard]) -> dict[int, LinkedCard]:
        """Keep cards seen in 24SevenOffice by customer; returns these links as they stand."""

    def keep_cards(self, cards: Mapping[int, LinkedCard]) -> None:
        """Keep how linked cards stand now, by customer."""

    def link_products(self, found: Mapping[str, LinkedProduct]) -> dict[str, LinkedProduct]:
        """Keep products seen there by product number; returns these links as they stand."""

    def replace_products(
        self, changes: Mapping[str, tuple[LinkedProduct, LinkedProduct | None]]
    ) -> None:
        """Keep what linked products are by now in place of what they were, None for no link."""

    def forget_links(self, customer_id: int, numbers: Collection[str]) -> None:
        """Forget these links, so that what they name is looked up again."""

    def release(self, binding: Binding) -> bool:
        """Unbind an order; False where the document is bound otherwise by now."""

    def record(
        self,
        moves: Mapping[int, Move],
        sent_before: Mapping[int, dt.datetime | None],
        intended: Collection[int] = (),
        sending: Sequence[Sending] = (),
    ) -> Recorded:
        """Keep moves by the documents' ids, as a compare-and-set for those in ``sent_before``.

        Those ``intended`` are about to be written; they are left out where the run was stopped.
        ``sending`` are the drafts among them, as they go out.
        """


Write = Callable[["LanePass", list[LaneDocument]], WrittenOrders]


@dataclass
class LanePass:
    """The state of one pass; a document leaves it when its transfer is no longer open.

    ``settle`` is how long a write may take to show. ``singly`` outlives the pass: documents by id,
    customers and products by kind and number, that were refused together and so are sent alone. So
    do ``refusals``: what 24SevenOffice said to documents, by id, that it would not invoice.
    ``created`` are the customers, by id, whose cards this pass has made.
    ``denied`` are the customers whom a person has told none of 24SevenOffice's cards to be, and
    ``denied_products`` the numbers that none of its products is. ``products`` are the ids of
    ``linked_products``; ``product_file`` is the list of all, where this pass has read it. In
    a preview ``going`` are the keys of the invoices, by id, that go before their credit notes.
    ``proven``: the lane has booked a document already, and so by which numbers.
    """

    key: Key
    documents: list[LaneDocument]
    recorder: PassRecorder
    settle: dt.timedelta
    batch_size: int
    singly: set[Hashable] = field(default_factory=set)
    refusals: dict[int, str] = field(default_factory=dict)
    purpose: Purpose = Purpose.SEND
    going: Mapping[int, KeyScope] = field(default_factory=dict)
    products: dict[str, int] = field(default_factory=dict)
    linked_products: dict[str, LinkedProduct] = field(default_factory=dict)
    product_file: ProductFile | None = None
    created: set[int] = field(default_factory=set)
    denied: Collection[int] = ()
    denied_products: Collection[str] = ()
    key_lists: KeyLists = NO_KEY_LISTS
    proven: bool = False
    written_ahead: WritingAhead = field(default_factory=WritingAhead)
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

    def read_links(self, session: Session) -> None:
        """Know the companies and products that the store links the documents to."""
        customers = {doc.customer_id for doc in self.documents}
        self.take_cards(linked_cards(session, self.organization_id, customers))
        self.denied = denied_customers(session, self.organization_id, customers)
        numbers = product_names(self.documents)
        self.take_products(linked_products(session, self.organization_id, numbers))
        self.denied_products = denied_products(session, self.organization_id, numbers)

    def take_cards(self, cards: Mapping[int, LinkedCard]) -> None:
        """Give the documents of these customers (by id) their cards."""
        for doc in self.documents:
            card = cards.get(doc.customer_id)
            if card is not None:
                doc.card, doc.company_id = card, card.id

    def take_products(self, links: Mapping[str, LinkedProduct | None]) -> None:
        """Know these links by product number; None: there is no link any more."""
        for number, link in links.items():
            self.linked_products.pop(number, None)
            self.products.pop(number, None)
            if link is not None:
                self.linked_products[number], self.products[number] = link, link.id

    def order_for(self, doc: LaneDocument) -> NewOrder:
        """What is sent for the document, by its customer's company and the products known."""
        if doc.company_id is None:
            raise RuntimeError("an order needs the customer's company")
        if doc.order is None:
            doc.order = map_order(
                doc.document, doc.company_id, self.products, self.key_lists, doc.credited
            )
        return doc.order

    def write_ahead(self, write: Write, documents: list[LaneDocument]) -> None:
        """Have the documents' requests written, batch by batch, while calls are under way."""
        for batch in self.batches(documents):
            self.written_ahead.plan(write, batch, partial(write, self, batch))

    def save(
        self, write: Write, documents: list[LaneDocument], ahead: WrittenOrders | None
    ) -> dict[LaneDocument, SaveOutcome]:
        """Save the documents' orders in one call, by the request written ahead if there is one."""
        written = ahead or write(self, documents)
        return dict(zip(documents, self.office.save_orders(written), strict=True))

    def move(self, moves: Mapping[LaneDocument, Move]) -> None:
        """Record moves; a document that is no longer open, here or in the store, leaves the pass.

        A move to *drafted* binds its order to the document in the same transaction, for ever; a
        document that has a binding already takes that one. Any end but *transferred* is a
        compare-and-set: a document that another worker has written since is left to that worker.
        """
        if moves:
            self._record(moves, {doc.id: doc.sent_at for doc in _ending_otherwise(moves)}, ())

    def intend(
        self,
        moves: Mapping[LaneDocument, Move],
        learnt: Mapping[LaneDocument, Move] | None = None,
        sending: Sequence[Sending] = (),
    ) -> list[LaneDocument]:
        """Commit the intent of a write by compare-and-set; returns what may be written.

        A document that another worker has written since this pass began is left to that worker,
        and so is one to be invoiced whose order is no longer the bound one. ``learnt`` are the
        moves that the call before has brought, recorded along with it, ``sending`` the drafts that
        are to go out by this, kept in full. Raises
        :class:`RunCancelled`, with nothing intended, where the run was stopped before.
        """
        learnt = learnt or {}
        sent_at = now()
        stamped = {
            doc: replace(move, values={**move.values, "sent_at": sent_at})
            for doc, move in moves.items()
        }
        before = {doc.id: doc.sent_at for doc in (*_ending_otherwise(learnt), *moves)}
        recorded = self._record({**learnt, **stamped}, before, {doc.id for doc in moves}, sending)
        if recorded.stopped:
            raise RunCancelled(say("The run was stopped."))
        return [doc for doc in moves if doc.id in recorded.moved]

    def refuse(self, documents: Iterable[LaneDocument], reason: Reason, words: str) -> None:
        """End these documents as refused by 24SevenOffice, in its own words."""
        self.move({doc: Move(State.REFUSED, reason, words) for doc in documents})

    def look_up_later(
        self, doc: LaneDocument, words: str, reason: Reason = Reason.LOOKING_UP
    ) -> Move:
        """Nobody knows what became of a write: it is looked up, and looked for once more after.

        ``reason`` says what the look-up waits for, if it has to wait. One that another worker has
        taken further meanwhile is left to it: what became of its write is known there.
        """
        later = {"look_again_at": self.next_look()}
        return Move(State.UNKNOWN, reason, words, later, comes_from=doc.state)

    def next_look(self) -> dt.datetime:
        """When to look for the first time at what a transfer has left behind at its end."""
        return now() + 2 * self.settle

    def _record(
        self,
        moves: Mapping[LaneDocument, Move],
        sent_before: Mapping[int, dt.datetime | None],
        intended: Collection[int],
        sending: Sequence[Sending] = (),
    ) -> Recorded:
        """Record the moves in one go, and let the documents follow."""
        completed = {doc.id: self._complete(doc, move) for doc, move in moves.items()}
        recorded = self.recorder.record(completed, sent_before, intended, sending)
        for doc, move in moves.items():
            if doc.id in recorded.moved:
                doc.take(move)
                doc.binding = recorded.bound.get(doc.invoice_id, doc.binding)
            if (doc.id not in recorded.moved or not move.state.is_open) and doc in self.documents:
                self.documents.remove(doc)
        return recorded

    def _complete(self, doc: LaneDocument, move: Move) -> Move:
        """The move; an end quotes 24SevenOffice, tells what became of other drafts, and may plan
        another look.
        """
        if move.state.is_open:
            return move
        quoted = bool(move.words) and move.reason in OFFICE_SPEAKS
        told = say("“{words}”.", words=move.words) if quoted else move.words
        words = join_said([told, doc.remark]) if doc.remark else told
        values = dict(move.values)
        if doc.card is not None:
            values |= {"company_id": doc.card.id, "card": str(doc.card)}
        if doc.sent_at and doc.may_be_there and move.state is not State.TRANSFERRED:
            # another worker's call may book it yet
            values.setdefault("look_again_at", self.next_look())
        return replace(move, words=words, values=values)

    def batches(self, documents: list[LaneDocument]) -> Iterator[list[LaneDocument]]:
        """The documents in their order, in batches; those whose batch was refused go one by one."""
        return in_batches(documents, self.batch_size, lambda doc: doc.id in self.singly)

    def try_singly(self, things: Iterable[Hashable], refusal: Refused | BadRequest) -> NoReturn:
        """End the pass after a whole call for several was refused; the next tries each alone.

        Before that they are looked up again, for the vendor does not say whether a refused batch
        was carried out in part.
        """
        self.singly.update(things)
        raise refusal


def product_names(documents: Iterable[LaneDocument]) -> dict[str, str]:
    """The names of the documents' products by number, in the order of the lines."""
    return {
        line.product_number: line.product_name
        for doc in documents
        for line in doc.document.lines
        if not is_text(line)
    }


def _ending_otherwise(moves: Mapping[LaneDocument, Move]) -> Sequence[LaneDocument]:
    """Those that end, and not as transferred."""
    return [doc for doc, move in moves.items() if not move.state.is_live]
