"""What goes out: our documents, customers and products in 24SevenOffice's terms (pure)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from so24.firms.names import ends_in_legal_form
from so24.firms.numbers import number_to_write
from so24.keys.key_categories import kind_of
from so24.keys.key_fields import TaxKind
from so24.office.values import NewCompany, NewOrder, NewOrderRow, NewProduct, OrderToInvoice
from so24.store.documents.documents import Document, DocumentLine
from so24.store.tables.document_tables import Customer, DocumentKind, Invoice
from so24.transfer.order.key_fields import NO_KEY_LISTS, KeyLists, carried_fields, with_tax_codes

ORE = Decimal("0.01")
FINE = Decimal("0.000001")
REFERENCE_LENGTH = 50
NAME_LENGTH = 100
ROW_NAME_LENGTH = 300
PRODUCT_NAME_LENGTH = 125

# the form of the hashes; another form is another beginning, so that none is taken for the other
_HASH_FORM = "v2."
_HASH_LENGTH = 64
_KNOWN_SERIES = 1000

# of an order's fields: ids that every order has, and those that are found by something else
_NOT_TOLD = frozenset({"customer_id", "product_id"})
_LEFT_OUT = frozenset(
    {"rows", "project_id", "employee_id", "currency", "credited_invoice_id", "credited_order_id"}
)

OUR_CUSTOMERS = "RM-"  # what the ExternalId of every customer of ours begins with
_PREFIX = {DocumentKind.INVOICE: "RM", DocumentKind.CREDIT_NOTE: "RC"}


OUR_REFERENCES = tuple(f"{prefix}-" for prefix in _PREFIX.values())


def reference_of(invoice: Invoice) -> str:
    """The order's ReferenceNumber, by which the document is found again: ``RM-<series>-<number>``.

    No two documents have the same. At most 50 characters (24SevenOffice, InvoiceService data
    types).
    """
    return f"{_PREFIX[invoice.kind]}-{series_in_reference(invoice.series)}-{invoice.number}"


@lru_cache(_KNOWN_SERIES)
def series_in_reference(series: str) -> str:
    """The series, in brackets where its own hyphen could be taken for the one that ends it."""
    return f"({series})" if any(sign in series for sign in "-()") else series


def customer_reference(customer: Customer) -> str:
    """The company's ExternalId: ``RM-<RecMan customer no.>``."""
    return f"{OUR_CUSTOMERS}{customer.number}"


def row_amount(quantity: Decimal, price: Decimal) -> Decimal:
    """A row's net in 24SevenOffice: quantity times price, half-up to the øre."""
    return (quantity * price).quantize(ORE, ROUND_HALF_UP)


def row_price(line: DocumentLine) -> Decimal:
    """The unit price that reproduces the line's net.

    RecMan cuts a price to two decimals, so quantity times price may miss the net that the
    customer was billed; then the net is divided by the quantity, to six decimals.
    """
    if row_amount(line.quantity, line.unit_price) == line.net or not line.quantity:
        return line.unit_price
    return (line.net / line.quantity).quantize(FINE, ROUND_HALF_UP)


def is_text(line: DocumentLine) -> bool:
    """Whether the line carries words only: no product, no amount."""
    return not line.product_number and not line.net


def with_default_product(document: Document, number: str) -> Document:
    """The document with this product where a line has an amount and no product number.

    ``number`` is the key's choice, empty where it has none.
    """
    if not number or all(line.product_number or is_text(line) for line in document.lines):
        return document
    lines = (
        line if line.product_number or is_text(line) else line._replace(product_number=number)
        for line in document.lines
    )
    return replace(document, lines=tuple(lines))


def product_kinds(documents: Iterable[Document]) -> dict[str, TaxKind]:
    """The kind of VAT by product number, of the first line that has the product."""
    kinds: dict[str, TaxKind] = {}
    for document in documents:
        for line in document.lines:
            if not is_text(line):
                kinds.setdefault(line.product_number, kind_of(line.vat_rate, line.vat_category))
    return kinds


@dataclass(frozen=True)
class CreditTarget:
    """The order in 24SevenOffice that a credit note credits, and the invoice that it has become.

    A plan knows one of them at most: our invoice's order, or the invoice's number where a person
    has entered that; neither while the invoice goes along in the same run. A lane reads both.
    """

    order_id: int | None = None
    invoice_id: int | None = None


def map_rows(
    lines: Sequence[DocumentLine], products: Mapping[str, int], *, credit: bool = False
) -> tuple[NewOrderRow, ...]:
    """The rows to send, in the document's order; ``products``: our numbers to product ids.

    ``credit``: prices are positive, the sign is the quantity's.
    """
    rows: list[NewOrderRow] = []
    for line in lines:
        name = (line.text or line.product_name)[:ROW_NAME_LENGTH]
        if is_text(line):
            rows.append(NewOrderRow(product_id=None, name=name))
            continue
        quantity, price = line.quantity, row_price(line)
        if credit and price < 0:
            quantity, price = -quantity, -price
        rows.append(
            NewOrderRow(
                product_id=products[line.product_number],
                name=name,
                quantity=quantity,
                price=price,
            )
        )
    return tuple(rows)


