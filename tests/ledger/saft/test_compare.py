"""Each document of ours stands in the export exactly once, with its amounts, or it is told how."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from so24.ledger.saft.compare import SaftTerms, compare_export
from so24.ledger.saft.lines import SaftLine, SaftVerdict, sum_saft_lines
from so24.ledger.saft.postings import SaftPosting
from so24.store.ledger.booked import BookedDocument
from so24.store.tables.document_tables import DocumentKind
from tests.ledger.saft.documents import booked
from tests.ledger.saft.writer import DAY, FIRST, LAST, OWN

NET, VAT = Decimal("1000.00"), Decimal("250.00")


def posting(
    number: int | None,
    total: Decimal = NET + VAT,
    vat: Decimal | None = VAT,
    *,
    customer: str = "7",
    reference: str = "",
    voucher: str = "1",
    day: dt.date = DAY,
) -> SaftPosting:
    """A voucher of the export."""
    stated = tuple(filter(None, (str(number or ""), reference)))
    return SaftPosting(
        "a.xml", "S", voucher, day, number, stated, customer, total, vat=vat
    )  # fmt: skip


def compare(
    documents: list[BookedDocument],
    postings: list[SaftPosting],
    *,
    firms: Mapping[str, str] | None = None,
    tolerance: str = "0.00",
) -> list[SaftLine]:
    """What the comparison says."""
    terms = SaftTerms("Nordic (1)", FIRST, LAST, "NOK", firms or {}, Decimal(tolerance))
    return compare_export(documents, postings, terms)


def verdict(document: BookedDocument, *postings: SaftPosting, tolerance: str = "0.00") -> str:
    """What is said of one document."""
    [line] = compare([document], list(postings), tolerance=tolerance)
    return line.verdict


OURS = booked(1, 5001, NET, VAT)
CREDIT = booked(2, 5002, -NET, -VAT)


def test_a_document_that_is_there_once_with_its_amounts_agrees() -> None:
    assert verdict(OURS, posting(5001)) is SaftVerdict.AGREES
    assert verdict(CREDIT, posting(5002, -NET - VAT, -VAT)) is SaftVerdict.AGREES


def test_what_is_not_there_is_missing_and_what_waits_for_approval_is_not() -> None:
    assert verdict(OURS, posting(5003)) is SaftVerdict.MISSING
    assert verdict(booked(1, None, NET, VAT)) is SaftVerdict.WAITS


def test_a_second_voucher_of_the_same_side_is_booked_twice() -> None:
    assert verdict(OURS, posting(5001), posting(5001, voucher="2")) is SaftVerdict.TWICE


def test_a_voucher_that_takes_it_back_is_told_as_such() -> None:
    back = posting(5001, -NET - VAT, -VAT, voucher="2")
    assert verdict(OURS, posting(5001), back) is SaftVerdict.REVERSED


def test_an_invoice_that_is_booked_as_a_credit_note_has_another_total() -> None:
    assert verdict(OURS, posting(5001, -NET - VAT, -VAT)) is SaftVerdict.OTHER_TOTAL
    assert verdict(CREDIT, posting(5002)) is SaftVerdict.OTHER_TOTAL


@pytest.mark.parametrize(("apart", "agrees"), [("0.05", True), ("0.06", False), ("-0.06", False)])
def test_a_total_may_be_apart_by_the_keys_tolerance(apart: str, agrees: bool) -> None:
    found = verdict(OURS, posting(5001, NET + VAT + Decimal(apart)), tolerance="0.05")
    assert found is (SaftVerdict.AGREES if agrees else SaftVerdict.OTHER_TOTAL)


def test_other_vat_within_an_equal_total_is_told() -> None:
    assert verdict(OURS, posting(5001, vat=Decimal(0))) is SaftVerdict.OTHER_VAT


def test_vat_that_the_export_does_not_show_is_told_as_not_shown() -> None:
    [line] = compare([OURS], [posting(5001, vat=None)])
    assert line.verdict is SaftVerdict.AGREES
    assert line.their_vat is None
    assert "does not show its VAT" in line.unshown
    [line] = compare([booked(1, 5001, NET, Decimal(0))], [posting(5001, NET, None)])
    assert (line.their_vat, line.unshown) == (Decimal(0), "")


def test_another_customers_number_is_told_unless_the_firm_is_the_same() -> None:
    assert verdict(OURS, posting(5001, customer="8")) is SaftVerdict.OTHER_CUSTOMER
    document = replace(OURS, firm_number="NO 923 609 016 MVA")
    [line] = compare([document], [posting(5001, customer="8")], firms={"8": OWN})
    assert line.verdict is SaftVerdict.AGREES


def test_a_customer_that_nothing_tells_is_told_as_not_shown() -> None:
    [line] = compare([OURS], [posting(5001, customer="K-7")])
    assert line.verdict is SaftVerdict.AGREES
    assert "whose customer number" in line.unshown


def test_our_reference_counts_more_than_the_number() -> None:
    other = booked(2, 5002, NET, VAT)
    swapped = [posting(5002, reference="RM-10-1001"), posting(5001, reference="RM-10-1002")]
    found = [line.verdict for line in compare([OURS, other], swapped)]
    assert found == [SaftVerdict.OTHER_NUMBER] * 2


def test_a_reference_of_ours_that_nobody_knows_is_told_once() -> None:
    strange = [posting(6001, reference="RM-10-9999", voucher=each) for each in "12"]
    [line, mine] = sorted(compare([OURS], [*strange, posting(5001)]), key=lambda each: each.number)
    assert (line.verdict, line.reference) == (SaftVerdict.UNKNOWN, "RM-10-9999")
    assert line.our_total is None
    assert mine.verdict is SaftVerdict.AGREES


def test_a_document_of_another_period_is_recognised_and_not_asked_for() -> None:
    before = booked(1, 5001, NET, VAT, day=FIRST - dt.timedelta(days=5))
    assert compare([before], [posting(5001, reference="RM-10-1001")]) == []
    assert compare([before], []) == []


def test_another_date_is_told() -> None:
    assert verdict(OURS, posting(5001, day=LAST)) is SaftVerdict.OTHER_DATE


def test_a_document_in_another_currency_is_compared_in_that() -> None:
    document = booked(1, 5001, Decimal(100), Decimal(0), currency="EUR")
    there = replace(
        posting(5001, Decimal(1150), None), currency="EUR", foreign=Decimal(100),
        foreign_vat=Decimal(0),
    )  # fmt: skip
    assert verdict(document, there) is SaftVerdict.AGREES
    assert verdict(document, replace(there, foreign=Decimal(99))) is SaftVerdict.OTHER_TOTAL
    [line] = compare([document], [replace(there, currency="", foreign=None)])
    assert (line.their_total, line.difference) == (None, None)
    assert "does not show its total in EUR" in line.unshown


def test_a_total_that_is_not_shown_does_not_agree() -> None:
    document = booked(1, 5001, Decimal(100), Decimal(0), currency="EUR")
    assert verdict(document, posting(5001, Decimal(1150), None)) is SaftVerdict.UNSHOWN
    twice = [posting(5001, Decimal(1150), None, voucher=each) for each in "12"]
    assert verdict(document, *twice) is SaftVerdict.TWICE


def test_sums_leave_out_what_waits() -> None:
    lines = compare([OURS, CREDIT, booked(3, None, NET, VAT)], [posting(5001)])
    [total] = sum_saft_lines(lines)
    assert (total.office, total.ours) == (NET + VAT, Decimal(0))
    assert (total.lines, total.agreeing) == (2, 1)


FAULTS = ("right", "left out", "twice", "total", "vat", "customer", "number", "stranger")


@given(st.lists(st.tuples(st.sampled_from(FAULTS), st.booleans()), max_size=12), st.randoms())
def test_every_planted_fault_is_found_and_nothing_else(
    plan: list[tuple[str, bool]], shuffled: object
) -> None:
    documents: list[BookedDocument] = []
    postings: list[SaftPosting] = []
    expected: dict[str, SaftVerdict] = {}
    for row, (fault, is_credit) in enumerate(plan, 1):
        sign = -1 if is_credit else 1
        net = sign * (NET + row)
        vat = sign * Decimal(row)
        document = booked(row, 5000 + row, net, vat)
        kind = "RC" if document.invoice.kind is DocumentKind.CREDIT_NOTE else "RM"
        reference = f"{kind}-10-{1000 + row}"
        right = posting(5000 + row, net + vat, vat, reference=reference, voucher=str(row))
        told = {
            "right": ([right], SaftVerdict.AGREES),
            "left out": ([], SaftVerdict.MISSING),
            "twice": ([right, replace(right, voucher=f"{row}b")], SaftVerdict.TWICE),
            "total": ([replace(right, total=right.total + 1)], SaftVerdict.OTHER_TOTAL),
            "vat": ([replace(right, vat=vat + 1)], SaftVerdict.OTHER_VAT),
            "customer": ([replace(right, customer_id="99")], SaftVerdict.OTHER_CUSTOMER),
            "number": ([replace(right, number=9000 + row)], SaftVerdict.OTHER_NUMBER),
            "stranger": ([right], SaftVerdict.UNKNOWN),
        }[fault]
        postings += told[0]
        expected[reference] = told[1]
        if fault != "stranger":
            documents.append(document)
    shuffled.shuffle(postings)  # type: ignore[attr-defined] # hypothesis gives a Random
    found = compare(documents, postings)
    assert {line.reference: line.verdict for line in found} == expected
    assert len(found) == len(plan)
