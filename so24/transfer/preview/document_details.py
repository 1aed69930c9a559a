"""The details of a document that goes, as a preview tells them, and the facts they are made of.

All that goes into an order, a new customer or a new product is among them, under a name that people
know. What only a lane reads in 24SevenOffice (a project's id, the order that is credited) is there
by what it is looked for with. The hash of the made order is there as well: it goes with the
transfer, and the lane sends no document that it would make otherwise. The texts are made when
somebody asks for them: a document whose facts have not changed needs none.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import astuple, dataclass
from decimal import Decimal
from functools import lru_cache

from sqlmodel import Session

from so24.amounts import format_amount
from so24.dates import format_date
from so24.keys.key_categories import categories_of
from so24.keys.key_fields import KeyFields, format_kind, format_rate, name_kind
from so24.language.listing import list_with_and, list_with_or
from so24.language.said import join_said, say
from so24.office.values import NewOrder
from so24.store.documents.credits import Credited, read_credited
from so24.store.documents.documents import Document
from so24.store.tables.document_tables import Customer, DocumentKind, Invoice
from so24.store.tables.key_tables import Key, KeyMode, Numbers
from so24.transfer.lane.lane_document import LaneDocument
from so24.transfer.order.key_fields import wants_employee, wants_project
from so24.transfer.order.mapping import is_text, map_customer
from so24.transfer.preview.read_only_pass import ReadOnlyLane, hash_orders

Detail = tuple[str, str]
Details = tuple[Detail, ...]

WRITTEN = say("Fields of the order")  # their fingerprint, told where no other detail has changed
_FIELDS = (
    (say("Reference"), "reference"),
    (say("Name on the order"), "customer_name"),
    (say("KID"), "payment_id"),
    (say("Your reference"), "your_reference"),
    (say("Text"), "text"),
    (say("Invoice e-mail"), "invoice_email"),
    (say("Delivery date"), "delivery_date"),
    (say("Department in 24SevenOffice"), "department_id"),
)


@dataclass(frozen=True)
class Shared:
    """The details of a key and a customer, which many documents have; ``fact`` stands for them."""

    details: Details
    fact: str

    @classmethod
    def of(cls, details: Details) -> Shared:
        """These details, with a hash of them."""
        return cls(details, hash_facts(details))


def hash_facts(facts: object) -> str:
    """What stands for these facts: 64 hexadecimal digits, of how Python writes them."""
    return hashlib.sha256(repr(facts).encode()).hexdigest()


@dataclass(frozen=True)
class Going:
    """A document that goes, with all that its details are made of, as it was read.

    ``made_hash`` stands for all that is in the order: what is told of it besides is a fact of its
    own.
    """

    shared: Shared
    document: Document
    order: NewOrder
    products: Mapping[str, int]
    bound: str
    sought: Details
    made_hash: str

    def list_facts(self) -> tuple[object, ...]:
        """What differs wherever a detail would."""
        invoice = self.document.invoice
        lines = [
            (
                line.position,
                line.product_number,
                line.product_name,
                line.vat_rate,
                self.products.get(line.product_number),
            )
            for line in self.document.lines
        ]
        head = (
            invoice.invoice_date,
            invoice.due_date,
            invoice.net,
            invoice.vat,
            invoice.other_orders,
        )
        return self.shared.fact, self.bound, head, lines, self.sought, self.made_hash

    def describe(self) -> Details:
        """The details, as people read them."""
        return (
            *self.shared.details,
            (say("Products"), join_said(_list_products(self.document, self.products), ", ")),
            (say("Bound order"), self.bound),
            *_describe_head(self.document.invoice),
            *_describe_fields(self.order),
            *_describe_lines(self.document, self.order),
            *self.sought,
            (WRITTEN, self.made_hash),
        )


def see_lane(session: Session, lane: ReadOnlyLane) -> dict[int, Going]:
    """The documents that go by their ids; the pass is good for looking at only after that."""
    lane_pass = lane.lane_pass
    linked = {doc.id: doc.company_id for doc in lane_pass.documents}
    products = dict(lane_pass.products)
    invoices = [doc.invoice for doc in lane_pass.documents]
    notes = [each for each in invoices if each.kind is DocumentKind.CREDIT_NOTE]
    credited = read_credited(session, notes)
    made = hash_orders([lane])
    rules = tuple(_describe_key(lane_pass.key))
    shared: dict[tuple[int, int | None], Shared] = {}
    going: dict[int, Going] = {}
    for doc in lane_pass.documents:
        document, company_id = doc.document, linked[doc.id]
        card = document.invoice.customer_id, company_id
        if card not in shared:
            customer = _describe_customer(document.customer, company_id)
            shared[card] = Shared.of((*rules, *customer))
        sought = _describe_sought(document, lane_pass.key_lists.fields, credited.get(doc.id))
        going[doc.id] = Going(
            shared[card],
            document,
            lane_pass.order_for(doc),
            products,
            _name_bound(doc),
            tuple(sought),
            made[doc.id],
        )
    return going


def _describe_key(key: Key) -> Iterator[Detail]:
    yield say("Key"), say("{key}, company {company}", key=key.name, company=key.client_id)
    told = {"tolerance": format_amount(key.tolerance), "products": _describe_products(key)}
    yield (
        say("Rules"),
        say("for approval, tolerance {tolerance}, {products}", **told)
        if key.mode is KeyMode.APPROVAL
        else say("invoiced, tolerance {tolerance}, {products}", **told),
    )
    carried = say(
        "{fields}; tax codes {codes}",
        fields=key.carried or say("nothing more"),
        codes=key.tax_codes or say("none"),
    )
    yield say("Carries"), carried
    if key.numbers is Numbers.SAME:
        yield say("Numbers"), say("the same as RecMan's")


def _describe_products(key: Key) -> str:
    """The categories of new products, and the product of lines without a number."""
    categories = categories_of(key)
    usual = categories.usual
    told = [
        say("category {category}", category=f"{usual.name} ({usual.id})")
        if usual
        else say("category none")
    ]
    told += [
        say(
            "for {vat} {category}",
            vat=name_kind(format_kind(kind)),
            category=f"{each.name} ({each.id})",
        )
        for kind, each in categories.of_kinds
    ]
    default = say("default product {product}", product=key.default_product or say("none"))
    return join_said((*told, default), ", ")


def _describe_customer(customer: Customer, company_id: int | None) -> Iterator[Detail]:
    known = (
        say("not linked yet")
        if company_id is None
        else say("customer card {card}", card=company_id)
    )
    yield say("Customer"), join_said([customer.number, known], ", ")
    values = (str(value) for value in astuple(map_customer(customer)) if value is not None)
    yield say("Customer's card"), ", ".join(values)


def _name_bound(doc: LaneDocument) -> str:
    return str(doc.binding.order_id) if doc.binding else say("none")


def _list_products(document: Document, products: Mapping[str, int]) -> Iterator[str]:
    """Each product by its number; the name matters to one that is to be created."""
    lines = {line.product_number: line for line in document.lines if not is_text(line)}
    for number, line in sorted(lines.items()):
        yield _tell_product(number, line.product_name, products.get(number))


@lru_cache(maxsize=10_000)  # many documents have the same products, and lines of the same places
def _tell_product(number: str, name: str, product: int | None) -> str:
    if product is None:
        return say("{number} “{name}” not linked yet", number=number, name=name)
    return say("{number} is product {product}", number=number, product=product)


@lru_cache(maxsize=10_000)
def _name_line(position: int) -> str:
    return say("Line {line}", line=position)


def _describe_head(invoice: Invoice) -> Iterator[Detail]:
    yield say("Invoice date"), format_date(invoice.invoice_date)
    yield say("Due date"), format_date(invoice.due_date)
    amounts = format_amount(invoice.net), format_amount(invoice.vat)
    yield say("Net and VAT"), list_with_and(amounts)
    if invoice.other_orders:
        yield say("Not the same as"), say("orders {orders}", orders=invoice.other_orders)


def _describe_fields(order: NewOrder) -> Iterator[Detail]:
    for title, name in _FIELDS:
        value = getattr(order, name)
        if value is not None:
            yield title, format_date(value) if isinstance(value, dt.date) else str(value)


def _describe_lines(document: Document, order: NewOrder) -> Iterator[Detail]:
    for line, row in zip(document.lines, order.rows, strict=True):
        words = f"“{row.name}”"
        if row.quantity is not None and row.price is not None:
            words = say(
                "{product} “{name}”, {quantity} × {price}, {rate} % VAT",
                product=line.product_number,
                name=row.name,
                quantity=_write(row.quantity),
                price=_write(row.price),
                rate=format_rate(line.vat_rate),
            )
        if row.tax_code is not None:
            words = say("{line} by tax code {code}", line=words, code=row.tax_code)
        yield _name_line(line.position), words


def _describe_sought(
    document: Document, key_fields: KeyFields, credited: Credited | None
) -> Iterator[Detail]:
    """What a lane looks for in 24SevenOffice, by the document's own words."""
    invoice = document.invoice
    if wants_project(document, key_fields):
        yield say("Project"), f"{invoice.project_number} {invoice.project_name}".strip()
    if wants_employee(document, key_fields):
        yield say("Our reference"), invoice.our_reference
    if credited is not None:
        yield say("Credits"), _name_credited(invoice, credited)


def _name_credited(note: Invoice, credited: Credited) -> str:
    if note.credited_office_id is not None:
        return say("invoice {invoice} in 24SevenOffice", invoice=note.credited_office_id)
    originals = [each.invoice for each in credited.originals if each.invoice.series == note.series]
    names = [f"{each.series}-{each.number}" for each in originals]
    here = list_with_or(sorted(names)) or say("unknown")
    return say("invoice {invoice}, here {here}", invoice=note.credited_number, here=here)


def _write(number: Decimal) -> str:
    return format_rate(number).replace(".", ",")
