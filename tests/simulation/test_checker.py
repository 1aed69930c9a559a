"""The judge believes a receipt that says no more than what its own run has done."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from tests.simulation.checker import judge, judge_words
from tests.simulation.evidence import NEVER, Books, Entry

COMPANY, SERIES, NUMBER = 1, "10", "1001"
REFERENCE = f"RM-{SERIES}-{NUMBER}"
DRAFT = Entry(
    company=COMPANY,
    number=9001,
    born=REFERENCE,
    status="Draft",
    invoice=None,
    total=Decimal("1250.00"),
    invoiced_by="",
    by_hand=False,
    date_moved=False,
    nameless=False,
    same_as="",
    since=1.0,
)
BOOKS = Books([DRAFT], {SERIES: COMPANY}, needs_person=False)


def line(run: str, state: str, reason: str) -> dict[str, Any]:
    return {
        "number": NUMBER,
        "kind": "invoice",
        "department": SERIES,
        "state": state,
        "reason": reason,
        "order_id": None,
        "invoice_id": None,
        "total": "1250.00",
        "run": run,
    }


STOPPED = line("second", "cancelled", "Stopped before it was sent.")


def test_a_run_that_was_stopped_before_it_sent_anything_answers_for_no_draft() -> None:
    refused = line("first", "refused", "24SevenOffice refused the order.")
    assert judge_words(BOOKS, [[STOPPED, refused]]) == []


def test_a_draft_that_no_other_run_can_have_sent_was_sent_by_the_one_that_denies_it() -> None:
    for others in ([], [line("first", "not_sent", "24SevenOffice could not be reached.")]):
        assert judge_words(BOOKS, [[STOPPED, *others]]) == [
            f"untrue: {REFERENCE} was stopped before it was sent, but was sent, for a time"
        ]


def test_what_the_same_run_was_refused_does_not_excuse_it() -> None:
    refused = line("second", "refused", "24SevenOffice refused the order.")
    assert judge_words(BOOKS, [[STOPPED, refused]]) != []


def test_a_draft_that_was_left_out_of_every_answer_need_not_be_told() -> None:
    told = line("first", "not_sent", "24SevenOffice could not be reached.")
    assert judge(BOOKS, [[told]]) == [f"untold draft: {REFERENCE} is order 9001 (Draft)"]
    for shown, found in ((NEVER, []), (7.0, judge(BOOKS, [[told]]))):
        hidden = replace(DRAFT, withheld=True, shown_at=shown)
        assert judge(replace(BOOKS, entries=[hidden]), [[told]]) == found


def test_what_a_hand_had_entered_counts_from_the_moment_that_it_could_be_seen() -> None:
    booked = replace(
        DRAFT, status="Invoiced", invoice=301, invoiced_by=REFERENCE, since=200.0, booked_at=210.0
    )
    entered = replace(DRAFT, number=8001, born="", by_hand=True, same_as=REFERENCE)
    good = {**line("first", "transferred", ""), "order_id": 9001, "invoice_id": 301}
    for hidden, breaches in (
        (entered, 1),
        (replace(entered, withheld=True, shown_at=205.0), 1),
        (replace(entered, withheld=True, shown_at=300.0), 0),
        (replace(entered, withheld=True), 0),
        (replace(entered, shown_at=300.0), 1),
    ):
        found = judge(replace(BOOKS, entries=[booked, hidden]), [[good]])
        assert len([each for each in found if "booked twice" in each]) == breaches
