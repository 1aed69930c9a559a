"""Which invoice in 24SevenOffice a credit note credits, and whether it may (pure).

It is the invoice of the same number series that so24 has transferred to the same company, or the
one whose number in 24SevenOffice a person has entered; a person's word goes first. The store says
what should be credited, 24SevenOffice whether it is there and booked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType

from so24.amounts import format_amount
from so24.keys.carrying import HOME_CURRENCY
from so24.office.values import Order
from so24.store.credits import Credited, Original, bare_number
from so24.store.document_tables import Invoice
from so24.store.transfer_tables import LIVE, State
from so24.transfer.check_amounts import ROUNDING
from so24.transfer.findings import Finding
from so24.transfer.judge import BOOKED
from so24.transfer.mapping import CreditedOrder


@dataclass(frozen=True)
class Target:
    """What is to be read in 24SevenOffice: our original's order, or the invoice entered.

    Both are None while the original goes along in the same run.
    """

    order_id: int | None = None
    entered: int | None = None


def find_target(
    note: Invoice,
    credited: Credited,
    organization_id: int,
    going: Mapping[int, int] = MappingProxyType({}),
) -> Target | Finding:
    """Find what the credit note credits in this company, or say why it cannot go.

    ``going``: invoices that go before it in the same run, with the company they go to.
    """
    stated = credited.stated_total
    if stated is not None and min(abs(stated - note.total), abs(stated - note.net)) > ROUNDING:
        words = f"The Credit notes report says {format_amount(stated)}, its lines give "
        return Finding("totals_disagree", f"{words}{format_amount(note.total)} with VAT.")
    if note.credited_office_id is not None:
        return Target(entered=note.credited_office_id)
    if not note.credited_number:
        return Finding("credit_unlinked")
    original = _find_original(note, credited)
    if isinstance(original, Finding):
        return original
    return _check_original(note, credited, original) or _follow(original, organization_id, going)


def check_order(
    note: Invoice, credited: Credited, target: Target, order: Order | None, company_id: int
) -> CreditedOrder | Finding:
    """Whether the order that was read is one that the credit note may credit."""
    if order is None and target.entered is not None:
        return Finding("credit_not_found", f"There is no invoice {target.entered} in this company.")
    if order is None:
        return Finding("credit_original", f"Order {target.order_id} is not there any more.")
    if order.status not in BOOKED or order.invoice_id is None:
        return Finding("credit_original_open", f"Order {order.order_id} is “{order.status}”.")
    name = f"Invoice {order.invoice_id} in 24SevenOffice"
    if order.customer_id != company_id:
        words = f"{name} belongs to customer {order.customer_id}, the credit note to {company_id}."
        return Finding("credit_mismatch", words)
    currency = order.currency or HOME_CURRENCY
    if currency != note.currency:
        return Finding("credit_mismatch", f"{name} is in {currency}, it is in {note.currency}.")
    others = [each for each in credited.siblings if each.credited_office_id == order.invoice_id]
    if target.entered is not None and (fault := _exceeds(name, order.total, note, others)):
        return fault
    return CreditedOrder(order.order_id, order.invoice_id)


def _find_original(note: Invoice, credited: Credited) -> Original | Finding:
    series = [each for each in credited.originals if each.invoice.series == note.series]
    found = [each for each in series if each.invoice.number == note.credited_number] or series
    if len(found) > 1:
        names = " and ".join(sorted(_name(each.invoice) for each in found))
        return Finding("credit_unlinked", f"It may be {names}.")
    if found:
        return found[0]
    words = f"There is no invoice {note.credited_number} in series {note.series} here"
    elsewhere = ", ".join(sorted(_name(each.invoice) for each in credited.originals))
    return Finding(
        "credit_original", f"{words}; there is {elsewhere}." if elsewhere else f"{words}."
    )


def _check_original(note: Invoice, credited: Credited, original: Original) -> Finding | None:
    invoice = original.invoice
    name = f"Invoice {_name(invoice)}"
    if invoice.customer_id != note.customer_id:
        return Finding("credit_mismatch", f"{name} belongs to another customer.")
    if invoice.currency != note.currency:
        return Finding(
            "credit_mismatch", f"{name} is in {invoice.currency}, it in {note.currency}."
        )
    booked_as = original.transfer.office_invoice_id if original.transfer else None
    others = [
        each
        for each in credited.siblings
        if (booked_as is not None and each.credited_office_id == booked_as)
        or (
            each.credited_office_id is None
            and each.series == note.series
            and bare_number(each) == bare_number(note)
        )
    ]
    return _exceeds(name, invoice.total, note, others)


def _exceeds(
    name: str, total: Decimal | None, note: Invoice, others: Iterable[Invoice]
) -> Finding | None:
    """All credit notes of an invoice, those on their way too, credit at most its total."""
    siblings = list(others)
    sum_credited = -sum((each.total for each in siblings), note.total)
    if total is not None and sum_credited <= total:
        return None
    whole = "nothing is known of" if total is None else f"{format_amount(total)} is the total of"
    words = f"{format_amount(sum_credited)} would be credited, {whole} {name[0].lower()}{name[1:]}."
    if siblings:
        listed = ", ".join(sorted(f"{each.series}-{each.number}" for each in siblings))
        words += f" Other credit notes of it: {listed}."
    return Finding("credit_mismatch", words)


def _follow(original: Original, organization_id: int, going: Mapping[int, int]) -> Target | Finding:
    name = f"Invoice {_name(original.invoice)}"
    if going.get(original.invoice.id or 0) == organization_id:
        return Target()
    transfer = original.transfer
    if transfer is None:
        return Finding("credit_original", f"{name} has not been exported.")
    if transfer.state not in LIVE:
        found = transfer.state is State.EXISTS and transfer.office_invoice_id
        seen = f" 24SevenOffice has an invoice {found} that may be it." if found else ""
        return Finding(
            "credit_original", f"{name} was not transferred in run {transfer.run_id}.{seen}"
        )
    if transfer.state is not State.TRANSFERRED:
        return Finding("credit_original_open", f"{name} is in transfer in run {transfer.run_id}.")
    if transfer.organization_id != organization_id or transfer.order_id is None:
        words = f"{name} was transferred to company {transfer.organization_id}."
        return Finding("credit_original", words)
    return Target(order_id=transfer.order_id)


def _name(invoice: Invoice) -> str:
    return f"{invoice.series}-{invoice.number}"
