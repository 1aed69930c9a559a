"""Requests written ahead are taken for what they were written for, or not at all."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from so24.errors import BadRequest
from so24.office.outcomes import WrittenOrders
from so24.transfer.lane.lane_pass import WritingAhead

REQUEST = WrittenOrders([], b"<drafts/>")


@pytest.fixture
def ahead() -> Iterator[WritingAhead]:
    ahead = WritingAhead()
    yield ahead
    ahead.close()


def test_a_request_is_taken_once_for_its_purpose_and_its_things(ahead: WritingAhead) -> None:
    ahead.plan("draft", [1, 2], lambda: REQUEST)
    ahead.begin()
    assert ahead.take("invoice", [1, 2]) is None
    assert ahead.take("draft", [1]) is None
    assert ahead.take("draft", [1, 2]) is REQUEST
    assert ahead.take("draft", [1, 2]) is None


def test_nothing_is_written_before_a_call_leaves(ahead: WritingAhead) -> None:
    ahead.plan("draft", [1], lambda: REQUEST)
    assert ahead.take("draft", [1]) is None


def test_a_request_that_cannot_be_written_is_left_to_be_written_again(ahead: WritingAhead) -> None:
    def refuse() -> WrittenOrders:
        raise BadRequest("A row has no name.")

    ahead.plan("draft", [1], refuse)
    ahead.begin()
    assert ahead.take("draft", [1]) is None
