"""What a preview has shown of each document, its fingerprint, and what has changed since.

A person confirms what was shown. The same details are gathered again in the transaction that starts
the run, from the store alone; 24SevenOffice itself is looked at by every lane anyway. All that goes
into an order, a new customer or a new product is among them, under a name that people know. What
only a lane reads in 24SevenOffice (a project's id, the order that is credited) is there by what it
is looked for with. The hash of the made order is there as well: it goes with the transfer, and the
lane sends no document that it would make otherwise.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import astuple, dataclass
from decimal import Decimal
from functools import cached_property

from sqlmodel import Session

from so24.amounts import format_amount
from so24.dates import format_date
from so24.errors import ChangedMeanwhile, Difference, WrongUse
from so24.keys.key_categories import categories_of
from so24.keys.key_fields import KeyFields, format_kind, format_rate, name_kind
from so24.language.listing import list_with_and, list_with_or
from so24.language.said import join_said, pack, say, say_count, unpack
from so24.office.values import NewOrder
from so24.people.desk import Desk
from so24.people.roles import Permission
from so24.store.documents.credits import Credited, read_credited
from so24.store.documents.documents import Document
from so24.store.tables.document_tables import Customer, DocumentKind, Invoice
from so24.store.tables.key_tables import Key, KeyMode, Numbers
from so24.store.tables.transfer_tables import State
from so24.store.transfers.runs import NewTransfer, keep_preview, kept_preview
from so24.transfer.lane.lane_document import LaneDocument
from so24.transfer.order.key_fields import wants_employee, wants_project
from so24.transfer.order.mapping import is_text, map_customer
from so24.transfer.plan.plan import Plan
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
_PLANNED = "Plan"  # a name in the previews that are kept, which people read as:
_SHOWN_NAMES = {_PLANNED: say("What happens")}
_NOT_CHOSEN = say("not selected")
_CHOSEN = say("selected")
_TOTAL = say("Total")


@dataclass(frozen=True)
class ShownDocument:
    """The details of one document, as pairs of a name and a text; ``number`` with its series."""

    invoice_id: int
    number: str
    details: Details

    @property
    def made_hash(self) -> str:
        """The fingerprint of its order as it was made for the preview; empty where none goes."""
        return dict(self.details).get(WRITTEN, "")


@dataclass(frozen=True)
class ShownPreview:
    """All that a preview rests on, in the order of the documents' ids."""

    documents: tuple[ShownDocument, ...]

    @cached_property
    def fingerprint(self) -> str:
        """A hash of all details: 64 hexadecimal digits."""
        return hashlib.sha256(write_shown(self).encode()).hexdigest()


@dataclass(frozen=True)
class Confirmation:
    """What a person has said yes to, and the ids of all documents that are chosen now."""

    shown: ShownPreview
    chosen: tuple[int, ...]

    @classmethod
    def of(cls, shown: ShownPreview) -> Confirmation:
        """Just the documents that were shown."""
        return cls(shown, tuple(each.invoice_id for each in shown.documents))


def write_shown(shown: ShownPreview) -> str:
    """The details as JSON, in English, always the same text for the same details."""
    return _write_rows(shown, str)


def write_kept(shown: ShownPreview) -> str:
    """The same with what the details are made of, so that they can be told in any language."""
    return _write_rows(shown, pack)


def _write_rows(shown: ShownPreview, write: Callable[[str], str]) -> str:
    rows = [
        [each.invoice_id, each.number, [(write(name), write(text)) for name, text in each.details]]
        for each in shown.documents
    ]
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":"))


def read_shown(text: str) -> ShownPreview:
    """The details that :func:`write_shown` or :func:`write_kept` has written."""
    return ShownPreview(
        tuple(
            ShownDocument(
                invoice_id, number, tuple((unpack(name), unpack(told)) for name, told in details)
            )
            for invoice_id, number, details in json.loads(text)
        )
    )


def keep_shown(desk: Desk, shown: ShownPreview) -> None:
    """Keep what was shown for a while, to be confirmed by its fingerprint in another process."""
    with desk.writing(Permission.EXPORT) as session:
        keep_preview(session, shown.fingerprint, write_kept(shown), desk.actor.name)


def read_kept(desk: Desk, fingerprint: str) -> ShownPreview:
    """What was shown under this fingerprint; raises :class:`WrongUse` where that is not known."""
    with desk.reading(Permission.EXPORT) as session:
        details = kept_preview(session, fingerprint.strip().lower())
    if details is None:
        raise WrongUse(
            say(
                "No dry run of the last two weeks has this fingerprint. Nothing was sent: make a "
                "new dry run and confirm that."
            )
        )
    return read_shown(details)


