"""Which invoice in 24SevenOffice a credit note credits, and whether it may (pure).

It is the invoice of the same number series that so24 has transferred to the same company, or the
one whose number in 24SevenOffice a person has entered; a person's word goes first. The store says
what should be credited, 24SevenOffice whether it is there and booked. However two credit notes name
the same invoice, together they credit at most its total.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from types import MappingProxyType

from so24.amounts import format_amount
from so24.keys.key_fields import HOME_CURRENCY
from so24.keys.routing import KeyScope
from so24.language.listing import list_with_and
from so24.language.said import join_said, say
from so24.office.order_statuses import say_status
from so24.office.values import Order
from so24.reasons import Reason
from so24.store.documents.credits import Credited, Original, Sibling, SiblingPool
from so24.store.tables.document_tables import Customer, Invoice
from so24.store.tables.transfer_tables import State
from so24.transfer.checks.amounts import ROUNDING
from so24.transfer.checks.finding import Finding
from so24.transfer.order.mapping import CreditTarget
from so24.transfer.order.one_firm import are_one_firm
from so24.transfer.order.what_is_there import BOOKED

Mark = tuple[str, int, int]  # one name of a credited invoice: what kind of id, where, and the id


GOES_ALONG = CreditTarget()


def find_target(
    note: Invoice,
    credited: Credited,
    organization_id: int,
    going: Mapping[int, KeyScope] = MappingProxyType({}),
) -> CreditTarget | Finding:
    """Find what the credit note credits in this company, or say why it cannot go.

    ``going``: the keys by which invoices go before it in the same run, by our id.
    """
    stated = credited.stated_total
    if stated is not None and min(abs(stated - note.total), abs(stated - note.net)) > ROUNDING:
        words = say(
            "The Credit notes report says {stated}, its lines give {ours} with VAT.",
            stated=format_amount(stated),
            ours=format_amount(note.total),
        )
        return Finding(Reason.TOTALS_DISAGREE, words)
    if note.credited_office_id is not None:
        ours = _candidates(note, credited.originals, organization_id)
        if len(ours) == 1:
            fault = _check_original(note, credited, ours[0], organization_id)
            fault = fault or _check_sum(note, credited, ours[0], organization_id)
            if fault:
                return fault
        return CreditTarget(invoice_id=note.credited_office_id)
    if not note.credited_number:
        several = say(
            "The Credit notes report names several invoices: {invoices}.",
            invoices=credited.disputed,
        )
        return Finding(Reason.CREDIT_UNLINKED, several if credited.disputed else "")
    original = _find_original(note, credited)
    if isinstance(original, Finding):
        return original
    return (
        _check_original(note, credited, original, organization_id)
        or _check_sum(note, credited, original, organization_id)
        or _follow(original, organization_id, going)
    )


def check_entered(note: Invoice, credited: Credited, organization_id: int) -> Finding | None:
    """Why the invoice whose number there was entered cannot be meant: it is ours, and another's."""
    ours = _candidates(note, credited.originals, organization_id)
    return _check_original(note, credited, ours[0], organization_id) if len(ours) == 1 else None


def other_card_owner(note: Invoice, credited: Credited, organization_id: int) -> Customer | None:
    """The customer to whose card the credit note goes, where it is another one than its own.

    A firm that RecMan has given a new number keeps its invoices on its old card: a credit note goes
    to the card of the invoice that it credits, where both customers are surely one firm.
    """
    found = _candidates(note, credited.originals, organization_id)
    if len(found) != 1 or found[0].invoice.customer_id == note.customer_id:
        return None
    return found[0].customer if _are_one_firm(credited, found[0]) else None


def _are_one_firm(credited: Credited, original: Original) -> bool:
    one, other = credited.customer, original.customer
    return one is not None and other is not None and are_one_firm(one, other)


