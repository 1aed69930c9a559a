"""What the store knows about orders, and what the sandbox's own books hold."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sqlmodel import select

from so24.installation import Installation
from so24.reasons import Reason
from so24.store.tables.document_tables import Invoice
from so24.store.tables.transfer_tables import OrderLink, Transfer, TransferEvent
from so24.transfer.order.mapping import reference_of
from so24.transfer.order.what_is_there import BOOKED, FOR_APPROVAL

Books = Mapping[int, Mapping[str, Any]]

_RETIRED = "was set inactive"


@dataclass(frozen=True)
class SeenOrder:
    """An order in the sandbox's books, with the documents that its reference names."""

    client: int
    id: int
    status: str
    reference: str
    invoice_id: int | None
    total: Decimal
    documents: tuple[int, ...]

    @property
    def name(self) -> str:
        return f"order {self.id} ({self.status}, {self.reference or 'no reference'})"


@dataclass
class Knowledge:
    """What the store knows about orders, by document."""

    documents: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    bound: set[tuple[int, int, int]] = field(default_factory=set)  # client, document, order
    named: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    invoices: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    words: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))

    def is_bound(self, order: SeenOrder, document: int) -> bool:
        return (order.client, document, order.id) in self.bound

    def is_invoiced(self, order: SeenOrder, document: int) -> bool:
        """Whether a person can read that this order is invoiced."""
        told = f"as invoice {order.invoice_id}."
        return order.invoice_id in self.invoices[document] or any(
            told in words for words in self.words[document]
        )

    def is_reported(self, order: SeenOrder, document: int) -> bool:
        """Whether a person can read that this order is still there."""
        sentences = [part for words in self.words[document] for part in words.split(". ")]
        return any(str(order.id) in each and _RETIRED not in each for each in sentences)

    def names(self, order: SeenOrder) -> bool:
        """Whether the store knows this order itself, not only its document."""
        return any(
            self.is_bound(order, document)
            or order.id in self.named[document]
            or self.is_reported(order, document)
            for document in order.documents
        )


def compare_transferred(transfer: Transfer, invoice: Invoice, order: SeenOrder | None) -> str:
    """What is wrong with calling this transferred; empty where the order is there as such."""
    if order is None:
        return f"is transferred as order {transfer.order_id}, which is not there"
    if order.reference != reference_of(invoice):
        return f"is transferred as {order.name}, which is another document's"
    waits = transfer.reason is Reason.WAITS_APPROVAL and order.status == FOR_APPROVAL
    if not waits and order.status not in BOOKED:
        return f"is transferred, but there is {order.name}"
    if not waits and transfer.office_invoice_id != order.invoice_id:
        return f"is transferred as invoice {transfer.office_invoice_id}, not {order.invoice_id}"
    if not order.total == invoice.total == transfer.office_total:
        return f"has total {invoice.total}, noted {transfer.office_total}, booked {order.total}"
    return ""


def read_knowledge(installation: Installation) -> Knowledge:
    known = Knowledge()
    with installation.db.reading() as session:
        for invoice in session.exec(select(Invoice)):
            known.documents[reference_of(invoice)].append(invoice.id or 0)
        for link in session.exec(select(OrderLink)):
            known.bound.add((link.organization_id, link.invoice_id, link.order_id or 0))
        for row in session.exec(select(Transfer)):
            known.named[row.invoice_id].add(row.order_id or 0)
            known.words[row.invoice_id].append(row.words)
            known.invoices[row.invoice_id].add(row.office_invoice_id or 0)
        for event in session.exec(select(TransferEvent)):
            known.named[event.invoice_id].add(event.order_id or 0)
    return known


def read_orders(books: Books, known: Knowledge) -> Iterator[SeenOrder]:
    for client, order in read_records(books, "orders"):
        reference = str(order.get("ReferenceNumber") or "").strip()
        yield SeenOrder(
            client=client,
            id=int(order["OrderId"]),
            status=str(order["OrderStatus"]),
            reference=reference,
            invoice_id=order.get("InvoiceId"),
            total=Decimal(str(order["OrderTotalIncVat"])),
            documents=tuple(known.documents.get(reference, ())),
        )


def read_records(books: Books, kind: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    for client, ledger in books.items():
        for record in ledger[kind]:
            yield client, record
