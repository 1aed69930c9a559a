"""A stranger's hand inside the sandbox, and what so24 may still do after it.

A hand may book a document that so24 has on its way, and nobody can forbid it. What so24 promises
is this: *an invoice that its look-up can see stops it*. Where the hand invoices one of our drafts,
or enters an order with our reference, or one without it but with the customer, date and total of
the document, every pass of a lane that begins after that deed finds it and invoices nothing else.

What it cannot promise: the service has no way to say "invoice this unless another one exists". So
one order of ours may still be booked after the hand's deed

- where its invoicing had left before the deed and lands after it (a late write), and
- where the deed falls into a pass, after its look-up and before its invoicing has landed.

Neither is a second booking *by so24*: it books at most the one order bound to the document, in
every case. :meth:`Hand.breaches` is exact about both: it remembers at each deed what was booked,
which invoicing was in flight, and whether a pass was under way.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from so24.sandbox.wire.records import interface, items
from so24.store.documents.documents import Document, load_documents
from so24.store.links.links import customer_links
from so24.store.tables.document_tables import Invoice
from so24.transfer.order.mapping import customer_reference, reference_of
from tests.stateful.scene import KEYS, Scene

Books = Mapping[int, Mapping[str, Any]]
_SERVICE = "InvoiceService"


@dataclass(frozen=True)
class Deed:
    """An order that a hand has invoiced for a document.

    ``spared`` are the orders that so24 may have booked all the same, None where a pass was under
    way: then it may be any one.
    """

    invoice_id: int
    client: int
    order_id: int
    spared: frozenset[int] | None


class Hand:
    """Somebody who works in 24SevenOffice and knows nothing of so24."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self.deeds: list[Deed] = []

    @property
    def orders(self) -> set[tuple[int, int]]:
        """Client and id of every order that a hand has invoiced."""
        return {(deed.client, deed.order_id) for deed in self.deeds}

    def delete_draft(self, number: int) -> None:
        """Delete one of the drafts, if there are any."""
        if found := self._draft(number):
            client, order = found
            self._scene.edit("delete_draft", client, order_id=order["OrderId"])

    def invoice_draft(self, number: int, *, amid: bool) -> None:
        """Invoice one of our drafts as it stands; ``amid``: while a lane is at work."""
        if found := self._draft(number):
            client, order = found
            document = self._document_of(order)
            self._note(document, client, order["OrderId"], amid=amid)
            self._scene.edit("invoice_order", client, order_id=order["OrderId"])

    def enter_invoice(self, index: int, *, with_reference: bool, amid: bool) -> None:
        """Enter the document anew and invoice it, with our reference or without any."""
        document = self._document(index)
        client = KEYS[document.department.number][0]
        customer = self._company(document, client)
        for line in document.lines:
            self._make_product(client, line.product_number)
        before = self._spared(document, client, amid=amid)
        order = self._scene.edit(
            "create_order",
            client,
            customer_id=customer,
            rows=[
                {
                    "product_number": line.product_number,
                    "name": line.text,
                    "quantity": str(line.quantity),
                    "price": str(line.unit_price),
                }
                for line in document.lines
            ],
            reference=reference_of(document.invoice) if with_reference else None,
            status="Invoiced",
            invoice_date=document.invoice.invoice_date.isoformat(),
        )
        self.deeds.append(Deed(document.invoice_id, client, int(order["OrderId"]), before))

    def breaches(self) -> list[str]:
        """A sentence for each order that so24 booked although a look-up showed a hand's."""
        books = self._scene.books()
        return [breach for deed in self.deeds for breach in self._judge(deed, books)]

    def _judge(self, deed: Deed, books: Books) -> Iterator[str]:
        if deed.spared is None:
            return
        document = self._load(deed.invoice_id)
        orders = {order["OrderId"]: order for order in books[deed.client]["orders"]}
        if not self._is_visible(document, deed, orders[deed.order_id]):
            return
        for order_id in self._booked(document, deed.client, books[deed.client]):
            if order_id not in deed.spared and order_id != deed.order_id:
                yield (
                    f"I1: so24 booked order {order_id} of document {document.invoice.number} "
                    f"although a hand had invoiced it as order {deed.order_id}"
                )

    def _is_visible(self, document: Document, deed: Deed, order: Mapping[str, Any]) -> bool:
        """Whether the look-up for the document finds the hand's order and sees the likeness."""
        with self._scene.installation.db.reading() as session:
            links = customer_links(session, deed.client, [document.invoice.customer_id])
        if links.get(document.invoice.customer_id) != order["CustomerId"]:
            return False
        if order.get("ReferenceNumber") == reference_of(document.invoice):
            return True
        return Decimal(str(order["OrderTotalIncVat"])) == document.invoice.total

    def _note(self, document: Document, client: int, order_id: int, *, amid: bool) -> None:
        spared = self._spared(document, client, amid=amid)
        self.deeds.append(Deed(document.invoice_id, client, order_id, spared))

    def _spared(self, document: Document, client: int, *, amid: bool) -> frozenset[int] | None:
        if amid:
            return None
        booked = self._booked(document, client, self._scene.books()[client])
        return frozenset(booked) | self._in_flight(client)

    def _booked(self, document: Document, client: int, ledger: Mapping[str, Any]) -> set[int]:
        """The invoiced orders with the document's reference that no hand has invoiced."""
        return {
            order["OrderId"]
            for order in ledger["orders"]
            if order["OrderStatus"] == "Invoiced"
            and order.get("ReferenceNumber") == reference_of(document.invoice)
        } - {deed.order_id for deed in self.deeds if deed.client == client}

    def _in_flight(self, client: int) -> frozenset[int]:
        """The orders of which the invoicing was sent, and has not landed yet."""
        books = self._scene.server.sandbox.books
        with books.transaction():
            rows = books.rows(
                "select operation, body from late where client = ? and service = ?",
                client,
                _SERVICE,
            )
        return frozenset(
            order["OrderId"]
            for operation, body in rows
            for order in items(
                interface(_SERVICE).read(operation, body).get("invoices"), "InvoiceOrder"
            )
            if order.get("OrderStatus") == "Invoiced"
        )

    def _draft(self, number: int) -> tuple[int, Mapping[str, Any]] | None:
        drafts = [
            (client, order)
            for client, ledger in self._scene.books().items()
            for order in ledger["orders"]
            if order["OrderStatus"] == "Draft"
        ]
        return drafts[number % len(drafts)] if drafts else None

    def _document(self, index: int) -> Document:
        return self._load(self._scene.invoice_ids[index])

    def _document_of(self, order: Mapping[str, Any]) -> Document:
        documents = [self._load(each) for each in self._scene.invoice_ids]
        [found] = [
            each for each in documents if reference_of(each.invoice) == order["ReferenceNumber"]
        ]
        return found

    def _load(self, invoice_id: int) -> Document:
        with self._scene.installation.db.reading() as session:
            [document] = load_documents(session, [invoice_id])
        return document

    def _company(self, document: Document, client: int) -> int:
        """The customer's card, the linked one if there is a link; made by hand where none is."""
        customer: Invoice = document.invoice
        with self._scene.installation.db.reading() as session:
            linked = customer_links(session, client, [customer.customer_id])
        if linked:
            return linked[customer.customer_id]
        reference = customer_reference(document.customer)
        for company in self._scene.books()[client]["companies"]:
            if company.get("ExternalId") == reference:
                return int(company["Id"])
        made = self._scene.edit(
            "edit_company", client, Name=document.customer.name, ExternalId=reference
        )
        return int(made["Id"])

    def _make_product(self, client: int, number: str) -> None:
        products = self._scene.books()[client]["products"]
        if number not in {product.get("No") for product in products}:
            self._scene.edit("edit_product", client, No=number, Name=number, CategoryId=1)
