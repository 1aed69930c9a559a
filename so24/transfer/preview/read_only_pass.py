"""A pass by a lane's own steps that writes nothing: what they find and decide stays in memory."""

from __future__ import annotations

import datetime as dt
import zlib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from sqlmodel import Session

from so24.installation import Installation
from so24.keys.routing import KeyScope, scopes_of
from so24.language.listing import list_with_or
from so24.language.said import say
from so24.store.database.engine import Database
from so24.store.documents.credits import Credited
from so24.store.documents.documents import Document
from so24.store.evidence.sent_orders import Sending
from so24.store.keys.keys import living_keys
from so24.store.links.links import Binding, LinkedCard, bindings
from so24.store.links.product_links import LinkedProduct
from so24.store.tables.document_tables import DocumentKind, Invoice
from so24.store.tables.key_tables import Key
from so24.store.tables.transfer_tables import State
from so24.store.transfers.transfers import Move, Recorded
from so24.transfer.lane.credited_orders import find_card_owners
from so24.transfer.lane.key_lists import read_key_fields
from so24.transfer.lane.lane_document import LaneDocument
from so24.transfer.lane.lane_pass import LanePass, Purpose, product_names
from so24.transfer.order.mapping import fingerprint_made, with_default_product
from so24.transfer.plan.credit_notes import queue_notes
from so24.transfer.plan.plan import Plan

T = TypeVar("T")

# both ranges fit 24SevenOffice's 32 bits
_COMPANIES_FROM = 1_600_000_000
_PRODUCTS_FROM = 1_800_000_000
_ROOM = 200_000_000


@dataclass
class MemoryRecorder:
    """Records a pass in memory: the links that were found and the ends that documents come to.

    ``endings`` are by the document's id. ``notes`` are all credit notes that the run sends to this
    company, in its order, with what the store knows of them. ``doubted`` are the numbers whose
    linked products are not what they were.
    """

    db: Database
    organization_id: int
    notes: Sequence[Invoice] = ()
    credited: Mapping[int, Credited] = field(default_factory=dict)
    endings: dict[int, Move] = field(default_factory=dict)
    cards: dict[int, LinkedCard] = field(default_factory=dict)
    products: dict[str, LinkedProduct | None] = field(default_factory=dict)
    doubted: set[str] = field(default_factory=set)

    def read(self, work: Callable[[Session], T]) -> T:
        """Run a query in a reading session."""
        with self.db.reading() as session:
            return work(session)

    def read_credited(self, credit_notes: Sequence[Invoice]) -> Mapping[int, Credited]:
        """What these credit notes credit, each beside those before it that have not ended."""
        going = [note for note in self.notes if note.id not in self.endings]
        return queue_notes(going, self.credited, self.organization_id)

    def link_cards(self, found: Mapping[int, LinkedCard]) -> dict[int, LinkedCard]:
        """Keep what was found."""
        self.cards.update(found)
        return dict(found)

    def keep_cards(self, cards: Mapping[int, LinkedCard]) -> None:
        """Keep how linked cards stand now."""
        self.cards.update(cards)

    def link_products(self, found: Mapping[str, LinkedProduct]) -> dict[str, LinkedProduct]:
        """Keep what was found."""
        self.products.update(found)
        return dict(found)

    def replace_products(
        self, changes: Mapping[str, tuple[LinkedProduct, LinkedProduct | None]]
    ) -> None:
        """Keep what linked products are by now, and which of them are not what they were."""
        for number, (was, new) in changes.items():
            self.products[number] = new
            if new is None or new.read_at is None or new.id != was.id:
                self.doubted.add(number)

    def forget_links(self, customer_id: int, numbers: Collection[str]) -> None:
        """Forget what was found of these."""
        self.cards.pop(customer_id, None)
        for number in numbers:
            self.products.pop(number, None)

    def release(self, _binding: Binding) -> bool:
        """Nothing is bound in memory, so that nobody else can have bound another order."""
        return True

    def record(
        self,
        moves: Mapping[int, Move],
        _sent_before: Mapping[int, dt.datetime | None],
        _intended: Collection[int] = (),
        _sending: Sequence[Sending] = (),
    ) -> Recorded:
        """Keep the ends that documents come to; nobody else moves them."""
        ends = {each: move for each, move in moves.items() if not move.state.is_open}
        self.endings.update(ends)
        return Recorded(frozenset(moves), {})


