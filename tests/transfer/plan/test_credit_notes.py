"""Which invoice a credit note credits, and whether it may, by table."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from so24.keys.routing import KeyScope
from so24.office.values import Order
from so24.reasons import Reason
from so24.store.documents.credits import Credited, Original, Sibling
from so24.store.tables.document_tables import Invoice
from so24.store.tables.transfer_tables import State, Transfer
from so24.transfer.checks.finding import Finding
from so24.transfer.order.mapping import CreditTarget
from so24.transfer.plan.credit_notes import check_order, find_target
from tests.transfer.papers import credit_note, document, invoice, line, order
from tests.transfer.plan.planning import plan_document, plan_documents

CLIENT = 10000001
KEY = KeyScope(5, "Oslo", CLIENT, False, frozenset({1}), credit_notes=True)
NOTE_LINES = (line(quantity=Decimal(-2), net=Decimal("-200.00")),)


def going_by(client: int, *, approval: bool = False) -> KeyScope:
    """The key by which an invoice goes before its credit note in the same run."""
    return KeyScope(1, "key", client, True, frozenset(), approval=approval)


def sent(state: State = State.TRANSFERRED, **changes: Any) -> Transfer:
    values: dict[str, Any] = {
        "run_id": "r1",
        "invoice_id": 1,
        "organization_id": CLIENT,
        "state": state,
        "order_id": 20001,
        "office_invoice_id": 10001,
    }
    return Transfer(**{**values, **changes})


def facts(
    original: Invoice | None = None, transfer: Transfer | None = None, **more: Any
) -> Credited:
    return Credited(originals=(Original(original or invoice(), transfer),), **more)


def sibling(total: str, original: Invoice | None = None, **changes: Any) -> Sibling:
    """Another credit note in the same company, of invoice 1001 unless told otherwise."""
    note = credit_note(id=8, number="9000", total=Decimal(total), **changes)
    named = Original(original, None) if original else Original(invoice(), sent())
    return Sibling(note, CLIENT, (named,) if note.credited_number else ())


def test_a_transferred_original_is_credited_by_its_order() -> None:
    assert find_target(credit_note(), facts(transfer=sent()), CLIENT) == CreditTarget(
        order_id=20001
    )


def test_leading_zeros_do_not_part_a_credit_note_from_its_invoice() -> None:
    found = find_target(credit_note(credited_number="01001"), facts(transfer=sent()), CLIENT)
    assert found == OURS


def test_an_original_of_the_same_run_goes_before() -> None:
    assert find_target(credit_note(), facts(), CLIENT, {1: going_by(CLIENT)}) == CreditTarget()
    elsewhere = find_target(credit_note(), facts(), CLIENT, {1: going_by(10000009)})
    assert isinstance(elsewhere, Finding)


def test_a_number_that_a_person_has_entered_goes_first() -> None:
    note = credit_note(credited_office_id=777)
    assert find_target(note, facts(transfer=sent()), CLIENT) == CreditTarget(invoice_id=777)
    assert find_target(note, Credited(), CLIENT) == CreditTarget(invoice_id=777)


UNCREDITABLE: list[tuple[Invoice, Credited, str, str]] = [
    (credit_note(credited_number=""), Credited(), "credit_unlinked", ""),
    (
        credit_note(credited_number=""),
        Credited(disputed="7120, 7121"),
        "credit_unlinked",
        "names several invoices: 7120, 7121.",
    ),
    (
        credit_note(credited_number="1"),
        Credited(
            (Original(invoice(number="01"), sent()), Original(invoice(id=2, number="001"), None))
        ),
        "credit_unlinked",
        "10-001 and 10-01",
    ),
    (credit_note(), Credited(), "credit_original", "no invoice 1001 in series 10"),
    (
        credit_note(),
        facts(invoice(series="20"), sent()),
        "credit_original",
        "there is 20-1001",
    ),
    (credit_note(), facts(), "credit_original", "has not been exported"),
    (
        credit_note(),
        facts(transfer=sent(State.REFUSED, office_invoice_id=None)),
        "credit_original",
        "not transferred in run r1",
    ),
    (credit_note(), facts(transfer=sent(State.EXISTS)), "credit_original", "an invoice 10001"),
    (credit_note(), facts(transfer=sent(State.UNKNOWN)), "credit_original_open", "in run r1"),
    (
        credit_note(),
        facts(transfer=sent(organization_id=10000009)),
        "credit_original",
        "company 10000009",
    ),
    (credit_note(customer_id=2), facts(transfer=sent()), "credit_mismatch", "another customer"),
    (credit_note(), facts(invoice(currency="EUR"), sent()), "credit_mismatch", "in EUR"),
    (
        credit_note(total=Decimal("-250.01")),
        facts(transfer=sent()),
        "credit_mismatch",
        "250,01 would be credited, 250,00 is the total of invoice 10-1001",
    ),
    (
        credit_note(),
        facts(transfer=sent(), siblings=(sibling("-0.01"),)),
        "credit_mismatch",
        "Other credit notes of it: 10-9000",
    ),
    (
        credit_note(),
        facts(
            transfer=sent(),
            siblings=(sibling("-1.00", credited_number="", credited_office_id=10001),),
        ),
        "credit_mismatch",
        "10-9000",
    ),
    (
        credit_note(),
        facts(transfer=sent(), stated_total=Decimal("-240.00")),
        "totals_disagree",
        "its lines give \u2212250,00",
    ),
]


@pytest.mark.parametrize(("note", "credited", "reason", "words"), UNCREDITABLE)
def test_what_cannot_be_credited_says_why(
    note: Invoice, credited: Credited, reason: str, words: str
) -> None:
    found = find_target(note, credited, CLIENT)
    assert isinstance(found, Finding)
    assert found.reason == reason
    assert found.reason in set(Reason)
    assert words in found.words


@pytest.mark.parametrize("stated", ["-250.00", "-200.00", "-250.40"])
def test_the_reports_sum_may_be_with_or_without_vat_or_rounded(stated: str) -> None:
    credited = facts(transfer=sent(), stated_total=Decimal(stated))
    assert find_target(credit_note(), credited, CLIENT) == OURS


def test_credit_notes_of_other_invoices_do_not_count() -> None:
    others = (
        sibling("-250.00", invoice(id=2, number="1002"), credited_number="1002"),
        sibling("-250.00", invoice(id=3, series="20"), series="20"),
    )
    credited = facts(transfer=sent(), siblings=others)
    assert find_target(credit_note(), credited, CLIENT) == OURS


def booked(**changes: Any) -> Order:
    return order(**{"status": "Invoiced", "invoice_id": 10001, **changes})


OURS = CreditTarget(order_id=20001)
ENTERED = CreditTarget(invoice_id=10001)


@pytest.mark.parametrize("target", [OURS, ENTERED])
def test_a_booked_order_of_the_customer_is_credited(target: CreditTarget) -> None:
    found = check_order(credit_note(), Credited(), target, booked(), 30001, CLIENT)
    assert found == CreditTarget(20001, 10001)


@pytest.mark.parametrize(
    ("target", "found", "reason", "words"),
    [
        (ENTERED, None, "credit_not_found", "no invoice 10001"),
        (OURS, None, "credit_original", "not there any more"),
        (
            OURS,
            order(status="ForInvoicing"),
            "credit_original_open",
            "20001",
        ),
        (ENTERED, booked(status="Draft"), "credit_original_open", "Draft"),
        (ENTERED, booked(customer_id=30002), "credit_mismatch", "belongs to customer 30002"),
        (ENTERED, booked(currency="EUR"), "credit_mismatch", "in EUR"),
        (ENTERED, booked(total=Decimal("249.99")), "credit_mismatch", "249,99 is the total"),
        (ENTERED, booked(total=Decimal(-250)), "credit_mismatch", "\u2212250,00 is the total"),
        (ENTERED, booked(total=None), "credit_mismatch", "nothing is known"),
    ],
)
def test_an_order_that_may_not_be_credited_says_why(
    target: CreditTarget, found: Order | None, reason: str, words: str
) -> None:
    checked = check_order(credit_note(), Credited(), target, found, 30001, CLIENT)
    assert isinstance(checked, Finding)
    assert checked.reason == reason
    assert checked.reason in set(Reason)
    assert words in checked.words


@pytest.mark.parametrize(
    ("state", "theirs", "fits"),
    [
        (State.TRANSFERRED, "249.99", True),  # an øre of rounding was accepted when it was sent
        (State.EXISTS, "249.99", False),
        (State.EXISTS, "250.00", True),
    ],
)
def test_an_invoice_that_so24_has_not_sent_is_worth_what_is_there(
    state: State, theirs: str, fits: bool
) -> None:
    note = credit_note(credited_office_id=10001)
    credited = facts(transfer=sent(state))
    checked = check_order(note, credited, ENTERED, booked(total=Decimal(theirs)), 30001, CLIENT)
    assert isinstance(checked, CreditTarget) is fits


def test_a_note_by_number_counts_for_one_by_the_order_of_the_same_invoice() -> None:
    other = credit_note(id=8, number="9000")
    original = Original(invoice(), sent(office_invoice_id=None))  # approved after it was sent
    credited = Credited(siblings=(Sibling(other, CLIENT, (original,)),))
    checked = check_order(credit_note(), credited, ENTERED, booked(), 30001, CLIENT)
    assert isinstance(checked, Finding)
    assert "10-9000" in checked.words


def test_credit_notes_are_planned_after_all_invoices() -> None:
    note = document(credit_note(number="1000"), NOTE_LINES)
    papers = [note, document(invoice(id=2, number="2000")), document()]
    plan = plan_documents(papers, [KEY], {}, credited={9: facts()})
    assert [(each.invoice_id, each.state) for each in plan] == [
        (1, State.QUEUED),
        (2, State.QUEUED),
        (9, State.QUEUED),
    ]


def test_a_credit_note_does_not_go_without_its_original() -> None:
    excluded = document(invoice(excluded=True))
    plan = plan_documents(
        [document(credit_note(), NOTE_LINES), excluded], [KEY], {}, credited={9: facts()}
    )
    assert [each.reason for each in plan] == ["excluded", "credit_original"]


def test_a_key_that_does_not_send_credit_notes_blocks_them() -> None:
    off = KeyScope(5, "Oslo", CLIENT, False, frozenset({1}))
    credited = {9: facts(transfer=sent())}
    paper = document(credit_note(), NOTE_LINES)
    plan = plan_document(paper, [off], {}, credited=credited)
    assert (plan.state, plan.reason) == (State.BLOCKED, "credit_notes_off")
    assert plan_document(document(), [off], {}).state is State.QUEUED
    assert plan_document(paper, [KEY], {}, credited=credited).state is State.QUEUED
