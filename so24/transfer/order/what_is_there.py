"""What the orders seen in 24SevenOffice mean for one document (pure).

The order bound to the document decides once it is booked. Until then an order with our reference
that has left the draft state means that the document exists; an invoiced order of the same
customer, date and total without our reference probably is the same document, exported by RecMan
itself or by hand, and a person says; our drafts must not stay beside either. Else the bound order
goes on, and without a binding a draft with our reference is adopted.

Two installations at one company know nothing of each other's bindings; what both see are the
drafts. So they agree by them: the lowest one stays, and whose order is another one gives it up.
"""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final

from so24.office.values import Order
from so24.store.tables.document_tables import Invoice
from so24.transfer.order.mapping import OUR_REFERENCES, reference_of

DRAFT = "Draft"
INVOICED: Final = "Invoiced"
FOR_APPROVAL: Final = "ForInvoicing"
INACTIVE = "Inactive"
BOOKED = frozenset({INVOICED, "InvoicedCashAccount", "InvoicedPack"})
# a clock in another zone, or a hand, dates an invoice a day earlier or later
DAY_OFF = dt.timedelta(days=1)


class Presence(enum.StrEnum):
    """What was found, and so which step comes next."""

    ABSENT = "absent"  # nothing there: a draft may be sent
    BOUND = "bound"  # the bound order is there and not booked yet: compare it
    GIVES_WAY = (
        "gives way"  # in English: a code; the bound draft is to be given up for a lower one of ours
    )
    # the bound order is there, and a look at its card lacked it
    HALF_SHOWN = "half shown"  # in English: a code
    GONE = "gone"  # the bound order is not shown, or inactive
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
    cards: Collection[int],
    bound_order: int | None,
    orders: Iterable[Order],
    *,
    may_give_way: bool = False,
) -> Match:
    """What a document's customer's orders mean for it; ``Inactive`` orders do not count.

    ``cards`` are the customer's in 24SevenOffice.
    ``may_give_way``: the bound order is given up for a lower draft of ours, or for one that is
    there when it is gone itself. An order that so24 has set about invoicing must not be: that
    invoicing may land yet.
    """
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
    alike = next((order for order in seen if _is_alike(invoice, cards, order)), None)
    # a bound order that is gone, or waits for approval, is told of by the steps that follow
    if alike is not None and (bound_order is None or (bound is not None and bound in drafts)):
        return Match(Presence.PROBABLY, alike, drafts)
    if bound is not None:
        if may_give_way and drafts != seconds and seconds and seconds[0].order_id < bound.order_id:
            return Match(Presence.GIVES_WAY, seconds[0], (bound,))
        return Match(Presence.BOUND, bound, seconds)
    if bound_order is not None:
        # it may only not be shown yet; a draft that is seen now is taken when it has been released
        lowest = seconds[0] if seconds and may_give_way else None
        return Match(Presence.GONE, lowest, () if may_give_way else seconds)
    if seconds:
        return Match(Presence.DRAFT, seconds[0], seconds[1:])
    return Match(Presence.ABSENT)


def is_of_another(invoice: Invoice, order: Order) -> bool:
    """Whether an order, though its id is the bound one's, was made for another document of ours.

    Ids are a company's own: so it is where an account was moved to another company, and back, while
    its orders were read.
    """
    reference = (order.reference or "").strip()
    return reference.startswith(OUR_REFERENCES) and reference != reference_of(invoice)


def _is_alike(invoice: Invoice, cards: Collection[int], order: Order) -> bool:
    """Same customer, date (to a day) and total, booked, and not declared to be another document.

    One of ours is alike where it has the very number in another series, as when a department was
    given another number.
    """
    return (
        order.status in BOOKED
        and order.customer_id in cards
        and _may_be_of(invoice, (order.reference or "").strip())
        and order.date_invoiced is not None
        and abs(order.date_invoiced - invoice.invoice_date) <= DAY_OFF
        and order.total == invoice.total
        and str(order.order_id) not in invoice.other_orders.split(",")
    )


def _may_be_of(invoice: Invoice, reference: str) -> bool:
    """Whether an order with this reference, which is not the document's own, may be its order."""
    if not reference.startswith(OUR_REFERENCES):
        return True
    prefix = reference_of(invoice)[:3]
    return reference.startswith(prefix) and reference.endswith(f"-{invoice.number}")
