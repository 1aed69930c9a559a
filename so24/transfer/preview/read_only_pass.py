"""A pass that looks and decides by a lane's own steps, and writes nothing anywhere.

What a step would record is kept in memory: the links that were found and the ends that documents
would come to. Saving anything is a bug here, and stops the rehearsal before the call.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NoReturn, TypeVar

from sqlmodel import Session

from so24.installation import Installation
from so24.store.documents.documents import Document, load_documents
from so24.store.keys.keys import living_keys
from so24.store.tables.key_tables import Key
from so24.store.tables.transfer_tables import State
from so24.store.transfers.links import bindings
from so24.store.transfers.runs import NewTransfer
from so24.store.transfers.transfers import Move
from so24.transfer.lane.customers import recall_customers
from so24.transfer.lane.key_lists import read_key_fields
from so24.transfer.lane.lane_document import Item
from so24.transfer.lane.lane_pass import Journey
from so24.transfer.lane.products import product_names, recall_products

T = TypeVar("T")

# both ranges fit 24SevenOffice's 32 bits
_COMPANIES_FROM = 1_600_000_000
_PRODUCTS_FROM = 1_800_000_000
_ROOM = 200_000_000


@dataclass
class Rehearsal(Journey):
    """A journey whose moves and links stay in memory.

    ``endings`` holds what became of the items that have left it. While ``session`` is set, it
    reads there and nowhere else, so that what it sees is what a transaction sees.
    """

    session: Session | None = None
    endings: dict[Item, Move] = field(default_factory=dict)
    found_companies: dict[int, int] = field(default_factory=dict)
    found_products: dict[str, int] = field(default_factory=dict)

    @property
    def key_id(self) -> int:
        """The id of the key's row."""
        return self.key.row_id

    def read(self, work: Callable[[Session], T]) -> T:
        """Run a query in the given session, or in one of its own."""
        return super().read(work) if self.session is None else work(self.session)

    def known_companies(self, customer_ids: Collection[int]) -> dict[int, int]:
        """The linked companies, and those found meanwhile."""
        found = {
            ours: theirs for ours, theirs in self.found_companies.items() if ours in customer_ids
        }
        return found | super().known_companies(customer_ids)

    def remember_companies(self, found: Mapping[int, int]) -> None:
        """Keep what was found."""
        self.found_companies.update(found)

    def known_products(self, numbers: Collection[str]) -> dict[str, int]:
        """The linked products, and those found meanwhile."""
        found = {ours: theirs for ours, theirs in self.found_products.items() if ours in numbers}
        return found | super().known_products(numbers)

    def remember_products(self, found: Mapping[str, int]) -> None:
        """Keep what was found."""
        self.found_products.update(found)

    def move(self, moves: Mapping[Item, Move]) -> None:
        """Keep the ends that documents would come to; their items leave."""
        for item, move in moves.items():
            if move.state.is_open:
                raise RuntimeError("a rehearsal sends nothing")
            self.endings[item] = move
            self.items.remove(item)

    def intend(self, *_moves: Any, **_more: Any) -> NoReturn:
        """Nothing is to be written."""
        raise RuntimeError("a rehearsal intends no write")

    def save(self, *_orders: Any, **_more: Any) -> NoReturn:
        """Nothing is to be written."""
        raise RuntimeError("a rehearsal saves nothing")


def begin_rehearsal(
    installation: Installation, session: Session, key: Key, documents: Sequence[Document]
) -> Rehearsal:
    """A rehearsal of these documents by this key, with the links and bindings of the store.

    It goes on without ``session``, which may be closed then.
    """
    items = [
        Item(each.invoice_id, each, State.QUEUED, sent_at=None, payload_hash="", draft_id=None)
        for each in documents
    ]
    size = installation.settings.batch_size
    rehearsal = Rehearsal(installation, key, items, "preview", size, set(), session=session)
    recall_customers(rehearsal)
    recall_products(rehearsal)
    read_key_fields(rehearsal)
    ids = [each.invoice_id for each in documents]
    bound = bindings(session, rehearsal.organization_id, ids)
    for item in items:
        item.binding = bound.get(item.document.invoice_id)
    rehearsal.session = None
    return rehearsal


@dataclass(frozen=True)
class RehearsedPlan:
    """A plan with its documents by id, and one rehearsal for each key that something goes by."""

    planned: Sequence[NewTransfer]
    documents: Mapping[int, Document]
    lanes: tuple[Rehearsal, ...]


def rehearse_plan(
    installation: Installation, session: Session, planned: Sequence[NewTransfer]
) -> RehearsedPlan:
    """Begin a rehearsal of every lane of the plan; its documents stay in the plan's order."""
    ids = [each.invoice_id for each in planned]
    documents = {each.invoice_id: each for each in load_documents(session, ids)}
    going: dict[int | None, list[Document]] = {}
    for each in planned:
        if each.state is State.QUEUED:
            going.setdefault(each.key_id, []).append(documents[each.invoice_id])
    lanes = (
        begin_rehearsal(installation, session, key, going[key.id])
        for key in living_keys(session)
        if key.id in going
    )
    return RehearsedPlan(planned, documents, tuple(lanes))


def stand_in(rehearsal: Rehearsal) -> dict[int, str]:
    """Give every customer and product without a link a number to write orders with.

    Returns what each number stands for, in words. The same thing has the same number everywhere;
    the numbers lie where 24SevenOffice's own ids are not. Orders of such a rehearsal are for
    looking at only.
    """
    words: dict[int, list[str]] = {}
    for item in rehearsal.items:
        if item.company_id is None:
            customer = item.document.customer
            item.company_id = _COMPANIES_FROM + item.document.invoice.customer_id % _ROOM
            label = f"id of customer {customer.number}, not known yet"
            words.setdefault(item.company_id, []).append(label)
    for number in product_names(rehearsal.items):
        if number not in rehearsal.products:
            place = _PRODUCTS_FROM + zlib.crc32(number.encode()) % _ROOM
            rehearsal.products[number] = place
            words.setdefault(place, []).append(f"id of product {number}, not known yet")
    return {place: " or ".join(dict.fromkeys(labels)) for place, labels in words.items()}
