"""What there is to see of the documents of a lane: all that their orders will be made of, in words.

Everything of the store that goes into an order, a new customer or a new product is here under a
name that people know. What only a lane reads in 24SevenOffice (a project's id, the order that is
credited) is here by what it is looked for with.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import astuple
from decimal import Decimal

from so24.amounts import format_amount
from so24.dates import format_date
from so24.keys.key_fields import KeyFields, format_rate
from so24.office.values import NewOrder
from so24.store.documents.credits import Credited, read_credited
from so24.store.documents.documents import Document
from so24.store.tables.document_tables import Customer, DocumentKind, Invoice
from so24.store.tables.key_tables import Key, KeyMode
from so24.transfer.order.key_fields import wants_employee, wants_project
from so24.transfer.order.mapping import fingerprint_order, is_text, map_customer
from so24.transfer.preview.read_only_pass import Rehearsal, stand_in

Fact = tuple[str, str]
Facts = tuple[Fact, ...]

WRITTEN = "Fields of the order"  # a hash of all of them, told where no other fact has changed
_FIELDS = (
    ("Reference", "reference"),
    ("Name on the order", "customer_name"),
    ("KID", "payment_id"),
    ("Your reference", "your_reference"),
    ("Text", "text"),
    ("Invoice e-mail", "invoice_email"),
    ("Delivery date", "delivery_date"),
    ("Department in 24SevenOffice", "department_id"),
)


def gather_facts(rehearsal: Rehearsal) -> dict[int, Facts]:
    """The facts of each document by its id; the rehearsal is good for looking at only then."""
    linked = {item: item.company_id for item in rehearsal.items}
    products = dict(rehearsal.products)
    credited = _read_credited(rehearsal)
    stand_in(rehearsal)
    rules = tuple(_tell_key(rehearsal.key))
    facts: dict[int, Facts] = {}
    for item in rehearsal.items:
        document, order = item.document, rehearsal.order_for(item)
        facts[item.id] = (
            *rules,
            *_tell_customer(document.customer, linked[item]),
            ("Products", ", ".join(_list_products(document, products))),
            ("Bound order", str(item.binding.order_id) if item.binding else "none"),
            *_tell_head(document.invoice),
            *_tell_fields(order),
            *_tell_lines(document, order),
            *_tell_sought(document, rehearsal.key_lists.fields, credited.get(item.id)),
            (WRITTEN, fingerprint_order(order)[-16:]),
        )
    return facts


def _read_credited(rehearsal: Rehearsal) -> dict[int, Credited]:
    invoices = [item.document.invoice for item in rehearsal.items]
    notes = [each for each in invoices if each.kind is DocumentKind.CREDIT_NOTE]
    return rehearsal.read(lambda session: read_credited(session, notes)) if notes else {}


def _tell_key(key: Key) -> Iterator[Fact]:
    end = "for approval" if key.mode is KeyMode.APPROVAL else "invoiced"
    category = "none"
    if key.category_id is not None:
        category = f"{key.category_name} ({key.category_id})".strip()
    yield "Key", f"{key.name}, company {key.client_id}"
    yield "Rules", f"{end}, tolerance {format_amount(key.tolerance)}, category {category}"
    yield "Carries", f"{key.carried or 'nothing more'}; tax codes {key.tax_codes or 'none'}"


def _tell_customer(customer: Customer, company_id: int | None) -> Iterator[Fact]:
    known = "not linked yet" if company_id is None else f"company {company_id}"
    yield "Customer", f"{customer.number}, {known}"
    values = (str(value) for value in astuple(map_customer(customer)) if value is not None)
    yield "Customer's card", ", ".join(values)


def _list_products(document: Document, products: dict[str, int]) -> Iterator[str]:
    """Each product by its number; the name matters to one that is to be created."""
    lines = {line.product_number: line for line in document.lines if not is_text(line)}
    for number, line in sorted(lines.items()):
        if number in products:
            yield f"{number} is product {products[number]}"
        else:
            yield f"{number} “{line.product_name}” not linked yet"


def _tell_head(invoice: Invoice) -> Iterator[Fact]:
    yield "Invoice date", format_date(invoice.invoice_date)
    yield "Due date", format_date(invoice.due_date)
    yield "Net and VAT", f"{format_amount(invoice.net)} and {format_amount(invoice.vat)}"
    if invoice.other_orders:
        yield "Not the same as", f"orders {invoice.other_orders}"


def _tell_fields(order: NewOrder) -> Iterator[Fact]:
    for title, name in _FIELDS:
        value = getattr(order, name)
        if value is not None:
            yield title, format_date(value) if isinstance(value, dt.date) else str(value)


def _tell_lines(document: Document, order: NewOrder) -> Iterator[Fact]:
    for line, row in zip(document.lines, order.rows, strict=True):
        words = f"“{row.name}”"
        if row.quantity is not None and row.price is not None:
            amount = f"{_write(row.quantity)} × {_write(row.price)}"
            words = f"{line.product_number} {words}, {amount}, {format_rate(line.vat_rate)} % VAT"
        if row.tax_code is not None:
            words += f" by tax code {row.tax_code}"
        yield f"Line {line.position}", words


def _tell_sought(
    document: Document, key_fields: KeyFields, credited: Credited | None
) -> Iterator[Fact]:
    """What a lane looks for in 24SevenOffice, by the document's own words."""
    invoice = document.invoice
    if wants_project(document, key_fields):
        yield "Project", f"{invoice.project_number} {invoice.project_name}".strip()
    if wants_employee(document, key_fields):
        yield "Our reference", invoice.our_reference
    if credited is not None:
        yield "Credits", _name_credited(invoice, credited)


def _name_credited(note: Invoice, credited: Credited) -> str:
    if note.credited_office_id is not None:
        return f"invoice {note.credited_office_id} in 24SevenOffice"
    originals = [each.invoice for each in credited.originals if each.invoice.series == note.series]
    names = [f"{each.series}-{each.number}" for each in originals]
    return f"invoice {note.credited_number}, here {' or '.join(sorted(names)) or 'unknown'}"


def _write(number: Decimal) -> str:
    return f"{number.normalize():f}".replace(".", ",")
