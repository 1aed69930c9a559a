"""Figures count documents, never attempts, and say of each week what has become of it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from so24.reasons import Reason
from so24.store.tables.transfer_tables import State
from so24.store.transfers.courses import Course
from so24.transfer.figures import DocumentStanding, FirstTryCause, draw_figures, monday_of

MONDAY = dt.date(2026, 11, 23)
NOON = dt.datetime(2026, 11, 25, 12, tzinfo=dt.UTC)


def course(
    state: State | None = None,
    first: State | None = None,
    *,
    reason: Reason = Reason.NONE,
    came: dt.datetime = NOON,
    took: dt.timedelta = dt.timedelta(hours=1),
    excluded: bool = False,
    currency: str = "NOK",
    total: str = "100.10",
) -> Course:
    """A document that came in at noon; transferred after an hour where it is so."""
    return Course(
        invoice_id=1,
        currency=currency,
        total=Decimal(total),
        excluded=excluded,
        came_at=came,
        state=state,
        reason=reason,
        first_state=first if first is not None else state,
        first_reason=reason,
        transferred_at=came + took if state is State.TRANSFERRED else None,
    )


@pytest.mark.parametrize(
    ("state", "excluded", "standing"),
    [
        (None, False, DocumentStanding.NOT_TRANSFERRED),
        (None, True, DocumentStanding.EXCLUDED),
        (State.CANCELLED, False, DocumentStanding.NOT_TRANSFERRED),
        (State.BLOCKED, False, DocumentStanding.FAILED),
        (State.EXISTS, True, DocumentStanding.EXCLUDED),
        (State.UNKNOWN, False, DocumentStanding.IN_TRANSFER),
        (State.QUEUED, True, DocumentStanding.IN_TRANSFER),
        (State.TRANSFERRED, True, DocumentStanding.TRANSFERRED),
    ],
)
def test_a_document_stands_once_whatever_was_tried(
    state: State | None, excluded: bool, standing: DocumentStanding
) -> None:
    [found] = draw_figures([course(state, excluded=excluded)]).sums
    assert (found.standing, found.documents, found.amount) == (standing, 1, Decimal("100.10"))


@pytest.mark.parametrize("state", [None, *State])
def test_every_state_is_counted_exactly_once(state: State | None) -> None:
    figures = draw_figures([course(state), course(state, currency="EUR")])
    assert figures.documents == sum(each.documents for each in figures.sums) == 2
    assert {each.currency for each in figures.sums} == {"NOK", "EUR"}


def test_a_week_begins_on_monday_in_oslo() -> None:
    last_minute = dt.datetime(2026, 11, 22, 22, 59, tzinfo=dt.UTC)
    assert monday_of(last_minute) == dt.date(2026, 11, 16)
    assert monday_of(last_minute + dt.timedelta(minutes=1)) == MONDAY
    in_summer = dt.datetime(2026, 7, 5, 22, 0, tzinfo=dt.UTC)
    assert monday_of(in_summer) == dt.date(2026, 7, 6)


def test_amounts_are_added_to_the_oere_and_credit_notes_taken_off() -> None:
    figures = draw_figures(
        [course(total="0.10"), course(total="0.20"), course(total="-0.05")],
    )
    assert [each.amount for each in figures.sums] == [Decimal("0.25")]


def test_only_a_first_try_that_has_ended_is_right_or_wrong() -> None:
    [week] = draw_figures(
        [
            course(State.TRANSFERRED),
            course(State.TRANSFERRED, first=State.BLOCKED),
            course(State.CANCELLED),
            course(State.DRAFTED),
            course(None),
        ]
    ).quality
    assert (week.monday, week.tried, week.right_first, week.transferred) == (MONDAY, 2, 1, 2)


@pytest.mark.parametrize(
    ("hours", "usual", "slow"),
    [([1], 1, 1), ([1, 3], 2, 3), (range(1, 11), 5.5, 9), (range(1, 12), 6, 10)],
)
def test_times_say_what_half_and_nine_of_ten_took(
    hours: list[int], usual: float, slow: int
) -> None:
    took = [course(State.TRANSFERRED, took=dt.timedelta(hours=each)) for each in hours]
    [week] = draw_figures(took).quality
    assert (week.usual, week.slow) == (dt.timedelta(hours=usual), dt.timedelta(hours=slow))


def test_causes_are_of_first_tries_and_say_what_has_not_gone_since() -> None:
    no_key, no_lines = Reason.NO_KEY, Reason.NO_LINES
    figures = draw_figures(
        [
            course(State.TRANSFERRED, first=State.LOGIN, reason=no_key),
            course(State.LOGIN, reason=no_key),
            course(State.BLOCKED, reason=no_lines),
            course(State.TRANSFERRED),
        ]
    )
    assert figures.causes == (
        FirstTryCause(no_key.card.title, 2, 1),
        FirstTryCause(no_lines.card.title, 1, 1),
    )
