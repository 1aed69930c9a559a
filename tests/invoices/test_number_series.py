"""Gaps and doubled numbers of number series, by table and by property."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from so24.invoices.number_series import SeriesReport, report_series
from so24.store.documents.neighbours import Series
from so24.store.tables.document_tables import DocumentKind

OSLO = Series("10", DocumentKind.INVOICE)
CREDITS = OSLO._replace(kind=DocumentKind.CREDIT_NOTE)


def report(*numbers: str) -> SeriesReport:
    """The one counter of these invoices."""
    [found] = report_series({OSLO: numbers})
    return found


@pytest.mark.parametrize(
    ("numbers", "gaps"),
    [
        (["1001"], ""),
        (["1003", "1001", "1002"], ""),
        (["1001", "1003"], "1002"),
        (["1001", "1005"], "1002–1004"),
        (["9", "10", "12"], "11"),
        (["0998", "1001"], "0999–1000"),
        (["2026-001", "2026-003"], "2026-002"),
        (["F1", "F4", "F6"], "F2–F3, F5"),
        ([str(n) for n in range(1, 17, 2)], "2, 4, 6, 8, 10 and 2 more gaps"),
        (["1", "102"], "2–101"),
        (["1001", "1003", "3102", "100000000000000000"], "1002"),
        ([*map(str, range(1, 151)), "301"], "151–300"),
        ([*map(str, range(1, 151)), "303"], ""),
    ],
)
def test_what_lies_between_the_lowest_and_the_highest_is_missing(
    numbers: list[str], gaps: str
) -> None:
    assert report(*numbers).describe_gaps() == gaps


@pytest.mark.parametrize(
    ("numbers", "leaps"),
    [
        (
            ["1001", "1003", "3102", "100000000000000000"],
            "1003 to 3102, 3102 to 100000000000000000",
        ),
        ([*map(str, range(1, 151)), "303"], "150 to 303"),
        (["1", "102"], ""),
    ],
)
def test_a_leap_is_told_though_it_is_not_counted_as_missing(numbers: list[str], leaps: str) -> None:
    found = report(*numbers)
    assert found.describe_leaps() == leaps
    assert found.missing == sum(gap.missing for gap in found.gaps)


def test_numbers_that_differ_in_leading_zeros_are_one_number_twice() -> None:
    found = report("1001", "01001", "1002", "0001001")
    assert found.doubled == (("0001001", "01001", "1001"),)
    assert (found.documents, found.missing) == (4, 0)


def test_another_prefix_is_another_counter_and_words_are_none() -> None:
    found = report_series({OSLO: ["2025-9", "2026-1", "Cash", "7"], Series("20", OSLO.kind): ["1"]})
    counters = [(each.series, each.prefix, each.first, each.last) for each in found]
    assert counters == [
        ("10", "", 7, 7),
        ("10", "2025-", 9, 9),
        ("10", "2026-", 1, 1),
        ("20", "", 1, 1),
    ]


def test_the_other_kinds_numbers_are_no_gaps_where_both_may_share_a_counter() -> None:
    credit, invoices = report_series({OSLO: ["1", "2", "4", "7"], CREDITS: ["3", "5"]})
    assert invoices.describe_gaps() == "6"
    assert credit.describe_gaps() == ""


def test_gaps_between_invoices_are_not_told_of_a_credit_note_among_them_as_well() -> None:
    invoices = [str(n) for n in (*range(1001, 1106), 1107, *range(1111, 1132))]
    credit, invoiced = report_series({OSLO: invoices, CREDITS: ["1106", "9001", "9002", "9004"]})
    assert (invoiced.describe_gaps(), invoiced.describe_leaps()) == ("1108–1110", "")
    assert (credit.describe_gaps(), credit.describe_leaps()) == ("9003", "")


def test_a_number_missing_between_both_kinds_is_told_once() -> None:
    credit, invoices = report_series({OSLO: ["1", "2", "6"], CREDITS: ["4", "8"]})
    assert (invoices.describe_gaps(), credit.describe_gaps()) == ("3, 5", "7")


def test_kinds_with_a_number_in_common_count_each_for_itself() -> None:
    credit, invoices = report_series({OSLO: ["1", "2", "4"], CREDITS: ["1", "3"]})
    assert invoices.describe_gaps() == "3"
    assert credit.describe_gaps() == "2"


@given(st.sets(st.integers(0, 60), min_size=1))
def test_gaps_and_numbers_together_are_all_numbers_once(numbers: set[int]) -> None:
    found = report(*map(str, numbers))
    missing = [value for gap in found.gaps for value in range(gap.first, gap.last + 1)]
    assert sorted([*numbers, *missing]) == list(range(min(numbers), max(numbers) + 1))
    assert found.missing == len(missing)
