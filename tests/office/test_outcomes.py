"""Which answer belongs to which item: never guessed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from so24.errors import Unknown
from so24.office.outcomes import COMPANIES, ORDERS, match_outcomes
from so24.office.values import Problem, SaveOutcome

Fields = Mapping[str, Any]


def _sent(*references: str) -> list[Fields]:
    return [{"ReferenceNumber": reference} for reference in references]


def _answer(reference: str | None, number: int | None, **more: Any) -> Fields:
    return {"ReferenceNumber": reference, "OrderId": number} | more


@given(order=st.permutations(range(6)))
def test_answers_in_any_order_find_their_items_by_reference(order: list[int]) -> None:
    references = [f"RM-A-{number}" for number in range(6)]
    answers = [_answer(references[number], 100 + number) for number in order]
    outcomes = match_outcomes(ORDERS, _sent(*references), answers)
    assert [outcome.id for outcome in outcomes] == [100, 101, 102, 103, 104, 105]


def test_answers_without_references_are_taken_by_position() -> None:
    outcomes = match_outcomes(ORDERS, _sent("a", "b"), [_answer(None, 1), _answer(None, 2)])
    assert [outcome.id for outcome in outcomes] == [1, 2]


def test_an_exception_is_a_problem_of_its_item_alone() -> None:
    exception = {"Type": "Office24Seven.X", "Message": " No such customer ", "StackTrace": "at …"}
    answers = [_answer("a", 1, InvoiceId=5), _answer("b", None, APIException=exception)]
    assert match_outcomes(ORDERS, _sent("a", "b"), answers) == [
        SaveOutcome(1, 5, None),
        SaveOutcome(None, None, Problem("Office24Seven.X", "No such customer")),
    ]


def test_an_empty_exception_is_none() -> None:
    answers = [_answer("a", 1, APIException={"Type": None, "Message": None})]
    assert match_outcomes(ORDERS, _sent("a"), answers)[0].problem is None


@pytest.mark.parametrize(
    ("sent", "answers"),
    [
        (_sent("a"), None),
        (_sent("a"), []),
        (_sent("a"), [None]),
        (_sent("a", "b"), [_answer("a", 1)]),
        (_sent("a"), [_answer("a", 1), _answer("b", 2)]),
        (_sent("a"), [_answer("x", 1)]),
        (_sent("a", "b"), [_answer("b", 1), _answer(None, 2)]),
        (_sent("a", "b"), [_answer("a", 1), _answer("a", 2)]),
        (_sent("a"), [_answer("a", None)]),
        (_sent("a"), [_answer("a", 0)]),
        ([{"ReferenceNumber": "a", "OrderId": 8}], [_answer("a", 9)]),
    ],
)
def test_answers_that_cannot_be_told_apart_are_unknown(
    sent: list[Fields], answers: list[Fields | None] | None
) -> None:
    with pytest.raises(Unknown):
        match_outcomes(ORDERS, sent, answers)


def test_customers_are_recognised_by_external_id() -> None:
    sent = [{"ExternalId": "RM-1"}, {"ExternalId": "RM-2"}]
    answers = [{"ExternalId": "RM-2", "Id": 2}, {"ExternalId": "RM-1", "Id": 1}]
    assert [outcome.id for outcome in match_outcomes(COMPANIES, sent, answers)] == [1, 2]
