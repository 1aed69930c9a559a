"""What may go by itself, how much of it, and what stops a schedule."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from so24.reasons import Reason
from so24.states import State
from so24.store.transfers.runs import NewTransfer
from so24.transfer.checks.finding import Finding
from so24.transfer.preview.forecast import Forecast, Outcome
from so24.transfer.schedules.rules import (
    REPEATS,
    Bounds,
    EndedDocument,
    ScheduleFacts,
    find_hold,
    judge_amount,
    judge_forecast,
    judge_plan,
)

KEY = 7
GOES = NewTransfer(1, State.QUEUED, KEY, 10)
GOOD = EndedDocument(State.TRANSFERRED)
WELL = ScheduleFacts(activated=True)


def bad(reason: Reason = Reason.DRAFT_DIFFERS) -> EndedDocument:
    return EndedDocument(State.DIFFERS, reason)


def test_what_nothing_is_said_of_goes() -> None:
    assert judge_plan(GOES, KEY, "NOK", ()) == ""
    assert judge_forecast(Forecast(1, Outcome.SENT)) == ""
    assert judge_forecast(Forecast(1, Outcome.FOR_APPROVAL)) == ""


@pytest.mark.parametrize(
    ("planned", "currency", "findings"),
    [
        (NewTransfer(1, State.BLOCKED, reason=Reason.HELD, words="Why."), "NOK", ()),
        (NewTransfer(1, State.LOGIN, reason=Reason.NO_KEY), "NOK", ()),
        (NewTransfer(1, State.EXISTS, reason=Reason.ALREADY_TRANSFERRED), "NOK", ()),
        (NewTransfer(1, State.QUEUED, KEY + 1, 10, reason=Reason.NO_KEY), "NOK", ()),
        (GOES, "EUR", ()),
        *((GOES, "NOK", (Finding(each),)) for each in Reason if each.card.doubt),
    ],
)
def test_whatever_is_said_of_a_document_leaves_it_for_people(
    planned: NewTransfer, currency: str, findings: tuple[Finding, ...]
) -> None:
    assert judge_plan(planned, KEY, currency, findings)


@pytest.mark.parametrize("outcome", sorted(set(Outcome) - {Outcome.SENT, Outcome.FOR_APPROVAL}))
def test_what_24sevenoffice_has_already_is_left_for_people(outcome: Outcome) -> None:
    assert judge_forecast(Forecast(1, outcome, "Order 5."))


def test_a_doubt_of_the_look_leaves_it_for_people() -> None:
    assert judge_forecast(Forecast(1, Outcome.SENT, doubt="VAT may differ.")) == "VAT may differ."


TOTALS = st.lists(
    st.decimals(-1_000_000, 1_000_000, places=2, allow_nan=False), min_size=1, max_size=20
)


@given(TOTALS, st.integers(1, 20), st.decimals("0.01", 10_000_000, places=2))
def test_credit_notes_never_make_room_for_invoices(
    totals: list[Decimal], documents: int, amount: Decimal
) -> None:
    too_much = len(totals) > documents or sum(map(abs, totals)) > amount
    assert bool(judge_amount(totals, Bounds(documents, amount))) == too_much


def test_the_bound_itself_may_go() -> None:
    bounds = Bounds(2, Decimal("100.00"))
    assert judge_amount([Decimal(60), Decimal(-40)], bounds) == ""
    assert "Nothing was sent" in judge_amount([Decimal(60), Decimal("-40.01")], bounds)
    assert "3 documents of" in judge_amount([Decimal(1)] * 3, bounds)


@pytest.mark.parametrize(
    ("ended", "held"),
    [
        ((), False),
        ((GOOD,) * 3, False),
        ((GOOD, bad()), False),  # a document of its own, which is not tried by itself again
        ((GOOD, *[bad()] * (REPEATS - 1)), False),
        ((GOOD, *[bad()] * REPEATS), True),
        ((GOOD, bad(), bad(Reason.REFUSED_CUSTOMER)), False),
        ((bad(),), True),  # nothing came through
        ((*[GOOD] * 9, EndedDocument(State.LOGIN, Reason.LOGIN_REFUSED)), True),
        ((*[GOOD] * 9, EndedDocument(State.LOGIN, Reason.WRONG_COMPANY)), True),
        ((EndedDocument(State.NOT_SENT, Reason.UNREACHABLE, goes_on=True),), False),
        ((EndedDocument(State.EXISTS, Reason.EXISTS_REFERENCE),), False),
        ((EndedDocument(State.QUEUED, goes_on=True),), False),
    ],
)
def test_a_last_run_that_the_next_one_would_repeat_holds_the_schedule(
    ended: tuple[EndedDocument, ...], held: bool
) -> None:
    assert bool(find_hold(ScheduleFacts(True, ended=ended))) == held


def test_what_keeps_it_from_working_is_told_first_who_then_what() -> None:
    assert find_hold(WELL) == ""
    assert "not activated" in find_hold(ScheduleFacts(False))
    assert find_hold(ScheduleFacts(False, setter="ada is gone.")) == "ada is gone."
    assert find_hold(ScheduleFacts(True, connection="Refused.")) == "Refused."
    assert "fia has stopped" in find_hold(ScheduleFacts(True, stopped_by="fia"))