def check_order(
    note: Invoice,
    credited: Credited,
    target: CreditTarget,
    order: Order | None,
    company_id: int,
    organization_id: int,
) -> CreditTarget | Finding:
    """Whether the order that was read is one that the credit note may credit.

    ``company_id`` is the customer's in 24SevenOffice, ``organization_id`` the company of the books.
    """
    if order is None and target.invoice_id is not None:
        words = say("There is no invoice {invoice} in this company.", invoice=target.invoice_id)
        return Finding(Reason.CREDIT_NOT_FOUND, words)
    if order is None:
        words = say("Order {order} is not there any more.", order=target.order_id)
        return Finding(Reason.CREDIT_ORIGINAL, words)
    if order.status not in BOOKED or order.invoice_id is None:
        status = say_status(order.status)
        words = say("Order {order} is “{status}”.", order=order.order_id, status=status)
        return Finding(Reason.CREDIT_ORIGINAL_OPEN, words)
    if order.customer_id != company_id:
        words = say(
            "Invoice {invoice} in 24SevenOffice belongs to customer {theirs}, the credit note to "
            "{ours}.",
            invoice=order.invoice_id,
            theirs=order.customer_id,
            ours=company_id,
        )
        return Finding(Reason.CREDIT_MISMATCH, words)
    currency = order.currency or HOME_CURRENCY
    if currency != note.currency:
        words = say(
            "Invoice {invoice} in 24SevenOffice is in {theirs}, it is in {ours}.",
            invoice=order.invoice_id,
            theirs=currency,
            ours=note.currency,
        )
        return Finding(Reason.CREDIT_MISMATCH, words)
    name = say("invoice {invoice} in 24SevenOffice", invoice=order.invoice_id)
    ours = _candidates(note, credited.originals, organization_id)
    total = ours[0].invoice.total if len(ours) == 1 else order.total
    marks = _name_credited(note, credited.originals, organization_id) | {
        ("order", organization_id, order.order_id),
        ("number", organization_id, order.invoice_id),
    }
    return _exceeds(name, total, note, _find_siblings(credited, marks)) or CreditTarget(
        order.order_id, order.invoice_id
    )


class CreditQueue:
    """What is known of credit notes that are not in transfer yet, but will be together."""

    def __init__(self, credited: Mapping[int, Credited]) -> None:
        """``credited``: what the store knows of each, by its id."""
        self._credited = credited
        self._queued = SiblingPool()

    def facts_of(self, note: Invoice) -> Credited:
        """What a credit note credits, with those queued before it among its siblings."""
        known = self._credited.get(note.row_id, Credited())
        return replace(known, siblings=(*known.siblings, *self._queued.near(note)))

    def add(self, note: Invoice, organization_id: int) -> None:
        """Queue a credit note that goes to this company."""
        originals = self._credited.get(note.row_id, Credited()).originals
        self._queued.add(Sibling(note, organization_id, originals))


def queue_notes(
    notes: Sequence[Invoice], credited: Mapping[int, Credited], organization_id: int
) -> dict[int, Credited]:
    """What each of these credit notes credits, by its id; they go to one company in this order."""
    queue = CreditQueue(credited)
    facts: dict[int, Credited] = {}
    for note in notes:
        facts[note.row_id] = queue.facts_of(note)
        queue.add(note, organization_id)
    return facts


def _candidates(
    note: Invoice, originals: Iterable[Original], organization_id: int | None
) -> list[Original]:
    """Those that the credit note may mean: by the number there, or by ours in its series.

    By the number there only what was transferred, whose total was compared.
    """
    if note.credited_office_id is not None:
        return [
            each
            for each in originals
            if each.transfer
            and each.transfer.state is State.TRANSFERRED
            and each.transfer.organization_id == organization_id
        ]
    series = [each for each in originals if each.invoice.series == note.series]
    return [each for each in series if each.invoice.number == note.credited_number] or series


def _find_original(note: Invoice, credited: Credited) -> Original | Finding:
    found = _candidates(note, credited.originals, None)
    if len(found) > 1:
        names = list_with_and(sorted(_name(each.invoice) for each in found))
        return Finding(Reason.CREDIT_UNLINKED, say("It may be {documents}.", documents=names))
    if found:
        return found[0]
    sought = {"number": note.credited_number, "series": note.series}
    elsewhere = ", ".join(sorted(_name(each.invoice) for each in credited.originals))
    words = say("There is no invoice {number} in series {series} here.", **sought)
    if elsewhere:
        words = say(
            "There is no invoice {number} in series {series} here; there is {others}.",
            others=elsewhere,
            **sought,
        )
    return Finding(Reason.CREDIT_ORIGINAL, words)


def _check_original(
    note: Invoice, credited: Credited, original: Original, organization_id: int
) -> Finding | None:
    invoice = original.invoice
    card = credited.cards.get(organization_id)
    one_card = card is not None and card == original.cards.get(organization_id)
    is_own = invoice.customer_id == note.customer_id
    if not (is_own or one_card or _are_one_firm(credited, original)):
        return Finding(Reason.CREDIT_MISMATCH, _tell_other_customer(original))
    if invoice.currency != note.currency:
        words = say(
            "Invoice {invoice} is in {theirs}, it in {ours}.",
            invoice=_name(invoice),
            theirs=invoice.currency,
            ours=note.currency,
        )
        return Finding(Reason.CREDIT_MISMATCH, words)
    return None


