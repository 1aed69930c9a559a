"""One document in a pass of a lane, and the sentences about what is left of it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from so24.language.said import say
from so24.office.order_statuses import say_status
from so24.office.values import NewOrder, Order
from so24.reasons import Reason
from so24.store.documents.documents import Document
from so24.store.links.links import Binding, LinkedCard
from so24.store.tables.document_tables import Customer, Invoice
from so24.store.tables.transfer_tables import State, Transfer
from so24.store.transfers.transfers import Move
from so24.transfer.checks.finding import Finding
from so24.transfer.order.mapping import CreditTarget
from so24.transfer.order.what_is_there import DRAFT, Match


@dataclass(eq=False)
class LaneDocument:
    """One document in this pass: what the store says of its transfer and what was learnt since.

    ``made_hash`` is what the press of the button has bound the document to, empty where it has
    not. ``payload_hash`` is not empty once the intent to send a draft was committed; ``draft_id``
    is the order that the transfer names, bound or not. ``credited`` is what a credit note credits;
    ``fault`` says why it cannot be sent. ``made_id`` is the order that this pass has made,
    ``sent_as`` are the hashes that one of an earlier pass may have been sent as, empty where that
    is not known. ``customer`` is the one to whose card it goes: of a credit note perhaps the one
    whose invoice it credits. ``cards_alike`` are other cards that say to be the customer's: orders
    of the document may lie there too. ``retries`` is how often it was tried again by itself,
    ``confirmed_hash`` by what that may be; empty where it may not.
    """

    id: int
    document: Document
    state: State = State.QUEUED
    sent_at: dt.datetime | None = None
    payload_hash: str = ""
    draft_id: int | None = None
    made_hash: str = ""
    reason: Reason = Reason.NONE
    card: LinkedCard | None = None
    cards_alike: tuple[int, ...] = ()
    company_id: int | None = None
    binding: Binding | None = None
    match: Match | None = None
    order: NewOrder | None = None
    compared: bool = False
    refusal: str = ""
    remark: str = ""
    credited: CreditTarget | None = None
    fault: Finding | None = None
    made_id: int | None = None
    sent_as: frozenset[str] = frozenset()
    retries: int = 0
    confirmed_hash: str = ""
    customer: Customer = field(init=False)
    invoice: Invoice = field(init=False)
    invoice_id: int = field(init=False)

    def __post_init__(self) -> None:
        self.customer = self.document.customer
        self.invoice = self.document.invoice
        self.invoice_id = self.document.invoice_id

    @property
    def customer_id(self) -> int:
        """The id of the customer to whose card it goes."""
        return self.customer.row_id

    @property
    def order_id(self) -> int | None:
        """The order of this document as far as it is known."""
        return self.binding.order_id if self.binding else self.draft_id

    @property
    def seen_order_id(self) -> int | None:
        """The same, or else the order that the look-up has found to be the document's."""
        seen = self.match.order if self.match else None
        return self.order_id or (seen.order_id if seen else None)

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


def begin_document(row: Transfer, document: Document) -> LaneDocument:
    """A document as the store says at the beginning of a pass."""
    return LaneDocument(
        row.row_id,
        document,
        row.state,
        row.sent_at,
        row.payload_hash,
        row.order_id,
        row.made_hash,
        row.reason,
        retries=row.retries,
        confirmed_hash=row.confirmed_hash,
    )


def tell_left(order_id: int, status: str = DRAFT) -> str:
    """That an order stays in 24SevenOffice though its document goes no further, as a sentence."""
    if status == DRAFT:
        return say("Draft order {order} stays in 24SevenOffice, not invoiced.", order=order_id)
    return say(
        "Order {order} ({status}) stays in 24SevenOffice, not invoiced.",
        order=order_id,
        status=say_status(status),
    )


def tell_unbooked(doc: LaneDocument, order_id: int, status: str) -> str:
    """That an order was seen and was not invoiced, as a sentence.

    One that so24 has asked to be invoiced may be so yet: a call whose answer was lost lands late.
    """
    if not doc.may_be_booked:
        return tell_left(order_id, status)
    return say(
        "Order {order} was to be invoiced and was still seen as “{status}”; whether that comes yet "
        "is looked for.",
        order=order_id,
        status=say_status(status),
    )


def tell_known(doc: LaneDocument) -> str:
    """What is left of the document in 24SevenOffice, which cannot be asked; empty for nothing."""
    if doc.order_id is None:
        return ""
    if doc.may_be_booked:
        return say(
            "Order {order} was to be invoiced; whether it is could not be seen.", order=doc.order_id
        )
    return tell_left(doc.order_id)


def tell_strange(order_id: int | None) -> str:
    """That an order came back under another reference than it was sent with, as a sentence."""
    if not order_id:
        return say("24SevenOffice answered with an order, under another reference than was sent.")
    return say(
        "24SevenOffice answered with order {order}, under another reference than was sent.",
        order=order_id,
    )


def tell_gone(order_id: int) -> str:
    """That an order is not to be seen any more, as a sentence."""
    return say("Order {order} is deleted or inactive in 24SevenOffice.", order=order_id)


def tell_booked_too(order: Order, *, released: bool) -> str:
    """That a second order of a document is booked, as a sentence.

    ``released``: so24 had held it for deleted, and has booked another one in its place.
    """
    if released:
        return say(
            "Order {order}, which was held for deleted, is booked as well, as invoice {invoice}: "
            "one of the two is to be credited.",
            order=order.order_id,
            invoice=order.invoice_id,
        )
    return say(
        "Order {order} of this document is booked as well, as invoice {invoice}: if the other one "
        "is the same document, one of the two is to be credited.",
        order=order.order_id,
        invoice=order.invoice_id,
    )


def tell_order(order: Order) -> str:
    """Which order it is, and where it stands there, as a sentence."""
    return say("Order {order} ({status}).", order=order.order_id, status=say_status(order.status))
