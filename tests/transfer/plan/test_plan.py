"""What will happen to a selected document, and the checks it must pass, by table."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from so24.keys.key_fields import KeyField, KeyFields
from so24.keys.routing import KeyScope
from so24.reasons import Reason
from so24.store.tables.document_tables import DocumentKind
from so24.store.tables.transfer_tables import State, Transfer
from so24.store.transfers.transfers import KnownOrder
from so24.transfer.checks.finding import CheckContext
from tests.transfer.papers import DAY, customer, document, invoice, line
from tests.transfer.plan.planning import plan_document, plan_documents

KEY = KeyScope(5, "Oslo", 10000001, False, frozenset({1}))


def test_a_sound_document_is_queued_for_its_departments_key() -> None:
    plan = plan_document(document(), [KEY], {})
    assert (plan.state, plan.key_id, plan.organization_id) == (State.QUEUED, 5, 10000001)


def test_a_department_without_a_key_ends_with_login() -> None:
    plan = plan_document(document(), [], {})
    assert (plan.state, plan.reason) == (State.LOGIN, "no_key")
    assert "Oslo" in plan.words


@pytest.mark.parametrize(
    ("state", "planned", "reason"),
    [
        (State.TRANSFERRED, State.EXISTS, "already_transferred"),
        (State.INVOICING, State.BLOCKED, "in_other_run"),
        (State.UNKNOWN, State.BLOCKED, "in_other_run"),
    ],
)
def test_a_document_that_is_live_elsewhere_is_not_sent(
    state: State, planned: State, reason: str
) -> None:
    live = Transfer(run_id="r", invoice_id=1, state=state)
    plan = plan_document(document(), [KEY], {1: live})
    assert (plan.state, plan.reason) == (planned, reason)


def test_documents_are_planned_in_the_order_of_recmans_numbers() -> None:
    papers = [document(invoice(id=n, number=str(n))) for n in (10, 9, 100)]
    assert [plan.invoice_id for plan in plan_documents(papers, [KEY], {})] == [9, 10, 100]


def test_a_document_known_in_another_company_is_not_booked_a_second_time() -> None:
    known = {1: [KnownOrder(10000009, 20001)]}
    plan = plan_document(document(), [KEY], {}, known)
    assert (plan.state, plan.reason) == (State.BLOCKED, "other_company")
    assert "order 20001 in company 10000009" in plan.words


def test_an_order_in_the_keys_own_company_is_left_to_the_look_up() -> None:
    known = {1: [KnownOrder(KEY.client_id, 20001)]}
    assert plan_document(document(), [KEY], {}, known).state is State.QUEUED


BROKEN: list[tuple[dict[str, Any], str]] = [
    ({"head": invoice(kind=DocumentKind.CREDIT_NOTE)}, "credit_mismatch"),
    ({"head": invoice(excluded=True)}, "excluded"),
    ({"head": invoice(held="Which kind?")}, "held"),
    ({"head": invoice(changed_after_export=True)}, "changed_after_export"),
    ({"head": invoice(date_assumed=True)}, "date_assumed"),
    ({"head": invoice(number="9" * 60)}, "too_long"),
    ({"head": invoice(due_date=DAY - dt.timedelta(days=1))}, "due_before_date"),
    ({"buyer": customer(address="")}, "customer_incomplete"),
    ({"buyer": customer(name="")}, "customer_incomplete"),
    ({"lines": ()}, "no_lines"),
    ({"lines": (line(product_number="", net=Decimal(0)),)}, "no_lines"),
    ({"lines": (line(product_number=""),)}, "line_without_product"),
    ({"lines": (line(quantity=Decimal(0)),)}, "line_arithmetic"),
    ({"lines": (line(quantity=Decimal(3)),)}, "line_arithmetic"),
    ({"head": invoice(stated_total=Decimal("1256.25"))}, "totals_disagree"),
    ({"head": invoice(stated_vat=Decimal("10.00"))}, "totals_disagree"),
    ({"lines": (line(text="bell \x07"),)}, "illegal_character"),
]


@pytest.mark.parametrize(("parts", "reason"), BROKEN)
def test_a_faulty_document_is_blocked_with_its_reason(parts: dict[str, Any], reason: str) -> None:
    plan = plan_document(document(**parts), [KEY], {})
    assert (plan.state, plan.reason) == (State.BLOCKED, reason)


def test_what_a_key_does_not_carry_is_blocked_by_the_plan_too() -> None:
    foreign = document(invoice(currency="EUR"))
    assert plan_document(foreign, [KEY], {}).reason == "foreign_currency"
    key_fields = replace(KEY, key_fields=KeyFields(frozenset({KeyField.CURRENCY})))
    assert plan_document(foreign, [key_fields], {}).state is State.QUEUED


def test_every_reason_that_the_checks_give_has_a_card() -> None:
    assert {reason for _, reason in BROKEN} <= set(Reason)


def test_the_first_error_decides_and_the_others_are_told_with_it() -> None:
    head = invoice(date_assumed=True, due_date=DAY - dt.timedelta(days=1))
    plan = plan_document(document(head, lines=(line(product_number=""),)), [KEY], {})
    assert plan.reason == "date_assumed"
    assert plan.words == (
        "Date to confirm: 02.11.2026. "
        "The due date is before the invoice date. It is due on 01.11.2026. "
        "A line has an amount but no product number. Line 1."
    )


def test_of_very_many_errors_only_some_are_written_out() -> None:
    lines = tuple(line(position=n, product_number="") for n in range(1, 101))
    plan = plan_document(document(lines=lines), [KEY], {})
    assert plan.words == "Line 1. Line 2. Line 3. Line 4. Line 5. Line 6. And 94 more."


def test_of_an_excluded_document_only_that_is_told() -> None:
    head = invoice(excluded=True, excluded_reason="Sent by hand.", currency="EUR")
    assert plan_document(document(head), [KEY], {}).words == "Sent by hand."


def test_a_document_of_a_closed_period_is_blocked() -> None:
    plan = plan_document(document(), [KEY], {}, context=CheckContext(closed_until=DAY))
    assert (plan.state, plan.reason) == (State.BLOCKED, "closed_period")
    assert "02.11.2026" in plan.words


def test_warnings_block_nothing() -> None:
    head = invoice(kid="602244")
    context = CheckContext(today=DAY - dt.timedelta(days=1), vat_rates=frozenset({Decimal(15)}))
    plan = plan_document(document(head), [KEY], {}, context=context)
    assert (plan.state, plan.words) == (State.QUEUED, "")
