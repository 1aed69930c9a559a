"""What the orders seen in 24SevenOffice mean for one document (pure).

The order bound to the document decides once it is booked. Until then an order with our reference
that has left the draft state means that the document exists; an invoiced order of the same
customer, date and total without our reference probably is the same document, exported by RecMan
itself or by hand, and a person says; our drafts must not stay beside either. Else the bound order
goes on, and without a binding a draft with our reference is adopted.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from so24.office.values import Order
from so24.store.tables.document_tables import Invoice
from so24.transfer.order.mapping import reference_of

DRAFT = "Draft"
INVOICED: Final = "Invoiced"
FOR_APPROVAL: Final = "ForInvoicing"
INACTIVE = "Inactive"
BOOKED = frozenset({INVOICED, "InvoicedCashAccount", "InvoicedPack"})


class Presence(enum.StrEnum):
    """What was found, and so which step comes next."""

    ABSENT = "absent"  # nothing there: a draft may be sent
    BOUND = "bound"  # the bound order is there and not booked yet: compare it
    BOOKED = "booked"  # the bound order is booked, or waits for approval as asked: confirm it
    DRAFT = "draft"  # a draft of ours without a binding: adopt it
    EXISTS = "exists"  # another order with our reference has left the draft state
    PROBABLY = "probably"  # the same document without our reference


@dataclass(frozen=True)
class Match:
    """What is present, the order it rests on, and other drafts of ours that must not stay."""

    presence: Presence
    order: Order | None = None
    second_drafts: tuple[Order, ...] = ()


def match_orders(
    invoice: Invoice,
    company_id: int,
    bound_order: int | None,
    orders: Iterable[Order],
) -> Match:
    """What a document's customer's orders mean for it; ``Inactive`` orders do not count."""
    seen = [order for order in orders if order.status != INACTIVE]
    ours = sorted(
        (order for order in seen if (order.reference or "").strip() == reference_of(invoice)),
        key=lambda order: order.order_id,
    )
    bound = next((order for order in seen if order.order_id == bound_order), None)
    others = [order for order in ours if order.order_id != bound_order]
    seconds = tuple(order for order in others if order.status == DRAFT)
    if bound is not None and bound.status in BOOKED:
        return Match(Presence.BOOKED, bound, seconds)
    drafts = (*seconds, bound) if bound is not None and bound.status == DRAFT else seconds
    elsewhere = next((order for order in others if order.status != DRAFT), None)
    if elsewhere is not None:
        return Match(Presence.EXISTS, elsewhere, drafts)
    alike = next((order for order in seen if _is_alike(invoice, company_id, order)), None)
    # a bound order that is gone, or waits for approval, is told of by the steps that follow
    if alike is not None and (bound_order is None or (bound is not None and bound in drafts)):
        return Match(Presence.PROBABLY, alike, drafts)
    if bound is not None:
        return Match(Presence.BOUND, bound, seconds)
    if bound_order is None and seconds:
        return Match(Presence.DRAFT, seconds[0], seconds[1:])
    return Match(Presence.ABSENT, None, seconds)


def _is_alike(invoice: Invoice, company_id: int, order: Order) -> bool:
    """Same customer, date and total, booked, not ours, and not declared to be another document."""
    return (
        order.status in BOOKED
        and order.customer_id == company_id
        and not (order.reference or "").strip().startswith(("RM-", "RC-"))
        and order.date_invoiced == invoice.invoice_date
        and order.total == invoice.total
        and str(order.order_id) not in invoice.other_orders.split(",")
    )