def show_plan(session: Session, plan: Plan, lanes: Iterable[ReadOnlyLane]) -> ShownPreview:
    """Gather what there is to see of a plan; its passes are good for looking at only after that."""
    details: dict[int, Details] = {}
    for lane in lanes:
        details |= list_details(session, lane)
    shown = [
        ShownDocument(
            new.invoice_id,
            _number(plan.documents[new.invoice_id]),
            (
                *_describe_plan(new, plan.documents[new.invoice_id]),
                *details.get(new.invoice_id, ()),
            ),
        )
        for new in plan.transfers
    ]
    return ShownPreview(tuple(sorted(shown, key=lambda each: each.invoice_id)))


def require_unchanged(was: ShownPreview, now: ShownPreview) -> None:
    """Raise :class:`ChangedMeanwhile` with all differences, if there are any."""
    differences = tuple(list_differences(was, now))
    if not differences:
        return
    count = len({each.document for each in differences})
    raise ChangedMeanwhile(
        say_count(
            "Nothing was sent: {number} document is not as the preview has shown. Look at the "
            "differences and confirm again.",
            "Nothing was sent: {number} documents are not as the preview has shown. Look at the "
            "differences and confirm again.",
            count,
        ),
        differences,
    )


def list_differences(was: ShownPreview, now: ShownPreview) -> Iterator[Difference]:
    """What differs, by document and detail; a document of one side only is one difference."""
    before = {each.invoice_id: each for each in was.documents}
    after = {each.invoice_id: each for each in now.documents}
    for invoice_id in sorted({*before, *after}):
        old, new = before.get(invoice_id), after.get(invoice_id)
        if old is None or new is None:
            number = (old or new or now.documents[0]).number
            words = (_NOT_CHOSEN, _CHOSEN) if old is None else (_CHOSEN, _NOT_CHOSEN)
            yield Difference(number, say("Selection"), *words)
            continue
        yield from _compare_facts(new.number, dict(old.details), dict(new.details))


def _compare_facts(number: str, was: dict[str, str], now: dict[str, str]) -> Iterator[Difference]:
    found = [
        Difference(number, _SHOWN_NAMES.get(name, name), was.get(name, ""), now.get(name, ""))
        for name in dict.fromkeys((*was, *now))
        if was.get(name, "") != now.get(name, "")
    ]
    if was.get(_PLANNED) != now.get(_PLANNED):  # the rest follows from that
        found = [each for each in found if each.what in (_SHOWN_NAMES[_PLANNED], _TOTAL)]
    told = [each for each in found if each.what != WRITTEN]
    yield from told or found


def _describe_plan(new: NewTransfer, document: Document) -> Details:
    why = join_said([new.reason.card.sentence, new.words])
    invoice = document.invoice
    return (
        (_PLANNED, say("will be sent") if new.state is State.QUEUED else why),
        (_TOTAL, format_amount(invoice.total, invoice.currency)),
    )


def _number(document: Document) -> str:
    return f"{document.invoice.series}-{document.invoice.number}"


def list_details(session: Session, lane: ReadOnlyLane) -> dict[int, Details]:
    """The details of each document by its id; the pass is good for looking at only after that."""
    lane_pass = lane.lane_pass
    linked = {doc.id: doc.company_id for doc in lane_pass.documents}
    products = dict(lane_pass.products)
    invoices = [doc.invoice for doc in lane_pass.documents]
    notes = [each for each in invoices if each.kind is DocumentKind.CREDIT_NOTE]
    credited = read_credited(session, notes)
    made = hash_orders([lane])
    rules = tuple(_describe_key(lane_pass.key))
    customers: dict[tuple[int, int | None], Details] = {}  # many documents are one customer's
    details: dict[int, Details] = {}
    for doc in lane_pass.documents:
        document, order = doc.document, lane_pass.order_for(doc)
        card = document.invoice.customer_id, linked[doc.id]
        if card not in customers:
            customers[card] = tuple(_describe_customer(document.customer, linked[doc.id]))
        details[doc.id] = (
            *rules,
            *customers[card],
            (say("Products"), join_said(_list_products(document, products), ", ")),
            (say("Bound order"), _name_bound(doc)),
            *_describe_head(doc.invoice),
            *_describe_fields(order),
            *_describe_lines(document, order),
            *_describe_sought(document, lane_pass.key_lists.fields, credited.get(doc.id)),
            (WRITTEN, made[doc.id]),
        )
    return details


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
        else say("company {company}", company=company_id)
    )
    yield say("Customer"), join_said([customer.number, known], ", ")
    values = (str(value) for value in astuple(map_customer(customer)) if value is not None)
    yield say("Customer's card"), ", ".join(values)


def _name_bound(doc: LaneDocument) -> str:
    return str(doc.binding.order_id) if doc.binding else say("none")


def _list_products(document: Document, products: dict[str, int]) -> Iterator[str]:
    """Each product by its number; the name matters to one that is to be created."""
    lines = {line.product_number: line for line in document.lines if not is_text(line)}
    for number, line in sorted(lines.items()):
        if number in products:
            yield say("{number} is product {product}", number=number, product=products[number])
        else:
            name = line.product_name
            yield say("{number} “{name}” not linked yet", number=number, name=name)


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
        yield say("Line {line}", line=line.position), words


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
