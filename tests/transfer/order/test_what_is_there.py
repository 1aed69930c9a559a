"""What orders seen in 24SevenOffice mean for a document, by table."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from so24.office.values import Order
from so24.transfer.order.what_is_there import Presence, match_orders
from tests.transfer.papers import DAY, invoice, order

COMPANY = 30001
BOOKED = order(status="Invoiced", invoice_id=10001)
FOREIGN = order(order_id=9, status="Invoiced", invoice_id=5, reference=None)


@pytest.mark.parametrize(
    ("bound", "seen", "presence"),
    [
        (None, [], Presence.ABSENT),
        (None, [order(reference="RM-10-1002")], Presence.ABSENT),
        (None, [order(reference="RC-10-1001")], Presence.ABSENT),
        (None, [order(status="Inactive")], Presence.ABSENT),
        (None, [order()], Presence.DRAFT),
        (None, [order(reference=" RM-10-1001 ")], Presence.DRAFT),
        (None, [BOOKED], Presence.EXISTS),
        (None, [order(status="ForInvoicing")], Presence.EXISTS),
        (None, [order(status="Web")], Presence.EXISTS),
        (None, [FOREIGN], Presence.PROBABLY),
        (20001, [order()], Presence.BOUND),
        (20001, [order(status="ForInvoicing")], Presence.BOUND),
        (20001, [BOOKED], Presence.BOOKED),
        (20001, [], Presence.ABSENT),
        (20001, [order(order_id=3, status="Invoiced", invoice_id=4)], Presence.EXISTS),
        (20001, [FOREIGN], Presence.ABSENT),
        (20001, [FOREIGN, order()], Presence.PROBABLY),
        (20001, [FOREIGN, order(status="ForInvoicing")], Presence.BOUND),
        (20001, [FOREIGN, BOOKED], Presence.BOOKED),
        (None, [FOREIGN, order()], Presence.PROBABLY),
        (20001, [FOREIGN, order(order_id=3)], Presence.ABSENT),
    ],
)
def test_the_bound_order_decides_then_our_reference_then_a_likeness(
    bound: int | None, seen: list[Order], presence: Presence
) -> None:
    assert match_orders(invoice(), COMPANY, bound, seen).presence is presence


@pytest.mark.parametrize(
    "unlike",
    [
        {"customer_id": 30002},
        {"date_invoiced": DAY + dt.timedelta(days=1)},
        {"total": Decimal("250.01")},
        {"status": "Web"},
        {"reference": "RM-10-1002"},
    ],
)
def test_a_likeness_needs_customer_date_and_total_and_no_reference_of_ours(
    unlike: dict[str, object],
) -> None:
    other = order(**{"status": "Invoiced", "reference": None, **unlike})
    assert match_orders(invoice(), COMPANY, None, [other]).presence is Presence.ABSENT


def test_an_order_that_a_person_declared_another_document_is_passed_over() -> None:
    declared = invoice(other_orders="8,9")
    assert match_orders(declared, COMPANY, None, [FOREIGN]).presence is Presence.ABSENT


def test_of_several_drafts_the_first_is_adopted_and_the_others_are_second_drafts() -> None:
    seen = [order(order_id=3), order(order_id=2), order(order_id=5)]
    found = match_orders(invoice(), COMPANY, None, seen)
    assert found.order is not None
    assert found.order.order_id == 2
    assert [each.order_id for each in found.second_drafts] == [3, 5]


def test_drafts_beside_the_bound_order_are_second_drafts() -> None:
    found = match_orders(invoice(), COMPANY, 20001, [BOOKED, order(order_id=3)])
    assert [each.order_id for each in found.second_drafts] == [3]


@pytest.mark.parametrize("reference", ["RM-10-1001", None])
@pytest.mark.parametrize("bound", [20001, None])
def test_our_own_draft_must_not_stay_beside_an_invoice_that_exists(
    bound: int | None, reference: str | None
) -> None:
    other = order(order_id=3, status="Invoiced", invoice_id=4, reference=reference)
    found = match_orders(invoice(), COMPANY, bound, [order(), other])
    assert found.order is other
    assert [each.order_id for each in found.second_drafts] == [20001]
