"""One document on its way through a pass of a lane."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from so24.office.values import NewOrder
from so24.reasons import Reason
from so24.store.documents.documents import Document
from so24.store.tables.transfer_tables import State, Transfer
from so24.store.transfers.links import Binding
from so24.store.transfers.transfers import Move
from so24.transfer.checks.finding import Finding
from so24.transfer.order.mapping import CreditedOrder
from so24.transfer.order.what_is_there import DRAFT, Judgement


@dataclass(eq=False)
class Item:
    """One document in this pass: what the store says of its transfer and what was learnt since.

    ``payload_hash`` is not empty once the intent to send a draft was committed; ``draft_id`` is
    the order that the transfer names, bound or not. ``credited`` is what a credit note credits;
    ``fault`` says why it cannot be sent. ``made_id`` is the order that this pass has made,
    ``sent_as`` are the hashes that one of an earlier pass may have been sent as, empty where that
    is not known.
    """

    id: int
    document: Document
    state: State
    sent_at: dt.datetime | None
    payload_hash: str
    draft_id: int | None
    reason: Reason = Reason.NONE
    company_id: int | None = None
    binding: Binding | None = None
    judgement: Judgement | None = None
    order: NewOrder | None = None
    compared: bool = False
    refusal: str = ""
    remark: str = ""
    credited: CreditedOrder | None = None
    fault: Finding | None = None
    made_id: int | None = None
    sent_as: frozenset[str] = frozenset()

    @property
    def order_id(self) -> int | None:
        """The order of this document as far as it is known."""
        return self.binding.order_id if self.binding else self.draft_id

    @property
    def is_half_written(self) -> bool:
        """Whether a write of its draft or invoice has begun whose answer is not known."""
        drafting = self.state is State.PREPARING and bool(self.payload_hash)
        return drafting or self.state is State.INVOICING

    @property
    def may_be_there(self) -> bool:
        """Whether 24SevenOffice may have anything of it: a draft was sent, or there is an order."""
        return bool(self.payload_hash) or self.order_id is not None or self.is_half_written

    @property
    def may_be_booked(self) -> bool:
        """Whether so24 has ever set about invoicing its order, by this transfer or another."""
        return self.binding is not None and self.binding.invoicing_at is not None

    def take(self, move: Move) -> None:
        """Follow a move that the store has made."""
        self.state = move.state
        self.reason = move.reason
        self.sent_at = move.values.get("sent_at", self.sent_at)
        self.payload_hash = move.values.get("payload_hash", self.payload_hash)
        self.draft_id = move.values.get("order_id", self.draft_id)


def begin_item(row: Transfer, document: Document) -> Item:
    """An item as the store says at the beginning of a pass."""
    return Item(
        row.row_id, document, row.state, row.sent_at, row.payload_hash, row.order_id, row.reason
    )


def tell_left(order_id: int, status: str = DRAFT) -> str:
    """That an order stays in 24SevenOffice though its document goes no further, as a sentence."""
    name = f"Draft order {order_id}" if status == DRAFT else f"Order {order_id} ({status})"
    return f"{name} stays in 24SevenOffice, not invoiced."


def tell_known(item: Item) -> str:
    """What is left of the document in 24SevenOffice, which cannot be asked; empty for nothing."""
    if item.order_id is None:
        return ""
    if item.may_be_booked:
        return f"Order {item.order_id} was to be invoiced; whether it is could not be seen."
    return tell_left(item.order_id)


def tell_gone(order_id: int) -> str:
    """That an order is not to be seen any more, as a sentence."""
    return f"Order {order_id} is deleted or inactive in 24SevenOffice."
