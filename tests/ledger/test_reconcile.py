"""Orders beside our documents: what agrees, what differs, what only one side has."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest

from so24.ledger.agreement import tell_agreement
from so24.ledger.reconcile import FINE, LedgerLine, Verdict, reconcile, sum_lines
from so24.office.values import Order
from so24.store.transfers.ledger import OurDocument
from tests.transfer.papers import invoice

DAY = dt.date(2026, 11, 2)


def an_order(
    order_id: int,
    total: str | None = "1250.00",
    reference: str | None = "RM-10-1001",
    status: str = "Invoiced",
    currency: str | None = None,
    day: dt.date | None = DAY,
) -> Order:
    return Order(
        order_id=order_id,
        customer_id=1,
        status=status,
        invoice_id=order_id + 900 if status == "Invoiced" else None,
        date_ordered=day,
        date_invoiced=day,
        total=None if total is None else Decimal(total),
        vat=None,
        reference=reference,
        rows=(),
        currency=currency,
    )


def a_document(
    number: str = "1001", total: str = "1250.00", order_id: int | None = 1, expected: bool = True
) -> OurDocument:
    paper = invoice(id=int(number), number=number, invoice_date=DAY, total=Decimal(total))
    return OurDocument(paper, "Oslo", "Fjell AS", order_id, expected)


def verdicts(lines: list[LedgerLine]) -> list[Verdict]:
    return [line.verdict for line in lines]


def test_an_order_with_the_document_s_total_agrees() -> None:
    (line,) = reconcile([an_order(1)], [a_document()])
    assert line.verdict is Verdict.AGREES
    assert line.difference == 0
    assert (line.number, line.office_invoice_id) == ("1001", 901)


def test_another_total_differs_and_the_difference_is_theirs_less_ours() -> None:
    (line,) = reconcile([an_order(1, "1250.10")], [a_document()])
    assert (line.verdict, line.difference) == (Verdict.DIFFERS, Decimal("0.10"))


@pytest.mark.parametrize(
    ("company", "verdict"),
    [(1, Verdict.AGREES), (2, Verdict.OTHER_CUSTOMER), (None, Verdict.AGREES)],
)
def test_an_order_of_another_card_than_it_was_sent_to_never_agrees(
    company: int | None, verdict: Verdict
) -> None:
    sent = replace(a_document(), company_id=company, card="2 Fjell AS, by external id")
    (line,) = reconcile([an_order(1)], [sent])
    assert (line.verdict, line.office_customer_id) == (verdict, 1)
    assert line.customer_card == "2 Fjell AS, by external id"


def test_a_difference_within_the_key_s_tolerance_agrees_but_stays_visible() -> None:
    (line,) = reconcile([an_order(1, "1250.05")], [a_document()], tolerance=Decimal("0.05"))
    assert (line.verdict, line.difference) == (Verdict.AGREES, Decimal("0.05"))


def test_the_sources_own_total_is_shown_where_it_is_another_than_the_ledgers() -> None:
    document = a_document()
    document.invoice.stated_total = Decimal("1250.10")
    (line,) = reconcile([an_order(1)], [document])
    assert (line.verdict, line.as_record()["stated_total"]) == (Verdict.AGREES, "1250.10")
    assert "states 1\u00a0250,10\u00a0NOK as its total, 0,10\u00a0NOK more" in line.stated_apart
    assert replace(line, office_total=Decimal("1250.10")).stated_apart == ""
    assert replace(line, office_total=None).stated_apart == ""


@pytest.mark.parametrize("order", [an_order(1, None), an_order(1, currency="EUR")])
def test_an_order_without_total_or_in_another_currency_never_agrees(order: Order) -> None:
    assert verdicts(reconcile([order], [a_document()])) == [Verdict.DIFFERS]


def test_the_bound_order_belongs_to_its_document_whatever_its_reference() -> None:
    (line,) = reconcile([an_order(1, reference="changed by hand")], [a_document()])
    assert (line.verdict, line.number) == (Verdict.AGREES, "1001")


def test_an_order_that_nobody_bound_is_known_by_its_reference() -> None:
    (line,) = reconcile([an_order(7, reference=" RM-10-1001 ")], [a_document(order_id=None)])
    assert (line.verdict, line.order_id) == (Verdict.AGREES, 7)


def test_an_order_without_document_is_only_in_the_office() -> None:
    assert verdicts(reconcile([an_order(5, reference=None)], [])) == [Verdict.ONLY_OFFICE]


def test_an_expected_document_without_order_is_only_ours() -> None:
    (line,) = reconcile([], [a_document()])
    assert line.verdict is Verdict.ONLY_OURS
    assert (line.order_id, line.office_total, line.difference) == (None, None, None)


def test_a_document_that_was_never_sent_is_not_missed() -> None:
    assert reconcile([], [a_document(order_id=None, expected=False)]) == []


def test_a_draft_is_a_draft_and_no_part_of_the_sums() -> None:
    lines = reconcile([an_order(1, status="Draft")], [a_document()])
    assert verdicts(lines) == [Verdict.DRAFT]
    assert sum_lines(lines) == []


def test_an_inactive_order_does_not_count() -> None:
    assert verdicts(reconcile([an_order(1, status="Inactive")], [a_document()])) == [
        Verdict.ONLY_OURS
    ]


def test_an_order_for_approval_is_compared() -> None:
    order = an_order(1, status="ForInvoicing")
    assert verdicts(reconcile([order], [a_document()])) == [Verdict.AGREES]


def test_a_second_booked_order_of_a_document_is_called_booked_twice() -> None:
    lines = reconcile([an_order(1), an_order(4)], [a_document(order_id=4)])
    assert {line.order_id: line.verdict for line in lines} == {
        4: Verdict.AGREES,
        1: Verdict.TWICE,
    }
    [total] = sum_lines(lines)
    assert (total.office, total.ours, total.difference) == (
        Decimal("2500.00"), Decimal("1250.00"), Decimal("1250.00"),
    )  # fmt: skip


def test_sums_are_by_currency_and_count_what_agrees() -> None:
    orders = [an_order(1), an_order(2, "100.00", None), an_order(3, "7.00", None, currency="EUR")]
    euro, crowns = sum_lines(reconcile(orders, [a_document()]))
    assert (euro.currency, euro.office, euro.ours) == ("EUR", Decimal("7.00"), Decimal(0))
    assert (crowns.office, crowns.ours) == (Decimal("1350.00"), Decimal("1250.00"))
    assert (crowns.difference, crowns.lines, crowns.agreeing) == (Decimal("100.00"), 2, 1)


def test_lines_come_by_date() -> None:
    late, early = an_order(1, reference=None), an_order(2, reference=None, day=dt.date(2026, 1, 1))
    assert [line.order_id for line in reconcile([late, early], [])] == [2, 1]


def test_a_record_keeps_every_digit() -> None:
    (line,) = reconcile([an_order(1, "1250.10")], [a_document()])
    record = line.as_record()
    assert (record["office_total"], record["difference"]) == ("1250.10", "0.10")
    assert (record["date"], record["verdict"]) == ("2026-11-02", "differs")


@pytest.mark.parametrize("known", [1, None])
def test_a_draft_beside_the_booked_order_of_its_document_needs_a_person(known: int | None) -> None:
    draft = an_order(2, status="Draft")
    lines = reconcile([draft, an_order(1)], [a_document(order_id=known)])
    assert sorted(verdicts(lines)) == [Verdict.AGREES, Verdict.SECOND_DRAFT]
    assert sum_lines(lines)[0].lines == 2


def test_a_draft_alone_is_only_a_draft() -> None:
    assert verdicts(reconcile([an_order(1, status="Draft")], [a_document()])) == [Verdict.DRAFT]


def test_an_invoice_that_24sevenoffice_has_dated_otherwise_does_not_agree() -> None:
    (line,) = reconcile([an_order(1, day=DAY + dt.timedelta(days=12))], [a_document()])
    assert line.verdict is Verdict.REDATED
    assert line.moved == "Dated 14.11.2026 in 24SevenOffice, 02.11.2026 in RecMan."


def test_an_invoice_that_is_due_on_another_day_there_does_not_agree() -> None:
    paper = a_document()
    paper.invoice.due_date = DAY + dt.timedelta(days=14)
    (line,) = reconcile([replace(an_order(1), credit_days=30)], [paper])
    assert (line.verdict, line.moved) == (
        Verdict.REDATED,
        "Due 02.12.2026 in 24SevenOffice, 16.11.2026 in RecMan.",
    )


_A_DRAFT = an_order(7, status="Draft", reference="their own")


@pytest.mark.parametrize(
    ("verdict", "orders", "ours", "said"),
    [
        (Verdict.AGREES, [an_order(1)], [a_document()], "1 of 1 agree"),
        (
            Verdict.DIFFERS,
            [an_order(1, "1.00")],
            [a_document()],
            "0 of 1 agree, 1 needs a look",
        ),
        (Verdict.TWICE, [an_order(1), an_order(2)], [a_document()], "1 of 2 agree, 1 needs a look"),
        (
            Verdict.REDATED,
            [an_order(1, day=DAY + dt.timedelta(days=1))],
            [a_document()],
            "0 of 1 agree, 1 needs a look",
        ),
        (
            Verdict.OTHER_CUSTOMER,
            [an_order(1)],
            [replace(a_document(), company_id=2)],
            "0 of 1 agree, 1 needs a look",
        ),
        (
            Verdict.SECOND_DRAFT,
            [an_order(1), an_order(2, status="Draft")],
            [a_document()],
            "1 of 2 agree, 1 needs a look",
        ),
        (Verdict.ONLY_OFFICE, [an_order(1)], [], "0 of 1 agree, 1 needs a look"),
        (Verdict.ONLY_OURS, [], [a_document()], "0 of 1 agree, 1 needs a look"),
        (Verdict.DRAFT, [_A_DRAFT], [], "nothing is there to compare"),
    ],
)
def test_what_is_told_of_a_reading_counts_every_verdict_but_a_draft(
    verdict: Verdict, orders: list[Order], ours: list[OurDocument], said: str
) -> None:
    lines = reconcile([*orders, _A_DRAFT], ours)
    assert verdict in verdicts(lines)
    sums = sum_lines(lines)
    counted, agreeing = sum(each.lines for each in sums), sum(each.agreeing for each in sums)
    assert tell_agreement(counted, agreeing) == said
    assert counted - agreeing == sum(line.verdict not in FINE for line in lines)