def _tell_other_customer(original: Original) -> str:
    name, whose = _name(original.invoice), original.customer
    if whose is None:
        return say(
            "Invoice {invoice} belongs to another customer. If both are one firm, link them to one "
            "card on the page Customers.",
            invoice=name,
        )
    return say(
        "Invoice {invoice} belongs to another customer, {customer}. If both are one firm, link "
        "them to one card on the page Customers.",
        invoice=name,
        customer=f"{whose.number} {whose.name}",
    )


def _check_sum(
    note: Invoice, credited: Credited, original: Original, organization_id: int
) -> Finding | None:
    marks = _name_credited(note, credited.originals, organization_id)
    invoice = original.invoice
    siblings = _find_siblings(credited, marks)
    name = say("invoice {invoice}", invoice=_name(invoice))
    return _exceeds(name, invoice.total, note, siblings)


def _name_credited(
    note: Invoice, originals: Iterable[Original], organization_id: int | None
) -> set[Mark]:
    """All names of what the credit note credits: our invoice, its order, its number there."""
    marks: set[Mark] = set()
    for each in _candidates(note, originals, organization_id):
        marks.add(("ours", 0, each.invoice.row_id))
        if each.transfer is None or each.transfer.organization_id is None:
            continue
        where = each.transfer.organization_id
        if each.transfer.order_id is not None:
            marks.add(("order", where, each.transfer.order_id))
        if each.transfer.office_invoice_id is not None:
            marks.add(("number", where, each.transfer.office_invoice_id))
    if note.credited_office_id is not None and organization_id is not None:
        marks.add(("number", organization_id, note.credited_office_id))
    return marks


def _find_siblings(credited: Credited, marks: Collection[Mark]) -> list[Invoice]:
    """The credit notes before it that name the same invoice in any way."""
    return [
        each.note
        for each in credited.siblings
        if not _name_credited(each.note, each.originals, each.organization_id).isdisjoint(marks)
    ]


def _exceeds(
    name: str, total: Decimal | None, note: Invoice, siblings: Collection[Invoice]
) -> Finding | None:
    """All credit notes of an invoice, those on their way too, credit at most its total.

    ``name`` is the invoice's within a sentence.
    """
    sum_credited = -sum((each.total for each in siblings), note.total)
    if total is not None and sum_credited <= total:
        return None
    amount = format_amount(sum_credited)
    if total is None:
        words = say(
            "{amount} would be credited, nothing is known of {invoice}.",
            amount=amount,
            invoice=name,
        )
    else:
        words = say(
            "{amount} would be credited, {total} is the total of {invoice}.",
            amount=amount,
            total=format_amount(total),
            invoice=name,
        )
    listed = ", ".join(sorted(f"{each.series}-{each.number}" for each in siblings))
    others = say("Other credit notes of it: {documents}.", documents=listed) if siblings else ""
    return Finding(Reason.CREDIT_MISMATCH, join_said([words, others]))


def _follow(
    original: Original, organization_id: int, going: Mapping[int, KeyScope]
) -> CreditTarget | Finding:
    name = _name(original.invoice)
    along = going.get(original.invoice.row_id)
    if along is not None and along.client_id == organization_id:
        words = say(
            "Invoice {invoice} goes along as an order for approval, which this run does not book.",
            invoice=name,
        )
        return Finding(Reason.CREDIT_ORIGINAL_OPEN, words) if along.approval else GOES_ALONG
    transfer = original.transfer
    if transfer is None:
        words = say("Invoice {invoice} has not been exported.", invoice=name)
        return Finding(Reason.CREDIT_ORIGINAL, words)
    if not transfer.state.is_live:
        found = transfer.state is State.EXISTS and transfer.office_invoice_id
        seen = say("24SevenOffice has an invoice {invoice} that may be it.", invoice=found)
        words = say(
            "Invoice {invoice} was not transferred in run {run}.", invoice=name, run=transfer.run_id
        )
        return Finding(Reason.CREDIT_ORIGINAL, join_said([words, seen]) if found else words)
    if transfer.state is not State.TRANSFERRED:
        words = say(
            "Invoice {invoice} is in transfer in run {run}.", invoice=name, run=transfer.run_id
        )
        return Finding(Reason.CREDIT_ORIGINAL_OPEN, words)
    if transfer.organization_id != organization_id or transfer.order_id is None:
        words = say(
            "Invoice {invoice} was transferred to company {company}.",
            invoice=name,
            company=transfer.organization_id,
        )
        return Finding(Reason.CREDIT_ORIGINAL, words)
    return CreditTarget(order_id=transfer.order_id)


def _name(invoice: Invoice) -> str:
    return f"{invoice.series}-{invoice.number}"
