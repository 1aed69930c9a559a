"""What orders seen in 24SevenOffice mean for a document, by table."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from so24.office.values import Order
from so24.transfer.lane.invoice import judge_booked
from so24.transfer.order.what_is_there import Presence, is_of_another, match_orders
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
        (20001, [], Presence.GONE),
        (20001, [order(order_id=3, status="Invoiced", invoice_id=4)], Presence.EXISTS),
        (20001, [FOREIGN], Presence.GONE),
        (20001, [FOREIGN, order()], Presence.PROBABLY),
        (20001, [FOREIGN, order(status="ForInvoicing")], Presence.BOUND),
        (20001, [FOREIGN, BOOKED], Presence.BOOKED),
        (None, [FOREIGN, order()], Presence.PROBABLY),
        (20001, [FOREIGN, order(order_id=3)], Presence.GONE),
    ],
)
def test_the_bound_order_decides_then_our_reference_then_a_likeness(
    bound: int | None, seen: list[Order], presence: Presence
) -> None:
    assert match_orders(invoice(), [COMPANY], bound, seen).presence is presence


@pytest.mark.parametrize(
    "unlike",
    [
        {"customer_id": 30002},
        {"date_invoiced": DAY + dt.timedelta(days=2)},
        {"total": Decimal("250.01")},
        {"status": "Web"},
        {"reference": "RM-10-1002"},
    ],
)
def test_a_likeness_needs_customer_date_and_total_and_no_reference_of_ours(
    unlike: dict[str, object],
) -> None:
    other = order(**{"status": "Invoiced", "reference": None, **unlike})
    assert match_orders(invoice(), [COMPANY], None, [other]).presence is Presence.ABSENT


@pytest.mark.parametrize("days", [-1, 1])
@pytest.mark.parametrize("reference", [None, "RM-11-1001", "RM-(1-0)-1001"])
def test_a_likeness_may_be_a_day_off_and_have_our_number_in_another_series(
    days: int, reference: str | None
) -> None:
    other = order(
        status="Invoiced", reference=reference, date_invoiced=DAY + dt.timedelta(days=days)
    )
    assert match_orders(invoice(), [COMPANY], None, [other]).presence is Presence.PROBABLY


def test_a_credit_note_of_the_same_number_is_no_likeness() -> None:
    other = order(status="Invoiced", reference="RC-11-1001")
    assert match_orders(invoice(), [COMPANY], None, [other]).presence is Presence.ABSENT


LOWER = order(order_id=3)


@pytest.mark.parametrize(
    ("reference", "is_anothers"),
    [
        ("RM-10-1001", False),
        (" RM-10-1001 ", False),
        ("RM-20-1001", True),
        ("RC-10-1001", True),
        ("rm-10-1001", False),  # an office that changes what it keeps
        ("their own", False),
        (None, False),
    ],
)
def test_an_order_of_another_company_may_have_the_bound_ones_number(
    reference: str | None, is_anothers: bool
) -> None:
    seen = order(reference=reference, status="Invoiced", invoice_id=7)
    assert is_of_another(invoice(), seen) is is_anothers
    end = judge_booked(invoice(), seen, Decimal(0), waits=False)
    assert (end is None) is is_anothers


def test_a_bound_draft_gives_way_to_a_lower_one_that_another_installation_holds() -> None:
    found = match_orders(invoice(), [COMPANY], 20001, [order(), LOWER], may_give_way=True)
    assert (found.presence, found.order) == (Presence.GIVES_WAY, LOWER)
    assert [each.order_id for each in found.second_drafts] == [20001]


def test_the_lowest_draft_stays_and_so_does_what_so24_has_set_about_invoicing() -> None:
    higher = order(order_id=20002)
    lowest = match_orders(invoice(), [COMPANY], 20001, [order(), higher], may_give_way=True)
    begun = match_orders(invoice(), [COMPANY], 20001, [order(), LOWER])
    assert (lowest.presence, begun.presence) == (Presence.BOUND, Presence.BOUND)
    assert (lowest.second_drafts, begun.second_drafts) == ((higher,), (LOWER,))


def test_a_draft_beside_a_bound_order_that_is_not_shown_is_left_to_be_taken() -> None:
    found = match_orders(invoice(), [COMPANY], 20001, [LOWER], may_give_way=True)
    assert (found.presence, found.order, found.second_drafts) == (Presence.GONE, LOWER, ())


def test_an_order_that_a_person_declared_another_document_is_passed_over() -> None:
    declared = invoice(other_orders="8,9")
    assert match_orders(declared, [COMPANY], None, [FOREIGN]).presence is Presence.ABSENT


def test_of_several_drafts_the_first_is_adopted_and_the_others_are_second_drafts() -> None:
    seen = [order(order_id=3), order(order_id=2), order(order_id=5)]
    found = match_orders(invoice(), [COMPANY], None, seen)
    assert found.order is not None
    assert found.order.order_id == 2
    assert [each.order_id for each in found.second_drafts] == [3, 5]


def test_drafts_beside_the_bound_order_are_second_drafts() -> None:
    found = match_orders(invoice(), [COMPANY], 20001, [BOOKED, order(order_id=3)])
    assert [each.order_id for each in found.second_drafts] == [3]


@pytest.mark.parametrize("reference", ["RM-10-1001", None])
@pytest.mark.parametrize("bound", [20001, None])
def test_our_own_draft_must_not_stay_beside_an_invoice_that_exists(
    bound: int | None, reference: str | None
) -> None:
    other = order(order_id=3, status="Invoiced", invoice_id=4, reference=reference)
    found = match_orders(invoice(), [COMPANY], bound, [order(), other])
    assert found.order is other
    assert [each.order_id for each in found.second_drafts] == [20001]