def map_order(
    document: Document,
    company_id: int,
    products: Mapping[str, int],
    key_lists: KeyLists = NO_KEY_LISTS,
    credited: CreditTarget | None = None,
) -> NewOrder:
    """The draft order of a document, net prices; ``key_lists`` is what the key lets travel too.

    A credit note names what it ``credited`` and has negative quantities. That is the usual form;
    the vendor documents the two fields and not the sign.
    """
    invoice = document.invoice
    credit = invoice.kind is DocumentKind.CREDIT_NOTE
    days = (invoice.due_date - invoice.invoice_date).days if invoice.due_date else None
    rows = map_rows(document.lines, products, credit=credit)
    return NewOrder(
        customer_id=company_id,
        reference=reference_of(invoice),
        invoice_date=invoice.invoice_date,
        credit_days=days,
        rows=with_tax_codes(rows, document, key_lists.fields),
        customer_name=document.customer.name[:NAME_LENGTH],
        # in English: it is sent to 24SevenOffice
        title=f"RecMan {'credit note ' if credit else ''}{invoice.number}",
        organization_number=_number_of(document.customer) or None,
        credited_invoice_id=credited.invoice_id if credited else None,
        credited_order_id=credited.order_id if credited else None,
        **carried_fields(document, key_lists),
    )


def map_change(invoice: Invoice, order_id: int, company_id: int) -> OrderToInvoice:
    """What names an order of the document whose status is to be changed."""
    return OrderToInvoice(order_id, company_id, invoice.invoice_date, reference_of(invoice))


def map_customer(customer: Customer) -> NewCompany:
    """The company to create for a customer that 24SevenOffice does not know yet.

    A private person is who has neither an organization number nor a firm's name. A placeholder is
    no number, and is not written.
    """
    number = _number_of(customer)
    return NewCompany(
        external_id=customer_reference(customer),
        name=customer.name,
        is_person=not (number or ends_in_legal_form(customer.name)),
        organization_number=number or None,
        street=customer.address or None,
        postal_code=customer.postal_code or None,
        city=customer.city or None,
        country=customer.country or None,
        invoice_email=customer.invoice_email or None,
        credit_days=customer.credit_days,
    )


def _number_of(customer: Customer) -> str:
    return number_to_write(customer.organization_number, customer.country)


def map_product(number: str, name: str, category_id: int) -> NewProduct:
    """The product to create: RecMan's number and name, in the category of this id."""
    return NewProduct(number, (name or number)[:PRODUCT_NAME_LENGTH], category_id)


def fingerprint_order(order: NewOrder) -> str:
    """The hash of :func:`tell_order`, kept with the intent and in the history."""
    return fingerprint_told(tell_order(order))


def tell_order(order: NewOrder) -> str:
    """Everything that goes out, as the text that its hash is made of and that evidence shows.

    A Python literal: the fields of the order, then those of each row. Only the rate of a currency
    is left out: it is read anew whenever the order is written. Fields without a value do not count,
    so that one that is added later changes no older hash.
    """
    if order.currency is not None:
        order = replace(order, currency=replace(order.currency, rate=Decimal(1), unit=1))
    return repr((_list_filled(order), *map(_list_filled, order.rows)))


def fingerprint_made(order: NewOrder, document: Document, ending: str) -> str:
    """A hash of what the store alone decides about an order, the same whoever makes it and when.

    Left out are ids that 24SevenOffice gives: what they are found by counts instead. ``ending`` is
    what the key wants done with the order. By this a lane knows whether it would send what a
    person has seen.
    """
    invoice = document.invoice
    told = (
        _hash((_list_bare(order), *map(_list_bare, order.rows))),
        ending,
        invoice.currency,
        [line.product_number for line in document.lines],
        (invoice.credited_number, invoice.credited_office_id),
    )
    return _hash(told)


def is_fingerprint(payload_hash: str) -> bool:
    """Whether this is a hash of :func:`fingerprint_order`, and of its present form."""
    return payload_hash.startswith(_HASH_FORM)


def _hash(told: object) -> str:
    return fingerprint_told(repr(told))


def fingerprint_told(told: str) -> str:
    """The hash of an order as :func:`tell_order` tells it."""
    return (_HASH_FORM + hashlib.sha256(told.encode()).hexdigest())[:_HASH_LENGTH]


def _list_bare(sent: NewOrder | NewOrderRow) -> list[tuple[str, object]]:
    """The same with 0 for the customer and the product, and without other ids of its."""
    return [
        (name, 0 if name in _NOT_TOLD else value)
        for name, value in _list_fields(sent)
        if value is not None and name not in _LEFT_OUT
    ]


def _list_filled(sent: NewOrder | NewOrderRow) -> list[tuple[str, object]]:
    return [
        (name, value) for name, value in _list_fields(sent) if value is not None and name != "rows"
    ]


def _list_fields(sent: NewOrder | NewOrderRow) -> Iterable[tuple[str, object]]:
    if isinstance(sent, NewOrderRow):
        return zip(sent._fields, sent, strict=True)
    return vars(sent).items()


def list_ids(ids: Iterable[int]) -> str:
    """Ids as people read them: in order, with commas."""
    return ", ".join(str(each) for each in sorted(ids))