@dataclass
class ReadOnlyLane:
    """A lane of a plan: the pass that writes nothing, and the recorder that it keeps things in."""

    lane_pass: LanePass
    recorder: MemoryRecorder


def begin_read_only(
    installation: Installation, session: Session, key: Key, documents: Sequence[Document]
) -> ReadOnlyLane:
    """A pass over these documents by this key, with the links and bindings of the store.

    It goes on without ``session``, which may be closed then. Its documents go by the invoices' ids.
    """
    recorder = MemoryRecorder(installation.db, key.client_id)
    settings = installation.settings
    filled = [with_default_product(each, key.default_product) for each in documents]
    lane_pass = LanePass(
        key,
        [LaneDocument(each.invoice_id, each) for each in filled],
        recorder,
        dt.timedelta(seconds=settings.settle),
        settings.batch_size,
        purpose=Purpose.PREVIEW,
        going=_list_going(key, documents),
    )
    find_card_owners(lane_pass, session)
    lane_pass.read_links(session)
    read_key_fields(lane_pass, session)
    ids = [doc.invoice_id for doc in lane_pass.documents]
    bound = bindings(session, lane_pass.organization_id, ids)
    for doc in lane_pass.documents:
        doc.binding = bound.get(doc.invoice_id)
    return ReadOnlyLane(lane_pass, recorder)


def begin_lanes(
    installation: Installation, session: Session, plan: Plan
) -> tuple[ReadOnlyLane, ...]:
    """A pass for every lane of the plan; its documents stay in the plan's order."""
    going: dict[int, list[Document]] = {}
    for new in plan.transfers:
        if new.state is State.QUEUED and new.key_id is not None:
            going.setdefault(new.key_id, []).append(plan.documents[new.invoice_id])
    return tuple(
        begin_read_only(installation, session, key, going[key.id])
        for key in living_keys(session)
        if key.id in going
    )


def stand_in(lane_pass: LanePass) -> dict[int, str]:
    """Give every customer and product without a link a number to write orders with.

    Returns what each number stands for, in words. The same thing has the same number everywhere;
    the numbers lie where 24SevenOffice's own ids are not. Orders of such a pass are for looking at
    only.
    """
    words: dict[int, list[str]] = {}
    for doc in lane_pass.documents:
        if doc.company_id is None:
            doc.company_id = _COMPANIES_FROM + doc.customer_id % _ROOM
            label = say("id of customer {customer}, not known yet", customer=doc.customer.number)
            words.setdefault(doc.company_id, []).append(label)
    for number in product_names(lane_pass.documents):
        if number not in lane_pass.products:
            place = _PRODUCTS_FROM + zlib.crc32(number.encode()) % _ROOM
            lane_pass.products[number] = place
            label = say("id of product {product}, not known yet", product=number)
            words.setdefault(place, []).append(label)
    return {place: list_with_or(dict.fromkeys(labels)) for place, labels in words.items()}


def hash_orders(lanes: Iterable[ReadOnlyLane]) -> dict[int, str]:
    """What a press of the button binds each document to, by its id; see ``fingerprint_made``.

    The passes are good for looking at only after that.
    """
    made: dict[int, str] = {}
    for lane_pass in (lane.lane_pass for lane in lanes):
        stand_in(lane_pass)
        ending = lane_pass.key.mode.value
        for doc in lane_pass.documents:
            made[doc.id] = fingerprint_made(lane_pass.order_for(doc), doc.document, ending)
    return made


def _list_going(key: Key, documents: Iterable[Document]) -> dict[int, KeyScope]:
    """The invoices among the documents, which go before their credit notes, with the key."""
    [scope] = scopes_of([key], ())
    return {
        each.invoice_id: scope
        for each in documents
        if each.invoice.kind is not DocumentKind.CREDIT_NOTE
    }
